/** What the end-to-end tests stand on: a Dovecot that is as it was asked to be, mail of every kind, no forgotten secret. */

import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { connect } from 'node:net'
import { afterEach, describe, expect, test, vi } from 'vitest'

import { run } from '../support/child.ts'
import { startDovecot, type Dovecot, type DovecotOptions } from '../support/dovecot.ts'
import { generateMailbox, kindsOfMessages } from '../support/mail.ts'
import { findSecretTraces } from '../support/secret-traces.ts'
import { requireTool, toolPath } from '../support/tools.ts'

const dovecotPath = requireTool('dovecot', { package: 'dovecot-imapd' })
const opensslPath = requireTool('openssl', { package: 'openssl' })
const psPath = requireTool('ps', { package: 'procps' })

describe.skipIf([dovecotPath, opensslPath, psPath].includes(undefined))('a test Dovecot', () => {
  const started: Dovecot[] = []

  afterEach(async () => {
    await Promise.all(started.splice(0).map((dovecot) => dovecot.stop()))
  })

  test('without TLS offers no STARTTLS and listens on no TLS port', async () => {
    const dovecot = await start({ tls: 'none' })
    expect(await readGreeting(dovecot)).not.toContain('STARTTLS')
    await expect(readGreeting(dovecot, dovecot.ports.imaps)).rejects.toThrow('ECONNREFUSED')
  })

  test('that requires TLS refuses a password in cleartext', async () => {
    const dovecot = await start({ tls: 'required' })
    const greeting = await readGreeting(dovecot)
    expect(greeting).toContain('LOGINDISABLED')
    expect(greeting).toContain('STARTTLS')
  })

  test('offers the mechanisms that were asked for, and no others', async () => {
    const dovecot = await start({ mechanisms: ['cram-md5', 'scram-sha-256'] })
    const greeting = await readGreeting(dovecot)
    expect(greeting).toContain('AUTH=CRAM-MD5 AUTH=SCRAM-SHA-256')
    expect(greeting).not.toContain('AUTH=PLAIN')
  })

  test('says who logged in, and offers COMPRESS when asked to', async () => {
    const dovecot = await start({ isCompressing: true })
    const { name, password } = dovecot.user('alice')
    const quoted = password.replaceAll(/["\\]/g, '\\$&')
    const answer = await converse(dovecot, dovecot.ports.imap, `a LOGIN ${name} "${quoted}"\r\nb LOGOUT\r\n`)
    expect(answer).toContain('COMPRESS=DEFLATE')
    await expect.poll(() => dovecot.logs()).toContain('Login: user=<alice>')
  })

  test('runs beside another and leaves neither a process nor a folder', async () => {
    const pair = await Promise.all([start({}), start({})])
    const folders = pair.map(({ caFile }) => dirname(caFile))
    await Promise.all(started.splice(0).map((dovecot) => dovecot.stop()))
    expect(folders.filter((folder) => existsSync(folder))).toEqual([])
    const { stdout } = await run(toolPath('ps'), ['-eo', 'args'])
    expect(folders.filter((folder) => stdout.toString().includes(folder))).toEqual([])
  })

  async function start(options: DovecotOptions): Promise<Dovecot> {
    const dovecot = await startDovecot(options)
    started.push(dovecot)
    return dovecot
  }
})

describe('generated mail', () => {
  test('is the same for the same seed and another one for another', () => {
    expect(generateMailbox(1, 50)).toEqual(generateMailbox(1, 50))
    expect(generateMailbox(1, 50)).not.toEqual(generateMailbox(2, 50))
  })

  test('has empty, 8-bit and long-lined messages, and never a NUL', () => {
    const octets = generateMailbox(3, kindsOfMessages).map((message) => message.octets)
    expect(octets.filter(({ length }) => length === 0)).toHaveLength(1)
    expect(octets.filter((message) => message.some((octet) => octet > 127)).length).toBeGreaterThan(2)
    expect(octets.filter((message) => longestLine(message) > 30_000)).toHaveLength(1)
    expect(octets.filter((message) => message.includes(0))).toEqual([])
  })
})

describe('the search for secrets', () => {
  const secret = 'Lantern"a\\Harbour Quartz7'

  test.for([0, 1, 2])('finds a password in base64 after %d other octets', (shift) => {
    const text = Buffer.from(`${'u'.repeat(shift)}${secret}\0tail`).toString('base64')
    expect(findSecretTraces(`{"line":"${text}"}`, secret)).not.toEqual([])
  })

  test('finds a password that was escaped, and nothing in an innocent text', () => {
    expect(findSecretTraces(JSON.stringify({ line: `"${secret}"` }), secret)).not.toEqual([])
    expect(findSecretTraces('{"line":"a LOGIN alice \u2039redacted\u203a"}', secret)).toEqual([])
  })
})

describe('an absent program', () => {
  afterEach(() => {
    vi.unstubAllEnvs()
    vi.restoreAllMocks()
  })

  test('is named aloud with the package that brings it', () => {
    vi.stubEnv('CI', '')
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    expect(requireTool('no-such-program', { package: 'some-package' })).toBeUndefined()
    expect(write).toHaveBeenCalledWith(
      'SKIPPED: no-such-program is not installed: apt-get install some-package\n',
    )
  })

  test('is a failure under CI', () => {
    vi.stubEnv('CI', 'true')
    expect(() => requireTool('no-such-program', { package: 'some-package' })).toThrow(
      'apt-get install some-package',
    )
  })
})

async function readGreeting(dovecot: Dovecot, port = dovecot.ports.imap): Promise<string> {
  return converse(dovecot, port, 'x LOGOUT\r\n')
}

async function converse(dovecot: Dovecot, port: number, lines: string): Promise<string> {
  const host = dovecot.host === 'localhost' ? '127.0.0.1' : dovecot.host
  const socket = connect(port, host)
  await once(socket, 'connect')
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  socket.write(lines)
  await once(socket, 'close')
  return Buffer.concat(chunks).toString('latin1')
}

function longestLine(octets: Uint8Array): number {
  const lines = Buffer.from(octets).toString('latin1').split('\n')
  return Math.max(...lines.map((line) => line.length))
}
