/** Commands about the messages of the selected mailbox: fetching, searching, flags, copying, IDLE. */

import { setTimeout as sleep } from 'node:timers/promises'
import { done, malformed, refused, type Call, type CommandDefinition, type Completion } from './command.ts'
import { isMarkingSeen, readFetchItems, writeFetch, type FetchItem } from './fetch.ts'
import type { Mailbox } from './mailbox.ts'
import { findMailbox } from './mailbox-commands.ts'
import { readSearch } from './search.ts'
import type { Numbered } from './selection.ts'
import { includes, readSequenceSet, writeSequenceSet } from './sequence-set.ts'
import { itemsOf, textOf, wordOf, type Token } from './tokens.ts'

export const messageCommands: Record<string, CommandDefinition> = {
  FETCH: { when: 'selected', hasUid: true, run: fetch },
  SEARCH: { when: 'selected', hasUid: true, run: search },
  STORE: { when: 'selected', hasUid: true, run: store },
  COPY: { when: 'selected', hasUid: true, run: (call) => copy(call, 'COPY') },
  MOVE: { when: 'selected', hasUid: true, run: (call) => copy(call, 'MOVE') },
  EXPUNGE: { when: 'selected', hasUid: true, run: expunge },
  CHECK: { when: 'selected', run: () => done('CHECK completed') },
  CLOSE: { when: 'selected', run: close },
  UNSELECT: { when: 'selected', run: unselect },
  IDLE: { when: 'authenticated', run: idle },
}

function pick({ session, args, isUid }: Call): Numbered[] | undefined {
  const set = textOf(args[0])
  return set === undefined ? undefined : session.selection.pick(set, isUid)
}

async function fetch(call: Call): Promise<Completion> {
  const chosen = pick(call)
  const asked = readFetchItems(call.args[1])
  if (!chosen || !asked || call.args.length !== 2) return malformed('FETCH takes a set and items')
  const hasUid = asked.some((item) => item.kind === 'plain' && item.name === 'UID')
  const items: FetchItem[] = call.isUid && !hasUid ? [{ kind: 'plain', name: 'UID' }, ...asked] : asked
  for (const one of chosen) await fetchOne(call, one, items)
  return done('FETCH completed')
}

async function fetchOne(
  { session }: Call,
  { sequence, message }: Numbered,
  items: FetchItem[],
): Promise<void> {
  const marks = !session.selection.isReadOnly && items.some(isMarkingSeen) && !message.hasFlag('\\Seen')
  if (marks) message.flags.add('\\Seen')
  const hasFlags = items.some((item) => item.kind === 'plain' && item.name === 'FLAGS')
  const told: FetchItem[] = marks && !hasFlags ? [...items, { kind: 'plain', name: 'FLAGS' }] : items
  if (marks) session.selection.acknowledge(message)
  await session.say(writeFetch(sequence, message, told).slice(0, -2))
}

async function search(call: Call): Promise<Completion> {
  const { session, tag, isUid } = call
  const options = wordOf(call.args[0]) === 'RETURN' ? call.args[1] : undefined
  const keys = withoutCharset(options ? call.args.slice(2) : call.args)
  const found = readSearch(keys, session.selection.largest)
  if (!found) return malformed('Unknown search key')
  if (found.isReadingBodies) await sleep(session.slowMs)
  const matching = session.selection.all().filter(({ message, sequence }) => found.test(message, sequence))
  const numbers = matching.map(({ message, sequence }) => (isUid ? message.uid : sequence))
  if (options) await session.say(writeExtended(tag, isUid, numbers, options))
  else await session.say(['* SEARCH', ...numbers].join(' '))
  return done('SEARCH completed')
}

function withoutCharset(keys: readonly Token[]): readonly Token[] {
  return wordOf(keys[0]) === 'CHARSET' ? keys.slice(2) : keys
}

/** RFC 4731: an empty list of options means ALL. */
function writeExtended(tag: string, isUid: boolean, numbers: readonly number[], options: Token): string {
  const words = itemsOf(options).map((option) => wordOf(option))
  const wants = (word: string) => words.includes(word) || (word === 'ALL' && words.length === 0)
  const first = numbers[0]
  const last = numbers.at(-1)
  const results = [`* ESEARCH (TAG "${tag}")`]
  if (isUid) results.push('UID')
  if (wants('MIN') && first !== undefined) results.push(`MIN ${first}`)
  if (wants('MAX') && last !== undefined) results.push(`MAX ${last}`)
  if (wants('COUNT')) results.push(`COUNT ${numbers.length}`)
  if (wants('ALL') && numbers.length > 0) results.push(`ALL ${writeSequenceSet(numbers)}`)
  return results.join(' ')
}

