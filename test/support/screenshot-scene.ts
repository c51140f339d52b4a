/** What the screenshots of the README show: a few minutes of invented sessions, played through the real engine. */

import { FindingsEngine } from '../../src/findings/engine.ts'
import type { ObservedEvent } from '../../src/findings/finding.ts'
import { Message } from '../../src/imap/message.ts'
import { octetsOf } from '../../src/imap/octets.ts'
import { lineMessage, type Side } from '../../src/imap/raw-message.ts'
import { makeRules } from '../../src/policy/rules.ts'
import type { PolicyStatus, RuleStatus } from '../../src/relay/policy-status.ts'
import { Relay } from '../../src/relay/relay.ts'

/** The scene's last moment, on the clock of its events. */
export const SCENE_END = 330_000

export function tellScene(tell: (event: ObservedEvent) => void): void {
  const engine = new FindingsEngine()
  const all = [phone(), laptop(), backup(), stranger()].flatMap((talk) => talk.steps)
  // Sessions speak at the same time: in a proxy their events are heard in the order of time.
  for (const { at, run } of all.toSorted((a, b) => a.at - b.at)) {
    for (const event of run()) {
      tell({ ...event, at })
      if (event.kind !== 'finding') for (const found of engine.observe({ ...event, at })) tell(found)
    }
  }
}

/** A command of the laptop's that a rule of the policy holds. */
export function tellApproval(tell: (event: ObservedEvent) => void): void {
  const raw = lineMessage('client', octetsOf('A12 UID MOVE 4253 Archive/2026\r\n'))
  tell({
    kind: 'held',
    session: 'S1',
    at: SCENE_END - 18_000,
    ticket: 1,
    side: 'client',
    message: new Message(raw, 'command'),
    hidesAll: false,
    isEditable: false,
    deadline: SCENE_END + 102_000,
    approval: { rule: 'ask-before-moving', otherwise: 'deny' },
  })
}

export const scenePolicy: PolicyStatus = {
  mode: 'enforce',
  default: 'deny',
  files: ['/etc/imaptap/gateway.yaml', '/usr/lib/imaptap/profiles/agent.yaml'],
  loadedAt: 0,
  rules: [
    sceneRule('no-night-shift', { effect: 'deny NO [NOPERM]', when: 'hour < 6', record: 'log' }),
    sceneRule('agent-view', { effect: 'rewrite peek', hits: 31, lastHit: SCENE_END - 9_000 }),
    sceneRule('no-attachments', {
      effect: 'deny NO [LIMIT]',
      when: 'command == "FETCH" && size > 5 * MiB',
      isDryRun: true,
      hits: 2,
      lastHit: SCENE_END - 75_000,
    }),
    sceneRule('read', { effect: 'allow', when: '"read" in actions', hits: 214, lastHit: SCENE_END - 1_000 }),
    sceneRule('ask-before-moving', {
      effect: 'hold 2m, then deny',
      when: '"remove" in actions',
      hits: 4,
      lastHit: SCENE_END - 18_000,
      record: 'audit',
    }),
  ],
}

function sceneRule(name: string, known: Partial<RuleStatus>): RuleStatus {
  const unused = { when: undefined, hits: 0, lastHit: undefined, isDryRun: false, record: 'count' } as const
  return { name, effect: 'allow', ...unused, ...known }
}

interface Step {
  readonly at: number
  readonly run: () => readonly ObservedEvent[]
}

interface Who {
  readonly session: string
  readonly host: string
  readonly hidden?: readonly string[]
}

/** One session: its lines, each with its time. */
class Talk {
  readonly steps: Step[] = []
  readonly #session: string
  readonly #relay: Relay
  #at: number
  #tags = 0

