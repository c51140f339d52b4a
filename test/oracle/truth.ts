/** Builds a lane's mailboxes, reads what is true of the canaries, and clears what streams left; all past the gateway. */

import { decodeMailboxName, encodeMailboxName } from '../../src/imap/mailbox.ts'
import { literal, quote, type Direct } from './direct.ts'
import { stringsOf, withoutLiterals } from './needles.ts'
import { isCanary, isNeighbours, secretsOf, SHELL, type Canary, type World } from './world.ts'

const ALL_RIGHTS = 'lrswipkxtea'
/** Enough to read and to spoil it. */
const NEIGHBOURS_RIGHTS = 'lrswite'
const DATE = '"17-Nov-2023 10:11:12 +0000"'
/** Visible mailboxes are filled anew when they hold fewer or more messages. */
const fewest = 2
const most = 12

const wire = (name: string): string => quote(encodeMailboxName(name))

/** Before any visible mailbox of any user, whose UIDVALIDITY then stays above that of each canary. */
export async function buildCanaries(direct: Direct, world: World): Promise<void> {
  for (const canary of world.canaries) {
    await buildCanary(direct, canary, world)
  }
  // Where it came to be with what lies below it.
  await direct.run(`DELETE ${SHELL}`)
}

async function buildCanary(direct: Direct, { name, token }: Canary, world: World): Promise<void> {
  const mailbox = wire(name)
  await direct.runAll([
    `CREATE ${mailbox}`,
    `SUBSCRIBE ${mailbox}`,
    `SETMETADATA ${mailbox} (/private/comment ${quote(token)})`,
    `SETACL ${mailbox} ${token} lr`,
    ...world.neighbours.map(({ user }) => `SETACL ${mailbox} ${quote(user)} ${NEIGHBOURS_RIGHTS}`),
    ...[1, 2, 3].map((n) => `APPEND ${mailbox} (${token}) ${DATE} ${literal(secretMessage(n, token))}`),
    `SETACL ${mailbox} ${quote(world.user)} ${ALL_RIGHTS}`,
  ])
}

function secretMessage(number: number, token: string): string {
  const head = [
    `From: ${token} <${token}@example.test>`,
    'To: reader@example.test',
    `Subject: canary ${number} ${token}`,
    `Message-ID: <${number}.${token}@example.test>`,
    'Date: Fri, 17 Nov 2023 10:11:12 +0000',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
  ]
  return `${head.join('\r\n')}\r\n\r\n${token} sings ${token}\r\n`
}

export function openMessage(number: number): string {
  const head = [
    `From: Sender ${number} <sender${number}@example.test>`,
    `Subject: open ${number}`,
    `Message-ID: <open.${number}@example.test>`,
    'Date: Fri, 17 Nov 2023 10:11:12 +0000',
  ]
  return `${head.join('\r\n')}\r\n\r\nnothing to hide\r\n`
}

/** One line for each thing that is true; the same lines again as long as nobody touched a canary. */
export async function readTruth(direct: Direct, world: World): Promise<string[]> {
  const [all, subscribed, ...rest] = await direct.runAll([
    'LIST "" "*"',
    'LSUB "" "*"',
    ...world.canaries.flatMap(({ name, isStirred }) => [
      ...surroundings(wire(name)),
      ...(isStirred ? [] : content(wire(name))),
    ]),
  ])
  return [
    ...canariesIn(all?.data ?? '', world).map((line) => `exists: ${line}`),
    ...canariesIn(subscribed?.data ?? '', world).map((line) => `subscribed: ${line}`),
    ...(await readCopies(direct, namesIn(all?.data ?? ''), world)),
    ...rest.flatMap(({ data, status }) => [...data.split('\r\n').filter(isTelling), status]),
  ]
}

/** Mailboxes that hold what only a canary held; who put it there need never have read it. */
async function readCopies(direct: Direct, names: readonly string[], world: World): Promise<string[]> {
  const open = names.filter((name) => !isCanary(name, world) && !isShared(name))
  const [first = '', ...others] = world.canaries.map(({ token }) => `TEXT ${token}`)
  const search = `SEARCH ${others.reduce((keys, key) => `OR ${key} ${keys}`, first)}`
  const answers = await direct.runAll(
    open.flatMap((name) => [`EXAMINE ${literal(name)}`, search, 'UNSELECT']),
  )
  return open
    .filter(
      (_, at) => answers[at * 3]?.status === 'OK' && /^\* SEARCH \d/m.test(answers[at * 3 + 1]?.data ?? ''),
    )
    .map((name) => `copied: ${name}`)
}

const isTelling = (line: string): boolean => line !== '' && !line.startsWith('* OK [CLOSED]')