async function store(call: Call): Promise<Completion> {
  const { session, args, isUid } = call
  const chosen = pick(call)
  const [, sign, silent] = /^([+-]?)FLAGS(\.SILENT)?$/.exec(wordOf(args[1]) ?? '') ?? []
  if (!chosen || sign === undefined || args.length < 3)
    return malformed('STORE takes a set, an action and flags')
  if (session.selection.isReadOnly) return refused('[READ-ONLY] The mailbox is examined, not selected')
  const flags = args
    .slice(2)
    .flatMap(itemsOf)
    .map((flag) => textOf(flag) ?? '')
  for (const { sequence, message } of chosen) {
    if (sign === '') message.flags.clear()
    for (const flag of flags)
      if (sign === '-') message.flags.delete(flag)
      else message.flags.add(flag)
    session.selection.acknowledge(message)
    const told: FetchItem[] = [{ kind: 'plain', name: 'FLAGS' }]
    if (isUid) told.unshift({ kind: 'plain', name: 'UID' })
    if (!silent) await session.say(writeFetch(sequence, message, told).slice(0, -2))
  }
  session.selection.mailbox.changed()
  return done('STORE completed')
}

async function copy(call: Call, name: 'COPY' | 'MOVE'): Promise<Completion> {
  const { session, args } = call
  const chosen = pick(call)
  if (!chosen || args.length !== 2) return malformed(`${name} takes a set and a mailbox`)
  const target = findMailbox(session.account, args[1])
  if (!target) return refused('[TRYCREATE] There is no such mailbox')
  if (name === 'MOVE' && session.selection.isReadOnly)
    return refused('[READ-ONLY] Nothing can leave this mailbox')
  const code = copyAll(chosen, target)
  if (name === 'COPY') return done(`${code}COPY completed`)
  // RFC 6851 section 4.3: COPYUID comes before the first EXPUNGE.
  if (code) await session.say(`* OK ${code}Moved`)
  const moved = new Set(chosen.map(({ message }) => message))
  session.selection.mailbox.remove((message) => moved.has(message))
  return done('MOVE completed')
}

/** Returns the COPYUID code and a space, or nothing when nothing was copied. */
function copyAll(chosen: readonly Numbered[], target: Mailbox): string {
  if (chosen.length === 0) return ''
  const uids = chosen.map(({ message }) => {
    return target.append({ source: message.source, flags: [...message.flags], date: message.date })
  })
  const from = writeSequenceSet(chosen.map(({ message }) => message.uid))
  return `[COPYUID ${target.uidValidity} ${from} ${writeSequenceSet(uids)}] `
}

function expunge({ session, args, isUid }: Call): Completion {
  const set = isUid ? readSequenceSet(textOf(args[0]) ?? '', session.selection.largest.uid) : undefined
  if (isUid && !set) return malformed('UID EXPUNGE takes a set')
  if (session.selection.isReadOnly) return refused('[READ-ONLY] Nothing can leave this mailbox')
  session.selection.mailbox.remove((message) => {
    return message.hasFlag('\\Deleted') && (!set || includes(set, message.uid))
  })
  return done('EXPUNGE completed')
}

/** CLOSE expunges without telling. */
function close({ session }: Call): Completion {
  const { mailbox, isReadOnly } = session.selection
  session.select(undefined)
  if (!isReadOnly) mailbox.remove((message) => message.hasFlag('\\Deleted'))
  return done('CLOSE completed')
}

function unselect({ session }: Call): Completion {
  session.select(undefined)
  return done('UNSELECT completed')
}

async function idle({ session }: Call): Promise<Completion> {
  await session.say('+ idling')
  const stop = session.watch(() => void session.tellChanges(true))
  await session.tellChanges(true)
  const line = await session.readLine()
  stop()
  return line?.toUpperCase() === 'DONE' ? done('IDLE completed') : malformed('IDLE ends with DONE')
}
