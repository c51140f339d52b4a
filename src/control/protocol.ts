/** The words of the control socket, one JSON object a line both ways; knows no socket and no session. */

import { printable } from '../imap/printable.ts'
import type { SessionId, Ticket } from '../relay/event.ts'
import type { Ruling } from '../relay/hold-rule.ts'
import type { PolicyStatus } from '../relay/policy-status.ts'
import { readPolicyStatus } from './policy-words.ts'
import { readRuling, writeRuling } from './ruling-words.ts'

/** Rises when an older viewer or daemon would misread the other. */
export const protocolVersion = 1

export const controlLimits = {
  /** Octets of one request: an edited command of the largest size, in base64, and its frame. */
  requestOctets: 2 * 1024 * 1024,
  /** Octets of one line from the daemon: above the largest record, a message of many literals. */
  lineOctets: 64 * 1024 * 1024,
  /** Octets that wait for a viewer before it is dropped: some seconds of 2,000 commands a second. All wait for the same ones. */
  backlogOctets: 32 * 1024 * 1024,
  /** Viewers at once: more than people and scripts need, few enough to bound what waits for them. */
  viewers: 16,
  /** Milliseconds that a breakpoint may hold a message: clients have given up long before. */
  holdMillis: 600_000,
  /** Milliseconds in which a viewer has to say who it is. */
  helloMillis: 10_000,
  /** Milliseconds that the last words to a viewer may take. */
  partingMillis: 2_000,
} as const

/** The daemon's first line. */
export interface Hello {
  readonly version: number
  readonly pid: number
  /** The clock of all events, and the time of day at the same moment: both milliseconds. */
  readonly clock: number
  readonly wall: number
  readonly upstream: string
  readonly listen: readonly string[]
  readonly caPath: string | undefined
  /** It reports findings; where it does not, a viewer can look for them itself. */
  readonly hasFindings: boolean
  /** Where it keeps all that is said. */
  readonly capture?: string
}

/** One live session, for tables. All text is printable. */
export interface SessionFacts {
  readonly id: SessionId
  readonly state: string
  readonly user: string | undefined
  readonly client: string | undefined
  readonly mailbox: string | undefined
  readonly address: string
  readonly listener: string
  readonly upstream: string
  /** Versions of TLS; undefined where a leg has none. */
  readonly clientTls: string | undefined
  readonly serverTls: string | undefined
  /** The oldest command in flight, and for how long. */
  readonly command: string | undefined
  readonly commandMillis: number | undefined
  readonly ageMillis: number
  /** Completed commands, and the octets of their exchanges. */
  readonly commands: number
  readonly octetsIn: number
  readonly octetsOut: number
}

/** One command that waits for a person to agree. All text is printable, credentials blanked. */
export interface ApprovalFacts {
  readonly session: SessionId
  readonly ticket: Ticket
  readonly user: string | undefined
  /** The rule that asks. */
  readonly rule: string
  /** What happens when nobody rules in time. */
  readonly otherwise: 'allow' | 'deny'
  readonly leftMillis: number
  readonly command: string
  /** What will come of it once it is allowed, where that is not what the command says. */
  readonly note?: string
}

export type RequestBody =
  | { readonly ask: 'hello'; readonly version: number }
  /** Records of all events from now on; a recall comes first. */
  | { readonly ask: 'subscribe'; readonly messages: boolean }
  | { readonly ask: 'sessions' }
  | { readonly ask: 'kill'; readonly session: SessionId }
  /** Holds what the filter fits, so long at most; without a filter nothing. Ends with the viewer. */
  | { readonly ask: 'break'; readonly filter: string | undefined; readonly timeoutMillis: number }
  /** `by`: who the viewer says it is; the socket is for one user alone, so that it is told and not checked. */
  | {
      readonly ask: 'rule'
      readonly session: SessionId
      readonly ticket: Ticket
      readonly ruling: Ruling
      readonly by?: string
    }
  /** What waits for approval, a part for each. */
  | { readonly ask: 'approvals' }
  /** How the policy stands, as one part; none where there is no policy. */
  | { readonly ask: 'policy' }
  /** Switches the dry run of one rule, or without a name that of all the policy. */
  | {
      readonly ask: 'dry-run'
      readonly rule: string | undefined
      readonly on: boolean
      readonly by?: string
    }

