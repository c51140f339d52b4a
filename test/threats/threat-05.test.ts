/** Threat 5: clients of other protocols, brought here by somebody between (ALPACA). */

import { describe, expect, it } from 'vitest'

import { speakImap } from '../support/fake-upstream.ts'
import { Peer } from '../support/peer.ts'
import { recordHello } from './hello.ts'
import { useLegs } from './legs.ts'

describe('threat 5: cross-protocol', () => {
  const legs = useLegs()
  const trust = () => ({ ca: legs().live.ca, servername: 'localhost' })

  it.each([[['http/1.1']], [['h2', 'http/1.1']], [['smtp']], [['IMAP']]])(
    'an offer of %j by ALPN alone is answered by the fatal alert 120',
    async (protocols) => {
      legs().serve(speakImap())
      const peer = await Peer.open(legs().live.imaps)
      peer.socket.write(await recordHello(protocols))
      expect(await peer.end()).toBe('\x15\x03\x03\x00\x02\x02\x78')
      await expect(
        Peer.openTls(legs().live.imaps, { ...trust(), ALPNProtocols: protocols }),
      ).rejects.toMatchObject({ code: 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL' })
      expect(legs().received).toBe('')
      peer.close()
    },
  )

  it('the same behind STARTTLS', async () => {
    const peer = await legs().serve(speakImap()).greet()
    await peer.run('a STARTTLS')
    await expect(peer.secure({ ...trust(), ALPNProtocols: ['http/1.1'] })).rejects.toMatchObject({
      code: 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL',
    })
    expect(legs().received).toBe('')
  })

  it.each([[['imap']], [['http/1.1', 'imap']]])('%j reaches IMAP', async (protocols) => {
    legs().serve(speakImap())
    const peer = await Peer.openTls(legs().live.imaps, { ...trust(), ALPNProtocols: protocols })
    await peer.until(/^\* OK .*\r\n/u)
    peer.close()
  })

  it.each(['imaps', 'starttls', 'imap'] as const)(
    'GET / is cut on %s, and no line behind it is read',
    async (how) => {
      legs().serve(speakImap())
      const peer = how === 'imaps' ? await legs().openTls() : await legs().greet()
      if (how === 'starttls') {
        await peer.run('s STARTTLS')
        await peer.secure(trust())
      }
      const http = 'POST / HTTP/1.1\r\nHost: mail.example\r\n\r\na LOGIN ann stolen\r\nb NOOP\r\n'
      const heard = await peer.send(http).end()
      expect(heard).not.toMatch(/^[ab] /mu)
      expect(legs().received).toBe('')
    },
  )

  it.each([1, 7, 16])('the same in segments of %i octets', async (size) => {
    legs().serve(speakImap())
    const peer = await legs().openTls()
    await peer.until(/^\* OK .*\r\n/u)
    for (const piece of 'GET / HTTP/1.1\r\na NOOP\r\n'.match(new RegExp(`[^]{1,${size}}`, 'gu')) ?? []) {
      peer.send(piece)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await peer.end()).not.toMatch(/^a /mu)
    expect(legs().received).toBe('')
  })
})
