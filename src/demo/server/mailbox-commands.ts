/** Commands about mailboxes as wholes: listing, status, selecting, creating, appending; knows no FETCH. */

import { done, malformed, refused, type Call, type CommandDefinition, type Completion } from './command.ts'
import type { Account, Mailbox } from './mailbox.ts'
import { decodeMailboxName, encodeMailboxName } from './mailbox-name.ts'
import { Selection } from './selection.ts'
import { writeString } from './structure.ts'
import { itemsOf, textOf, wordOf, type Token } from './tokens.ts'

export const mailboxCommands: Record<string, CommandDefinition> = {
  NAMESPACE: { when: 'authenticated', run: tellNamespace },
  LIST: { when: 'authenticated', run: (call) => list(call, 'LIST') },
  LSUB: { when: 'authenticated', run: (call) => list(call, 'LSUB') },
  STATUS: { when: 'authenticated', run: tellStatus },
  SELECT: { when: 'authenticated', run: (call) => select(call, false) },
  EXAMINE: { when: 'authenticated', run: (call) => select(call, true) },
  CREATE: { when: 'authenticated', run: create },
  DELETE: { when: 'authenticated', run: remove },
  SUBSCRIBE: { when: 'authenticated', run: (call) => subscribe(call, true) },
  UNSUBSCRIBE: { when: 'authenticated', run: (call) => subscribe(call, false) },
  APPEND: { when: 'authenticated', run: append },
}

const STATUS_ITEMS: Record<string, (mailbox: Mailbox) => number> = {
  MESSAGES: (mailbox) => mailbox.messages.length,
  RECENT: () => 0,
  UIDNEXT: (mailbox) => mailbox.uidNext,
  UIDVALIDITY: (mailbox) => mailbox.uidValidity,
  UNSEEN: (mailbox) => mailbox.messages.length - mailbox.count('\\Seen'),
  DELETED: (mailbox) => mailbox.count('\\Deleted'),
  SIZE: (mailbox) => mailbox.messages.reduce((total, message) => total + message.source.length, 0),
}

export function findMailbox(account: Account, token: Token | undefined): Mailbox | undefined {
  const name = textOf(token)
  return name === undefined ? undefined : account.find(decodeMailboxName(name))
}

async function tellNamespace({ session }: Call): Promise<Completion> {
  await session.say('* NAMESPACE (("" "/")) NIL NIL')
  return done('NAMESPACE completed')
}

async function list({ session, args }: Call, name: 'LIST' | 'LSUB'): Promise<Completion> {
  const [reference, pattern] = args.map(textOf)
  if (args.length !== 2 || reference === undefined || pattern === undefined) {
    return malformed(`${name} takes a reference and a pattern`)
  }
  if (pattern === '') await session.say(String.raw`* ${name} (\Noselect) "/" ""`)
  const matching = matchNames(reference + pattern)
  for (const mailbox of session.account.mailboxes) {
    if (!matching.test(encodeMailboxName(mailbox.name)) || (name === 'LSUB' && !mailbox.isSubscribed))
      continue
    const children = session.account.hasChildren(mailbox) ? '\\HasChildren' : '\\HasNoChildren'
    const attributes = name === 'LSUB' ? [] : [children, ...mailbox.attributes]
    await session.say(`* ${name} (${attributes.join(' ')}) "/" ${writeName(mailbox)}`)
  }
  return done(`${name} completed`)
}

function matchNames(pattern: string): RegExp {
  const source = pattern
    .replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('%', '[^/]*')
  return new RegExp(`^${source.replace(/^inbox$/i, 'INBOX')}$`)
}

