/** Checks of what FETCH tells of a message (RFC 9051 sections 2.3.4, 6.4.5 and 7.5.2): sizes that agree, values that stay. */

import type { FetchItem } from '../../imap/fetch-item.ts'
import type { PartNumber, Section } from '../../imap/section.ts'
import type { MessageData } from '../../imap/syntax.ts'
import type { Check } from '../check.ts'
import type { MailboxModel } from '../model/mailbox-model.ts'
import {
  isEmptyEnvelope,
  numberOfEnvelope,
  numberOfOctets,
  numberOfStructure,
  numberOfText,
  StaticItems,
} from '../model/static-items.ts'
import type { Scene } from '../scene.ts'
import { asksForPartial, sectionName } from './partial-fetch.ts'

interface Kept {
  mailbox: MailboxModel | undefined
  name: string
  uidValidity: number | undefined
  readonly items: StaticItems
}
const makeKept = (): Kept => ({
  mailbox: undefined,
  name: '',
  uidValidity: undefined,
  items: new StaticItems(),
})

/** A mailbox that is selected once more is still the same if its UIDVALIDITY is. */
function itemsOf({ model }: Scene, mailbox: MailboxModel): StaticItems {
  const kept = model.note(makeKept)
  const { name, uidValidity } = mailbox
  if (kept.mailbox === mailbox && kept.uidValidity === uidValidity) return kept.items
  const isSame = kept.name === name && uidValidity !== undefined && kept.uidValidity === uidValidity
  if (!isSame) kept.items.clear()
  kept.mailbox = mailbox
  kept.name = name
  kept.uidValidity = uidValidity
  return kept.items
}

/** What a FETCH or UIDFETCH told of one message. */
interface Seen {
  /** 0 in UIDFETCH. */
  readonly message: number
  /** 0 where it is not known. */
  readonly uid: number
  readonly items: readonly FetchItem[]
}

const nameOf = ({ message, uid }: Seen): string => (message > 0 ? `message ${message}` : `UID ${uid}`)

/** The hooks of a check that looks at some of the items only. */
const onItems = (
  isWanted: (item: FetchItem) => boolean,
  look: (scene: Scene, mailbox: MailboxModel, seen: Seen) => void,
): NonNullable<Check['untagged']> => ({
  FETCH(scene, { message, items }) {
    const { current } = scene.model
    if (current && items.some(isWanted))
      look(scene, current, { message, uid: uidOf(current, message, items), items })
  },
  UIDFETCH(scene, { uid, items }) {
    const { current } = scene.model
    if (current && items.some(isWanted)) look(scene, current, { message: 0, uid, items })
  },
})

const sizeMismatch: Check = {
  id: 'S11',
  name: 'size-mismatch',
  level: 'warning',
  side: 'server',
  title: 'RFC822.SIZE is not the number of octets that the whole message has',
  reference: 'RFC 9051 section 2.3.4',
  advice:
    'The server should tell the exact size; clients that cut downloads by it may lose the end of a message.',
  noise: { exchange: 'note', ovh: 'note', wildduck: 'note' },
  untagged: onItems(isSized, (scene, mailbox, seen) => {
    const store = itemsOf(scene, mailbox)
    // No message came so far: S12 keeps what is told of its size.
    if (!seen.items.some(hasData) && !store.knows(OCTETS)) return
    const size = compareSizes(scene, store, seen, [isSize, isWholeMessage])
    if (!size) return
    scene.raise(sizeMismatch, {
      text: `${nameOf(seen)} has RFC822.SIZE ${size.told}, and its text has ${size.octets} octets`,
    })
  }),
}

function isSized(item: FetchItem): boolean {
  return item.name === 'RFC822.SIZE' || hasData(item)
}

function hasData({ name }: FetchItem): boolean {
  return name === 'BODY[]' || name === 'RFC822'
}

/** The size of whole messages that came is kept by this name. */
const OCTETS = 'octets'

const binarySizeMismatch: Check = {
  id: 'S16',
  name: 'binary-size-mismatch',
  level: 'error',
  side: 'server',
  title: 'BINARY.SIZE is not the number of octets that BINARY gives',
  reference: 'RFC 9051 section 6.4.5, RFC 3516 section 4.3',
  advice: 'The server must tell the size of the decoded part; clients may cut it short or wait for more.',
  untagged: onItems(isBinary, (scene, mailbox, seen) => {
    const size = compareSizes(scene, itemsOf(scene, mailbox), seen, [isBinarySize, isBinaryData])
    if (!size) return
    scene.raise(binarySizeMismatch, {
      text: `${nameOf(seen)} has ${size.name} ${size.told}, and the part has ${size.octets} octets`,
    })
  }),
}

function isBinary({ name }: FetchItem): boolean {
  return name === 'BINARY[]' || name === 'BINARY.SIZE[]'
}

/** What an item tells of a size, by the name that it is kept under. */
type Measure = (item: FetchItem) => { readonly name: string; readonly octets: number } | undefined

const isSize: Measure = (item) =>
  item.name === 'RFC822.SIZE' && item.octets > 0
    ? { name: 'RFC822.SIZE', octets: Number(item.octets) }
    : undefined

const isWholeMessage: Measure = (item) => {
  if (item.name === 'RFC822') return measureData('RFC822.SIZE', item.data)
  if (item.name !== 'BODY[]' || item.origin !== undefined || !isWhole(item.section)) return undefined
  return measureData('RFC822.SIZE', item.data)
}

const isBinarySize: Measure = (item) =>
  item.name === 'BINARY.SIZE[]' ? { name: binaryName(item.part), octets: Number(item.octets) } : undefined

