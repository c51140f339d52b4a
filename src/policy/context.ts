/** What a condition can ask for: each variable and function with its type and a line that explains it; data only. */

import { actions, reaches } from './needs.ts'

/** `Tls`, `Session` and `Usage` are the records below. */
export type VariableType = 'string' | 'int' | 'bool' | 'list<string>' | 'Tls' | 'Session' | 'Usage'

export interface VariableDoc {
  readonly name: string
  readonly type: VariableType
  readonly doc: string
  /** `command`: empty where no command is asked about, as in a rule that hides capabilities. */
  readonly scope: 'session' | 'command'
  /** All values that there are, where they are few: others are slips. */
  readonly words?: readonly string[]
  /** The largest value, where there is one. */
  readonly most?: number
  /** How all its values are written. */
  readonly letters?: 'upper' | 'lower'
  /** Names of mailboxes: denials fit every spelling of one, grants the exact name only. */
  readonly isMailbox?: true
}

export interface FunctionDoc {
  readonly name: string
  /** As it is written in a condition. */
  readonly shape: string
  readonly doc: string
}

export const setForms = ['none', 'single', 'list', 'range', 'star', 'saved'] as const
export type SetForm = (typeof setForms)[number]

export const weekdays = [
  'sunday',
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
] as const

/** The older two are spoken nowhere here, and a rule against them is no slip. */
const tlsVersions = ['', 'TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']

const states = ['opening', 'not-authenticated', 'authenticated', 'selected', 'logout']

export const variables: readonly VariableDoc[] = [
  {
    name: 'user',
    type: 'string',
    scope: 'session',
    letters: 'lower',
    doc: 'who is logged in, or tries to; small letters; "" before',
  },
  {
    name: 'client',
    type: 'string',
    scope: 'session',
    doc: 'name that the client gave in ID; "" without one',
  },
  {
    name: 'clientVersion',
    type: 'string',
    scope: 'session',
    doc: 'version that the client gave in ID; "" without one',
  },
  {
    name: 'address',
    type: 'string',
    scope: 'session',
    doc: "the client's address; see inNetwork()",
  },
  {
    name: 'listener',
    type: 'string',
    scope: 'session',
    doc: 'URL of the listener that the client came to, such as imaps://127.0.0.1:1993',
  },
  { name: 'tls', type: 'Tls', scope: 'session', doc: "TLS of the client's leg" },
  { name: 'state', type: 'string', scope: 'session', words: states, doc: `one of ${states.join(', ')}` },
  { name: 'isAuthenticated', type: 'bool', scope: 'session', doc: 'somebody is logged in' },
  {
    name: 'selected',
    type: 'string',
    scope: 'session',
    isMailbox: true,
    doc: 'the selected mailbox; "" without one',
  },
  { name: 'readOnly', type: 'bool', scope: 'session', doc: 'the selected mailbox was opened read-only' },
  {
    name: 'capabilities',
    type: 'list<string>',
    scope: 'session',
    letters: 'upper',
    doc: 'what the server announced last, such as "IDLE"',
  },
  {
    name: 'hour',
    type: 'int',
    scope: 'session',
    most: 23,
    doc: 'hour of the day, 0 to 23, on the clock of this machine',
  },
  {
    name: 'time',
    type: 'string',
    scope: 'session',
    doc: 'time of day, "00:00" to "23:59", on the clock of this machine; always five characters, as in "07:05"',
  },
  {
    name: 'weekday',
    type: 'string',
    scope: 'session',
    words: weekdays,
    doc: 'such as "monday"; for several write weekday in ["saturday", "sunday"]',
  },
  { name: 'session', type: 'Session', scope: 'session', doc: 'counts of this session so far' },
  {
    name: 'usage',
    type: 'Usage',
    scope: 'session',
    doc: 'counts of this user and address over all sessions',
  },
  {
    name: 'command',
    type: 'string',
    scope: 'command',
    letters: 'upper',
    doc: 'upper case, with UID where it stands: "FETCH", "UID FETCH"',
  },
  {
    name: 'actions',
    type: 'list<string>',
    scope: 'command',
    words: actions,
    doc: `what the command does: ${actions.join(', ')}`,
  },
  {
    name: 'mailbox',
    type: 'string',
    scope: 'command',
    isMailbox: true,
    doc: 'the mailbox that is acted on: named, or selected; levels joined by "/"; "" without one',
  },
  {
    name: 'destination',
    type: 'string',
    scope: 'command',
    isMailbox: true,
    doc: 'where messages or a mailbox go (COPY, MOVE, APPEND, RENAME ...); "" without one',
  },
  {
    name: 'mailboxes',
    type: 'list<string>',
    scope: 'command',
    isMailbox: true,
    doc: 'every mailbox that the command is about, selected and destination included',
  },
  {
    name: 'reaches',
    type: 'list<string>',
    scope: 'command',
    words: reaches,
    doc: `what it reaches without naming it: ${reaches.join(', ')}`,
  },
  {
    name: 'flags',
    type: 'list<string>',
    scope: 'command',
    letters: 'lower',
    doc: 'flags that STORE, APPEND or REPLACE names, small letters: "\\\\deleted"',
  },
  {
    name: 'size',
    type: 'int',
    scope: 'command',
    doc: 'octets of the largest message that APPEND or REPLACE brings',
  },
  { name: 'octets', type: 'int', scope: 'command', doc: 'octets of the whole command' },
  {
    name: 'setForm',
    type: 'string',
    scope: 'command',
    words: setForms,
    doc: 'of the messages it names: none, single, list (1,3), range (1:5), star (with *), saved ($)',
  },
  { name: 'uid', type: 'bool', scope: 'command', doc: 'it names messages by UID' },
  {
    name: 'mechanism',
    type: 'string',
    scope: 'command',
    letters: 'upper',
    doc: 'of AUTHENTICATE, such as "PLAIN"; "" otherwise',
  },
  {
    name: 'searchKeys',
    type: 'list<string>',
    scope: 'command',
    letters: 'upper',
    doc: 'every key that SEARCH, SORT or THREAD names, nested ones included, such as "TEXT"',
  },
  {
    name: 'fetchItems',
    type: 'list<string>',
    scope: 'command',
    letters: 'upper',
    doc: 'every item that FETCH or NOTIFY names: "FLAGS", "BODY[]", "BODY.PEEK[TEXT]"',
  },
]

