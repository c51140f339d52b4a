/** What the server answers to questions of imaptap's own under a policy: it belongs to no command, and is nobody's fault. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { afterEach, expect, it } from 'vitest'

import { writeHeader } from '../../src/capture/header.ts'
import { RecordEncoder } from '../../src/capture/record.ts'
import { runLint } from '../../src/cli/commands/lint.ts'
import { runShow } from '../../src/cli/commands/show.ts'
import { FindingsEngine } from '../../src/findings/engine.ts'
import type { ObservedEvent } from '../../src/findings/finding.ts'
import { readCommand } from '../../src/imap/commands/index.ts'
import { octetsOf } from '../../src/imap/octets.ts'
import { lineMessage } from '../../src/imap/raw-message.ts'
import type { ProxyEvent } from '../../src/relay/event.ts'
import { Session } from '../../src/session/session.ts'
import { eventsOfAll } from '../../src/tui/known-events.ts'
import { reduce } from '../../src/tui/model.ts'
import { initialState } from '../../src/tui/state.ts'
import { CodedEvents } from '../capture/support/coded-dialogue.ts'
import { openScene } from '../policy/support/guarded-scene.ts'
import { startGateway, type Gateway } from '../relay/guarded/gateway.ts'
import { allow, makeGuard } from '../relay/guarded/support.ts'
import { FakeUpstream } from '../support/fake-upstream.ts'
import { Peer } from '../support/peer.ts'
import { createTempFolder } from '../support/temp-folder.ts'

type Listen = (event: ProxyEvent) => void

/** A client logs in and opens a mailbox; the guard asks for the separator, the namespaces and the parts of a message. */
const script = [
  'C: l LOGIN ann pw',
  'S: l OK [CAPABILITY IMAP4rev1 NAMESPACE] in',
  'C: a SELECT INBOX',
  'S: * LIST (\\Noselect) "/" ""',
  'S: Q1 OK List completed',
  'S: * NAMESPACE (("" "/")) NIL NIL',
  'S: Q2 OK Namespace completed',
  'S: * FLAGS (\\Seen)',
  'S: * 3 EXISTS',
  'S: * 0 RECENT',
  'S: * OK [PERMANENTFLAGS (\\Seen)] kept',
  'S: * OK [UIDVALIDITY 9] ids',
  'S: * OK [UIDNEXT 8] next',
  'S: a OK [READ-WRITE] in',
  'C: b FETCH 1 BODY.PEEK[]',
  'S: * 1 FETCH (UID 1 BODYSTRUCTURE ("text" "plain" NIL NIL NIL "7bit" 5 1))',
  'S: Q3 OK Fetch completed',
  'S: * 1 FETCH (UID 1 BODY[] "a")',
  'S: b OK Fetch completed',
  'C: c LOGOUT',
  'S: * BYE gone',
  'S: c OK gone',
]
/** Of these answers each is imaptap's own. */
const OWN = 6

const opened: ProxyEvent = {
  kind: 'opened',
  session: 'S1',
  at: 0,
  address: { host: '127.0.0.1', port: 40_000 },
  listener: 'imap://127.0.0.1:1143',
  upstream: 'imaps://mail.example.com',
  view: new Session(),
}

/** Plays it through the real relay and the real guard of a session; events are heard when their input was handled. */
function playScript(listen: Listen): void {
  const { dialogue } = openScene('default: allow\nlimits: {attachmentOctets: 1000}\n', { messages: true })
  const drain = (): void => {
    for (const event of dialogue.events.splice(0)) listen(event)
  }
  listen(opened)
  drain()
  for (const line of script) {
    dialogue.raw(line.startsWith('C') ? 'client' : 'server', `${line.slice(3)}\r\n`)
    drain()
  }
  expect(dialogue.take('server')).toMatch(/Q1 LIST .*Q2 NAMESPACE.*Q3 FETCH .*\nb FETCH /su)
  expect(dialogue.take('client')).not.toMatch(/^Q\d/mu)
}

/** Keeps the errors of what it hears, and counts the answers to imaptap's own questions. */
class Judge {
  readonly errors: string[] = []
  own = 0
  readonly #engine = new FindingsEngine()