/** `id` is the viewer's own number for it; the answer carries it. */
export type Request = { readonly id: number } & RequestBody

export type ReadRequest =
  | { readonly kind: 'request'; readonly request: Request }
  /** Well formed, but no such question or argument: it is answered, and the viewer stays. */
  | { readonly kind: 'unknown'; readonly id: number; readonly text: string }
  /** Whoever sends this speaks another language. */
  | { readonly kind: 'malformed'; readonly text: string }

export function readRequest(line: string): ReadRequest {
  const fields = readObject(line)
  if (!fields) return { kind: 'malformed', text: 'a request is one JSON object on a line' }
  const { id } = fields
  if (!isCount(id)) return { kind: 'malformed', text: 'a request needs a number as its id' }
  const body = readBody(fields)
  if (typeof body === 'string') return { kind: 'unknown', id, text: body }
  return { kind: 'request', request: { id, ...body } }
}

/** The text says what is wrong. */
function readBody(fields: Fields): RequestBody | string {
  switch (fields['ask']) {
    case 'hello':
      return isCount(fields['version'])
        ? { ask: 'hello', version: fields['version'] }
        : 'hello needs a version'
    case 'subscribe':
      return { ask: 'subscribe', messages: fields['messages'] === true }
    case 'sessions':
      return { ask: 'sessions' }
    case 'kill':
      return isText(fields['session']) ? { ask: 'kill', session: fields['session'] } : 'kill needs a session'
    case 'break':
      return readBreak(fields)
    case 'rule':
      return readRule(fields)
    case 'approvals':
      return { ask: 'approvals' }
    case 'policy':
      return { ask: 'policy' }
    case 'dry-run':
      return readDryRun(fields)
    default:
      return 'this imaptap does not know that question'
  }
}

function readBreak({ filter, timeoutMillis }: Fields): RequestBody | string {
  if (filter !== undefined && !isText(filter)) return 'a breakpoint has a filter, or none to end it'
  if (filter === undefined) return { ask: 'break', filter, timeoutMillis: 0 }
  const isBounded = isCount(timeoutMillis) && timeoutMillis > 0 && timeoutMillis <= controlLimits.holdMillis
  if (!isBounded) return `a breakpoint holds from 1 to ${controlLimits.holdMillis} milliseconds`
  return { ask: 'break', filter, timeoutMillis }
}

function readDryRun({ rule, on, by }: Fields): RequestBody | string {
  if (typeof on !== 'boolean') return 'dry-run needs on: true or false'
  if (rule !== undefined && !isText(rule)) return 'a dry run is that of a rule by its name, or of all'
  return { ask: 'dry-run', rule, on, ...readName(by) }
}

function readRule({ session, ticket, ruling: words, by }: Fields): RequestBody | string {
  const ruling = readRuling(words)
  if (!isText(session) || !isCount(ticket) || !ruling) return 'rule needs a session, a ticket and a ruling'
  return { ask: 'rule', session, ticket, ruling, ...readName(by) }
}

const readName = (by: unknown): { readonly by?: string } =>
  isText(by) && by !== '' ? { by: printable(by, NAME) } : {}

/** Characters of a viewer's name that are kept. */
const NAME = 100

/** What the daemon says besides records. */
export type DaemonLine =
  | { readonly kind: 'record' }
  | { readonly kind: 'hello'; readonly hello: Hello }
  /** One of several values that belong to an answer still to come. */
  | { readonly kind: 'part'; readonly id: number; readonly value: Fields }
  | { readonly kind: 'answer'; readonly id: number; readonly problem: string | undefined }
  /**
   * Around records that tell how things stand: of all live sessions, anew. Who has heard a recall before reckons from
   * this one on, and has nothing new to show.
   */
  | { readonly kind: 'recall'; readonly edge: RecallEdge }
  /** The last line, and why. */
  | { readonly kind: 'bye'; readonly reason: string }
  | { readonly kind: 'strange' }

export type RecallEdge = 'begin' | 'end'