  constructor({ session, host, hidden = [] }: Who, at: number) {
    this.#session = session
    this.#at = at
    this.#relay = new Relay({
      session,
      decider: makeRules({ hideCapabilities: hidden, compress: 'follow' }),
      interests: { messages: true },
      isClientSecure: true,
      startsUpstreamTls: false,
      makeTag: () => 'Tap1',
      digesters: { client: () => undefined, server: () => undefined },
    })
    this.#tell({
      kind: 'opened',
      session,
      at,
      address: { host, port: 50_412 },
      listener: 'imaps://127.0.0.1:1993',
      upstream: 'imaps://imap.example.com:993',
      view: { ...nothing, capabilities: [], enabled: [], isIdle: false },
    })
    for (const side of ['client', 'server'] as const) this.#tell({ kind: 'secured', session, at, side, tls })
    this.#take({ kind: 'connected' })
  }

  wait(millis: number): this {
    this.#at += millis
    return this
  }

  server(...lines: readonly string[]): this {
    for (const line of lines) this.#say('server', line)
    return this
  }

  /** A command, its data after `wait`, and its completion after `transfer` more. */
  ask(command: string, data: readonly string[], { wait = 12, transfer = 3, end = 'OK done.' } = {}): this {
    const tag = `A${++this.#tags}`
    this.#say('client', `${tag} ${command}`)
    this.#at += wait
    for (const line of data) this.#say('server', line)
    this.#at += transfer
    this.#say('server', `${tag} ${end}`)
    return this.wait(40)
  }

  /** A command that is not answered yet. */
  begin(command: string): this {
    this.#say('client', `A${++this.#tags} ${command}`)
    return this
  }

  failTls(reason: string, advice: string): this {
    const { steps } = this
    // Nothing of the session was heard but its opening: TLS failed before the first octet.
    steps.splice(1)
    const session = this.#session
    this.#tell({ kind: 'tls-failed', session, at: this.#at, side: 'client', reason, advice })
    const totals = { fromClient: 0, fromServer: 0, commands: 0 }
    const view = { ...nothing, capabilities: [], enabled: [], isIdle: false }
    this.#tell({ kind: 'closed', session, at: this.#at, reason: `TLS: ${reason}`, totals, view })
    return this
  }

  leave(): this {
    this.ask('LOGOUT', ['* BYE see you'])
    for (const side of ['server', 'client'] as const) this.#take({ kind: 'ended', side })
    return this
  }

  #say(from: Side, line: string): void {
    this.#take({ kind: 'received', from, octets: octetsOf(`${line}\r\n`) })
  }

  #take(input: WithoutTime<Parameters<Relay['handle']>[0]>): void {
    const at = this.#at
    const heard = (): readonly ObservedEvent[] =>
      this.#relay.handle({ ...input, at }).flatMap((effect) => (effect.kind === 'emit' ? [effect.event] : []))
    this.steps.push({ at, run: heard })
  }

  #tell(event: ObservedEvent): void {
    this.steps.push({ at: event.at, run: () => [event] })
  }
}

type WithoutTime<T> = T extends unknown ? Omit<T, 'at'> : never

const nothing = {
  state: 'opening',
  user: undefined,
  client: undefined,
  server: undefined,
  mailbox: undefined,
} as const

const tls = {
  version: 'TLSv1.3',
  cipher: 'TLS_AES_256_GCM_SHA384',
  name: 'imap.example.com',
  certificate: 'CN=imap.example.com',
  isResumed: false,
}

const greeting =
  '* OK [CAPABILITY IMAP4rev1 ID IDLE CONDSTORE LITERAL+ UIDPLUS COMPRESS=DEFLATE] Dovecot ready.'

function selected(name: string, exists: number): [string, string[], { end: string }] {
  const data = [
    '* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)',
    '* OK [PERMANENTFLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft \\*)] Flags permitted.',
    `* ${exists} EXISTS`,
    '* 0 RECENT',
    '* OK [UIDVALIDITY 1795235455] UIDs valid',
    `* OK [UIDNEXT ${exists + 40}] Predicted next UID`,
    '* OK [HIGHESTMODSEQ 8813] Highest',
  ]
  return [`SELECT ${name}`, data, { end: 'OK [READ-WRITE] Select completed.' }]
}

function begun(who: Who, at: number, words: { user: string; client: string }): Talk {
  return new Talk(who, at)
    .server(greeting)
    .wait(30)
    .ask(`LOGIN ${words.user} correct-horse`, [], {
      wait: 41,
      end: 'OK [CAPABILITY IMAP4rev1 ID IDLE CONDSTORE LITERAL+ UIDPLUS COMPRESS=DEFLATE] Logged in',
    })
    .ask(`ID ("name" ${words.client})`, ['* ID ("name" "Dovecot")'])
}

