/** Which words reach which command, and as what. */

import { describe, expect, it } from 'vitest'
import { buildProgram, expandShorthand, type Actions } from '../../src/cli/options.ts'

type Call = readonly [command: string, ...values: unknown[]]

async function parse(
  ...words: string[]
): Promise<{ readonly calls: readonly Call[]; readonly exitCode: number }> {
  const calls: Call[] = []
  const hear = (...call: Call) => {
    calls.push(call)
    return Promise.resolve(7)
  }
  const actions: Actions = {
    proxy: (flags) => hear('proxy', flags),
    checkConfig: (file) => hear('check-config', file),
    ca: (action, flags) => hear('ca', action, flags),
    demo: (options) => hear('demo', options),
    attach: (flags) => hear('attach', flags),
    sessions: (flags) => hear('sessions', flags),
    kill: (sessions, flags) => hear('kill', sessions, flags),
    approvals: (asked, flags) => hear('approvals', asked, flags),
    tail: (flags) => hear('tail', flags),
    policyExplain: (file, flags) => hear('policy explain', file, flags),
    policyTest: (file, captures, flags) => hear('policy test', file, captures, flags),
    policyTable: (file, flags) => hear('policy table', file, flags),
    parse: (flags, file) => hear('parse', flags, file),
    encode: (flags, file) => hear('encode', flags, file),
    show: (files, flags) => hear('show', files, flags),
    lint: (files, flags) => hear('lint', files, flags),
    stats: (files, flags) => hear('stats', files, flags),
    view: (files, flags) => hear('view', files, flags),
    policyCheck: (file) => hear('policy check', file),
    auditVerify: (files, flags) => hear('audit verify', files, flags),
  }
  let exitCode = 0
  const done = (code: number) => {
    exitCode = code
  }
  const program = buildProgram({ actions, version: '1', out: { write: () => true }, done })
  await program.parseAsync(expandShorthand(words), { from: 'user' })
  return { calls, exitCode }
}

describe('the words of a person', () => {
  it('start the proxy, with or without its name', async () => {
    const expected = [['proxy', { upstream: 'imaps://x', listen: ['imap://a', 'imaps://b'] }]]
    const flags = ['--listen', 'imap://a', '--upstream', 'imaps://x', '--listen=imaps://b']
    expect((await parse('proxy', ...flags)).calls).toEqual(expected)
    expect((await parse(...flags)).calls).toEqual(expected)
  })

  it('leave the dashboard open unless they name it', async () => {
    expect((await parse('proxy')).calls).toEqual([['proxy', {}]])
    expect((await parse('--dashboard')).calls).toEqual([['proxy', { dashboard: true }]])
    expect((await parse('--no-dashboard')).calls).toEqual([['proxy', { dashboard: false }]])
  })

  it('carry every flag under the name that the configuration expects', async () => {
    const words =
      '--upstream-ca a --upstream-name b --insecure-upstream --hide-capability IDLE --ca-dir c --leaf-key rsa ' +
      '--cert d --key e --key-log f --log - --log-level warn -v --wire --config g'
    const { calls } = await parse(...words.split(' '))
    const flags = {
      upstreamCa: 'a',
      upstreamName: 'b',
      insecureUpstream: true,
      hideCapability: ['IDLE'],
      caDir: 'c',
      leafKey: 'rsa',
      cert: 'd',
      key: 'e',
      keyLog: 'f',
      log: '-',
      logLevel: 'warn',
      verbose: true,
      wire: true,
      config: 'g',
    }
    expect(calls).toEqual([['proxy', flags]])
  })

  it('reach ca, check-config and demo', async () => {
    expect((await parse('ca', 'export', '--der', '--ca-dir', 'x')).calls).toEqual([
      ['ca', 'export', { der: true, caDir: 'x' }],
    ])
    expect((await parse('check-config', 'a.yaml')).calls).toEqual([['check-config', 'a.yaml']])
    expect((await parse('demo')).calls).toEqual([['demo', { once: false }]])
    expect((await parse('demo', '--once')).calls).toEqual([['demo', { once: true }]])
  })

  it('reach show, lint and stats, with their lists cut', async () => {
    expect((await parse('show', 'a', 'b', '--session', 'S1,S2', '--session', 'S3', '--wire')).calls).toEqual([
      ['show', ['a', 'b'], { session: ['S1', 'S2', 'S3'], wire: true, findings: true }],
    ])
    expect((await parse('lint', 'a', '--ignore', 'C01, S02')).calls).toEqual([
      ['lint', ['a'], { ignore: ['C01', 'S02'], failOn: 'error' }],
    ])
    expect((await parse('stats', 'a', '--top', '3')).calls).toEqual([
      ['stats', ['a'], { by: 'command', sort: 'total', top: 3 }],
    ])
    await expect(parse('show', 'a', '--wire', '--json')).rejects.toThrow(/cannot be used/u)
    await expect(parse('stats', 'a', '--top', '0')).rejects.toThrow(/from 1 on/u)
  })

  it('get back the exit code of their command', async () => {
    expect((await parse('demo')).exitCode).toBe(7)
  })
})
