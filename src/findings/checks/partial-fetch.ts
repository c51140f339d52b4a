/** Checks of partial FETCH and of FETCH nobody asked for (RFC 9051 sections 6.4.5, 7.5.2): octets as asked, and a UID beside them. */

import type { FetchAttribute } from '../../imap/fetch-attribute.ts'
import type { FetchItem } from '../../imap/fetch-item.ts'
import type { Section } from '../../imap/section.ts'
import type { Check } from '../check.ts'
import type { SessionModel } from '../model/session-model.ts'
import type { Work } from '../model/work.ts'

/** What one command asks of partials: undefined entries are whole sections. */
interface Asked {
  readonly name: string
  readonly start: number | undefined
  readonly count: number | undefined
}

/** A FETCH in progress, or a command that nobody could read, may ask for a part of the octets only. */
export function asksForPartial({ open }: SessionModel): boolean {
  if (open.size > COMMANDS) return true
  for (const work of open.values()) if (!work.command || partialsOf(work).length > 0) return true
  return false
}

const partialMismatch: Check = {
  id: 'S13',
  name: 'partial-mismatch',
  level: 'warning',
  side: 'server',
  needsBeginning: true,
  title: 'A partial FETCH is answered with other octets than it asked for, or without their origin',
  reference: 'RFC 9051 section 6.4.5, RFC 9051 section 7.5.2',
  advice:
    'The server must answer with the origin that was asked for, and with no more octets than were asked for.',
  noise: { exchange: 'note' },
  untagged: {
    FETCH(scene, { message, items }) {
      if (!items.some(isData)) return
      const asked = findAsked(scene.model)
      if (!asked) return
      for (const item of items) {
        const text = isData(item) && findMismatch(item, asked)
        if (text) scene.raise(partialMismatch, { text: `${text} of message ${message}` })
      }
    },
  },
}

type DataItem = Extract<FetchItem, { readonly name: 'BODY[]' | 'BINARY[]' }>

const isData = (item: FetchItem): item is DataItem => item.name === 'BODY[]' || item.name === 'BINARY[]'

/** All that the FETCHes in progress ask for, if any of it is partial; undefined too where one could not be read. */
function findAsked({ open }: SessionModel): readonly Asked[] | undefined {
  if (open.size > COMMANDS) return undefined
  const asked: Asked[] = []
  for (const work of open.values()) {
    if (!work.command) return undefined
    asked.push(...askedBy(work))
    if (asked.length > ASKED_KEPT) return undefined
  }
  return asked.some(({ start }) => start !== undefined) ? asked : undefined
}

/** Commands in progress that are looked at, with each body that comes; of more nothing is said. */
const COMMANDS = 16
/** Sections asked for at once; of more nothing is said. */
const ASKED_KEPT = 200

function findMismatch(item: DataItem, asked: readonly Asked[]): string | undefined {
  const name = nameOf(item)
  const mine = asked.filter((each) => each.name === name)
  if (mine.length === 0 || item.data === null) return undefined
  const origin = item.origin === undefined ? undefined : Number(item.origin)
  const match = mine.filter(({ start }) => start === origin)
  if (match.length === 0)
    return origin === undefined
      ? `${name} came without the origin that was asked for`
      : `${name} came from octet ${origin}, which was not asked for`
  const octets = item.data instanceof Uint8Array ? item.data.length : item.data.size
  const most = Math.max(...match.map(({ count = Number.POSITIVE_INFINITY }) => count))
  return octets > most ? `${octets} octets of ${name} came where ${most} were asked for, both` : undefined
}

const makeAsked = (): { asked: readonly Asked[] | undefined } => ({ asked: undefined })

function askedBy(work: Work): readonly Asked[] {
  const { command } = work
  if (command?.name !== 'FETCH') return nothing
  const note = work.note(makeAsked)
  return (note.asked ??= command.items.flatMap(readAsked))
}

const partialsOf = (work: Work): readonly Asked[] =>
  work.command?.name === 'FETCH' ? askedBy(work).filter(({ start }) => start !== undefined) : nothing

function readAsked(attribute: FetchAttribute): readonly Asked[] {
  if (attribute.name !== 'BODY[]' && attribute.name !== 'BINARY[]') return nothing
  const { partial } = attribute
  const count = partial?.count
  return [
    {
      name: nameOf(attribute),
      start: partial && Number(partial.start),
      count: count === undefined ? undefined : Number(count),
    },
  ]
}

const nothing: readonly never[] = []

function nameOf(item: DataItem | Extract<FetchAttribute, { readonly name: 'BODY[]' | 'BINARY[]' }>): string {
  return item.name === 'BODY[]' ? `BODY${sectionName(item.section)}` : `BINARY[${item.part.join('.')}]`
}

/** `[1.HEADER.FIELDS (DATE FROM)]`, in upper case. */
export function sectionName(section: Section): string {
  const text = section.text === 'whole' ? '' : section.text === 'unknown' ? section.word : section.text
  const fields = 'fields' in section ? ` (${section.fields.join(' ').toUpperCase()})` : ''
  return `[${[...section.part, ...(text === '' ? [] : [text])].join('.')}${fields}]`
}

const fetchWithoutUid: Check = {
  id: 'S17',
  name: 'unasked-fetch-without-uid',
  level: 'warning',
  side: 'server',
  title: 'FETCH comes during IDLE without UID, although IMAP4rev2 or QRESYNC is on',
  reference: 'RFC 9051 section 7.5.2, RFC 7162 section 3.2.4',
  advice: 'The server must put the UID into every FETCH response that nobody asked for.',
  untagged: {
    FETCH(scene, { message, items }) {
      const { model } = scene
      if (!model.isIdle || model.oldest?.name !== 'IDLE' || !(model.isRev2 || model.isQresync)) return
      if (items.some(({ name }) => name === 'UID')) return
      scene.raise(fetchWithoutUid, { text: `FETCH of message ${message} came during IDLE without UID` })
    },
  },
}

export const partialFetchChecks: readonly Check[] = [partialMismatch, fetchWithoutUid]
