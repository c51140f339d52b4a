/** Threat 12: referrals (RFC 2221, RFC 2193), by which a server sends a client and its password around the gateway. */

import { createServer, type Server } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { listen, portOf } from '../net/handshake.ts'
import { sayThen, useLegs } from './legs.ts'

describe('threat 12: referral', () => {
  const legs = useLegs()
  let evil: Server
  let dialled = 0
  let url: string
  beforeAll(async () => {
    evil = createServer((socket) => {
      dialled += 1
      socket.destroy()
    })
    await listen(evil)
    url = `imap://ann@127.0.0.1:${portOf(evil)}/Elsewhere`
  })
  afterAll(() => void evil.close())

  /** What the client hears of this answer to its SELECT. */
  async function hear(answer: (tag: string) => string): Promise<string> {
    legs().serve(
      sayThen('* OK hi\r\n', (tag, line) => (line.includes('SELECT') ? answer(tag) : `${tag} OK done\r\n`)),
    )
    const peer = await legs().greet()
    await peer.run('a LOGIN ann hush')
    return peer.run('b SELECT INBOX')
  }

  it.each([
    ['NO', (tag: string) => `${tag} NO [REFERRAL ${url}] elsewhere\r\n`],
    ['OK', (tag: string) => `${tag} OK [REFERRAL ${url}] here too\r\n`],
    ['BAD', (tag: string) => `${tag} BAD [REFERRAL ${url}] elsewhere\r\n`],
    ['another case', (tag: string) => `${tag} NO [referral ${url}] elsewhere\r\n`],
    ['several', (tag: string) => `${tag} NO [REFERRAL ${url} ${url}] elsewhere\r\n`],
    ['an untagged OK', (tag: string) => `* OK [REFERRAL ${url}] x\r\n${tag} OK done\r\n`],
    ['an untagged NO', (tag: string) => `* NO [REFERRAL ${url}] x\r\n${tag} OK done\r\n`],
    ['no text', (tag: string) => `${tag} NO [REFERRAL ${url}]\r\n`],
    ['no space behind it', (tag: string) => `${tag} NO [REFERRAL ${url}]elsewhere\r\n`],
    ['two spaces before it', (tag: string) => `${tag} NO  [REFERRAL ${url}] elsewhere\r\n`],
    ['a TAB before it', (tag: string) => `${tag} NO \t[REFERRAL ${url}] elsewhere\r\n`],
    ['two spaces within', (tag: string) => `${tag} NO [REFERRAL  ${url}] elsewhere\r\n`],
    ['a space behind the bracket', (tag: string) => `${tag} NO [ REFERRAL ${url}] elsewhere\r\n`],
    ['no end', (tag: string) => `${tag} NO [REFERRAL ${url} elsewhere\r\n`],
    ['a TAB within', (tag: string) => `${tag} NO [REFERRAL\t${url}] elsewhere\r\n`],
    ['quotes', (tag: string) => `${tag} NO [REFERRAL "${url}"] elsewhere\r\n`],
    ['another code before it', (tag: string) => `${tag} NO [NOPERM] [REFERRAL ${url}] elsewhere\r\n`],
    [
      'behind a response on its line',
      (tag: string) => `* 3 EXISTS* OK [REFERRAL ${url}] x\r\n${tag} OK done\r\n`,
    ],
  ])('%s comes without it', async (_what, answer) => {
    const heard = await hear(answer)
    expect(heard).toMatch(/^b (?:OK|NO|BAD) /mu)
    expect(heard).not.toMatch(/REFERRAL|imap:\/\//iu)
    expect(legs().raw.map((text) => text.replace(/^T\w+ (?:LIST "" ""|NAMESPACE)\r\n/gmu, ''))).toEqual([
      'a LOGIN ann hush\r\nb SELECT INBOX\r\n',
    ])
    expect(dialled).toBe(0)
  })

  it.each([
    ['the greeting', () => `* OK [REFERRAL ${url}] hi\r\n`],
    ['a greeting of BYE', () => `* BYE [REFERRAL ${url}] go there\r\n`],
    ['a greeting of PREAUTH', () => `* PREAUTH [REFERRAL ${url}] hi\r\n`],
  ])('%s comes without it', async (_what, greeting) => {
    legs().serve(sayThen(greeting(), (tag) => `${tag} OK done\r\n`))
    const peer = await legs().open()
    const heard = await peer.until(/^\* .*\r\n/mu)
    expect(heard).not.toMatch(/REFERRAL|imap:\/\//iu)
    expect(dialled).toBe(0)
  })

  it.each([
    ['LOGIN', 'a LOGIN ann hush', 'NO'],
    ['LOGIN that succeeds', 'a LOGIN ann hush', 'OK'],
    ['AUTHENTICATE', 'a AUTHENTICATE PLAIN AGFubgBodXNo', 'NO'],
  ])('the answer to %s comes without it', async (_what, command, status) => {
    legs().serve(sayThen('* OK hi\r\n', (tag) => `${tag} ${status} [REFERRAL ${url}] go there\r\n`))
    const peer = await legs().greet()
    const heard = await peer.run(command)
    expect(heard).toMatch(new RegExp(`^a ${status} `, 'mu'))
    expect(heard).not.toMatch(/REFERRAL|imap:\/\//iu)
    expect(dialled).toBe(0)
  })

  it('the capabilities that announce them are hidden', async () => {
    legs().serve(
      sayThen(
        '* OK hi\r\n',
        (tag) => `* CAPABILITY IMAP4rev1 LOGIN-REFERRALS MAILBOX-REFERRALS\r\n${tag} OK done\r\n`,
      ),
    )
    const peer = await legs().greet()
    expect(await peer.run('a CAPABILITY')).toContain('* CAPABILITY IMAP4rev1 STARTTLS\r\n')
    expect(await peer.run('b RLIST "" *')).toMatch(/^b BAD /mu)
    expect(legs().received).toBe('a CAPABILITY\r\n')
  })
})
