/** Threat 6: hellos of TLS made to break whoever reads them; a callback that threw would end the process. */

import { existsSync, readdirSync } from 'node:fs'
import { connect } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { speakImap } from '../support/fake-upstream.ts'
import type { LiveProxy } from '../support/live-proxy.ts'
import { createRandom, type Random } from '../support/random.ts'
import { recordHello, withName } from './hello.ts'
import { useLegs } from './legs.ts'

/** `IMAPTAP_TEST_HELLOS=100000` sends as many as the threat names: that takes minutes, and prints what it cost. */
const asked = process.env['IMAPTAP_TEST_HELLOS']
const hellos = Number(asked ?? 4_000)
/** Milliseconds that all of them may take, however busy the machine is. */
const patience = 60_000 + hellos * 10
const atOnce = 64
/** Behind each of them it is counted what is left. */
const parts = 10
const descriptors = '/proc/self/fd'

describe('threat 6: a TLS callback throws', () => {
  const legs = useLegs()
  let honest: Buffer
  beforeAll(async () => {
    honest = await recordHello(['imap', 'http/1.1'])
  })
  const problems: unknown[] = []
  const note = (error: unknown): void => void problems.push(error)
  beforeAll(() => void process.on('uncaughtExceptionMonitor', note))
  afterAll(() => void process.off('uncaughtExceptionMonitor', note))

  it(
    `${hellos} hostile hellos leave no descriptor open and nobody waiting`,
    { timeout: patience },
    async () => {
      legs().serve(speakImap())
      const random = createRandom(7)
      const closed = countClosed(legs().live)
      await greetHonestly()
      const before = countDescriptors()
      const heaps: number[] = []
      for (let part = 1; part <= parts; part++) {
        await attackInTurns(hellos / parts, () => attack(legs().live.imaps, spoil(honest, random)))
        await expect
          .poll(closed, { timeout: patience })
          .toBeGreaterThanOrEqual(Math.floor((hellos * part) / parts))
        await expect.poll(countDescriptors, { timeout: 20_000 }).toBeLessThanOrEqual(before + 2)
        heaps.push(measureHeap())
        if (asked !== undefined) tellCost(part, { before, heap: heaps.at(-1) ?? 0 })
      }
      await greetHonestly()
      expect(problems).toEqual([])
      expect(legs().received).toBe('')
      // The first half warms up.
      expect((heaps.at(-1) ?? 0) - (heaps[parts / 2 - 1] ?? 0)).toBeLessThan(16)
    },
  )

  it.each([
    ['NUL', '\0'.repeat(40)],
    ['a wildcard', '*'.repeat(40)],
    ['dots', '.'.repeat(40)],
    ['octets beyond ASCII', '\xff'.repeat(40)],
    ['a path', '../../../../../../../../etc/passwd\0\0\0\0\0\0'],
    ['line ends', '\r\n'.repeat(20)],
  ])('a name of %s gets a certificate or an alert, and ends nothing', async (_what, name) => {
    legs().serve(speakImap())
    await attack(legs().live.imaps, withName(honest, name))
    await greetHonestly()
    expect(problems).toEqual([])
  })

  async function greetHonestly(): Promise<void> {
    const peer = await legs().openTls()
    await peer.until(/^\* OK .*\r\n/u)
    peer.close()
  }
})

const countDescriptors = (): number => (existsSync(descriptors) ? readdirSync(descriptors).length : 0)

/** Sessions that ended; nothing else that happens is kept, or the test would grow with each of them. */
function countClosed({ proxy, events }: LiveProxy): () => number {
  let closed = 0
  proxy.bus.subscribe((event) => {
    if (event.kind === 'closed') closed += 1
    events.length = 0
  })
  return () => closed
}

async function attackInTurns(times: number, attackOnce: () => Promise<void>): Promise<void> {
  let left = Math.ceil(times)
  const work = async (): Promise<void> => {
    while (left-- > 0) await attackOnce()
  }
  await Promise.all(Array.from({ length: atOnce }, work))
}

/** Mebioctets that are in use behind a collection. */
function measureHeap(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  return process.memoryUsage().heapUsed / 1024 / 1024
}

function tellCost(part: number, { before, heap }: { before: number; heap: number }): void {
  const open = `descriptors ${countDescriptors()} (${before} at first)`
  const cost = `heap ${heap.toFixed(1)} MiB, ${Math.round(process.uptime())} s`
  console.log(`${(hellos * part) / parts} hellos: ${open}, ${cost}`)
}

/** Octets flipped, cut out, doubled, a length made huge, another name, or nothing like a hello at all. */
function spoil(hello: Buffer, random: Random): Buffer {
  const at = random.below(hello.length)
  const spoiled = Buffer.from(hello)
  switch (random.below(7)) {
    case 0:
      return spoiled.subarray(0, at)
    case 1:
      return Buffer.concat([spoiled.subarray(0, at), spoiled])
    case 2:
      spoiled.writeUInt16BE(0xff_ff, Math.min(at, hello.length - 2))
      return spoiled
    case 3:
      return withName(hello, String.fromCharCode(random.below(256)).repeat(40))
    case 4:
      return Buffer.from(Array.from({ length: 1 + random.below(600) }, () => random.below(256)))
    case 5:
      return Buffer.concat([spoiled.subarray(0, 5 + random.below(40)), Buffer.alloc(random.below(20_000))])
    default:
      for (let flips = 1 + random.below(8); flips > 0; flips--)
        spoiled[random.below(hello.length)] = random.below(256)
      return spoiled
  }
}

/** Resolves when the connection is gone. */
function attack(port: number, octets: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.on('error', () => undefined).on('close', () => resolve())
    socket.resume().end(octets)
  })
}
