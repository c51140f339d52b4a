/** How the proxy command starts, greets, ends and fails, with doubles for the proxy and the world. */

import { describe, expect, it } from 'vitest'
import { runProxy, type EndSignal, type Proxy, type ProxyWorld } from '../../../src/cli/commands/proxy.ts'
import { Failure } from '../../../src/cli/failure.ts'
import type { Config, Listen } from '../../../src/config/config.ts'

const flags = { upstream: 'imaps://imap.example.com' }

class Stage implements ProxyWorld<Proxy> {
  readonly log: string[] = []
  readonly err = { write: (text: string) => this.log.push(...text.trimEnd().split('\n')) }
  readonly env: Record<string, string> = {}
  isTerminal = false
  startFault: Error | undefined
  hasPolicy = false
  name = 'node'
  stopping: Promise<void> = Promise.resolve()
  config: Config | undefined
  readonly #listeners = new Map<EndSignal | 'SIGHUP', () => void>()
  #quit: () => void = () => {}

  createProxy(config: Config): Promise<Proxy> {
    this.config = config
    const addresses: readonly Listen[] = [{ protocol: 'imaps', host: '127.0.0.1', port: 4711 }]
    return Promise.resolve({
      addresses,
      caPath: '/ca/ca.pem',
      start: () => {
        this.log.push('start')
        return this.startFault === undefined ? Promise.resolve() : Promise.reject(this.startFault)
      },
      stop: () => {
        this.log.push('stop')
        return this.stopping
      },
      reload: this.hasPolicy ? () => void this.log.push('reload') : undefined,
    })
  }

  openDashboard(_proxy: Proxy, _config: Config, quit: () => void): Promise<{ stop(): void }> {
    this.log.push('dashboard')
    this.#quit = quit
    return Promise.resolve({ stop: () => this.log.push('dashboard gone') })
  }

  onSignal(signal: EndSignal | 'SIGHUP', listener: () => void): void {
    this.#listeners.set(signal, listener)
  }

  nameProcess(name: string): void {
    this.name = name
  }

  exit(exitCode: number): void {
    this.log.push(`exit ${exitCode}`)
  }

  signal(signal: EndSignal | 'SIGHUP'): void {
    this.#listeners.get(signal)?.()
  }

  hears(signal: 'SIGHUP'): boolean {
    return this.#listeners.has(signal)
  }

  quit(): void {
    this.#quit()
  }

  /** Until everything that can happen by itself has happened. */
  async settle(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
  }
}

describe('SIGHUP', () => {
  it('has what can be read again read again, as often as it comes, and ends nothing', async () => {
    const stage = new Stage()
    stage.hasPolicy = true
    const run = runProxy({ ...flags, quiet: true }, stage)
    await stage.settle()
    stage.signal('SIGHUP')
    stage.signal('SIGHUP')
    expect(stage.log).toEqual(['start', 'reload', 'reload'])
    expect(stage.name).toBe('imaptap')
    stage.signal('SIGTERM')
    await run
    expect(stage.log.at(-1)).toBe('stop')
  })

  it('is left to the system where there is nothing to read again', async () => {
    const stage = new Stage()
    const run = runProxy({ ...flags, quiet: true }, stage)
    await stage.settle()
    expect(stage.hears('SIGHUP')).toBe(false)
    expect(stage.name).toBe('node')
    stage.signal('SIGTERM')
    await run
  })
})

