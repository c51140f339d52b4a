/** What each side of the control socket understands of what the other says, and of what nobody should say. */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  readApprovalFacts,
  readDaemonLine,
  readPolicyStatus,
  readRequest,
  readSessionFacts,
  writeAnswer,
  writeBye,
  writeHello,
  writePart,
  writeRecall,
  writeRequest,
  type ApprovalFacts,
  type Request,
  type SessionFacts,
} from '../../src/control/protocol.ts'
import type { PolicyStatus } from '../../src/relay/policy-status.ts'

const facts: SessionFacts = {
  id: 'S1',
  state: 'selected',
  user: 'ann',
  client: undefined,
  mailbox: 'INBOX',
  address: '127.0.0.1:4711',
  listener: 'imaps://127.0.0.1:1993',
  upstream: 'imaps://imap.example.com:993',
  clientTls: 'TLSv1.3',
  serverTls: undefined,
  command: 'FETCH',
  commandMillis: 12.5,
  ageMillis: 1000,
  commands: 3,
  octetsIn: 10,
  octetsOut: 20,
}

describe('a request', () => {
  it.each<Request>([
    { id: 1, ask: 'hello', version: 1 },
    { id: 2, ask: 'subscribe', messages: true },
    { id: 3, ask: 'sessions' },
    { id: 4, ask: 'kill', session: 'S1' },
    { id: 5, ask: 'break', filter: '~c FETCH', timeoutMillis: 30_000 },
    { id: 6, ask: 'break', filter: undefined, timeoutMillis: 0 },
    { id: 7, ask: 'rule', session: 'S1', ticket: 3, ruling: { kind: 'replace', octets: Buffer.from('a') } },
    { id: 8, ask: 'rule', session: 'S1', ticket: 3, ruling: { kind: 'forward' }, by: 'ann' },
    { id: 9, ask: 'approvals' },
    { id: 10, ask: 'policy' },
    { id: 11, ask: 'dry-run', rule: 'no-delete', on: true },
    { id: 12, ask: 'dry-run', rule: undefined, on: false, by: 'ann by imaptap attach' },
  ])('is read as it was written: $ask', (request) => {
    expect(readRequest(writeRequest(request).trimEnd())).toEqual({ kind: 'request', request })
  })

  it.each([
    '{"id":1,"ask":"rule","session":"S1","ticket":1}',
    '{"id":1,"ask":"break","filter":7}',
    '{"id":1,"ask":"dry-run","rule":"x"}',
    '{"id":1,"ask":"dry-run","rule":7,"on":true}',
    '{"id":1,"ask":"fly"}',
    '{"id":1}',
    '{"id":1,"ask":"kill"}',
    '{"id":1,"ask":"kill","session":7}',
  ])('that asks for what is not there can be answered: %s', (line) => {
    expect(readRequest(line)).toMatchObject({ kind: 'unknown', id: 1 })
  })

  it.each([
    '',
    'a1 NOOP',
    '[]',
    'null',
    '7',
    '{"ask":"sessions"}',
    '{"id":-1}',
    '{"id":1.5}',
    '{"id":"1"}',
    '\0',
  ])('that is none is told apart: %j', (line) => {
    expect(readRequest(line)).toMatchObject({ kind: 'malformed' })
  })
})

describe('anything at all', () => {
  it('is read without a throw, and answered or refused', () => {
    const fields = fc.record(
      {
        id: fc.anything(),
        ask: fc.constantFrom('hello', 'kill', 'rule', 'break', 'dry-run', 'x'),
        session: fc.anything(),
      },
      { requiredKeys: [] },
    )
    const lines = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fields.map((value) => JSON.stringify(value)),
    )
    fc.assert(
      fc.property(lines, (line) => {
        expect(['request', 'unknown', 'malformed']).toContain(readRequest(line).kind)
        expect(readDaemonLine(line).kind).toBeTypeOf('string')
      }),
    )
  })
})