const isBinaryData: Measure = (item) =>
  item.name === 'BINARY[]' && item.origin === undefined
    ? measureData(binaryName(item.part), item.data)
    : undefined

const binaryName = (part: PartNumber): string => `BINARY.SIZE[${part.join('.')}]`
const isWhole = ({ part, text }: Section): boolean => part.length === 0 && text === 'whole'

const measureData = (name: string, data: MessageData): ReturnType<Measure> => {
  const octets = sizeOf(data)
  return octets === undefined ? undefined : { name, octets }
}

/** NIL may stand for a message that is gone. */
function sizeOf(data: MessageData): number | undefined {
  if (data === null) return undefined
  return data instanceof Uint8Array ? data.length : data.size
}

interface Mismatch {
  readonly name: string
  readonly told: number
  readonly octets: number
}

/** Holds what is told of a size against what came, in this response or in one before it. */
function compareSizes(
  { model }: Scene,
  store: StaticItems,
  { uid, items }: Seen,
  [ofTold, ofData]: readonly [Measure, Measure],
): Mismatch | undefined {
  if (items.length > ITEMS) return undefined
  for (const item of items) {
    const told = ofTold(item)
    const data = told ? undefined : ofData(item)
    const seen = told ?? data
    if (!seen || (data && asksForPartial(model))) continue
    const known =
      findBeside(items, seen.name, told ? ofData : ofTold) ??
      find(store, uid, told ? cameOf(seen) : seen.name)
    if (uid !== 0) store.keep(uid, told ? seen.name : cameOf(seen), seen.octets >>> 0)
    if (known === undefined || known >>> 0 === seen.octets >>> 0) continue
    return { name: seen.name, told: told ? seen.octets : known, octets: told ? known : seen.octets }
  }
  return undefined
}

/** Items of one response that are held against each other; with more of them nothing is said. */
const ITEMS = 200

/** What is told is kept by its own name, and what came by this. */
const cameOf = ({ name }: { readonly name: string }): string =>
  name === 'RFC822.SIZE' ? OCTETS : `octets of ${name}`

const find = (store: StaticItems, uid: number, name: string): number | undefined =>
  uid === 0 ? undefined : store.find(uid, name)

function findBeside(items: readonly FetchItem[], name: string, measure: Measure): number | undefined {
  for (const item of items) {
    const seen = measure(item)
    if (seen?.name === name) return seen.octets
  }
  return undefined
}

const staticChanged: Check = {
  id: 'S12',
  name: 'static-item-changed',
  level: 'error',
  side: 'server',
  title: 'What can never change of a message is not what it was before',
  reference: 'RFC 9051 section 6.4.5, RFC 9051 section 2.3.1.1',
  advice:
    'The server must give a message with other contents a new UID; clients keep what they fetched once.',
  noise: { exchange: 'warning' },
  untagged: onItems(isStatic, (scene, mailbox, { uid, items }) => {
    if (uid === 0) return
    const store = itemsOf(scene, mailbox)
    if (store.isIdleFor(uid)) return
    for (const item of items) {
      const seen = numberOf(scene, item)
      if (!seen || store.keep(uid, seen.name, seen.number) === seen.number) continue
      scene.raise(staticChanged, { text: `${seen.name} of UID ${uid} is not what it was before` })
    }
  }),
}

const statics = new Set([
  'INTERNALDATE',
  'RFC822.SIZE',
  'ENVELOPE',
  'BODYSTRUCTURE',
  'BODY',
  'BODY[]',
  'BINARY[]',
])

function isStatic({ name }: FetchItem): boolean {
  return statics.has(name)
}

/** What was read out of a response that bends the grammar may not be what was meant. */
function isOdd({ event }: Scene): boolean {
  return event?.kind === 'message' && event.message.response().quirks.length > 0
}

function numberOf(
  scene: Scene,
  item: FetchItem,
): { readonly name: string; readonly number: number } | undefined {
  switch (item.name) {
    case 'INTERNALDATE':
      return { name: item.name, number: numberOfText(item.date) }
    case 'RFC822.SIZE':
      return item.octets > 0 ? { name: item.name, number: Number(item.octets) >>> 0 } : undefined
    case 'ENVELOPE':
      if (isEmptyEnvelope(item.envelope) || isOdd(scene)) return undefined
      return { name: item.name, number: numberOfEnvelope(item.envelope) }
    case 'BODY':
    case 'BODYSTRUCTURE':
      if ((item.body.kind === 'part' && item.body.octets === 0) || isOdd(scene)) return undefined
      return { name: item.name, number: numberOfStructure(item.body) }
    case 'BODY[]':
      if (item.origin !== undefined || asksForPartial(scene.model)) return undefined
      return numberOfData(`BODY${sectionName(item.section)}`, item.data)
    case 'BINARY[]':
      if (item.origin !== undefined || asksForPartial(scene.model)) return undefined
      return numberOfData(`BINARY[${item.part.join('.')}]`, item.data)
    default:
      return undefined
  }
}

/** Of what streamed past only the size is known: it is held against others of its kind. */
function numberOfData(name: string, data: MessageData): ReturnType<typeof numberOf> {
  if (data === null) return undefined
  if (data instanceof Uint8Array)
    return data.length === 0 ? undefined : { name, number: numberOfOctets(data) }
  return { name: `size of ${name}`, number: data.size >>> 0 }
}

function uidOf({ uids }: MailboxModel, message: number, items: readonly FetchItem[]): number {
  for (const item of items) if (item.name === 'UID') return item.uid
  return uids.uidAt(message)
}

export const fetchDataChecks: readonly Check[] = [sizeMismatch, binarySizeMismatch, staticChanged]
