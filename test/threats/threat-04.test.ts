/** Threat 4: passwords that would cross a network in cleartext (RFC 8314). */

import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { startDovecot, type Dovecot } from '../support/dovecot.ts'
import { Peer } from '../support/peer.ts'
import { findFreePorts, waitForPort } from '../support/ports.ts'
import { startProxy } from '../support/proxy.ts'
import { createTempFolder } from '../support/temp-folder.ts'
import { requireTool } from '../support/tools.ts'
import { allowing, passTo, useLegs } from './legs.ts'

const isThere = requireTool('dovecot', { package: 'dovecot-imapd' }) !== undefined
/** Every address: nobody can tell whether what comes crossed a network. */
const everywhere = '0.0.0.0'

describe.skipIf(!isThere)('threat 4: plaintext login, with dovecot', () => {
  let dovecot: Dovecot
  let login: string
  let sasl: string
  let word: string
  beforeAll(async () => {
    dovecot = await startDovecot({ tls: 'none', users: ['plain-ann'] })
    const { name, password } = dovecot.user('plain-ann')
    word = password
    login = `LOGIN ${name} ${password}`
    sasl = Buffer.from(`\0${name}\0${password}`).toString('base64')
  })
  afterAll(() => dovecot.stop())
  const greet = (legs: ReturnType<typeof useLegs>) =>
    legs()
      .serve(passTo(() => dovecot.ports.imap))
      .greet()

  describe('on a cleartext listener that is not on loopback', () => {
    const legs = useLegs({ listenHost: everywhere })

    it.each([
      ['LOGIN', () => `a ${login}\r\n`],
      ['LOGIN with literals', () => `a LOGIN {9+}\r\nplain-ann {${word.length}+}\r\n${word}\r\n`],
      ['AUTHENTICATE PLAIN with its first message', () => `a AUTHENTICATE PLAIN ${sasl}\r\n`],
      ['LOGIN with a password that waits', () => `a LOGIN plain-ann {${word.length}}\r\n`],
      ['LOGIN with a name that waits', () => 'a LOGIN {9}\r\n'],
      ['AUTHENTICATE with a literal', () => `a AUTHENTICATE PLAIN {${sasl.length}}\r\n`],
      ['AUTHENTICATE with a literal unasked', () => `a AUTHENTICATE PLAIN {${sasl.length}+}\r\n${sasl}\r\n`],
      ['AUTHENTICATE PLAIN', () => 'a AUTHENTICATE PLAIN\r\n'],
      ['AUTHENTICATE CRAM-MD5', () => 'a AUTHENTICATE CRAM-MD5\r\n'],
      ['AUTHENTICATE XOAUTH2', () => `a AUTHENTICATE XOAUTH2 ${sasl}\r\n`],
    ])('%s is refused, and upstream hears nothing of it', async (_what, text) => {
      const peer = await greet(legs)
      // And no `+` before it: a client that waits for one keeps its password.
      expect(await peer.send(text()).until(/^a .*\r\n/mu)).toMatch(/^a NO \[PRIVACYREQUIRED\] /u)
      expect(await peer.run('b NOOP')).toMatch(/^b OK /mu)
      expect(legs().received).toBe('b NOOP\r\n')
      const decided = legs()
        .live.of('decided')
        .map(({ decided: one }) => one)
      expect(decided.some(({ rule, effect }) => rule === 'cleartext-login' && effect === 'deny')).toBe(true)
      for (const secret of [word, sasl]) expect(JSON.stringify(legs().live.events)).not.toContain(secret)
    })

    it('LOGINDISABLED is announced, and no mechanism', async () => {
      const peer = await legs()
        .serve(passTo(() => dovecot.ports.imap))
        .open()
      const greeting = await peer.until(/^\* OK .*\r\n/mu)
      const asked = await peer.run('a CAPABILITY')
      for (const said of [greeting, asked]) {
        expect(said).toMatch(/\bSTARTTLS\b.*\bLOGINDISABLED\b|\bLOGINDISABLED\b.*\bSTARTTLS\b/u)
        expect(said).not.toMatch(/AUTH=|SASL-IR/iu)
      }
    })

    it('under TLS the login is as ever, and announced so', async () => {
      const peer = await greet(legs)
      expect(await peer.run('a STARTTLS')).toMatch(/^a OK /mu)
      await peer.secure({ rejectUnauthorized: false })
      const asked = await peer.run('b CAPABILITY')
      expect(asked).toContain(' AUTH=PLAIN')
      expect(asked).not.toContain('LOGINDISABLED')
      expect(await peer.run(`c ${login}`)).toMatch(/^c OK /mu)
    })

    it('the port that is TLS from the first octet needs no STARTTLS', async () => {
      const peer = await legs()
        .serve(passTo(() => dovecot.ports.imap))
        .openTls()
      await peer.until(/^\* OK .*\r\n/mu)
      expect(await peer.run(`c ${login}`)).toMatch(/^c OK /mu)
    })
  })

  describe('where the policy says that it may be', () => {
    const legs = useLegs({ listenHost: everywhere, policy: `${allowing}  allowCleartextLogin: true\n` })

    it('it goes on', async () => {
      const peer = await greet(legs)
      expect(await peer.run('a CAPABILITY')).not.toContain('LOGINDISABLED')
      expect(await peer.run(`b ${login}`)).toMatch(/^b OK /mu)
    })
  })

  describe('under a dry run', () => {
    const legs = useLegs({ listenHost: everywhere, policy: `${allowing}  mode: dry-run\n` })

    it('it goes on', async () => {
      const peer = await greet(legs)
      expect(await peer.run(`a ${login}`)).toMatch(/^a OK /mu)
    })
  })

  describe('on loopback', () => {
    const legs = useLegs()

    it('it crosses no network', async () => {
      const peer = await greet(legs)
      expect(await peer.run('a CAPABILITY')).not.toContain('LOGINDISABLED')
      expect(await peer.run(`b ${login}`)).toMatch(/^b OK /mu)
    })
  })

  it('the password is in no log of the real program', async () => {
    const folder = await createTempFolder('t4')
    const config = folder.join('policy.yaml')
    const [port = 0] = await findFreePorts(1, everywhere)
    await writeFile(config, 'policy:\n  default: allow\n')
    const proxy = await startProxy({
      upstream: `imap://127.0.0.1:${dovecot.ports.imap}`,
      isWireLogged: true,
      args: ['--policy', config, '--listen', `imap://${everywhere}:${port}`, '--audit', folder.join('audit')],
    })
    try {
      expect(await waitForPort(port, '127.0.0.1', () => true)).toBe(true)
      const peer = await Peer.open(port)
      await peer.until(/^\* OK .*\r\n/mu)
      expect(await peer.run(`a ${login}`)).toMatch(/^a NO \[PRIVACYREQUIRED\]/mu)
      expect(await peer.run(`b AUTHENTICATE PLAIN ${sasl}`)).toMatch(/^b NO \[PRIVACYREQUIRED\]/mu)
      expect(await peer.run(`c LOGIN plain-ann {${word.length}+}\r\n${word}`)).toMatch(
        /^c NO \[PRIVACYREQUIRED\]/mu,
      )
      peer.close()
      await proxy.waitForRecord(
        (record) => record.event === 'exchange' && JSON.stringify(record).includes('AUTHENTICATE'),
      )
      const written = `${proxy.logText()}${proxy.output()}${readFileSync(folder.join('audit'), 'utf8')}`
      expect(written).toContain('PRIVACYREQUIRED')
      for (const secret of [word, sasl]) expect(written).not.toContain(secret)
    } finally {
      await proxy.stop()
      await folder.remove()
    }
  }, 60_000)
})
