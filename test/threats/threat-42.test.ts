/** Threat 42: a name that is a line, or a record, to whoever writes it down. */

import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { Direct, quote } from '../oracle/direct.ts'
import { startDovecot, type Dovecot } from '../support/dovecot.ts'
import { Peer } from '../support/peer.ts'
import { startProxy, type Proxy } from '../support/proxy.ts'
import { createTempFolder, type TempFolder } from '../support/temp-folder.ts'
import { requireTool } from '../support/tools.ts'
import { writeFileSync } from 'node:fs'
import { describeThreat, expectCut, expectRefused, hiding } from './support.ts'

/** Each is a name; what stands behind its line end would be a command, a setting, a record or a screen's. */
const names = [
  'a\r\nset x',
  'a\nset x',
  'a\rset x',
  'a\r\nb DELETE Secret',
  'u\n{"event":"forged"}',
  'u"},{"event":"forged","x":"',
  'a\tb\0c',
  'a\u001b]52;c;eA==\u0007b',
  'a\u009b2Jb',
  "a' OR '1'='1",
  '$(id)',
  '%u%n',
]
const lit = (text: string): string =>
  `{${Buffer.from(text).length}+}\r\n${Buffer.from(text).toString('latin1')}`

describeThreat('threat 42: injection into side protocols', {}, (stage) => {
  const withControls = names.filter((name) => /[\0-\x1f\x7f-\x9f%"\\]/u.test(name))
  it.each(withControls)('LOGIN of %j reaches no server', async (name) => {
    await expectRefused(await stage().greet(), `a LOGIN ${lit(name)} x\r\n`)
  })

  it.each(withControls)('nor does PLAIN of %j', async (name) => {
    const response = Buffer.from(`\0${name}\0x`).toString('base64')
    const session = await stage().greet()
    await session.send(`a AUTHENTICATE PLAIN ${response}\r\n`)
    expect(await session.peer.until(/^a .*\r\n/mu)).toMatch(/^a (?:NO|BAD) /mu)
    expect(session.upstream).not.toContain(response)
  })

  it.each(names.filter((name) => /[\r\n\0]/u.test(name)))('nor is %j the name of a mailbox', async (name) => {
    const session = await stage().enter()
    await expectRefused(session, `a CREATE ${lit(name)}\r\n`)
    expect(session.heard).not.toMatch(/^(?:set x|b )/mu)
  })

  it('a quoted name with a line end cuts the session', async () => {
    await expectCut(await stage().greet(), 'a LOGIN "a\r\nset x" y\r\n'.replace('\r\n', '\n'))
  })
})

const tools = [
  requireTool('dovecot', { package: 'dovecot-imapd' }),
  requireTool('openssl', { package: 'openssl' }),
]

describe.skipIf(tools.includes(undefined))(
  'threat 42: injection into the log, the capture and the audit',
  () => {
    let dovecot: Dovecot
    let proxy: Proxy
    let folder: TempFolder

    beforeAll(async () => {
      folder = await createTempFolder('t42')
      dovecot = await startDovecot({ tls: 'none', users: ['ann'] })
      writeFileSync(folder.join('policy.yaml'), `policy:\n${hiding}`)
      proxy = await startProxy({
        upstream: `imap://127.0.0.1:${dovecot.ports.imap}`,
        isWireLogged: true,
        args: [
          '--config',
          folder.join('policy.yaml'),
          '--audit',
          folder.join('audit.ndjson'),
          '--capture',
          folder.join('capture.ndjson'),
          '--log',
          folder.join('proxy.log'),
        ],
      })
      for (const name of names) await tryEverything(name)
      await proxy.stop()
    })
    afterAll(async () => {
      await dovecot.stop()
      await folder.remove()
    })

    async function tryEverything(name: string): Promise<void> {
      const peer = await Peer.open(proxy.ports.imap)
      await peer.until(/^\* OK .*\r\n/mu)
      await peer.run(`b LOGIN ${lit(name)} x`)
      await peer.run(`c LOGIN ann ${quote(dovecot.user('ann').password)}`)
      await peer.run(`d ID ("name" ${lit(name)})`)
      await peer.run(`e STATUS ${lit(name)} (MESSAGES)`)
      await peer.run('f SELECT INBOX')
      await peer.run(`g SEARCH SUBJECT ${lit(name)}`)
      peer.close()
    }

    it.each(['audit.ndjson', 'capture.ndjson', 'proxy.log'])(
      '%s has one record a line, and none that was forged',
      async (file) => {
        const octets = await readFile(folder.join(file), 'latin1')
        const lines = octets.split('\n').slice(0, -1)
        expect(lines.length).toBeGreaterThan(names.length)
        const records = lines.map((line): unknown => JSON.parse(line))
        expect(records.every((record) => typeof record === 'object' && record !== null)).toBe(true)
        expect(lines.filter((line) => /^set x|^\{"event":"forged"/u.test(line))).toEqual([])
        // C0 and C1 but the line end itself.
        expect(octets).not.toMatch(/[\0-\x09\x0b-\x1f\x7f]|\u00c2[\x80-\x9f]/u)
      },
    )

    it('the server got no command of theirs', async () => {
      const direct = await Direct.open(dovecot.ports.imap, 'ann', dovecot.user('ann').password)
      expect((await direct.run('LIST "" "*"')).data).not.toMatch(/set x|forged/u)
      direct.close()
    })
  },
)
