/** A mistake of imaptap's own costs one session, and the process lives. */

import { afterEach, expect, it } from 'vitest'

import { startGateway, type Gateway } from '../relay/guarded/gateway.ts'
import { makeGuard } from '../relay/guarded/support.ts'
import { FakeUpstream } from '../support/fake-upstream.ts'
import { Peer } from '../support/peer.ts'

let gateway: Gateway | undefined
let upstream: FakeUpstream | undefined

afterEach(async () => {
  gateway?.stop()
  await upstream?.close()
})

it('what throws in the engine ends its session with BYE, and others go on', async () => {
  const server = await FakeUpstream.start()
  upstream = server
  gateway = await startGateway({
    upstreamPort: server.port,
    makeGuard: () =>
      makeGuard({
        decide(command) {
          if (command.name === 'CHECK') throw new Error('on purpose')
          return makeGuard().decide(command)
        },
      }),
  })
  const other = await Peer.open(gateway.port)
  expect(await other.run('a NOOP')).toContain('a OK')
  const one = await Peer.open(gateway.port)
  await one.until(/^\* OK .*\r\n/)
  expect(await one.send('b CHECK\r\n').end()).toContain('* BYE [UNAVAILABLE] imaptap: internal error')
  expect(gateway.events).toContainEqual(
    expect.objectContaining({ kind: 'closed', reason: expect.stringContaining('imaptap made a mistake') }),
  )
  // A message may quote what a peer said.
  expect(JSON.stringify(gateway.events)).not.toContain('on purpose')
  expect(await other.run('c NOOP')).toContain('c OK')
})
