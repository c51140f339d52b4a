/** Threat 11: capabilities of the cleartext that would be believed under TLS. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { startDovecot, type Dovecot } from '../support/dovecot.ts'
import { answerStartTls, behindTls, speakImap } from '../support/fake-upstream.ts'
import { requireTool } from '../support/tools.ts'
import { Legs, sayThen, useLegs } from './legs.ts'

const isThere = requireTool('dovecot', { package: 'dovecot-imapd' }) !== undefined
const stale = 'CAPABILITY IMAP4rev1 STALE AUTH=STALE COMPRESS=DEFLATE LOGINDISABLED'

describe('threat 11: stale capabilities', () => {
  const legs = useLegs({ protocol: 'imap+starttls', compress: 'upstream' })
  const lines: string[] = []

  function serveStale(answer: (tag: string) => string): void {
    lines.length = 0
    const secured = behindTls(
      legs().identities.issue('127.0.0.1'),
      speakImap({
        greeting: '',
        acts: {
          CAPABILITY: (socket, tag) =>
            void socket.write(`* CAPABILITY IMAP4rev1 FRESH\r\n${tag} OK done\r\n`),
        },
        onLine: (line) => void lines.push(line),
      }),
    )
    const startTls = answerStartTls(answer, secured)
    legs().serve((socket) => {
      socket.write(`* OK [${stale}] hi\r\n`)
      // The greeting of this one is an untagged OK behind ours, and before TLS nobody hears it.
      startTls(socket)
    })
  }

  it.each([
    ['of the greeting', (tag: string) => `${tag} OK go\r\n`],
    ['of the OK of STARTTLS', (tag: string) => `${tag} OK [${stale}] go\r\n`],
    ['told by themselves', (tag: string) => `* ${stale}\r\n${tag} OK go\r\n`],
  ])('those %s are nobody’s', async (_what, answer) => {
    serveStale(answer)
    const peer = await legs().open()
    let heard = await peer.until(/^\* OK .*\r\n/mu)
    heard += await peer.run('a LOGIN ann hush')
    heard += await peer.run('b NOOP')
    expect(lines).toEqual(['a LOGIN ann hush', 'b NOOP'])
    heard += await peer.run('c CAPABILITY')
    expect(heard).toContain('* CAPABILITY IMAP4rev1 FRESH')
    expect(heard).not.toMatch(/STALE|LOGINDISABLED|COMPRESS/u)
    const known = legs()
      .live.of('changed')
      .flatMap(({ view }) => view.capabilities)
    expect(known.join(' ')).not.toContain('STALE')
  })

  it('a server that takes TLS and closes leaves none of them either', async () => {
    legs().serve(sayThen(`* OK [${stale}] hi\r\n`, (tag) => `${tag} BAD no\r\n`))
    const peer = await legs().open()
    expect(await peer.end()).not.toContain('STALE')
  })

  describe.skipIf(!isThere)('with dovecot', () => {
    let dovecot: Dovecot
    let real: Legs
    beforeAll(async () => {
      dovecot = await startDovecot({ tls: 'offered', users: ['plain-ann'] })
    })
    afterAll(async () => {
      await real.stop()
      await dovecot.stop()
    })

    it('what the client hears is what the server says under TLS', async () => {
      real = await Legs.start({
        protocol: 'imap+starttls',
        upstream: `imap+starttls://localhost:${dovecot.ports.imap}`,
        upstreamCa: dovecot.caFile,
      })
      const peer = await real.openTls()
      await peer.until(/^\* OK .*\r\n/mu)
      const answer = await peer.run('a CAPABILITY')
      expect(answer).toMatch(/^\* CAPABILITY IMAP4rev1 .*AUTH=PLAIN/mu)
      expect(answer).not.toMatch(/STARTTLS|LOGINDISABLED/u)
    })
  })
})
