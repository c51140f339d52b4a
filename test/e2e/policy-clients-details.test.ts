/** What some clients do beyond the errand: imapflow opens, reads and idles under `read-only`; large attachments and who asks for them. */

import { writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { runOrThrow } from '../support/child.ts'
import { startDovecot, type Dovecot } from '../support/dovecot.ts'
import { createTempFolder } from '../support/temp-folder.ts'
import { requireTool, toolPath } from '../support/tools.ts'
import { expectStatus, literal } from '../support/tour/stage.ts'
import { furnish, logIn, openGateway, readTruth, type Gateway } from './support/gateway.ts'
import { openClient } from './support/imapflow-errand.ts'

const tools = [
  requireTool('dovecot', { package: 'dovecot-imapd' }),
  requireTool('openssl', { package: 'openssl' }),
  requireTool('curl', { package: 'curl' }),
]

describe.skipIf(tools.includes(undefined))('with Dovecot behind', () => {
  let dovecot: Dovecot
  let gateway: Gateway
  beforeAll(async () => {
    dovecot = await startDovecot({ tls: 'none', users: ['reader', 'big'] })
    for (const user of ['reader', 'big']) await furnish(dovecot, user)
  })
  afterAll(() => dovecot?.stop())

  describe('imapflow under read-only', () => {
    beforeAll(async () => {
      gateway = await openGateway(dovecot, 'read-only')
    })
    afterAll(() => gateway?.close())

    it('is given INBOX read-only whichever way it asks, all of it, and hears of news in IDLE', async () => {
      const client = openClient(gateway.login('reader'))
      await client.connect()
      try {
        for (const readOnly of [true, false])
          expect(await client.mailboxOpen('INBOX', { readOnly })).toMatchObject({ readOnly: true, exists: 6 })
        const messages = await client.fetchAll('1:*', {
          uid: true,
          source: true,
          envelope: true,
          flags: true,
        })
        expect(messages.map(({ uid }) => uid)).toEqual([1, 2, 3, 4, 5, 6])
        expect(messages.every(({ source }) => source !== undefined)).toBe(true)

        const news = new Promise<number>((resolve) => client.once('exists', ({ count }) => resolve(count)))
        const idling = client.idle()
        const other = await logIn(dovecot, 'reader')
        await expectStatus(other, 'OK', [`APPEND INBOX ${literal('Subject: news\r\n\r\nx\r\n')}`])
        other.close()
        expect(await news).toBe(7)
        await client.noop()
        expect(await idling).not.toBe(false)
      } finally {
        await client.logout()
      }
      const truth = await readTruth(dovecot, 'reader')
      expect(truth.filter((line) => line.startsWith('INBOX ') && !line.includes(' () '))).toEqual([])
    })
  })

  describe('under no-attachments-above, a message with an attachment of 1.5 MB', () => {
    beforeAll(async () => {
      gateway = await openGateway(dovecot, 'no-attachments-above')
      const client = await logIn(dovecot, 'big')
      await expectStatus(client, 'OK', [`APPEND INBOX ${literal(large)}`])
      client.close()
    })
    afterAll(() => gateway?.close())

    it('is listed for imapflow, and its text is read, but not the whole', async () => {
      const refusals: string[] = []
      const client = openClient(gateway.login('big'), refusals)
      await client.connect()
      try {
        await client.mailboxOpen('INBOX')
        const query = { uid: true, envelope: true, bodyStructure: true, bodyParts: ['1'] }
        const message = await client.fetchOne('7', query, { uid: true })
        if (!message) throw new Error('message 7 is not there')
        expect(message.envelope?.subject).toBe('large')
        expect(message.bodyParts?.get('1')?.toString()).toContain('a few words')
        await expect(client.fetchOne('7', { source: true }, { uid: true })).rejects.toMatchObject({
          responseStatus: 'NO',
          responseText: 'a message has an attachment that is too large',
        })
        expect(await client.fetchAll('1:6', { source: true })).toHaveLength(6)
      } finally {
        await client.logout()
      }
    })

    it('is refused to curl as a whole and as its part, and given as its header', async () => {
      const folder = await createTempFolder('curl')
      const config = folder.join('curlrc')
      const { user, password, port } = gateway.login('big')
      await writeFile(config, `user = "${`${user}:${password}`.replaceAll(/["\\]/gu, '\\$&')}"\n`)
      const url = `imap://localhost:${port}/INBOX;UID=7`
      const ask = (section: string): ReturnType<typeof runOrThrow> =>
        runOrThrow(toolPath('curl'), ['-sSv', '-K', config, `${url}${section}`])
      try {
        for (const section of ['', ';SECTION=2', ';SECTION=TEXT'])
          await expect(ask(section)).rejects.toThrow(
            'NO [LIMIT] a message has an attachment that is too large',
          )
        expect((await ask(';SECTION=HEADER')).stdout.toString()).toContain('Subject: large')
        expect((await ask(';SECTION=1')).stdout.toString()).toContain('a few words')
      } finally {
        await folder.remove()
      }
    })
  })
})

const line = `${'QUJD'.repeat(19)}\r\n`
const large = [
  'Subject: large',
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary="part"',
  '',
  '--part',
  'Content-Type: text/plain',
  '',
  'a few words',
  '--part',
  'Content-Type: application/octet-stream',
  'Content-Disposition: attachment; filename="large.bin"',
  'Content-Transfer-Encoding: base64',
  '',
  line.repeat(20_000),
  '--part--',
  '',
].join('\r\n')
