/** Threat 29: messages by URLs, whose names are written in more ways than one. */

import { describe, expect, it } from 'vitest'

import { literal } from '../oracle/direct.ts'
import { describeThreat, expectRefused, message, token } from './support.ts'

const urls = [
  '/Sec%72et/;UID=1',
  '/Secret/;UID=1',
  '/Secret;UIDVALIDITY=1/;UID=1',
  '/%53%65%63%72%65%74/;UID=1',
  '/secret/;UID=1',
  '/Secret%2F/;UID=1',
  '/INBOX%2FSecret/;UID=1',
  '/S%C3%A9cret/;UID=1',
  '/Sec%2572et/;UID=1',
  'imap://localhost/Secret/;UID=1',
  'imap://ann@localhost/Secret/;UID=1',
  'imap://ann;AUTH=*@localhost:143/Sec%72et/;UID=1',
  '//localhost/Secret/;UID=1',
  '../Secret/;UID=1',
  'Secret/;UID=1',
  '/Parent/Secret/;UID=1/;SECTION=TEXT',
  '/Parent/../Secret/;UID=1',
]

describeThreat('threat 29: CATENATE, URLFETCH, GENURLAUTH', {}, (stage) => {
  describe.each(urls)('%s', (url) => {
    it.each([
      `APPEND INBOX CATENATE (URL "${url}")`,
      `APPEND INBOX (\\Seen) CATENATE (TEXT {14+}\r\nSubject: x\r\n\r\n URL {${url.length}+}\r\n${url})`,
      `REPLACE 1 INBOX CATENATE (URL "${url}")`,
      `URLFETCH "${url}"`,
      `URLFETCH "${url}" BODYPARTSTRUCTURE`,
      `URLFETCH "${url};URLAUTH=anonymous:internal:91354a473744909de610943775f92038"`,
      `GENURLAUTH "${url};URLAUTH=user+ann" INTERNAL`,
    ])('%j is refused', async (command) => {
      const session = await stage().enter()
      await expectRefused(session, `a ${command}\r\n`)
      expect(session.heard).not.toContain(token)
    })
  })

  it('the server itself would have given it out', async () => {
    const bob = await stage().direct('bob')
    await bob.runAll(['CREATE Secret', `APPEND Secret ${literal(message(token))}`])
    const { status } = await bob.run('APPEND Pub CATENATE (URL "/Sec%72et/;UID=1")')
    const { data } = await bob.run('URLFETCH "imap://bob@localhost/Secret/;UID=1"')
    bob.close()
    expect({ catenates: status === 'OK', fetches: data.includes('URLFETCH') }).not.toEqual({
      catenates: false,
      fetches: false,
    })
  })
})
