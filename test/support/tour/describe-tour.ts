/** What a tour of any server must hold, as tests: all of it read strictly, no octet changed. */

import { afterAll, beforeAll, expect, test } from 'vitest'

import type { TourClient } from './client.ts'
import { blamedFaults, faultOf, serverFaults } from './faults.ts'
import { runTour, type ServerUnderTour, type Tour } from './run-tour.ts'
import type { Tapped } from './tap.ts'

export interface StartedServer {
  readonly under: ServerUnderTour
  stop(): Promise<void>
}

const tourMs = 90_000

export function testTour(name: ServerUnderTour['name'], start: () => Promise<StartedServer>): void {
  let server: StartedServer | undefined
  let tour: Tour

  beforeAll(async () => {
    server = await start()
    tour = await runTour(server.under)
  }, tourMs)

  afterAll(() => server?.stop())

  test('there is a scene for every capability, and each is played as it is written', () => {
    expect(tour.withoutScene).toEqual([])
    expect(tour.failures).toEqual({})
    expect(tour.commands).toBeGreaterThan(500)
  })

  test('every message is read strictly, every word is known, and it is written as it was, but for the faults in the list', () => {
    const strays = tour.findings.filter((finding) => !faultOf(name, finding))
    expect(strays).toEqual([])
    const met = new Set(tour.findings.map((finding) => faultOf(name, finding)))
    const healed = serverFaults.filter((fault) => fault.server === name && !met.has(fault))
    expect(healed).toEqual([])
  })

  test('the checks hold nothing against the server but the faults in the list', () => {
    const known = blamedFaults.filter((fault) => fault.server === name)
    const strays = tour.blamed.filter(({ id }) => !known.some((fault) => fault.id === id))
    expect(strays.map(({ id, text, evidence }) => ({ id, text, evidence }))).toEqual([])
    const healed = known.filter((fault) => !tour.blamed.some(({ id }) => id === fault.id))
    expect(healed).toEqual([])
  })

  test('no octet is changed in either direction', () => {
    expect(tour.tapped).toHaveLength(tour.clients.length)
    const strays = tour.clients.filter((client, at) => !isUnchanged(client, tour.tapped[at]))
    expect(strays.map(({ sent }) => Buffer.concat(sent).toString('latin1'))).toEqual([])
  })

  test('the proxy, which reads tolerantly, calls nothing unreadable', () => {
    const ownFaults = serverFaults.filter((fault) => fault.server === name)
    const strays = tour.unreadable.filter(
      ({ line }) => !ownFaults.some(({ text }) => text.test(String(line))),
    )
    expect(strays).toEqual([])
  })
}

/** Of a session that was compressed, what came before. */
function isUnchanged(client: TourClient, tapped: Tapped | undefined): boolean {
  if (!tapped) return false
  const legs = [
    [client.sent, tapped.toServer],
    [client.received, tapped.toClient],
  ] as const
  return legs.every(([near, far]) => {
    const [one, other] = [Buffer.concat(near), Buffer.concat(far)]
    return one.equals(client.isCompressed ? other.subarray(0, one.length) : other)
  })
}