/** The fields of the records. */
export const records: Readonly<Record<'Tls' | 'Session' | 'Usage', Readonly<Record<string, FieldDoc>>>> = {
  Tls: {
    isOn: { type: 'bool', doc: 'the leg is encrypted' },
    version: { type: 'string', words: tlsVersions, hasOrder: true, doc: '"TLSv1.3", "TLSv1.2", or ""' },
    cipher: { type: 'string', doc: 'name of the cipher suite, or ""' },
    name: { type: 'string', doc: 'the name that the client asked for (SNI), or ""' },
  },
  Session: {
    commands: { type: 'int', doc: 'commands before this one' },
    octets: { type: 'int', doc: 'octets from the server' },
    messages: { type: 'int', doc: 'messages whose content was fetched' },
    age: { type: 'int', doc: 'seconds since it was opened: 3600 for an hour' },
  },
  Usage: {
    messagesLastHour: { type: 'int', doc: 'messages whose content the user fetched' },
    octetsLastHour: { type: 'int', doc: 'octets from the server to the user' },
    sessions: { type: 'int', doc: 'open sessions of the user' },
    addressSessions: { type: 'int', doc: 'open sessions from the address' },
    failedLogins: { type: 'int', doc: 'failed logins from the address that are not forgotten yet' },
  },
}

export interface FieldDoc {
  readonly type: 'int' | 'string' | 'bool'
  readonly doc: string
  /** All values that there are, where they are few. */
  readonly words?: readonly string[]
  /** Of these words one is more than another. */
  readonly hasOrder?: true
}

/** Octets: `size > 10 * MiB`. */
export const constants: Readonly<Record<string, number>> = { KiB: 1_024, MiB: 1_024 ** 2, GiB: 1_024 ** 3 }

/** What else the language has is refused: of no use here, or able to take more than linear time. */
export const functions: readonly FunctionDoc[] = [
  {
    name: 'glob',
    shape: 'glob(mailbox, "Archive/**")',
    doc: 'a mailbox fits: * within a level, ** over levels. Of a list any one in a denial, all in a grant',
  },
  {
    name: 'inNetwork',
    shape: 'inNetwork(address, "10.0.0.0/8")',
    doc: 'an IPv4 or IPv6 address lies in a network',
  },
  { name: 'lower', shape: 'lower(client)', doc: 'in small letters' },
  { name: 'matches', shape: 'client.matches("^K-9")', doc: 'RE2 pattern, found anywhere, in linear time' },
  { name: 'startsWith', shape: 'client.startsWith("K-9")', doc: 'begins with this text' },
  { name: 'endsWith', shape: 'user.endsWith("@example.com")', doc: 'ends with this text' },
  { name: 'contains', shape: 'client.contains("Mail")', doc: 'has this text somewhere' },
  { name: 'size', shape: 'size(flags) > 3', doc: 'length of a list or a text' },
  { name: 'exists', shape: 'flags.exists(f, f.startsWith("$"))', doc: 'one of the list fits' },
  { name: 'all', shape: 'flags.all(f, f != "\\\\deleted")', doc: 'every one of the list fits' },
  { name: 'exists_one', shape: 'flags.exists_one(f, f == "$work")', doc: 'exactly one of the list fits' },
]