  hear(event: ObservedEvent): void {
    if (event.kind === 'finding') return
    if (event.kind === 'message' && event.isForUs === true) this.own += 1
    for (const { finding } of this.#engine.observe(event))
      if (finding.level === 'error') this.errors.push(`${finding.id} ${finding.text}`)
  }
}

class Collector extends Writable {
  text = ''

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString('utf8')
    done()
  }
}

let gateway: Gateway | undefined
let upstream: FakeUpstream | undefined
afterEach(async () => {
  gateway?.stop()
  await upstream?.close()
})

it('raises no error for the answers, live', () => {
  const judge = new Judge()
  playScript((event) => judge.hear(event))
  expect(judge).toMatchObject({ errors: [], own: OWN })
})

it('raises errors for completions that nobody asked for, as before', () => {
  const judge = new Judge()
  playScript((event) => judge.hear(event.kind === 'message' ? { ...event, isForUs: false } : event))
  expect(judge.errors).toContain('X09 OK came for tag Q2, which is not in progress')
})

it('raises none where a capture is read again', () => {
  const judge = new Judge()
  const coded = new CodedEvents()
  playScript((event) => {
    coded.hear(event)
    for (const decoded of coded.events.splice(0)) judge.hear(decoded)
  })
  expect(judge).toMatchObject({ errors: [], own: OWN })
})

it('is nothing to `lint`, and no line of `show`', async () => {
  const folder = await createTempFolder('own-questions')
  try {
    const file = join(folder.path, 'own.ndjson')
    const facts = { run: 'x', created: 0, clock: 0, writer: 'test', secrets: false, bodies: false }
    const encoder = new RecordEncoder()
    const lines = [writeHeader(facts)]
    playScript((event) => void lines.push(encoder.encode(event) ?? ''))
    writeFileSync(file, `${lines.join('\n')}\n`)
    const world = { out: new Collector(), err: new Collector(), env: {} }
    await runLint([file], {}, world)
    expect(world.out.text).toMatch(/^0 errors, /mu)
    await runShow([file], {}, world)
    expect(world.out.text).toContain('a SELECT')
    expect(world.out.text).not.toMatch(/Q\d|X09|NAMESPACE \(/u)
  } finally {
    await folder.remove()
  }
})

it('raises none where the dashboard tells the session again', () => {
  const judge = new Judge()
  const state = initialState({ version: '0', listen: [], upstream: '', caPath: undefined })
  playScript((event) => void reduce(state, event))
  for (const event of eventsOfAll([...state.sessions.values()])) judge.hear(event)
  expect(judge).toMatchObject({ errors: [], own: OWN })
})

it('raises none over real sockets', async () => {
  const judge = new Judge()
  const question = readCommand(lineMessage('client', octetsOf('x LIST "" ""\r\n')))
  if (!question.ok) throw new Error(question.fault.text)
  let isKnown = false
  const server = await FakeUpstream.start((socket) => {
    socket.write('* PREAUTH [CAPABILITY IMAP4rev1] ready\r\n')
    socket.on('data', (octets) => {
      for (const line of octets.toString('latin1').split('\r\n').slice(0, -1)) {
        const [tag = '', name] = line.split(' ')
        if (name === 'LIST') socket.write('* LIST (\\Noselect) "/" ""\r\n')
        if (name === 'STATUS') socket.write('* STATUS x (MESSAGES 0)\r\n')
        socket.write(`${tag} OK done\r\n`)
      }
    })
  })
  upstream = server
  gateway = await startGateway({
    upstreamPort: server.port,
    wantsMessages: true,
    listen: (event) => judge.hear(event),
    makeGuard: () =>
      makeGuard({
        decide: (facts) =>
          isKnown ? allow(facts) : { action: { kind: 'ask-first', command: question.value }, decided: [] },
        learned: () => void (isKnown = true),
      }),
  })
  const peer = await Peer.open(gateway.port)
  expect(await peer.run('a STATUS x (MESSAGES)')).not.toContain('LIST')
  expect(await peer.run('b NOOP')).toContain('b OK')
  expect(judge).toMatchObject({ errors: [], own: 2 })
})
