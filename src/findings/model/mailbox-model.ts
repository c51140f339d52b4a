/** The selected mailbox as the server has told of it: counts, identifiers, which UID stands where; judges nothing. */

import type { ResponseCode } from '../../imap/response-code.ts'
import type { FetchItem } from '../../imap/fetch-item.ts'
import type { SequenceSet } from '../../imap/sequence-set.ts'
import type { MailboxHistory } from './history.ts'
import { UidMap } from './uid-map.ts'

export class MailboxModel {
  /** As it stood in the command, decoded; `INBOX` in upper case. */
  readonly name: string
  readonly isExamine: boolean
  /** SELECT's completion has come: what is told from now on is news. */
  isOpen = false
  isReadOnly: boolean
  exists: number | undefined
  recent: number | undefined
  uidValidity: number | undefined
  uidNext: number | undefined
  highestModSeq: bigint | undefined
  /** NOMODSEQ was said. */
  hasNoModSeq = false
  isUidSticky = true
  readonly uids = new UidMap()
  /** The largest UID and the largest MODSEQ of a message that were told of. */
  highestUid = 0
  largestModSeq = 0n
  /** Of the messages that were there when it was opened so many are left, in front of all others. */
  settled: number | undefined
  /** UIDNEXT as it was then: all that came later have such a UID or a larger one. */
  promised: number | undefined
  /** What is kept of it for other sessions, once its UIDVALIDITY is known. */
  history: MailboxHistory | undefined

  constructor(name: string, isExamine: boolean) {
    this.name = name
    this.isExamine = isExamine
    this.isReadOnly = isExamine
  }

  /** SELECT's completion has come. */
  open(): void {
    this.isOpen = true
    this.settled = this.exists
    this.promised = this.uidNext
  }

  setExists(count: number): void {
    this.exists = count
    // Fewer than there were, and nobody told which are gone.
    if (this.settled !== undefined && count < this.settled) this.settled = undefined
    this.uids.resize(count)
  }

  /** A number that no message has leaves nobody knowing how many there are. */
  expunge(sequence: number): void {
    if (this.exists !== undefined && (sequence < 1 || sequence > this.exists)) return this.loseCount()
    this.uids.expunge(sequence)
    if (this.exists) this.exists -= 1
    if (this.settled !== undefined && sequence <= this.settled) this.settled -= 1
  }

  /** One UID that the map does not know may have stood anywhere: then no place is known any more. */
  vanish(set: SequenceSet): void {
    if (set === '') return
    for (const range of set.split(',')) {
      const [first = 0, last = first] = range.split(':').map(Number)
      this.#vanishRange(Math.min(first, last), Math.max(first, last))
    }
  }

  /** What came could not be read: it may have been a count, or an EXPUNGE. */
  loseCount(): void {
    this.exists = undefined
    this.settled = undefined
    this.uids.forget()
  }

  /** Of a FETCH response. */
  observeItems(message: number, items: readonly FetchItem[]): void {
    for (const item of items) {
      if (item.name === 'UID') this.#place(message, item.uid)
      else if (item.name === 'MODSEQ' && item.modseq > this.largestModSeq) this.largestModSeq = item.modseq
    }
  }

  #place(sequence: number, uid: number): void {
    this.uids.set(sequence, uid)
    if (uid > this.highestUid) this.highestUid = uid
  }

  #vanishRange(first: number, last: number): void {
    for (let uid = first; uid <= last; uid++) {
      const sequence = this.uids.find(uid)
      if (sequence === undefined) return this.#vanishUnknown(last - uid + 1)
      this.expunge(sequence)
    }
  }

  #vanishUnknown(messages: number): void {
    this.uids.forget()
    this.settled = undefined
    if (this.exists === undefined) return
    this.exists = Math.max(0, this.exists - messages)
    this.uids.resize(this.exists)
  }

  observeCode(code: ResponseCode): void {
    switch (code.name) {
      case 'UIDVALIDITY':
        if (this.uidValidity !== code.value) this.#changeValidity()
        this.uidValidity = code.value
        return
      case 'UIDNEXT':
        this.uidNext = code.value
        return
      case 'HIGHESTMODSEQ':
        this.highestModSeq = code.modseq
        return
      case 'NOMODSEQ':
        this.hasNoModSeq = true
        return
      case 'UIDNOTSTICKY':
        this.isUidSticky = false
        return
      case 'READ-ONLY':
        this.isReadOnly = true
        return
      case 'READ-WRITE':
        this.isReadOnly = false
        return
      default:
    }
  }

  /** No UID is what it was. */
  #changeValidity(): void {
    if (this.uidValidity === undefined) return
    this.uids.forget()
    this.uidNext = undefined
    this.promised = undefined
    this.highestUid = 0
    this.largestModSeq = 0n
  }
}
