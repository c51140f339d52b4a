/** What a session under a policy holds in memory, whatever its client does: with the guard of the program, not one of a test's own. */

import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import { beforeAll, describe, expect, it } from 'vitest'

import type { Dialogue } from '../../support/play.ts'
import { enterScene, openScene, selectScene } from '../../policy/support/guarded-scene.ts'

const allowing = `policy:
  default: deny
  rules:
    - {name: guests, when: 'user.startsWith("guest") && command == "FETCH"', deny: true}
    - {name: rest, allow: true}
`
const hiding = `policy:
  default: allow
  mailboxes:
    - {match: 'Pub/**', rights: all}
  rules:
    - {name: board, when: 'glob(mailboxes, "Board/**")', deny: true}
`
const failing = `policy:
  default: allow
  limits: { failedLogins: { free: 1000000, first: 1s, longest: 1s, forget: 1h } }
`

let collectGarbage: () => void = () => undefined
beforeAll(() => {
  setFlagsFromString('--expose-gc')
  // Node hands the collector to contexts that are made after the flag was set.
  const gc: unknown = runInNewContext('gc')
  if (typeof gc === 'function') collectGarbage = () => void gc()
})

const MIB = 1024 * 1024

/** Octets that are in use afterwards, and were not before. */
async function growth(work: () => void): Promise<number> {
  const before = await memory()
  work()
  return (await memory()) - before
}

/** The least of some looks: buffers are given back behind a collection, by another thread. */
async function memory(): Promise<number> {
  const looks: number[] = []
  for (let look = 0; look < 8; look++) {
    collectGarbage()
    await sleep(15)
    const { heapUsed, arrayBuffers } = process.memoryUsage()
    looks.push(heapUsed + arrayBuffers)
  }
  return Math.min(...looks)
}

/** What tests keep of a dialogue is not the session's. */
function forget(dialogue: Dialogue): void {
  dialogue.take('client')
  dialogue.take('server')
  dialogue.events.length = 0
  dialogue.acts.length = 0
}

describe('memory of a session under a policy', () => {
  it('does not grow with its commands', async () => {
    const { dialogue } = selectScene(allowing, 'INBOX')
    const run = (from: number, to: number): void => {
      for (let at = from; at < to; at++) {
        dialogue.client(`a${at} UID FETCH ${at} (FLAGS)`, `b${at} NOOP`, `c${at} STORE 1 +FLAGS (\\Seen)`)
        dialogue.server(
          `* ${at} FETCH (UID ${at} FLAGS (\\Seen))`,
          `a${at} OK done`,
          `b${at} OK x`,
          `c${at} OK x`,
        )
        forget(dialogue)
      }
    }
    run(0, 3_000)
    expect(await growth(() => run(3_000, 20_000))).toBeLessThan(MIB)
  })

  it('does not grow with the names of mailboxes that it asks for', async () => {
    const { dialogue } = enterScene(hiding)
    const run = (from: number, to: number): void => {
      for (let at = from; at < to; at++) {
        dialogue.client(`a${at} STATUS Secret${at} (MESSAGES)`, `b${at} STATUS Pub/${at} (MESSAGES)`)
        const [, alias = ''] = /STATUS (x\S+)/u.exec(dialogue.take('server')) ?? []
        dialogue.server(`a${at} NO no ${alias} here`, `b${at} OK x`)
        forget(dialogue)
      }
    }
    // Views remember 512 of them; aliases of 4,096 are kept, and are small.
    run(0, 700)
    expect(await growth(() => run(700, 1_400))).toBeLessThan(MIB)
  })

  it.each([1_000, 60_000])('is small also where those names have %d octets', async (length) => {
    const { dialogue } = enterScene(hiding)
    const grown = await growth(() => {
      for (let at = 0; at < 600; at++) {
        dialogue.client(`a${at} STATUS {${length}+}`, `${`Secret${at}`.padEnd(length, 'x')} (MESSAGES)`)
        dialogue.server(`a${at} NO no such mailbox`)
        forget(dialogue)
      }
    })
    expect(grown).toBeLessThan(4 * MIB)
  })

  it('keeps the name of a login that failed, and nothing of what stood beside it', async () => {
    const { dialogue, ledger } = openScene(failing)
    const password = 'p'.repeat(50_000)
    const run = (from: number, to: number): void => {
      for (let at = from; at < to; at++) {
        dialogue.client(`a${at} LOGIN user-number-${at}-of-many "${password}"`).server(`a${at} NO no`)
        forget(dialogue)
      }
    }
    run(0, 100)
    expect(await growth(() => run(100, 700))).toBeLessThan(4 * MIB)
    // One for each name, and one for the address.
    expect(ledger.kept.failures).toBe(701)
  })

  it('of what the client sends while the server is silent is no more than the engine asks to be sent', async () => {
    const { dialogue } = selectScene(allowing, 'INBOX')
    const noops = 'n NOOP\r\n'.repeat(2_000)
    let chunks = 0
    const grown = await growth(() => {
      while (!dialogue.acts.some((act) => act.includes('pause')) && chunks < 1_000) {
        dialogue.raw('client', noops)
        chunks += 1
      }
      dialogue.take('server')
    })
    expect(chunks).toBeLessThan(1_000)
    expect(grown).toBeLessThan(2 * MIB)
  })

  it('of a command without an end is bounded by what is taken', async () => {
    const { dialogue } = selectScene(allowing, 'INBOX')
    const chunk = 'x'.repeat(64 * 1024)
    const grown = await growth(() => {
      dialogue.raw('client', 'a SEARCH SUBJECT "')
      for (let at = 0; at < 100; at++) dialogue.raw('client', chunk)
    })
    expect(dialogue.take('client')).toContain('* BYE [TOOBIG]')
    expect(grown).toBeLessThan(4 * MIB)
  })
})