describe('what the daemon says', () => {
  it('is read as it was written', () => {
    const hello = {
      version: 1,
      pid: 9,
      clock: 1.5,
      wall: 2,
      upstream: 'u',
      listen: ['l'],
      caPath: undefined,
      hasFindings: true,
      capture: '/var/tap.ndjson',
    }
    expect(readDaemonLine(writeHello(hello))).toEqual({ kind: 'hello', hello })
    expect(readDaemonLine(writeAnswer(4))).toEqual({ kind: 'answer', id: 4, problem: undefined })
    expect(readDaemonLine(writeAnswer(4, 'no'))).toEqual({ kind: 'answer', id: 4, problem: 'no' })
    expect(readDaemonLine(writeBye('enough'))).toEqual({ kind: 'bye', reason: 'enough' })
    expect(readDaemonLine(writeRecall('begin'))).toEqual({ kind: 'recall', edge: 'begin' })
    const part = readDaemonLine(writePart(5, facts))
    expect(part).toMatchObject({ kind: 'part', id: 5 })
    expect(part.kind === 'part' && readSessionFacts(part.value)).toEqual(facts)
  })

  it('of approvals and of a policy is read as it was written', () => {
    const approval: ApprovalFacts = {
      session: 'S1',
      ticket: 3,
      user: 'ann',
      rule: 'ask',
      otherwise: 'allow',
      leftMillis: 9,
      command: 'a MOVE 1 Trash',
    }
    const policy: PolicyStatus = {
      mode: 'dry-run',
      default: 'deny',
      files: ['/etc/p.yaml'],
      loadedAt: 7,
      problem: 'p.yaml:1:2: no',
      switched: [
        { rule: undefined, isDryRun: true, at: 5, by: 'ann' },
        { rule: 'x', isDryRun: true, at: 6, by: 'bob' },
      ],
      rules: [
        { name: 'x', effect: 'deny', when: 'uid', hits: 3, lastHit: 8, isDryRun: true, record: 'audit' },
        {
          name: 'y',
          effect: 'allow',
          when: undefined,
          hits: 0,
          lastHit: undefined,
          isDryRun: false,
          record: 'count',
        },
      ],
    }
    const [first, second] = [readDaemonLine(writePart(5, approval)), readDaemonLine(writePart(6, policy))]
    expect(first.kind === 'part' && readApprovalFacts(first.value)).toEqual(approval)
    const noted = { ...approval, note: 'it is hidden' }
    const third = readDaemonLine(writePart(7, noted))
    expect(third.kind === 'part' && readApprovalFacts(third.value)).toEqual(noted)
    expect(second.kind === 'part' && readPolicyStatus(second.value)).toEqual(policy)
    expect(readPolicyStatus({ rules: [7] })).toBeUndefined()
    expect(readPolicyStatus({ mode: 'enforce', rules: [7, {}] })?.rules).toHaveLength(1)
  })

  it('keeps the name of who rules in one line, and short', () => {
    const by = `ann\n${'x'.repeat(500)}`
    const request = { id: 1, ask: 'rule', session: 'S1', ticket: 1, ruling: { kind: 'forward' }, by }
    const read = readRequest(JSON.stringify(request))
    const named = read.kind === 'request' && read.request.ask === 'rule' ? read.request.by : undefined
    expect(named).toMatch(/^ann\\x0ax+…$/)
    expect(named).toHaveLength(100)
  })

  it('is a record when it begins as one', () => {
    expect(readDaemonLine('{"event":"opened"')).toEqual({ kind: 'record' })
  })

  it.each(['', '* OK IMAP4rev1 ready', '{}', '{"imaptap":"capture","version":1}', '{"answer":"1"}', '[1]'])(
    'is strange when no imaptap says it: %s',
    (line) => {
      expect(readDaemonLine(line)).toEqual({ kind: 'strange' })
    },
  )

  it('tells its version even where nothing else is as it was', () => {
    const read = readDaemonLine('{"imaptap":"control","version":99,"pid":"x","listen":{}}')
    expect(read).toMatchObject({ kind: 'hello', hello: { version: 99, listen: [] } })
  })

  it('of a session may lack anything but its name', () => {
    expect(readSessionFacts({ user: 'ann' })).toBeUndefined()
    expect(readSessionFacts({ id: 'S1', user: 7 })).toMatchObject({ id: 'S1', user: undefined, commands: 0 })
  })
})