async function tellStatus({ session, args }: Call): Promise<Completion> {
  const mailbox = findMailbox(session.account, args[0])
  if (!mailbox) return refused('[NONEXISTENT] There is no such mailbox')
  const items = itemsOf(args[1]).map((item) => wordOf(item) ?? '')
  if (items.length === 0 || !items.every((item) => item in STATUS_ITEMS))
    return malformed('Unknown status item')
  const values = items.map((item) => `${item} ${STATUS_ITEMS[item]?.(mailbox)}`)
  await session.say(`* STATUS ${writeName(mailbox)} (${values.join(' ')})`)
  return done('STATUS completed')
}

async function select({ session, args }: Call, isReadOnly: boolean): Promise<Completion> {
  // A failed SELECT leaves nothing selected (RFC 3501 section 6.3.1).
  session.select(undefined)
  const mailbox = findMailbox(session.account, args[0])
  if (!mailbox) return refused('[NONEXISTENT] There is no such mailbox')
  session.select(new Selection(mailbox, isReadOnly))
  const flags = String.raw`\Answered \Flagged \Deleted \Seen \Draft $Forwarded`
  await session.say(`* FLAGS (${flags})`)
  await session.say(`* ${mailbox.messages.length} EXISTS`)
  await session.say('* 0 RECENT')
  const unseen = mailbox.messages.findIndex((message) => !message.hasFlag('\\Seen'))
  if (unseen !== -1) await session.say(`* OK [UNSEEN ${unseen + 1}] First unseen`)
  const permanent = isReadOnly ? '' : String.raw`${flags} \*`
  await session.say(`* OK [PERMANENTFLAGS (${permanent})] Flags that last`)
  await session.say(`* OK [UIDVALIDITY ${mailbox.uidValidity}] UIDs are valid`)
  await session.say(`* OK [UIDNEXT ${mailbox.uidNext}] Predicted next UID`)
  return done(isReadOnly ? '[READ-ONLY] EXAMINE completed' : '[READ-WRITE] SELECT completed')
}

function create({ session, args }: Call): Completion {
  const name = textOf(args[0])?.replace(/\/$/, '')
  if (!name) return malformed('CREATE takes a mailbox name')
  const mailbox = session.account.create(decodeMailboxName(name))
  return mailbox ? done('CREATE completed') : refused('[ALREADYEXISTS] That mailbox exists')
}

function remove({ session, args }: Call): Completion {
  const mailbox = findMailbox(session.account, args[0])
  if (!mailbox) return refused('[NONEXISTENT] There is no such mailbox')
  if (mailbox.name === 'INBOX') return refused('[CANNOT] INBOX stays')
  session.account.delete(mailbox)
  return done('DELETE completed')
}

function subscribe({ session, args }: Call, isSubscribed: boolean): Completion {
  const mailbox = findMailbox(session.account, args[0])
  if (!mailbox) return refused('[NONEXISTENT] There is no such mailbox')
  mailbox.isSubscribed = isSubscribed
  return done(isSubscribed ? 'SUBSCRIBE completed' : 'UNSUBSCRIBE completed')
}

async function append({ session, args }: Call): Promise<Completion> {
  const mailbox = findMailbox(session.account, args[0])
  if (!mailbox) return refused('[TRYCREATE] There is no such mailbox')
  const last = args.at(-1)
  const options = args.slice(1, -1)
  if (args.length < 2 || last?.kind !== 'string') return malformed('APPEND takes a mailbox and a message')
  const flags = itemsOf(options.find((option) => option.kind === 'list')).map((flag) => textOf(flag) ?? '')
  const stated = textOf(options.find((option) => option.kind === 'string'))
  const date =
    stated === undefined ? new Date() : new Date(stated.trim().replaceAll(/(?<=^\d+)-|(?<=[a-z])-/gi, ' '))
  if (Number.isNaN(date.getTime())) return malformed('That is no date')
  const uid = mailbox.append({ source: Buffer.from(last.octets), flags, date })
  return done(`[APPENDUID ${mailbox.uidValidity} ${uid}] APPEND completed`)
}

function writeName(mailbox: Mailbox): string {
  return writeString(encodeMailboxName(mailbox.name))
}