describe('the proxy command', () => {
  it('greets with where to connect and what to trust', async () => {
    const stage = new Stage()
    const run = runProxy(flags, stage)
    await stage.settle()
    expect(stage.log).toEqual([
      'start',
      'imaptap: listening on imaps://127.0.0.1:4711',
      'imaptap: passing on to imaps://imap.example.com:993',
      'imaptap: clients must trust /ca/ca.pem',
      '  (imaptap ca show says how)',
      'imaptap: try:',
      '  openssl s_client -quiet -crlf -connect 127.0.0.1:4711 \\',
      '    -CAfile /ca/ca.pem',
    ])
    stage.signal('SIGTERM')
    await run
  })

  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('drains on %s and ends with %d', async (signal, exitCode) => {
    const stage = new Stage()
    const run = runProxy({ ...flags, quiet: true }, stage)
    await stage.settle()
    stage.signal(signal)
    expect(await run).toBe(exitCode)
    expect(stage.log).toEqual(['start', 'stop'])
  })

  it('does not wait for the drain on a second signal', async () => {
    const stage = new Stage()
    stage.stopping = new Promise(() => {})
    void runProxy({ ...flags, quiet: true }, stage)
    await stage.settle()
    stage.signal('SIGTERM')
    await stage.settle()
    expect(stage.log).toEqual(['start', 'stop'])
    stage.signal('SIGINT')
    expect(stage.log).toEqual(['start', 'stop', 'exit 130'])
  })

  it('warns of an upstream that is not verified, even when quiet', async () => {
    const stage = new Stage()
    const run = runProxy({ ...flags, quiet: true, insecureUpstream: true }, stage)
    await stage.settle()
    expect(stage.log[1]).toMatch(/^imaptap: warning: the certificate of the upstream is not verified/)
    stage.signal('SIGINT')
    await run
  })
})

describe('the dashboard', () => {
  it('opens on a terminal, keeps the log off it, and quits with 0', async () => {
    const stage = new Stage()
    stage.isTerminal = true
    const run = runProxy(flags, stage)
    await stage.settle()
    expect(stage.config?.log.level).toBe('silent')
    stage.quit()
    expect(await run).toBe(0)
    expect(stage.log).toEqual(['start', 'dashboard', 'dashboard gone', 'stop'])
  })

  it('gives the terminal back before a signal drains', async () => {
    const stage = new Stage()
    stage.isTerminal = true
    const run = runProxy(flags, stage)
    await stage.settle()
    stage.signal('SIGTERM')
    expect(await run).toBe(143)
    expect(stage.log.slice(-2)).toEqual(['dashboard gone', 'stop'])
  })

  it('leaves a log file its level', async () => {
    const stage = new Stage()
    stage.isTerminal = true
    const run = runProxy({ ...flags, log: 'it.log' }, stage)
    await stage.settle()
    expect(stage.config?.log).toMatchObject({ file: 'it.log', level: 'info' })
    stage.quit()
    await run
  })

  it.each([
    ['without a terminal', {}, false, {}],
    ['on a dumb terminal', {}, true, { TERM: 'dumb' }],
    ['beside a log on stdout', { log: '-' }, true, {}],
    ['when refused', { dashboard: false }, true, {}],
  ])('stays closed %s', async (_, more, isTerminal, env) => {
    const stage = new Stage()
    stage.isTerminal = isTerminal
    Object.assign(stage.env, env)
    const run = runProxy({ ...flags, ...more }, stage)
    await stage.settle()
    stage.signal('SIGINT')
    await run
    expect(stage.log).not.toContain('dashboard')
    expect(stage.log).toContain('stop')
  })

  it.each([
    [{}, false, {}],
    [{}, true, { TERM: 'dumb' }],
    [{ log: '-' }, true, {}],
  ])('that is demanded but impossible is a usage error (%#)', async (more, isTerminal, env) => {
    const stage = new Stage()
    stage.isTerminal = isTerminal
    Object.assign(stage.env, env)
    await expect(runProxy({ ...flags, ...more, dashboard: true }, stage)).rejects.toMatchObject({
      name: 'Failure',
      exitCode: 2,
    })
    expect(stage.log).toEqual([])
  })
})

it('a port that is taken ends the command with a Failure', async () => {
  const stage = new Stage()
  const facts = { code: 'EADDRINUSE', syscall: 'listen', address: '127.0.0.1', port: 1993 }
  stage.startFault = Object.assign(new Error('listen EADDRINUSE'), facts)
  await expect(runProxy(flags, stage)).rejects.toThrow(Failure)
})
