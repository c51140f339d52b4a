import { createHash, generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { connect as dial } from 'node:net'
import { createSecureContext } from 'node:tls'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Authority } from '../../src/net/authority.ts'
import { toPem, writeCertificate } from '../../src/net/certificate.ts'
import { presentCertificate, serverTlsOptions } from '../../src/net/certificate-source.ts'
import { tlsFacts } from '../../src/net/tls-facts.ts'
import { createTempFolder, type TempFolder } from '../support/temp-folder.ts'
import { dayMs, failureOf, run } from './ca-fixture.ts'
import { reach, serveTls, type LoopbackServer } from './handshake.ts'

let folder: TempFolder
beforeEach(async () => {
  folder = await createTempFolder('source')
})
afterEach(() => folder.remove())

test('never make the SNI callback throw or answer with an error', async () => {
  const authority = await Authority.open({ dir: folder.path, leafKey: 'ecdsa' })
  const options = serverTlsOptions(authority, '192.0.2.1')
  const broken = serverTlsOptions(
    { fixed: undefined, contextFor: (name) => (name === 'x' ? options.secureContext : raise()) },
    'x',
  )
  for (const name of ['*', 'a\0b', '', 'é', '.'.repeat(300), 'fine.example']) {
    const answers: unknown[][] = []
    options.SNICallback?.(name, (...answer) => answers.push(answer))
    broken.SNICallback?.(name, (...answer) => answers.push(answer))
    const expected = name === 'fine.example' ? authority.contextFor(name) : options.secureContext
    expect(answers).toEqual([
      [null, expected],
      [null, options.secureContext],
    ])
    expect(answers[0]?.[1]).toBe(expected)
  }
})

function raise(): never {
  throw new Error('a bug')
}

describe('a client that trusts only the CA', () => {
  let home: TempFolder
  let server: LoopbackServer
  let ca: string
  let authority: Authority
  beforeAll(async () => {
    home = await createTempFolder('handshake')
    authority = await Authority.open({ dir: home.path, leafKey: 'ecdsa' })
    ca = authority.certificatePem
    server = await serveTls(authority)
  })
  afterAll(async () => {
    await server.close()
    await home.remove()
  })

  test('reaches a DNS name, and gets the leaf and the CA', async () => {
    const { port } = server
    const reached = await reach({ port, ca, servername: 'imap.example.com' })
    expect(reached).toMatchObject({
      authorized: true,
      greeting: '* OK ready\r\n',
      cipher: 'TLS_AES_128_GCM_SHA256',
    })
    expect(reached.certificate.subjectaltname).toBe('DNS:imap.example.com')
    const { stdout } = await run('sh', [
      '-c',
      `openssl s_client -connect 127.0.0.1:${port} -servername a.example -CAfile ${authority.path} -showcerts </dev/null`,
    ])
    expect(stdout.match(/BEGIN CERTIFICATE/g)).toHaveLength(2)
    expect(stdout).toContain('Verify return code: 0 (ok)')
  })

  test('reaches an address without SNI, and localhost on loopback', async () => {
    const { port } = server
    expect((await reach({ port, ca })).certificate.subjectaltname).toContain('IP Address:127.0.0.1')
    expect(await reach({ port, ca, servername: '', host: 'localhost' })).toMatchObject({
      authorized: true,
    })
  })

  test('speaks TLS 1.2 with AES-128-GCM', async () => {
    const reached = await reach({ port: server.port, ca, maxVersion: 'TLSv1.2' })
    expect(reached.cipher).toBe('TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256')
  })

  test('resumes its session', async () => {
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      const options = { port: server.port, ca, maxVersion, servername: 'imap.example.com' }
      const { session } = await reach(options)
      const accepted = server.next()
      if (session === undefined) throw new Error('no session ticket came')
      expect(await reach({ ...options, session })).toMatchObject({
        isResumed: true,
        greeting: '* OK ready\r\n',
      })
      expect(await (await accepted).outcome).toBe('secured')
    }
  })

  test('offers imap by ALPN and gets it; another protocol alone ends in alert 120', async () => {
    const { port } = server
    await expect(reach({ port, ca, ALPNProtocols: ['http/1.1', 'imap'] })).resolves.toMatchObject({
      authorized: true,
    })
    await expect(reach({ port, ca, ALPNProtocols: ['http/1.1'] })).rejects.toMatchObject({
      code: 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL',
    })
  })

  test('cannot speak TLS 1.1', async () => {
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const
    await expect(reach({ port: server.port, ca, ...old })).rejects.toMatchObject({
      code: expect.stringContaining('PROTOCOL_VERSION'),
    })
  })

  test('is served after many hostile hellos', async () => {
    const hello = clientHello('evil\r\n*.\x01host')
    for (let index = 0; index < 200; index++) await send(server.port, index % 2 ? hello : junk(index))
    await expect(reach({ port: server.port, ca })).resolves.toMatchObject({ authorized: true })
  })

  test('leaves the facts of its handshake on the server', async () => {
    const accepted = server.next()
    const reached = reach({ port: server.port, ca, servername: 'imap.example.com' })
    const { socket } = await accepted
    await once(socket, 'secure')
    expect(tlsFacts(socket, 'client')).toEqual({
      version: 'TLSv1.3',
      cipher: 'TLS_AES_128_GCM_SHA256',
      name: 'imap.example.com',
      certificate: 'CN=imap.example.com',
      isResumed: false,
    })
    await reached
  })
})