export type Fields = Readonly<Record<string, unknown>>

/** Records are most of what comes, and are known by how they begin. */
export function readDaemonLine(line: string): DaemonLine {
  if (line.startsWith('{"event":')) return { kind: 'record' }
  const fields = readObject(line)
  if (!fields) return { kind: 'strange' }
  const { part, answer, bye, problem, recall } = fields
  if (isText(bye)) return { kind: 'bye', reason: bye }
  if (isCount(part)) return { kind: 'part', id: part, value: fields }
  if (isCount(answer)) return { kind: 'answer', id: answer, problem: isText(problem) ? problem : undefined }
  if (recall === 'begin' || recall === 'end') return { kind: 'recall', edge: recall }
  const hello = readHello(fields)
  return hello ? { kind: 'hello', hello } : { kind: 'strange' }
}

export const writeHello = (hello: Hello): string => line({ imaptap: 'control', ...hello })
export const writeRequest = (request: Request): string =>
  line(request.ask === 'rule' ? { ...request, ruling: writeRuling(request.ruling) } : request)
export const writePart = (id: number, value: SessionFacts | ApprovalFacts | PolicyStatus): string =>
  line({ part: id, ...value })
export const writeAnswer = (id: number, problem?: string): string => line({ answer: id, problem })
export const writeRecall = (edge: RecallEdge): string => line({ recall: edge })
export const writeBye = (reason: string): string => line({ bye: reason })

const line = (value: object): string => `${JSON.stringify(value)}\n`

/** Of another version nothing but the version is relied on. */
function readHello(fields: Fields): Hello | undefined {
  const { imaptap, version, pid, clock, wall, upstream, listen, caPath, hasFindings, capture } = fields
  if (imaptap !== 'control' || !isCount(version)) return undefined
  return {
    version,
    pid: isCount(pid) ? pid : 0,
    clock: typeof clock === 'number' ? clock : 0,
    wall: typeof wall === 'number' ? wall : 0,
    upstream: isText(upstream) ? upstream : '',
    listen: Array.isArray(listen) ? listen.filter(isText) : [],
    caPath: isText(caPath) ? caPath : undefined,
    hasFindings: hasFindings === true,
    ...(typeof capture === 'string' && { capture }),
  }
}

/** What a part of the answer to `sessions` says; undefined when it is none. */
export function readSessionFacts(fields: Fields): SessionFacts | undefined {
  const text = (key: string): string | undefined => {
    const value = fields[key]
    return isText(value) ? value : undefined
  }
  const number = (key: string): number | undefined => {
    const value = fields[key]
    return typeof value === 'number' ? value : undefined
  }
  const id = text('id')
  if (id === undefined) return undefined
  return {
    id,
    state: text('state') ?? '',
    user: text('user'),
    client: text('client'),
    mailbox: text('mailbox'),
    address: text('address') ?? '',
    listener: text('listener') ?? '',
    upstream: text('upstream') ?? '',
    clientTls: text('clientTls'),
    serverTls: text('serverTls'),
    command: text('command'),
    commandMillis: number('commandMillis'),
    ageMillis: number('ageMillis') ?? 0,
    commands: number('commands') ?? 0,
    octetsIn: number('octetsIn') ?? 0,
    octetsOut: number('octetsOut') ?? 0,
  }
}

/** What a part of the answer to `approvals` says; undefined when it is none. */
export function readApprovalFacts(fields: Fields): ApprovalFacts | undefined {
  const { session, ticket, user, rule, otherwise, leftMillis, command, note } = fields
  if (!isText(session) || !isCount(ticket)) return undefined
  return {
    session,
    ticket,
    user: isText(user) ? user : undefined,
    rule: isText(rule) ? rule : '',
    otherwise: otherwise === 'allow' ? 'allow' : 'deny',
    leftMillis: typeof leftMillis === 'number' ? leftMillis : 0,
    command: isText(command) ? command : '',
    ...(isText(note) && { note }),
  }
}

export { readPolicyStatus }

function readObject(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isFields(value) ? value : undefined
  } catch {
    return undefined
  }
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isText = (value: unknown): value is string => typeof value === 'string'
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0
