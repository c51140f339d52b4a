/** The gateway of a proxy: a policy that is read again or set to a dry run, and what becomes of sessions then. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { EventBus } from '../../src/app/event-bus.ts'
import { Gateway } from '../../src/app/gateway.ts'
import type { Config } from '../../src/config/config.ts'
import { loadPolicyFile } from '../../src/config/policy-settings.ts'
import { isRefusal } from '../../src/policy/ledger.ts'
import { createTempFolder, type TempFolder } from '../support/temp-folder.ts'

let temp: TempFolder
let gateway: Gateway | undefined
let told: string[] = []
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

function open(yaml: string): Gateway {
  // The gateway looks at no other part of a configuration.
  const config = {
    policy: loadPolicyFile(write(yaml)),
    compress: 'follow',
    hideCapabilities: [],
  } as unknown as Config
  const opened = Gateway.open(config, {
    bus: new EventBus((error) => told.push(String(error))),
    onProblem: (problem) => told.push(`problem: ${problem}`),
    onNews: (news) => told.push(`news: ${news}`),
    onEnforced: () => told.push('enforced'),
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
      Gateway.open(config, { bus: new EventBus(() => {}), onProblem() {}, onNews() {}, onEnforced() {} }),
    ).toBe(undefined)
  })

  it('keeps the policy before where a file has a mistake, and says where', () => {
    const { policy, reload } = bindReload(open(enforced))
    const { version } = policy
    write('default: allow\nrules: [{name: no, when: "command ==", deny: true}]\n')
    reload()
    expect(policy.version).toBe(version)
    expect(told).toEqual([expect.stringMatching(/^problem: the policy was not taken.*policy\.yaml:2:\d+/u)])
  })

  it('tells of another policy, and of the same one nothing', () => {
    const { policy, reload } = bindReload(open(enforced))
    write(`# The same.\n${enforced}`)
    reload()
    expect(told).toEqual([])
    write(enforced.replace('CREATE', 'DELETE'))
    reload()
    expect(told).toEqual([`news: the policy was read again: ${policy.version}`])
  })
})

describe('the end of a dry run', () => {
  it('ends the sessions that began under it, however it comes', () => {
    const opened = open(`mode: dry-run\n${enforced}`)
    write(enforced)
    opened.reload()
    expect(told.filter((text) => text === 'enforced')).toHaveLength(1)
    opened.setDryRun(undefined, true)
    opened.setDryRun(undefined, false)
    expect(told.filter((text) => text === 'enforced')).toHaveLength(2)
  })

  it('of one rule ends none, and is told', () => {
    const opened = open(enforced)
    expect(opened.setDryRun('no', true)).toBeUndefined()
    expect(opened.setDryRun('no', false)).toBeUndefined()
    expect(opened.setDryRun('nobody', true)).toBe('there is no rule "nobody"')
    expect(told).toEqual([
      'news: rule no is only recorded (dry run) from now on',
      'news: rule no holds from now on',
    ])
  })
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
  reload: () => opened.reload(),
})
