/** The model of a mailbox counts as a client has to, and says that it does not know where nobody can. */

import { describe, expect, it } from 'vitest'

import { MailboxModel } from '../../../src/findings/model/mailbox-model.ts'

function open(exists: number, uids: readonly number[] = []): MailboxModel {
  const mailbox = new MailboxModel('INBOX', false)
  mailbox.setExists(exists)
  mailbox.observeCode({ name: 'UIDVALIDITY', value: 7 })
  mailbox.observeCode({ name: 'UIDNEXT', value: 12 })
  mailbox.open()
  for (const [at, uid] of uids.entries()) mailbox.observeItems(at + 1, [{ name: 'UID', uid }])
  return mailbox
}

const uidsOf = ({ uids, exists = 0 }: MailboxModel): number[] =>
  Array.from({ length: exists }, (_, at) => uids.uidAt(at + 1))

describe('EXPUNGE', () => {
  it('moves the messages behind it up', () => {
    const mailbox = open(3, [4, 7, 9])
    mailbox.expunge(2)
    expect(mailbox.exists).toBe(2)
    expect(uidsOf(mailbox)).toEqual([4, 9])
  })

  it('of a number that no message has leaves the count unknown', () => {
    for (const number of [0, 4]) {
      const mailbox = open(3, [4, 7, 9])
      mailbox.expunge(number)
      expect(mailbox.exists).toBeUndefined()
      expect(mailbox.uids.uidAt(1)).toBe(0)
    }
  })

  it('takes from those that were there at first, or from those that came later', () => {
    const mailbox = open(3)
    mailbox.setExists(5)
    mailbox.expunge(5)
    expect(mailbox.settled).toBe(3)
    mailbox.expunge(1)
    expect(mailbox.settled).toBe(2)
    expect(mailbox.exists).toBe(3)
  })
})

describe('VANISHED', () => {
  it('takes every message that it names, in ranges of either direction', () => {
    const mailbox = open(4, [4, 7, 8, 9])
    mailbox.vanish('4,8:7')
    expect(mailbox.exists).toBe(1)
    expect(uidsOf(mailbox)).toEqual([9])
  })

  it('of a message that was never told of leaves the count right and the places unknown', () => {
    const mailbox = open(3, [4])
    mailbox.vanish('7')
    expect(mailbox.exists).toBe(2)
    expect(uidsOf(mailbox)).toEqual([0, 0])
    expect(mailbox.settled).toBeUndefined()
  })

  it('of four milliards of messages takes no time', () => {
    const mailbox = open(3, [4, 7, 9])
    mailbox.vanish('1:4294967295')
    expect(mailbox.exists).toBe(0)
    mailbox.vanish('')
    expect(mailbox.exists).toBe(0)
  })
})

describe('another UIDVALIDITY', () => {
  it('makes every UID another one', () => {
    const mailbox = open(3, [4, 7, 9])
    mailbox.observeCode({ name: 'UIDVALIDITY', value: 8 })
    expect(uidsOf(mailbox)).toEqual([0, 0, 0])
    expect(mailbox.highestUid).toBe(0)
    expect(mailbox.promised).toBeUndefined()
  })

  it('is none where it is told of for the first time, behind UIDNEXT', () => {
    const mailbox = new MailboxModel('INBOX', false)
    mailbox.observeCode({ name: 'UIDNEXT', value: 12 })
    mailbox.observeCode({ name: 'UIDVALIDITY', value: 8 })
    mailbox.open()
    expect(mailbox.promised).toBe(12)
  })
})
