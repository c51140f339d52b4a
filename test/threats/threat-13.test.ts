/** Threat 13: untagged responses before TLS, which anybody on the path could have written. */

import { describe, expect, it } from 'vitest'

import { answerStartTls, behindTls, speakImap } from '../support/fake-upstream.ts'
import { useLegs } from './legs.ts'

describe('threat 13: alert spoofing and untagged data before TLS', () => {
  const legs = useLegs({ protocol: 'imap+starttls' })
  const spoofed = [
    '* OK [ALERT] spoofed: call this number\r\n',
    '* NO [ALERT] spoofed\r\n',
    '* LIST () "/" spoofed\r\n',
    '* 1 FETCH (FLAGS (spoofed))\r\n',
    '* 4711 EXISTS\r\n',
    '* CAPABILITY IMAP4rev1 SPOOFED\r\n',
    '* ID ("name" "spoofed")\r\n',
    '* ENABLED SPOOFED\r\n',
  ]

  it.each([...spoofed, spoofed.join('')])('%j is heard by nobody', async (text) => {
    const lines: string[] = []
    const identity = legs().identities.issue('127.0.0.1')
    const secured = behindTls(identity, speakImap({ greeting: '', onLine: (line) => void lines.push(line) }))
    legs().serve(answerStartTls((tag) => `${text}${tag} OK go\r\n`, secured))
    const peer = await legs().open()
    const heard =
      (await peer.until(/^\* OK .*\r\n/mu)) + (await peer.run('a NOOP')) + (await peer.run('b NOOP'))
    expect(heard).toBe('* OK imaptap ready\r\na OK done\r\nb OK done\r\n')
    expect(lines).toEqual(['a NOOP', 'b NOOP'])
    const views = legs()
      .live.of('changed')
      .map(({ view }) => [view.server, ...view.capabilities, ...view.enabled])
    expect(JSON.stringify(views)).not.toMatch(/spoofed/iu)
  })

  it('a greeting that is an alert is not relayed either', async () => {
    const secured = behindTls(legs().identities.issue('127.0.0.1'), speakImap({ greeting: '' }))
    const startTls = answerStartTls((tag) => `${tag} OK go\r\n`, secured)
    legs().serve((socket) => {
      socket.write('* OK [ALERT] spoofed\r\n')
      startTls(socket)
    })
    const peer = await legs().open()
    await peer.until(/^\* OK imaptap ready\r\n/mu)
    expect(await peer.run('a NOOP')).toBe('a OK done\r\n')
  })
})