describe('a certificate of the operator', () => {
  test('is presented whatever the name', async () => {
    const { ca, ...files } = await makeFiles()
    const server = await serveTls(await presentCertificate(files))
    const reached = await reach({ port: server.port, ca, servername: 'own.example' })
    expect(reached).toMatchObject({ authorized: true, certificate: { subject: { CN: 'own.example' } } })
    await server.close()
  })

  test('is refused with the name of the file at fault', async () => {
    const { cert, key } = await makeFiles()
    const other = folder.join('own', 'other.pem')
    const gone = folder.join('gone.pem')
    expect((await failureOf(presentCertificate({ cert: gone, key }))).message).toBe(
      `there is no file ${gone}`,
    )
    expect((await failureOf(presentCertificate({ cert: key, key }))).message).toContain(key)
    expect((await failureOf(presentCertificate({ cert, key: cert }))).message).toContain(
      `${cert} is not a readable PEM private`,
    )
    const { message } = await failureOf(presentCertificate({ cert: other, key }))
    expect(message).toContain(`the key ${key} does not belong to the first certificate of ${other}`)
  })

  test('with a chain that is broken behind the leaf names both files', async () => {
    const { cert, key } = await makeFiles()
    const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'
    await writeFile(cert, (await readFile(cert, 'utf8')) + broken)
    const { message } = await failureOf(presentCertificate({ cert, key }))
    expect(message).toContain(cert)
    expect(() => createSecureContext({ cert: broken })).toThrow()
  })
})

async function makeFiles(): Promise<{ cert: string; key: string; ca: string }> {
  const authority = await Authority.open({ dir: folder.join('ca'), leafKey: 'ecdsa' })
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const other = authority.leafFor('own.example')
  await mkdir(folder.join('own'), { recursive: true })
  const files = { cert: folder.join('own', 'chain.pem'), key: folder.join('own', 'key.pem') }
  const self = writeCertificate({
    commonName: 'own.example',
    publicKey: privateKey,
    role: 'server',
    names: [{ kind: 'dns', name: 'own.example' }],
    notBefore: new Date(Date.now() - dayMs),
    notAfter: new Date(Date.now() + dayMs),
    signedBy: { self: privateKey },
  })
  await writeFile(files.cert, toPem(self))
  await writeFile(files.key, privateKey.export({ type: 'pkcs8', format: 'pem' }))
  await writeFile(folder.join('own', 'other.pem'), other)
  return { ...files, ca: toPem(self) }
}

/** Octets that are no TLS, the same in every run. */
function junk(seed: number): Buffer {
  return createHash('sha512').update(String(seed)).digest()
}

/** A minimal TLS 1.2 hello that carries any octets as its SNI name. */
function clientHello(name: string): Buffer {
  const host = Buffer.from(name, 'latin1')
  const sni = framed(2, Buffer.concat([Buffer.of(0), framed(2, host)]))
  const groups = framed(2, Buffer.of(0, 23))
  const schemes = framed(2, Buffer.of(4, 3))
  const extensions = Buffer.concat([extension(0, sni), extension(10, groups), extension(13, schemes)])
  const body = Buffer.concat([
    Buffer.of(3, 3),
    Buffer.alloc(32, 7),
    Buffer.of(0),
    framed(2, Buffer.of(0xc0, 0x2b)),
    framed(1, Buffer.of(0)),
    framed(2, extensions),
  ])
  const message = Buffer.concat([Buffer.of(1), framed(3, body)])
  return Buffer.concat([Buffer.of(22, 3, 1), framed(2, message)])
}

function extension(type: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.of(0, type), framed(2, content)])
}

function framed(lengthOctets: number, content: Buffer): Buffer {
  const length = Buffer.alloc(lengthOctets)
  length.writeUIntBE(content.length, 0, lengthOctets)
  return Buffer.concat([length, content])
}

async function send(port: number, octets: Buffer): Promise<void> {
  const socket = dial(port, '127.0.0.1')
  socket.on('error', () => {})
  socket.resume()
  await once(socket, 'connect')
  socket.end(octets)
  if (!socket.closed) await once(socket, 'close')
}
