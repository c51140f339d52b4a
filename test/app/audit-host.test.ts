import { renameSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import type { AuditFiles } from '../../src/audit/audit-files.ts'
import { openAudit, type OpenAudit } from '../../src/app/audit-host.ts'
import { EventBus } from '../../src/app/event-bus.ts'
import type { AuditConfig } from '../../src/config/config.ts'
import type { ProxyEvent } from '../../src/relay/event.ts'
import type { Decided } from '../../src/relay/guard.ts'
import {
  kindsIn,
  makeMoody,
  recordsIn,
  verifyFiles,
  waitUntil,
  type AuditRecord,
} from '../audit/support/audits.ts'
import { createTempFolder } from '../support/temp-folder.ts'
import { message, view } from '../tui/support/events.ts'

let folder: Awaited<ReturnType<typeof createTempFolder>>
let path: string
let bus: EventBus
let audit: OpenAudit
const problems: string[] = []
beforeEach(async () => {
  folder = await createTempFolder('host')
  path = folder.join('audit.ndjson')
  problems.length = 0
  bus = new EventBus((error) => problems.push(String(error)))
})
afterEach(async () => {
  await audit.close()
  await folder.remove()
})

async function open(mode: AuditConfig['mode'] = 'strict', files?: AuditFiles): Promise<void> {
  audit = await openAudit(
    { path, mode },
    {
      bus,
      onProblem: (problem) => problems.push(problem),
      policy: 'p1',
      patience: { first: 5, most: 20 },
      ...(files && { files }),
    },
  )
  bus.publish({
    kind: 'opened',
    session: 'S1',
    at: 1,
    address: { host: '2001:db8::1', port: 4711 },
    listener: 'imaps://127.0.0.1:1993',
    upstream: 'imaps://x',
    view: view(),
  })
}

const decide = (changes: Partial<Decided> = {}): ProxyEvent => ({
  kind: 'decided',
  session: 'S1',
  at: 2,
  view: view({ user: 'ann' }),
  decided: {
    rule: 'r',
    effect: 'allow',
    why: 'w',
    isDryRun: false,
    mailboxes: [],
    level: 'count',
    ...changes,
  },
})

const record = (event: ProxyEvent): Promise<boolean> =>
  new Promise((resolve) => audit.recorder?.record(event, resolve))

const of = (kind: string): readonly AuditRecord[] => recordsIn(path).filter((one) => one.kind === kind)

describe('a strict audit', () => {
  it('has a decision on the disk when its session hears of it, with where the session comes from', async () => {
    await open()
    expect(await record(decide({ effect: 'rewrite', sent: 'a EXAMINE x' }))).toBe(true)
    expect(of('decision')).toEqual([
      expect.objectContaining({
        session: 'S1',
        user: 'ann',
        address: '[2001:db8::1]:4711',
        listener: 'imaps://127.0.0.1:1993',
        effect: 'rewrite',
        sent: 'a EXAMINE x',
        policy: 'p1',
      }),
    ])
  })

  it('has each decision once, told and recorded in whatever order', async () => {
    await open()
    const [first, second] = [decide({ why: '1' }), decide({ why: '2' })]
    const recorded = record(first)
    bus.publish(first)
    bus.publish(second)
    expect(await Promise.all([recorded, record(second), record(first)])).toEqual([true, true, true])
    await audit.close()
    expect(of('decision').map(({ why }) => why)).toEqual(['1', '2'])
  })

  it('has what no session waits for: refusals, and what could not be read', async () => {
    await open()
    bus.publish(decide({ effect: 'deny', rule: 'strict' }))
    await audit.close()
    expect(of('decision')).toMatchObject([{ effect: 'deny', rule: 'strict' }])
  })

  it('answers false for what it cannot write, or does not write', async () => {
    const mood = { room: Infinity, failsSync: false }
    await open('strict', makeMoody(mood))
    expect(await record({ kind: 'warning', session: 'S1', at: 1, reason: '', advice: '' })).toBe(false)
    mood.room = 5
    expect(await record(decide())).toBe(false)
    expect(audit.isFailing).toBe(true)
    expect(problems).toEqual([
      expect.stringMatching(/the disk is full; make room; in strict mode no audited/u),
    ])
    mood.room = Infinity
    await waitUntil(() => !audit.isFailing)
    expect(await record(decide())).toBe(true)
  })
})

it('a relaxed audit has no recorder, hears the bus, and tells what it lost', async () => {
  const mood = { room: Infinity, failsSync: false }
  await open('relaxed', makeMoody(mood))
  expect(audit.recorder).toBeUndefined()
  bus.publish(decide({ why: '1' }))
  await waitUntil(() => of('decision').length === 1)
  mood.room = 0
  bus.publish(decide({ why: '2' }))
  await waitUntil(() => audit.isFailing)
  bus.publish(decide({ why: '3' }))
  mood.room = Infinity
  await waitUntil(() => !audit.isFailing)
  bus.publish(decide({ why: '4' }))
  await audit.close()
  expect(of('decision').map(({ why }) => why)).toEqual(['1', '4'])
  expect(of('recovered')).toMatchObject([{ records: 2 }])
})

it('the policy, its changes and its refusals are on record, and later decisions name it', async () => {
  await open()
  void audit.notePolicy({ policy: 'p2', isDryRun: false, by: 'SIGHUP' })
  void audit.notePolicy({
    policy: 'p2',
    isDryRun: false,
    problem: 'policy.yaml:3:5: no such field',
    by: 'file change',
  })
  await record(decide())
  expect(of('start')).toMatchObject([{ policy: 'p1', mode: 'strict', pid: process.pid }])
  expect(of('policy')).toMatchObject([
    { old: 'p1', policy: 'p2', by: 'SIGHUP' },
    { old: 'p2', policy: 'p2', problem: 'policy.yaml:3:5: no such field', by: 'file change' },
  ])
  expect(of('decision')).toMatchObject([{ policy: 'p2' }])
})

it('a switch by hand is on record, and durable when that is said', async () => {
  const mood = { room: Infinity, failsSync: false }
  await open('strict', makeMoody(mood))
  const by = 'ann by the dashboard'
  const off = { policy: 'p1', isDryRun: true, switched: 'the policy: dry run', by }
  expect(await audit.notePolicy(off)).toBe(true)
  expect(of('policy')).toMatchObject([{ dryRun: true, switched: 'the policy: dry run', by }])
  const ended = ['the policy: dry run (ann by the dashboard)']
  expect(await audit.notePolicy({ policy: 'p1', isDryRun: false, ended, by: 'SIGHUP' })).toBe(true)
  expect(of('policy')[1]).toMatchObject({ ended, by: 'SIGHUP' })
  expect(of('policy')[1]).not.toHaveProperty('dryRun')
  mood.room = 0
  expect(await audit.notePolicy(off)).toBe(false)
  mood.room = Infinity
})

it('approvals are on record with who ruled, also when nobody did; breakpoints are not', async () => {
  await open()
  const held = (ticket: number, isApproval: boolean): void =>
    bus.publish({
      kind: 'held',
      session: 'S1',
      at: 3,
      ticket,
      side: 'client',
      message: message('client', 'a EXPUNGE', 'command'),
      hidesAll: false,
      isEditable: true,
      deadline: 9,
      ...(isApproval && { approval: { rule: 'ask', otherwise: 'deny' } }),
    })
  held(1, true)
  held(2, true)
  held(3, false)
  held(4, true)
  bus.publish({
    kind: 'released',
    session: 'S1',
    at: 4,
    ticket: 1,
    how: 'forwarded',
    by: 'bob by imaptap attach',
  })
  bus.publish({ kind: 'released', session: 'S1', at: 4, ticket: 2, how: 'expired' })
  bus.publish({ kind: 'released', session: 'S1', at: 4, ticket: 3, how: 'forwarded' })
  const totals = { fromClient: 1, fromServer: 1, commands: 1 }
  bus.publish({ kind: 'closed', session: 'S1', at: 5, reason: 'x', totals, view: view() })
  await audit.close()
  const told = of('approval').map(({ ticket, step, how, by }) => [ticket, step, how, by].join(' ').trim())
  expect(told).toEqual([
    '1 asked',
    '2 asked',
    '4 asked',
    '1 ended forwarded bob by imaptap attach',
    '2 ended expired',
    '4 ended gone',
  ])
})

it('a file that was renamed is followed by another, in one chain', async () => {
  await open()
  await record(decide())
  renameSync(path, `${path}.1`)
  await audit.reopen()
  await record(decide())
  const { head } = audit
  expect(kindsIn(path)).toEqual(['header', 'decision'])
  const verdict = await verifyFiles([`${path}.1`, path], head.hash)
  expect(verdict).toMatchObject({ problems: [], noted: { seq: head.seq, following: 0 } })
})
