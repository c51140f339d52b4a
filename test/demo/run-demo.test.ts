import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createProxy } from '../../src/app/create-proxy.ts'
import { demoWorld } from '../../src/demo/demo-world.ts'
import { demoUsers } from '../../src/demo/mailbox.ts'
import { playDemo, type DemoProxy, type DemoWorld } from '../../src/demo/run-demo.ts'
import type { ObservedEvent } from '../../src/findings/finding.ts'

interface TestWorld extends DemoWorld<DemoProxy> {
  printed(): string
  /** What Ctrl-C does. */
  interrupt(): void
}

/** The real proxy between server and client; `isHeard` leaves events out of what the demo hears. */
function makeWorld(isHeard: (event: ObservedEvent) => boolean = () => true): TestWorld {
  let printed = ''
  let interrupt: (() => void) | undefined
  return {
    out: { write: (text) => void (printed += text) },
    isTerminal: false,
    mint: (dir, name) => demoWorld.mint(dir, name),
    openDashboard: () => Promise.reject(new Error('there is no terminal here')),
    onInterrupt: (listener) => {
      interrupt = listener
      return () => {}
    },
    async createProxy(config) {
      const proxy = await createProxy(config)
      const subscribe: DemoProxy['bus']['subscribe'] = (listener) => {
        return proxy.bus.subscribe((event) => isHeard(event) && listener(event))
      }
      return {
        start: () => proxy.start(),
        stop: () => proxy.stop(),
        bus: { subscribe },
        get addresses() {
          return proxy.addresses
        },
      }
    },
    printed: () => printed,
    interrupt: () => interrupt?.(),
  }
}

function failToCreate(): Promise<DemoProxy> {
  return Promise.reject(new Error('no proxy today'))
}

function expectNoSecrets(printed: string): void {
  for (const { user, password } of demoUsers) {
    expect(printed).not.toContain(password)
    const response = Buffer.from(`\0${user}\0${password}`).toString('base64')
    expect(printed).not.toContain(response)
  }
  expect(printed).not.toContain('letmein')
}

describe('the demo, once', () => {
  it('ends well when the proxy saw what the client did, and prints numbers without secrets', async () => {
    const world = makeWorld()
    const exitCode = await playDemo({ once: true }, world)
    const printed = world.printed()
    expect(printed).toContain('one round, all as expected\n')
    expect(exitCode).toBe(0)
    expect(printed).toMatch(/^ {2}sessions +5$/m)
    expect(printed).toMatch(/^ {2}failed logins +3$/m)
    expect(printed).toMatch(/^ {2}slowest command +UID SEARCH, 1\.\d\d s$/m)
    expect(printed).toMatch(/^ {2}unreadable +0$/m)
    expectNoSecrets(printed)
  })

  it('ends with 1 and says what differs when the proxy lost sight of a command', async () => {
    const world = makeWorld(
      (event) => event.kind !== 'exchange-completed' || event.exchange.name !== 'APPEND',
    )
    expect(await playDemo({ once: true }, world)).toBe(1)
    expect(world.printed()).toContain('! APPEND: the client counts 1, the proxy 0\n')
  })

  it('leaves no folder behind', async () => {
    let caDir = ''
    const world = makeWorld()
    const mint: TestWorld['mint'] = (dir, name) => {
      caDir = dir
      return world.mint(dir, name)
    }
    await expect(playDemo({ once: true }, { ...world, mint, createProxy: failToCreate })).rejects.toThrow(
      'no proxy',
    )
    expect(caDir).toContain('imaptap-demo-')
    expect(existsSync(caDir)).toBe(false)
  })
})

describe('the demo, played on', () => {
  it('prints a line for each exchange until it is interrupted, and ends well', async () => {
    const world = makeWorld()
    setTimeout(() => world.interrupt(), 2500)
    expect(await playDemo({ once: false }, world)).toBe(0)
    const printed = world.printed()
    expect(printed).toMatch(/^S\d+ .* OK +\d+ ms .* CAPABILITY$/m)
    expect(printed).toMatch(/ LOGIN /)
    expectNoSecrets(printed)
  })

  it('shows the dashboard on a terminal and ends when the user quits it', async () => {
    const world = makeWorld()
    const seen: string[] = []
    const openDashboard: TestWorld['openDashboard'] = (proxy, _, quit) => {
      seen.push(`opened with ${proxy.addresses.length} listeners`)
      setTimeout(quit, 300)
      return Promise.resolve({ stop: () => seen.push('stopped') })
    }
    expect(await playDemo({ once: false }, { ...world, isTerminal: true, openDashboard })).toBe(0)
    expect(seen).toEqual(['opened with 2 listeners', 'stopped'])
    expect(world.printed()).toMatch(/^imaptap demo: \d+ sessions with \d+ commands went by\n$/)
  })
})
