import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Authority } from '../../src/net/authority.ts'
import { createTempFolder, type TempFolder } from '../support/temp-folder.ts'
import { dayMs, run, verify } from './ca-fixture.ts'
import { reach, serveTls } from './handshake.ts'

let folder: TempFolder
beforeEach(async () => {
  folder = await createTempFolder('authority')
})
afterEach(() => folder.remove())

describe('a leaf', () => {
  let home: TempFolder
  let authority: Authority
  beforeAll(async () => {
    home = await createTempFolder('leaf')
    authority = await Authority.open({ dir: home.path, leafKey: 'ecdsa' })
  })
  afterAll(() => home.remove())

  test('passes strict verification for its name, and for no other', async () => {
    const leaf = authority.leafFor('imap.example.com')
    expect(await verify(authority.path, leaf, '-verify_hostname', 'imap.example.com')).toContain('OK')
    await expect(verify(authority.path, leaf, '-verify_hostname', 'imap.example.org')).rejects.toThrow(
      /mismatch/i,
    )
  })

  test('passes strict verification for IPv4 and IPv6 addresses', async () => {
    expect(await verify(authority.path, authority.leafFor('192.0.2.7'), '-verify_ip', '192.0.2.7')).toContain(
      'OK',
    )
    const six = authority.leafFor('2001:db8::5:0:7')
    expect(await verify(authority.path, six, '-verify_ip', '2001:db8::5:0:7')).toContain('OK')
    expect(await verify(authority.path, authority.leafFor('::1'), '-verify_ip', '::1')).toContain('OK')
  })

  test('has the extensions, the life and the serial number that strict verifiers ask for', async () => {
    await writeFile(folder.join('leaf.pem'), authority.leafFor('imap.example.com'))
    const { stdout } = await run('openssl', ['x509', '-in', folder.join('leaf.pem'), '-noout', '-text'])
    expect(stdout).toMatch(/Basic Constraints: critical\s+CA:FALSE/)
    expect(stdout).toMatch(/Key Usage: critical\s+Digital Signature\n/)
    expect(stdout).toMatch(/Extended Key Usage: \s+TLS Web Server Authentication/)
    expect(stdout).toContain('Subject Key Identifier')
    const leaf = new X509Certificate(authority.leafFor('imap.example.com'))
    const days = (leaf.validToDate.getTime() - leaf.validFromDate.getTime()) / dayMs
    expect(days).toBeCloseTo(91, 3)
    expect(leaf.validFromDate.getTime()).toBeLessThan(Date.now() - dayMs + 60_000)
    expect(leaf.serialNumber).toMatch(/^[4-7][0-9A-F]{31}$/)
    expect(leaf.checkIssued(new X509Certificate(authority.certificatePem))).toBe(true)
  })

  test('has an empty subject and critical names when the name is too long for a common name', async () => {
    const long = `${'a'.repeat(63)}.${'b'.repeat(63)}.example`
    const leaf = authority.leafFor(long)
    expect(await verify(authority.path, leaf, '-verify_hostname', long)).toContain('OK')
    await writeFile(folder.join('long.pem'), leaf)
    const { stdout } = await run('openssl', ['x509', '-in', folder.join('long.pem'), '-noout', '-text'])
    expect(stdout).toMatch(/Subject: ?\n/)
    expect(stdout).toContain('Subject Alternative Name: critical')
  })

  test('may be signed by an RSA authority that the operator brought', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const [key, cert] = [folder.join('ca-key.pem'), folder.join('ca.pem')]
    await writeFile(key, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
    const subject = '/C=AT/O=Büro/CN=own CA'
    const extensions = ['-addext', 'keyUsage=critical,keyCertSign']
    await run('openssl', [
      'req',
      '-x509',
      '-utf8',
      '-key',
      key,
      '-subj',
      subject,
      '-days',
      '9',
      ...extensions,
      '-out',
      cert,
    ])
    const own = await Authority.open({ dir: folder.path, leafKey: 'rsa' })
    const leaf = own.leafFor('imap.example.com')
    expect(await verify(own.path, leaf)).toContain('OK')
    expect(new X509Certificate(leaf).validToDate.getTime()).toBeLessThan(Date.now() + 9.1 * dayMs)
  })
})

describe('contexts', () => {
  test('are shared by all connections for a name', async () => {
    const authority = await Authority.open({ dir: folder.path, leafKey: 'ecdsa' })
    expect(authority.contextFor('a.example')).toBe(authority.contextFor('A.EXAMPLE.'))
    expect(authority.contextFor('a.example')).not.toBe(authority.contextFor('b.example'))
  })

  test('are those of localhost for what is no name', async () => {
    const authority = await Authority.open({ dir: folder.path, leafKey: 'ecdsa' })
    for (const name of [undefined, '', '*.example', 'a..b', 'x'.repeat(9999), '\0']) {
      expect(authority.contextFor(name)).toBe(authority.contextFor('localhost'))
    }
  })

  test('are held for the 1,000 names used last', async () => {
    const authority = await Authority.open({ dir: folder.path, leafKey: 'ecdsa' })
    const kept = authority.contextFor('kept.example')
    const forgotten = authority.contextFor('forgotten.example')
    for (let index = 0; index < 1000; index++) {
      authority.contextFor(`n${index}.example`)
      authority.contextFor('kept.example')
    }
    expect(authority.size).toBe(1000)
    expect(authority.contextFor('kept.example')).toBe(kept)
    expect(authority.contextFor('forgotten.example')).not.toBe(forgotten)
  })

  test('are renewed after two thirds of their life', async () => {
    let now = Date.now()
    const authority = await Authority.open({ dir: folder.path, leafKey: 'ecdsa', now: () => now })
    const first = authority.contextFor('a.example')
    now += 59 * dayMs
    expect(authority.contextFor('a.example')).toBe(first)
    now += 2 * dayMs
    expect(authority.contextFor('a.example')).not.toBe(first)
    const { validToDate } = new X509Certificate(authority.leafFor('a.example'))
    expect(validToDate.getTime()).toBeGreaterThan(now + 89 * dayMs)
  })
})

describe('RSA leaves', () => {
  test('work with OpenSSL, and with a client that offers RSA ciphers only', async () => {
    const authority = await Authority.open({ dir: folder.path, leafKey: 'rsa' })
    expect(await verify(authority.path, authority.leafFor('imap.example.com'))).toContain('OK')
    const server = await serveTls(authority)
    const command = `openssl s_client -connect 127.0.0.1:${server.port} -servername imap.example.com -CAfile ${authority.path}`
    const { stdout } = await run('sh', ['-c', `${command} -verify_return_error </dev/null`])
    expect(stdout).toContain('Verify return code: 0 (ok)')
    expect(stdout).toContain('Server public key is 2048 bit')
    const options = {
      maxVersion: 'TLSv1.2',
      ciphers: 'AES128-GCM-SHA256',
      ca: authority.certificatePem,
    } as const
    const reached = await reach({ port: server.port, ...options })
    expect(reached.cipher).toBe('TLS_RSA_WITH_AES_128_GCM_SHA256')
    await server.close()
  })
})
