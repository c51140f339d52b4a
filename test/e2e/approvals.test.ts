/** A policy that asks a person first, from the client's command to the word of somebody at the control socket. */

import { writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { runApprovals } from '../../src/cli/commands/approvals.ts'
import { openAttachedDashboard } from '../../src/cli/control/attached-dashboard.ts'
import { openDashboard } from '../../src/cli/open-dashboard.ts'
import { loadPolicyFile } from '../../src/config/policy-settings.ts'
import { ControlClient } from '../../src/control/control-client.ts'
import { recordsIn, type AuditRecord } from '../audit/support/audits.ts'
import { FakeUpstream, speakImap } from '../support/fake-upstream.ts'
import { startLiveProxy, type LiveProxy } from '../support/live-proxy.ts'
import { Peer } from '../support/peer.ts'
import { createTempFolder, type TempFolder } from '../support/temp-folder.ts'
import { FakeInput, FakeOutput, until } from '../tui/support/terminal.ts'

let folder: TempFolder
let upstream: FakeUpstream
let live: LiveProxy
let socket: string
const closing: (() => unknown)[] = []

const policy = `
policy:
  default: allow
  rules:
    - name: ask-noop
      when: command == "NOOP"
      hold: {for: 10m, otherwise: deny, text: somebody has to agree}
    - name: soon
      when: command == "CHECK"
      hold: {for: 1s, otherwise: deny, text: nobody agreed}
    - name: no-delete
      when: command == "DELETE"
      deny: nothing is deleted here
`

beforeEach(async () => {
  folder = await createTempFolder('appr')
  socket = folder.join('c.sock')
  writeFileSync(folder.join('p.yaml'), policy)
  upstream = await FakeUpstream.start(speakImap())
  live = await startLiveProxy({
    upstream: `imap://127.0.0.1:${upstream.port}`,
    control: { socket },
    policy: loadPolicyFile(folder.join('p.yaml')),
    audit: { path: folder.join('audit.ndjson'), mode: 'strict' },
  })
})

afterEach(async () => {
  for (const close of closing.splice(0)) await close()
  await live.stop()
  await upstream.close()
  await folder.remove()
})

async function openSession(): Promise<Peer> {
  const peer = await Peer.open(live.imap)
  closing.push(() => peer.close())
  await peer.until(/ready\r\n/)
  await peer.run('a LOGIN ann secret')
  return peer
}

async function attach(): Promise<ControlClient> {
  const client = await ControlClient.open(socket)
  closing.push(() => client.close())
  return client
}

async function approvals(...words: string[]): Promise<string> {
  let text = ''
  const out = { write: (more: string) => (text += more) }
  await runApprovals(words, { socket }, { env: {}, out, user: 'carol' })
  return text
}

const releases = (): unknown[] => live.of('released').map(({ how, by }) => [how, by])

describe('a command that a policy holds', () => {
  it('waits, goes on when somebody allows it, and the record says who did', async () => {
    const peer = await openSession()
    const answer = peer.run('b NOOP')
    await live.next('held')
    const listed = await approvals()
    expect(listed).toMatch(/^S1\/\d+ +\d+m +deny +ann +ask-noop +b NOOP$/m)
    const [id = ''] = /S1\/\d+/.exec(listed) ?? []
    expect(await approvals('allow', id)).toBe(`${id} was allowed: b NOOP\n`)
    expect(await answer).toContain('b OK')
    expect(releases()).toEqual([['forwarded', 'carol by imaptap approvals']])
    expect(await approvals()).toBe('nothing waits for approval\n')
  })

  it('is refused when somebody denies it, and upstream never hears of it', async () => {
    const peer = await openSession()
    const answer = peer.run('b NOOP')
    const { ticket } = await live.next('held')
    await approvals('deny', `S1/${ticket}`)
    expect(await answer).toMatch(/^b NO /)
    expect(releases()).toEqual([['answered', 'carol by imaptap approvals']])
    expect(live.of('exchange-completed').at(-1)?.exchange).toMatchObject({ tag: 'b', status: 'NO' })
  })

  it('is refused when nobody rules in time', async () => {
    const peer = await openSession()
    expect(await peer.run('b CHECK')).toMatch(/^b NO /)
    expect(releases()).toEqual([['expired', 'the deadline']])
  })

  it('stays when a viewer leaves, and is told to whoever comes later', async () => {
    const peer = await openSession()
    const answer = peer.run('b NOOP')
    await live.next('held')
    const first = await attach()
    first.close()
    const second = await attach()
    const [facts] = await vi.waitFor(async () => {
      const waiting = await second.approvals()
      expect(waiting).toHaveLength(1)
      return waiting
    })
    expect(await second.rule('S1', facts?.ticket ?? 0, { kind: 'forward' })).toBeUndefined()
    expect(await answer).toContain('b OK')
  })
})

describe.each(['attached', 'own'] as const)('the %s dashboard', (kind) => {
  const who = `${userInfo().username} by ${kind === 'attached' ? 'imaptap attach' : 'the dashboard'}`
  const notes = (): readonly AuditRecord[] =>
    recordsIn(folder.join('audit.ndjson')).filter((record) => record.kind === 'policy')

  async function open(): Promise<{ input: FakeInput; sees: (pattern: RegExp) => Promise<unknown> }> {
    const [input, output] = [new FakeInput(), new FakeOutput(100, 30)]
    const terminal = { input, output, env: { TERM: 'xterm-256color' } }
    const quit = (): void => undefined
    const dashboard =
      kind === 'attached'
        ? await openAttachedDashboard(await attach(), quit, terminal)
        : openDashboard(live.proxy, { ...plainConfig, listen: live.proxy.addresses }, quit, terminal)
    closing.push(() => dashboard.stop())
    const sees = (pattern: RegExp): Promise<unknown> =>
      until(
        () => output.lines(),
        (lines) => pattern.test(lines.join('\n')),
      )
    return { input, sees }
  }

  it('shows the rules with their hits, what waits, and lets a person allow it', async () => {
    const { input, sees } = await open()
    const peer = await openSession()
    expect(await peer.run('b DELETE x')).toMatch(/^b NO /)
    const answer = peer.run('c NOOP')
    await sees(/1 to approve: 7/)
    input.press('7')
    await sees(/no-delete +deny .* 1 +\d+s ago/)
    await sees(/WAITING FOR APPROVAL +1/)
    input.press('a')
    expect(await answer).toContain('c OK')
    expect(releases()).toEqual([['forwarded', who]])
  })

  it('switches the dry run of a rule', async () => {
    const peer = await openSession()
    const { input, sees } = await open()
    input.press('7')
    await sees(/no-delete +deny/)
    for (const key of ['G', 'd']) input.press(key)
    await sees(/Let rule no-delete only record\? \[y\]es \[n\]o/)
    input.press('y')
    await sees(/no-delete .* dry run/)
    expect(notes()).toMatchObject([{ by: who, switched: 'rule no-delete: dry run' }])
    expect(await peer.run('b DELETE x')).toContain('b OK')
    input.press('d')
    await sees(/no-delete (?:(?!dry run).)*$/m)
    await vi.waitFor(async () => expect(await peer.run('c DELETE x')).toContain('c NO'))
    await vi.waitFor(() =>
      expect(notes()[1]).toMatchObject({ by: who, switched: 'rule no-delete: enforced' }),
    )
  })

  it('asks before it enforces nothing; what a reload ends is told, and all of it is on record', async () => {
    const peer = await openSession()
    const { input, sees } = await open()
    input.press('7')
    await sees(/POLICY enforced/)
    input.press('M')
    await sees(/Enforce nothing from now on, only record\? \[y\]es \[n\]o/)
    input.press('n')
    expect(await peer.run('b DELETE x')).toMatch(/^b NO /)
    expect(notes()).toEqual([])
    input.press('My')
    await sees(/POLICY dry run/)
    const signed = who.replaceAll(' ', String.raw`\s+`)
    await sees(
      new RegExp(String.raw`Switched by hand.* the policy: dry run\s+\(\d\d:\d\d:\d\d, ${signed}\)`, 'u'),
    )
    expect(await peer.run('c DELETE x')).toContain('c OK')
    expect(notes()).toMatchObject([{ by: who, switched: 'the policy: dry run', dryRun: true }])
    input.press('1')
    await sees(/policy off: 7/)
    live.proxy.reload?.('SIGHUP')
    await sees(/The policy was read again\. It is enforced\. What was switched by hand ended with it\./)
    await vi.waitFor(() =>
      expect(notes()[1]).toMatchObject({ by: 'SIGHUP', ended: [`the policy: dry run (${who})`] }),
    )
    expect(notes()).toHaveLength(2)
  })
})

const plainConfig = {
  upstream: {
    protocol: 'imap',
    host: '127.0.0.1',
    port: 143,
    ca: undefined,
    name: undefined,
    isInsecure: false,
  },
  tls: { cert: undefined, key: undefined, caDir: undefined, leafKey: 'ecdsa', keyLog: undefined },
} as const
