import { createPrivateKey } from 'node:crypto'
import { once } from 'node:events'
import { connect as dial, createServer as createTcpServer, type Server } from 'node:net'
import { connect, createServer, type ConnectionOptions, type TlsOptions } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Authority } from '../../src/net/authority.ts'
import { openCa, type LocalCa } from '../../src/net/ca-files.ts'
import { toPem, writeCertificate } from '../../src/net/certificate.ts'
import { leafKey, mintLeaf, type LeafKey } from '../../src/net/leaf.ts'
import { closedInHandshake, explainTlsFailure, type TlsFailure } from '../../src/net/tls-failure.ts'
import { createTempFolder, type TempFolder } from '../support/temp-folder.ts'
import { dayMs, run } from './ca-fixture.ts'
import { listen, portOf, reach, serveTls, type LoopbackServer } from './handshake.ts'

let folder: TempFolder
let ca: LocalCa
let key: LeafKey
beforeAll(async () => {
  folder = await createTempFolder('failure')
  ca = await openCa(folder.path)
  key = await leafKey('ecdsa')
})
afterAll(() => folder.remove())

describe('a client that fails', () => {
  let server: LoopbackServer
  beforeAll(async () => {
    server = await serveTls(await Authority.open({ dir: folder.path, leafKey: 'ecdsa' }))
  })
  afterAll(() => server.close())

  /** What the server's side of this client's failure is explained as. */
  async function explain(client: () => Promise<unknown>): Promise<TlsFailure> {
    const accepted = server.next()
    const ended = client().catch(() => {})
    const outcome = await (await accepted).outcome
    await ended
    if (outcome === 'secured') throw new Error('the handshake did not fail')
    return explainTlsFailure('client', outcome, {
      name: 'imap.example.com',
      caPath: ca.files.certificatePath,
      upstreamUrl: 'imaps://imap.example.com:993',
    })
  }

  /** OpenSSL's client says by an alert why it leaves. */
  function openssl(...args: string[]): Promise<unknown> {
    const command = `openssl s_client -connect 127.0.0.1:${server.port} ${args.join(' ')} </dev/null`
    return run('sh', ['-c', command])
  }

  test.each(['-tls1_2', '-tls1_3'])('for want of the CA is told how to trust it (%s)', async (version) => {
    const { reason, advice } = await explain(() => openssl(version, '-verify_return_error'))
    expect(reason).toBe("the client does not trust imaptap's CA")
    expect(advice).toContain(`imaptap ca export --ca-dir ${folder.path} > imaptap-ca.pem`)
  })

  test('because of the name is told of both possible causes', async () => {
    const strict = ['-verify_return_error', '-CAfile', ca.files.certificatePath]
    const { reason } = await explain(() => openssl(...strict, '-verify_hostname', 'other.example'))
    expect(reason).toContain('refused the certificate for "imap.example.com"')
    expect(reason).toContain('expects another name')
  })

  test('by hanging up in silence is told that this is how many refuse a certificate', async () => {
    // Node's own client, and so every IMAP library built on it, sends no alert.
    const { reason, advice } = await explain(() => reach({ port: server.port, maxVersion: 'TLSv1.3' }))
    expect(reason).toContain('hung up during the TLS handshake')
    expect(advice).toContain('imaptap ca export')
  })

  test('by a reset is told the same', async () => {
    const { reason } = await explain(async () => {
      const socket = dial(server.port, '127.0.0.1')
      await once(socket, 'connect')
      socket.resetAndDestroy()
    })
    expect(reason).toContain('hung up during the TLS handshake')
  })

  test.each([
    ['cleartext IMAP', 'a1 CAPABILITY\r\n', 'spoke cleartext where TLS was due'],
    ['HTTP', 'GET / HTTP/1.1\r\n\r\n', 'spoke HTTP'],
    ['a proxy request', 'CONNECT a:1 HTTP/1.1\r\n\r\n', 'spoke HTTP'],
  ])('because it speaks %s is told so', async (_what, text, expected) => {
    const { reason } = await explain(async () => {
      const socket = dial(server.port, '127.0.0.1')
      socket.resume().write(text)
      await once(socket, 'close')
    })
    expect(reason).toContain(expected)
  })

  test('for want of a common TLS version or cipher is told which', async () => {
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const
    expect((await explain(() => reach({ port: server.port, ...old }))).reason).toContain(
      'TLS versions before 1.2',
    )
    const rsa = { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-RSA-AES128-GCM-SHA256' } as const
    expect((await explain(() => reach({ port: server.port, ...rsa }))).advice).toContain('--leaf-key rsa')
  })

  test('for another protocol in its ALPN is told so', async () => {
    const { reason } = await explain(() => reach({ port: server.port, ALPNProtocols: ['http/1.1'] }))
    expect(reason).toContain('another protocol than IMAP')
  })

  test('to trust a certificate of the operator is not sent to the local CA', () => {
    const error = Object.assign(new Error('alert'), { code: 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA' })
    const context = { name: 'a.example', caPath: undefined, upstreamUrl: 'imaps://a.example:993' }
    const { reason, advice } = explainTlsFailure('client', error, context)
    expect(reason + advice).not.toContain('imaptap ca')
    expect(reason).toContain('--cert')
  })
})

describe('an upstream server that fails', () => {
  test('with an unknown authority is met with --upstream-ca, and that mends it', async () => {
    const cert = leaf('imap.example.com', -1, 9)
    const alone = await explainDial(serve(cert))
    expect(alone.reason).toContain('no authority that is trusted here')
    expect(alone.advice).toContain('--upstream-ca FILE')
    const chained = await explainDial(serve(cert + ca.certificate.toString()))
    expect(chained.reason).toContain('an authority that this machine does not trust')
    expect(chained.advice).toContain('--upstream-ca FILE')
    const server = serve(cert).on('secureConnection', (socket) => socket.end('* OK ready\r\n'))
    await listen(server)
    const reached = reach({ port: portOf(server), servername: 'imap.example.com', ...trusting() })
    await expect(reached).resolves.toMatchObject({ authorized: true })
    server.close()
  })

  test('with a self-signed certificate is met with commands that fetch and trust it', async () => {
    const self = toPem(
      writeCertificate({
        commonName: 'imap.example.com',
        publicKey: key.publicKey,
        role: 'server',
        names: [{ kind: 'dns', name: 'imap.example.com' }],
        notBefore: new Date(Date.now() - dayMs),
        notAfter: new Date(Date.now() + dayMs),
        signedBy: { self: createPrivateKey(key.privateKeyPem) },
      }),
    )
    const { reason, advice } = await explainDial(serve(self))
    expect(reason).toContain('signed by itself')
    expect(advice).toMatch(
      /openssl s_client -connect 127\.0\.0\.1:\d+ -servername imap\.example\.com <\/dev\/null/,
    )
    expect(advice).toContain('--upstream-ca upstream.pem')
  })

  test('with a certificate of the past or of the future is named as such', async () => {
    expect((await explainDial(serve(leaf('imap.example.com', -9, -1)), trusting())).reason).toContain(
      'has expired',
    )
    expect((await explainDial(serve(leaf('imap.example.com', 1, 9)), trusting())).reason).toContain(
      'not valid yet',
    )
  })

  test('with another name is met with the names that it carries', async () => {
    const { reason, advice } = await explainDial(serve(leaf('mail.example.org', -1, 9)), trusting())
    expect(reason).toBe(`the server's certificate is not for "imap.example.com": it carries mail.example.org`)
    expect(advice).toContain('--upstream-name mail.example.org')
  })

  test('with hostile text for a name cannot write to the terminal or into the advised command', () => {
    const cert = { subjectaltname: 'DNS:\u001b[2J;rm -rf ~, DNS:x\u202e; reboot, URI:http://a b' }
    const error = Object.assign(new Error('mismatch'), { code: 'ERR_TLS_CERT_ALTNAME_INVALID', cert })
    const context = { name: 'a.example', caPath: undefined, upstreamUrl: 'imaps://a.example:993' }
    const { reason, advice } = explainTlsFailure('server', error, context)
    expect(reason).not.toMatch(/[\p{Cc}\p{Cf}]/u)
    expect(advice.endsWith('--upstream-name NAME')).toBe(true)
  })

  test('because it speaks cleartext is met with the URLs that fit', async () => {
    const implicit = await explainDial(servePlain())
    expect(implicit.reason).toContain('speaks cleartext on this port')
    expect(implicit.advice).toMatch(
      /--upstream imap\+starttls:\/\/127\.0\.0\.1:\d+, .*--upstream imap:\/\/127\.0\.0\.1:\d+$/,
    )
    const explicit = await explainDial(servePlain(), {}, 'imap+starttls')
    expect(explicit.reason).toContain('accepted STARTTLS and then spoke cleartext')
  })

  test('because it speaks only old TLS or no common cipher is told apart', async () => {
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const
    const cert = leaf('imap.example.com', -1, 9)
    expect((await explainDial(serve(cert, old))).reason).toContain('only TLS versions before 1.2')
    const rsa = { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-RSA-AES128-GCM-SHA256' } as const
    expect((await explainDial(serve(cert), rsa)).reason).toContain('no cipher in common')
  })

  test('because it demands a client certificate is told so', async () => {
    const server = serve(leaf('imap.example.com', -1, 9), {
      requestCert: true,
      ca: ca.certificate.toString(),
    })
    const { reason } = await explainDial(server, trusting())
    expect(reason).toContain('demands a client certificate')
  })

  test('by hanging up is told so, before TLS ended and after', async () => {
    const server = createTcpServer((socket) =>
      socket.on('error', () => {}).once('data', () => socket.resetAndDestroy()),
    )
    expect((await explainDial(server)).reason).toBe('the server hung up during the TLS handshake')
    const context = { name: 'a', caPath: undefined, upstreamUrl: 'imaps://a:993', isEstablished: true }
    expect(explainTlsFailure('server', closedInHandshake(), context).reason).toBe(
      'the server cut the connection',
    )
  })

  test('to be there at all is told from a name that does not exist', async () => {
    expect((await explainDial(undefined)).reason).toBe('nothing accepts connections at 127.0.0.1:1')
    const nowhere = await explainDial(undefined, { host: 'no-such-host.invalid' })
    // Without a network the resolver itself is what is missing.
    expect(nowhere.reason).toMatch(/"no-such-host\.invalid"/)
    expect(nowhere.reason).toMatch(/there is no host named|cannot be looked up/)
  })

  test('with a code that nobody foresaw still gives a readable line', () => {
    const error = Object.assign(new Error('40A:error:0A000:SSL routines::odd:ssl/x.c:1:\n'), {
      code: 'ERR_SSL_SOMETHING_ODD',
      reason: 'something odd',
    })
    const { reason } = explainTlsFailure('server', error, {
      name: 'a',
      caPath: undefined,
      upstreamUrl: 'imaps://a',
    })
    expect(reason).toBe('the connection to the server failed: something odd (SOMETHING_ODD)')
  })
})

/** What dialling this upstream with TLS is explained as. */
async function explainDial(
  server: Server | undefined,
  options: ConnectionOptions = {},
  scheme = 'imaps',
): Promise<TlsFailure> {
  if (server !== undefined && !server.listening) await listen(server)
  const port = server === undefined ? 1 : portOf(server)
  const socket = connect({ host: '127.0.0.1', port, servername: 'imap.example.com', ...options })
  const [error] = await once(socket, 'error').catch((reason: unknown) => [reason])
  server?.close()
  if (!(error instanceof Error)) throw new Error('it did not fail')
  return explainTlsFailure('server', error, {
    name: options.servername ?? 'imap.example.com',
    caPath: ca.files.certificatePath,
    upstreamUrl: `${scheme}://${options.host ?? '127.0.0.1'}:${port}`,
  })
}

function leaf(name: string, fromDays: number, toDays: number): string {
  return mintLeaf({
    name: { kind: 'dns', name },
    publicKey: key.publicKey,
    issuer: ca.issuer,
    notBefore: new Date(Date.now() + fromDays * dayMs),
    notAfter: new Date(Date.now() + toDays * dayMs),
  })
}

function serve(cert: string, options: TlsOptions = {}): Server {
  const server = createServer({ cert, key: key.privateKeyPem, ...options })
  return server.on('tlsClientError', () => {})
}

function trusting(): ConnectionOptions {
  return { ca: ca.certificate.toString() }
}

function servePlain(): Server {
  return createTcpServer((socket) => socket.on('error', () => {}).end('* OK IMAP4rev1 ready\r\n'))
}