function surroundings(mailbox: string): string[] {
  return [`GETACL ${mailbox}`, `GETMETADATA ${mailbox} /private/comment`]
}

function content(mailbox: string): string[] {
  return [
    // RECENT goes down when somebody selects the mailbox, and only then.
    `STATUS ${mailbox} (MESSAGES RECENT UIDNEXT UIDVALIDITY UNSEEN HIGHESTMODSEQ)`,
    `EXAMINE ${mailbox}`,
    'FETCH 1:* (UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[])',
    'UNSELECT',
  ]
}

/** Names only: the server is free to say otherwise what children a mailbox has. */
function canariesIn(listed: string, world: World): string[] {
  return namesIn(listed)
    .filter((name) => isCanary(name, world))
    .sort()
}

/** The mailbox names of LIST or LSUB responses, as on the wire. */
export function namesIn(listed: string): string[] {
  const names: string[] = []
  const pattern =
    /^\* (?:LIST|LSUB) \([^)]*\) (?:NIL|"(?:\\.|[^"])*") (?:\{(\d+)\}\r\n|"((?:\\.|[^"])*)"|([^\s"{]+))/gm
  for (let found = pattern.exec(listed); found; found = pattern.exec(listed)) {
    const [whole, size, quoted, atom] = found
    const start = found.index + whole.length
    names.push(
      size === undefined
        ? (quoted?.replaceAll(/\\(.)/g, '$1') ?? atom ?? '')
        : listed.slice(start, start + Number(size)),
    )
  }
  return names
}

/** Digits and identifiers that a server gave the canaries and nothing else, and that no client can guess. */
export async function readMarks(direct: Direct, world: World): Promise<string[]> {
  const hidden = world.canaries.map(({ name }) => name)
  const marks = await readIdentifiers(direct, hidden)
  const open = new Set(await readIdentifiers(direct, world.visible))
  return [...new Set(marks)].filter((mark) => !open.has(mark))
}

async function readIdentifiers(direct: Direct, names: readonly string[]): Promise<string[]> {
  const items = ['UIDVALIDITY', 'MAILBOXID', 'X-GUID']
  const answers = await direct.runAll(
    names.flatMap((name) => items.map((item) => `STATUS ${wire(name)} (${item})`)),
  )
  return answers.flatMap(
    ({ data }) => /(?:UIDVALIDITY |MAILBOXID \(|X-GUID )([\w-]{6,})/.exec(data)?.[1] ?? [],
  )
}

/** Of each mailbox that may be seen by itself: what a server says of it in a list may be another's. */
export const readVisibleValidities = (direct: Direct, world: World): Promise<string[]> =>
  readValidities(direct, (name) => !isCanary(name, world) && !isNeighbours(name, world))

/** Of those that are a user's own, and that it may have shared for a while. */
export const readOwnValidities = (direct: Direct, world: World): Promise<string[]> =>
  readValidities(direct, (name) => !isCanary(name, world) && !isShared(name))

async function readValidities(direct: Direct, isMeant: (name: string) => boolean): Promise<string[]> {
  const { data } = await direct.run('LIST "" "*"')
  const open = namesIn(data).filter(isMeant)
  const answers = await direct.runAll(open.map((name) => `STATUS ${literal(name)} (UIDVALIDITY)`))
  return answers.flatMap((answer) => /UIDVALIDITY (\d+)/.exec(answer.data)?.[1] ?? [])
}

/** What is known to the world is there and small; what streams made is gone. */
export async function tidyWorld(direct: Direct, world: World): Promise<void> {
  await removeStrangers(direct, world)
  const owned = world.visible.map(wire)
  for (const mailbox of owned) await closeMailbox(direct, mailbox, world)
  const answers = await direct.runAll(owned.map((mailbox) => `STATUS ${mailbox} (MESSAGES)`))
  for (const [index, mailbox] of owned.entries()) {
    const count = Number(/MESSAGES (\d+)/.exec(answers[index]?.data ?? '')?.[1] ?? -1)
    if (count < fewest || count > most) await refill(direct, mailbox, world)
  }
}

/** For nobody but its owner: what one user shares with all must not be taken for another's. */
async function closeMailbox(direct: Direct, mailbox: string, { user }: World): Promise<void> {
  const { data } = await direct.run(`GETACL ${mailbox}`)
  const [line = ''] = withoutLiterals(data)
    .split('\r\n')
    .filter((one) => one.startsWith('* ACL '))
  const [, ...pairs] = stringsOf(line.slice('* ACL '.length))
  const others = pairs.filter((id, at) => at % 2 === 0 && id !== user)
  if (others.length === 0) return
  await direct.runAll([
    ...others.map((id) => `DELETEACL ${mailbox} ${literal(id)}`),
    `SETACL ${mailbox} ${quote(user)} ${ALL_RIGHTS}`,
  ])
}

/** Those of mailboxes that are gone among them, which LSUB leaves out on Cyrus, and yet tells of to whoever asks by name. */
const everySubscription = 'LIST (SUBSCRIBED) "" "*"'

/** What others share is theirs to clear. */
const isShared = (name: string): boolean => /^(?:shared|user|Other Users|Shared Folders)[/.]/i.test(name)

async function removeStrangers(direct: Direct, world: World): Promise<void> {
  const [all, subscribed] = await direct.runAll(['LIST "" "*"', everySubscription])
  const known = new Set([...world.visible, ...world.canaries.map(({ name }) => name)].map(encodeMailboxName))
  for (const standard of ['Drafts', 'Sent', 'Trash']) known.add(standard)
  const isStrange = (name: string): boolean => !known.has(name) && !isCanary(name, world) && !isShared(name)
  const strangers = namesIn(all?.data ?? '')
    .filter(isStrange)
    .sort()
    .toReversed()
  const forgotten = namesIn(subscribed?.data ?? '').filter(isStrange)
  await direct.runAll([
    ...forgotten.map((name) => `UNSUBSCRIBE ${literal(name)}`),
    ...strangers.flatMap((name) => [
      `SETACL ${literal(name)} ${quote(world.user)} ${ALL_RIGHTS}`,
      // Cyrus deletes nothing that has a use.
      `SETMETADATA ${literal(name)} (/private/specialuse NIL)`,
      `DELETE ${literal(name)}`,
    ]),
  ])
}

/** Mailboxes and subscriptions of much the same name as a canary's: a client made them, and they are its own to see. */
export async function readNamesakes(direct: Direct, world: World): Promise<string[]> {
  const answers = await direct.runAll(['LIST "" "*"', everySubscription])
  const secrets = secretsOf(world)
  const hasKey = (name: string): boolean => secrets.some(({ key }) => name.toLowerCase().includes(key))
  return (
    answers
      .flatMap(({ data }) => namesIn(data))
      // What only stands above a subscription is listed by LSUB alone, and only to who asks for it.
      .flatMap(withParents)
      .filter((name) => hasKey(name) && !isCanary(name, world) && !isNeighbours(name, world))
      // Dovecot's NOTIFY tells of them in UTF-8, whatever was enabled.
      .flatMap((name) => [name, Buffer.from(decodeMailboxName(name), 'utf8').toString('latin1')])
  )
}

const withParents = (name: string): readonly string[] =>
  name.split('/').map((_, depth, levels) => levels.slice(0, depth + 1).join('/'))

async function refill(direct: Direct, mailbox: string, world: World): Promise<void> {
  await direct.runAll([
    `CREATE ${mailbox}`,
    `SUBSCRIBE ${mailbox}`,
    `SETACL ${mailbox} ${quote(world.user)} ${ALL_RIGHTS}`,
    `SELECT ${mailbox}`,
    'STORE 1:* +FLAGS.SILENT (\\Deleted)',
    'EXPUNGE',
    ...[1, 2, 3].map((n) => `APPEND ${mailbox} (\\Seen) ${DATE} ${literal(openMessage(n))}`),
    'UNSELECT',
  ])
}

/** Something happens in the stirred canaries, for whoever is told of it. */
export async function stirCanaries(direct: Direct, world: World): Promise<void> {
  for (const { name, token } of world.canaries.filter(({ isStirred }) => isStirred)) {
    await direct.runAll([
      `APPEND ${wire(name)} (${token}) ${literal(secretMessage(9, token))}`,
      `SELECT ${wire(name)}`,
      'STORE 1 +FLAGS.SILENT (\\Deleted)',
      'EXPUNGE',
      'STORE 1 -FLAGS (\\Flagged)',
      'STORE 1 +FLAGS (\\Flagged)',
      'UNSELECT',
    ])
  }
}

/** After a bypass: the canaries are made anew, with the same names and tokens. */
export async function rebuildCanaries(direct: Direct, world: World): Promise<void> {
  const all = await direct.run('LIST "" "*"')
  const strangers = namesIn(all.data).filter((name) => isCanary(name, world))
  const deepestFirst = strangers.sort().toReversed()
  await direct.runAll([
    ...deepestFirst.flatMap((name) => [
      `SETACL ${literal(name)} ${quote(world.user)} ${ALL_RIGHTS}`,
      `DELETE ${literal(name)}`,
    ]),
    ...deepestFirst.map((name) => `UNSUBSCRIBE ${literal(name)}`),
  ])
  await buildCanaries(direct, world)
  await tidyWorld(direct, world)
}