const flags = (uid: number): string => `* ${uid} FETCH (UID ${uid + 30} FLAGS (\\Seen))`
const numbers = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at)

const envelope = (number: number, uid: number): string =>
  `* ${number} FETCH (UID ${uid} RFC822.SIZE 24031 ENVELOPE ("Sat, 21 Nov 2026 05:00:00 +0000" "Plans for Friday" ` +
  '(("Bob" NIL "bob" "example.org")) (("Bob" NIL "bob" "example.org")) (("Bob" NIL "bob" "example.org")) ' +
  '(("Ann" NIL "ann" "example.com")) NIL NIL NIL "<1f3@example.org>") BODYSTRUCTURE (("TEXT" "PLAIN" ("CHARSET" "UTF-8") ' +
  'NIL NIL "QUOTED-PRINTABLE" 812 20 NIL NIL NIL NIL)("APPLICATION" "PDF" ("NAME" "plan.pdf") NIL NIL "BASE64" 22110 ' +
  'NIL ("ATTACHMENT" ("FILENAME" "plan.pdf")) NIL NIL) "MIXED" ("BOUNDARY" "b1") NIL NIL NIL))'

function laptop(): Talk {
  const talk = begun({ session: 'S1', host: '192.0.2.7', hidden: ['COMPRESS=*'] }, 1_000, {
    user: 'ann@example.com',
    client: '"Thunderbird" "version" "128.4"',
  })
  talk.ask(...selected('INBOX', 4213))
  talk.ask('UID FETCH 1:* (FLAGS)', numbers(1, 4213).map(flags), {
    wait: 180,
    transfer: 2_900,
    end: 'OK Fetch completed (2.9 + 0.1 secs).',
  })
  talk.wait(4_000).ask('UID SEARCH UNSEEN', ['* SEARCH 4231 4240 4243'])
  talk.ask('UID FETCH 4243 (UID RFC822.SIZE ENVELOPE BODYSTRUCTURE)', [envelope(4213, 4243)], { wait: 25 })
  talk
    .wait(20_000)
    .ask('UID STORE 4243 +FLAGS (\\Flagged)', ['* 4213 FETCH (UID 4243 FLAGS (\\Seen \\Flagged))'])
  talk.wait(9_000).ask('UID MOVE 4240 Projects/2026', [], {
    wait: 31,
    end: 'NO [TRYCREATE] Mailbox does not exist: Projects/2026',
  })
  talk.ask('CREATE Projects/2026', [], { end: 'OK Create completed.' })
  talk.server('* 4214 EXISTS').wait(60_000)
  return talk
    .ask('UID FETCH 4253 (UID RFC822.SIZE ENVELOPE BODYSTRUCTURE)', [envelope(4214, 4253)], { wait: 1_240 })
    .begin('UID SEARCH TEXT "invoice"')
}

function phone(): Talk {
  const talk = begun({ session: 'S2', host: '192.0.2.9' }, 61_000, {
    user: 'bob@example.com',
    client: '"iOS Mail" "version" "18.1"',
  })
  talk.ask(...selected('INBOX', 302))
  for (const _ of numbers(1, 12)) talk.wait(15_000).ask('NOOP', [], { wait: 8, transfer: 0 })
  talk.server('* 290 EXPUNGE')
  return talk.wait(500).begin('IDLE').wait(20).server('+ idling')
}

function backup(): Talk {
  const talk = begun({ session: 'S3', host: '192.0.2.40' }, 200_000, {
    user: 'archive@example.com',
    client: '"mbsync" "version" "1.5"',
  })
  talk.ask('LIST "" *', [
    '* LIST (\\HasNoChildren) "/" INBOX',
    '* LIST (\\HasNoChildren \\Sent) "/" Sent',
    '* LIST (\\HasChildren) "/" Archive',
  ])
  talk.ask(...selected('Archive', 90))
  for (const uid of numbers(1, 24)) talk.ask(`UID FETCH ${uid + 30} (UID FLAGS)`, [flags(uid)], { wait: 9 })
  return talk.leave()
}

function stranger(): Talk {
  return new Talk({ session: 'S4', host: '192.0.2.66' }, 310_000)
    .wait(80)
    .failTls(
      'client distrusts our CA (unknown_ca)',
      'Let the client trust it: imaptap ca export > imaptap-ca.pem',
    )
}
