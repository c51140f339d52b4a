/** The gateway of a proxy: a policy that is read again or set to a dry run, and what becomes of sessions then. */

import { unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { EventBus } from '../../src/app/event-bus.ts'
import { Gateway } from '../../src/app/gateway.ts'
import type { Config } from '../../src/config/config.ts'
import { loadPolicyFile } from '../../src/config/policy-settings.ts'
import { isRefusal } from '../../src/policy/ledger.ts'
import { recordsIn, type AuditRecord } from '../audit/support/audits.ts'
import { createTempFolder, type TempFolder } from '../support/temp-folder.ts'

let temp: TempFolder
let gateway: Gateway | undefined
let told: string[] = []
/** How often sessions were asked to look at the policy again. */
let reconsidered = 0
beforeEach(async () => {
  temp = await createTempFolder('gateway')
  told = []
})
afterEach(async () => {
  await gateway?.close()
  await temp.remove()
})

const rules = `rules: [{name: no, when: 'command == "CREATE"', deny: true}]\n`
const enforced = `default: allow\n${rules}`

function write(yaml: string): string {
  const file = join(temp.path, 'policy.yaml')
  writeFileSync(file, yaml)
  return file
}

function open(yaml: string, audit?: Config['audit']): Gateway {
  // The gateway looks at no other part of a configuration.
  const config = {
    policy: loadPolicyFile(write(yaml)),
    compress: 'follow',
    hideCapabilities: [],
    audit,
  } as unknown as Config
  const opened = Gateway.open(config, {
    bus: new EventBus((error) => told.push(String(error))),
    onProblem: (problem) => told.push(`problem: ${problem}`),
    onNews: (news) => told.push(`news: ${news}`),
    onEnforced: () => told.push('enforced'),
    onReload: () => (reconsidered += 1),
  })
  if (!opened) throw new Error('no policy')
  gateway = opened
  return opened
}

describe('a gateway', () => {
  it('is none without a policy', () => {
    // As above.
    const config = { compress: 'follow', hideCapabilities: [] } as unknown as Config
    expect(
      Gateway.open(config, {
        bus: new EventBus(() => {}),
        onProblem() {},
        onNews() {},
        onEnforced() {},
        onReload() {},
      }),
    ).toBe(undefined)
  })

  it('keeps the policy before where a file has a mistake, and says where', () => {
    const { policy, reload } = bindReload(open(enforced))
    const { version } = policy
    write('default: allow\nrules: [{name: no, when: "command ==", deny: true}]\n')
    reload()
    expect(policy.version).toBe(version)
    expect(told).toEqual([
      expect.stringMatching(/^problem: the policy was not taken \(SIGHUP\).*policy\.yaml:2:\d+/u),
    ])
  })

  it('tells of another policy, and of the same one nothing', () => {
    const { policy, reload } = bindReload(open(enforced))
    write(`# The same.\n${enforced}`)
    reload()
    expect(told).toEqual([])
    write(enforced.replace('CREATE', 'DELETE'))
    reload()
    expect(told).toEqual([`news: the policy was read again (SIGHUP): ${policy.version}`])
  })
})

describe('the end of a dry run', () => {
  it('ends the sessions that began under it, however it comes', async () => {
    const opened = open(`mode: dry-run\n${enforced}`)
    write(enforced)
    opened.reload()
    expect(told.filter((text) => text === 'enforced')).toHaveLength(1)
    await opened.setDryRun(undefined, true, 'ann')
    reconsidered = 0
    await opened.setDryRun(undefined, false, 'ann')
    expect(told.filter((text) => text === 'enforced')).toHaveLength(2)
    // What a session opened meanwhile it may not keep.
    expect(reconsidered).toBe(1)
  })

  it('of one rule ends none, and is told', async () => {
    const opened = open(enforced)
    expect(await opened.setDryRun('no', true, 'ann')).toBeUndefined()
    expect(await opened.setDryRun('no', false, 'ann')).toBeUndefined()
    expect(await opened.setDryRun('nobody', true, 'ann')).toBe('there is no rule "nobody"')
    expect(told).toEqual([
      'news: rule no is only recorded (dry run) from now on, switched by ann',
      'news: rule no holds from now on, switched by ann',
    ])
  })
})

describe('a switch by hand', () => {
  const by = 'ann by the dashboard'
  const notes = (): readonly AuditRecord[] =>
    recordsIn(join(temp.path, 'audit.ndjson')).filter(({ kind }) => kind === 'policy')

  async function openAudited(mode: 'strict' | 'relaxed' = 'strict'): Promise<Gateway> {
    const opened = open(enforced, { path: join(temp.path, 'audit.ndjson'), mode })
    await opened.start()
    return opened
  }

  it('is on record with who did it before it holds, and so is the reload that ends it', async () => {
    const opened = await openAudited()
    expect(await opened.setDryRun(undefined, true, by)).toBeUndefined()
    expect(notes()).toMatchObject([{ by, switched: 'the policy: dry run', dryRun: true }])
    expect(opened.policy.status().mode).toBe('dry-run')
    opened.reload('SIGHUP')
    expect(opened.policy.status().mode).toBe('enforce')
    const ended = `the policy: dry run (${by})`
    expect(told.slice(1)).toEqual([
      `news: the policy was read again (SIGHUP): ${opened.policy.version}; switched by hand before, and ended with it: ${ended}`,
      'enforced',
    ])
    await opened.close()
    expect(notes()[1]).toMatchObject({ by: 'SIGHUP', ended: [ended], policy: opened.policy.version })
    expect(notes()[1]).not.toHaveProperty('dryRun')
  })

  it('that changes nothing is none', async () => {
    const opened = await openAudited()
    const { current } = opened.policy
    expect(await opened.setDryRun(undefined, false, by)).toBeUndefined()
    await opened.close()
    expect([notes(), told]).toEqual([[], []])
    expect(opened.policy.current).toBe(current)
  })

  it('loosens nothing that a strict audit cannot keep, but tightens', async () => {
    const opened = await openAudited()
    await opened.setDryRun('no', true, by)
    breakAudit()
    expect(await opened.setDryRun(undefined, true, by)).toMatch(/audit is strict and cannot be written/u)
    expect(opened.policy.status().mode).toBe('enforce')
    expect(told).toContain(
      `problem: the policy: dry run: ${by} could not switch that: the audit is strict and cannot be written`,
    )
    expect(await opened.setDryRun('no', false, by)).toBeUndefined()
    expect(opened.policy.status().rules[0]?.isDryRun).toBe(false)
  })

  it('is not got by another file either while a strict audit cannot be written', async () => {
    const opened = await openAudited()
    breakAudit()
    await opened.setDryRun(undefined, true, by)
    write(`mode: dry-run\n${enforced}`)
    opened.policy.reload('SIGHUP')
    expect(opened.policy.status()).toMatchObject({
      mode: 'enforce',
      problem: expect.stringMatching(/audit/u),
    })
    // A file that tightens is taken.
    write(enforced.replace('CREATE', 'DELETE'))
    opened.policy.reload('SIGHUP')
    expect(opened.policy.status().rules[0]?.when).toContain('DELETE')
    // Where the file was renamed, SIGHUP begins another, and the policy is taken then.
    write(`mode: dry-run\n${enforced}`)
    opened.reload('SIGHUP')
    expect(opened.policy.status().mode).toBe('enforce')
    await vi.waitFor(() => expect(opened.policy.status().mode).toBe('dry-run'))
    expect(opened.policy.status().problem).toBeUndefined()
  })

  it('is taken back from a file whose own record is the first that cannot be kept', async () => {
    const opened = await openAudited()
    breakAudit()
    write(`mode: dry-run\n${enforced}`)
    expect(opened.policy.reload('file change').ok).toBe(true)
    await vi.waitFor(() => expect(opened.policy.status().mode).toBe('enforce'))
    expect(opened.policy.status().switched).toMatchObject([{ by: expect.stringMatching(/strict audit/u) }])
    expect(told).toContain('enforced')
    expect(told).toContainEqual(expect.stringMatching(/^problem: mode: dry-run is taken back.*send SIGHUP$/u))
    opened.reload('SIGHUP')
    await vi.waitFor(() => expect(opened.policy.status().mode).toBe('dry-run'))
    await opened.close()
    expect(notes().at(-1)).toMatchObject({ by: 'SIGHUP', dryRun: true })
  })

  it('is not taken back from a file whose record is kept, or that a relaxed audit has no record of', async () => {
    const strict = await openAudited()
    write(`mode: dry-run\n${enforced}`)
    strict.policy.reload('SIGHUP')
    await strict.close()
    expect([strict.policy.status().mode, notes().length]).toEqual(['dry-run', 1])
    const relaxed = await openAudited('relaxed')
    breakAudit()
    write(`mode: dry-run\n${enforced}`)
    relaxed.policy.reload('SIGHUP')
    await vi.waitFor(() => expect(told).toContainEqual(expect.stringMatching(/audit cannot be written/u)))
    expect(relaxed.policy.status().mode).toBe('dry-run')
  })

  it('does not wait for a relaxed audit', async () => {
    const opened = await openAudited('relaxed')
    breakAudit()
    expect(await opened.setDryRun(undefined, true, by)).toBeUndefined()
    expect(opened.policy.status().mode).toBe('dry-run')
  })

  it.each([
    ['another', enforced.replace('CREATE', 'DELETE')],
    ['the same', enforced],
    ['one with mistakes', 'mode: of no kind'],
  ])('is not done where the files were read again while its record was written: %s', async (_, yaml) => {
    const opened = await openAudited()
    const asked = opened.setDryRun(undefined, true, by)
    await Promise.resolve()
    write(yaml)
    opened.reload('SIGHUP')
    expect(await asked).toMatch(/read again or tightened meanwhile/u)
    expect(opened.policy.status().mode).toBe('enforce')
    await opened.close()
    // Whoever watches the file may have seen the change as well.
    const asSaid = notes().filter(({ by: who }) => who !== 'file change')
    expect(asSaid.map(({ by: who, dryRun }) => [who, dryRun])).toEqual([
      [by, true],
      ['SIGHUP', undefined],
      [by, undefined],
    ])
    expect(asSaid[2]).toMatchObject({ problem: 'the policy was read again or tightened meanwhile' })
  })

  it('that tightens does not wait for one whose record is written, and that one is not done', async () => {
    const opened = await openAudited()
    await opened.setDryRun('no', true, by)
    const looser = opened.setDryRun(undefined, true, by)
    const tighter = opened.setDryRun('no', false, 'bob')
    expect(opened.policy.status().rules[0]?.isDryRun).toBe(false)
    expect(await tighter).toBeUndefined()
    expect(await looser).toMatch(/tightened meanwhile/u)
    expect(opened.policy.status().mode).toBe('enforce')
    await opened.close()
    expect(notes().at(-1)).toMatchObject({ by, problem: expect.stringMatching(/tightened/u) })
    expect(notes().at(-1)).not.toHaveProperty('dryRun')
  })

  it('that takes back one whose record is written holds behind it', async () => {
    const opened = await openAudited()
    const asked = [opened.setDryRun(undefined, true, by), opened.setDryRun(undefined, false, 'bob')]
    expect(await Promise.all(asked)).toEqual([undefined, undefined])
    expect(opened.policy.status().mode).toBe('enforce')
    await opened.close()
    expect(notes().map(({ by: who, dryRun }) => [who, dryRun])).toEqual([
      [by, true],
      ['bob', undefined],
    ])
  })

  /** Whoever replaces the file stops the audit. */
  function breakAudit(): void {
    unlinkSync(join(temp.path, 'audit.ndjson'))
  }
})

describe('what a listener is given', () => {
  it('are guards for those who were let in, bounds of their login, and a meter of what they get', () => {
    const opened = open(`${enforced}limits: {preAuthTime: 5s, octetsPerHour: 1000}\n`)
    const account = opened.ledger.openSession({ address: '192.0.2.1', at: 0 })
    if (isRefusal(account)) throw new Error(account.why)
    opened.admit('S1', account)
    account.noteUser('ann', 0)
    const { makeGuard, loginBounds, meter, recorder } = opened.parts
    expect(recorder).toBeUndefined()
    expect(loginBounds?.()).toEqual({ millis: 5_000, octets: undefined })
    const address = { host: '192.0.2.1', port: 1 }
    const origin = { session: 'S1', address, listener: 'imap://h:1', isLoopback: true, tls: () => undefined }
    expect(makeGuard?.(origin).isEnforced).toBe(true)
    expect(meter?.('S1', 500)).toBeUndefined()
    expect(meter?.('S1', 100_000)).toContain('octetsPerHour')
    opened.forget('S1')
    expect(meter?.('S1', 100_000)).toBeUndefined()
    expect(opened.ledger.kept).toMatchObject({ addresses: 0 })
  })
})

const bindReload = (opened: Gateway): { policy: Gateway['policy']; reload: () => void } => ({
  policy: opened.policy,
  reload: () => opened.reload('SIGHUP'),
})
