/** Threat 15: a server of TLS 1.2 that shows another certificate in the middle of the session. */

import { createSecureContext, TLSSocket } from 'node:tls'
import { describe, expect, it } from 'vitest'

import { speakImap, type Conduct } from '../support/fake-upstream.ts'
import { Peer } from '../support/peer.ts'
import { useLegs } from './legs.ts'

describe('threat 15: a renegotiated certificate swap', () => {
  const legs = useLegs({ protocol: 'imaps' })

  /** Handshakes that the server has finished, and what became of the second. */
  interface Seen {
    handshakes: number
    outcome: string
    readonly lines: string[]
  }

  function swapAtNoop(to: string, seen: Seen): Conduct {
    const good = { ...legs().identities.issue('127.0.0.1'), maxVersion: 'TLSv1.2' } as const
    const other = createSecureContext({ ...legs().identities.issue(to), maxVersion: 'TLSv1.2' })
    return (socket) => {
      const secured = new TLSSocket(socket, { isServer: true, secureContext: createSecureContext(good) })
      secured.on('secure', () => void (seen.handshakes += 1))
      secured.on('error', (error: NodeJS.ErrnoException) => (seen.outcome ||= error.code ?? error.message))
      secured.once('secure', () =>
        speakImap({
          onLine: (line) => void seen.lines.push(line),
          acts: {
            NOOP: () => {
              secured.setKeyCert(other)
              // On a server's side it asks the client for a new handshake.
              secured.renegotiate({}, (error) => (seen.outcome ||= error ? error.message : 'renegotiated'))
            },
          },
        })(secured),
      )
      secured.resume()
      socket.on('end', () => socket.end())
    }
  }

  it.each(['mail.example', '127.0.0.1'])(
    'to %s is refused, and nothing goes to who asked for it',
    async (to) => {
      const seen: Seen = { handshakes: 0, outcome: '', lines: [] }
      legs().serve(swapAtNoop(to, seen))
      const peer = await legs().openTls()
      await peer.until(/^\* OK fake ready\r\n/u)
      peer.send('a NOOP\r\n')
      const heard = await peer.end()
      expect(heard).toMatch(/^\* BYE /mu)
      expect(seen).toMatchObject({ handshakes: 1, lines: ['a NOOP'] })
      expect(seen.outcome).not.toBe('renegotiated')
    },
  )

  it('and the gateway lives on', async () => {
    const seen: Seen = { handshakes: 0, outcome: '', lines: [] }
    legs().serve(swapAtNoop('mail.example', seen))
    const peer = await legs().openTls()
    expect(await peer.run('a LOGIN ann hush')).toMatch(/^a OK /mu)
  })
})

describe('threat 15: a client that renegotiates without end', () => {
  const legs = useLegs()

  it('is cut, and the gateway lives on', async () => {
    legs().serve(speakImap())
    const peer = await Peer.openTls(legs().live.imaps, {
      ca: legs().live.ca,
      servername: 'localhost',
      maxVersion: 'TLSv1.2',
    })
    await peer.until(/^\* OK fake ready\r\n/u)
    const { socket } = peer
    const again = (): void => {
      if (socket instanceof TLSSocket && !socket.destroyed) socket.renegotiate({}, () => setImmediate(again))
    }
    again()
    await peer.end()
    const other = await legs().openTls()
    expect(await other.run('a NOOP')).toMatch(/^a OK /mu)
  })
})
