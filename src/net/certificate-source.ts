/** What imaptap presents to clients and how it shakes hands with them; it does not know where a certificate comes from. */

import type { X509Certificate } from 'node:crypto'
import {
  createSecureContext,
  DEFAULT_CIPHERS,
  type SecureContext,
  type TlsOptions,
  type TLSSocketOptions,
} from 'node:tls'
import { AuthorityError, readCertificate, readIfThere, readPrivateKey } from './ca-files.ts'
import { readServerName } from './leaf.ts'
import { describeCertificate } from './tls-facts.ts'

export interface CertificateSource {
  /** Never throws for a name: what cannot stand in a certificate gets the source's own fallback. */
  contextFor(sniOrAddress: string | undefined): SecureContext
  /** What is presented whatever the name, in words; undefined where each name gets its own. */
  readonly fixed: string | undefined
}

/** Paths of PEM files: the chain with the leaf first, and its key. */
export interface CertificateFiles {
  readonly cert: string
  readonly key: string
}

/** For `new TLSSocket(socket, options)`: the same on an implicit TLS port and after STARTTLS. */
export type ServerTlsOptions = TLSSocketOptions & {
  readonly isServer: true
  readonly secureContext: SecureContext
  /** Absent where every name gets the same: asking costs a fifth of a handshake in Node. */
  readonly SNICallback?: NonNullable<TlsOptions['SNICallback']>
  /** Node heeds it on a TLSSocket too, though its types name it for servers only. */
  readonly ALPNCallback: NonNullable<TlsOptions['ALPNCallback']>
}

/** RFC 7301's registry; a client that offers only others took us for another kind of server (ALPACA). */
const alpnProtocol = 'imap'

/**
 * AES-128-GCM first: with AES in hardware it relays a third faster than ChaCha20. What else Node accepts stays,
 * because this is a tool for looking at old clients too.
 */
const ciphers = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  DEFAULT_CIPHERS,
].join(':')

/** How imaptap presents itself as a server, with this certificate. One such context serves every connection. */
export function createServerContext(pem: { readonly cert: string; readonly key: string }): SecureContext {
  return createSecureContext({
    ...pem,
    // Clients are never asked for certificates, so the system's authorities need not be loaded.
    ca: [],
    minVersion: 'TLSv1.2',
    ciphers,
    honorCipherOrder: true,
  })
}

/** A real certificate from PEM files, whatever the name. Throws an AuthorityError that names the file at fault. */
export async function presentCertificate(files: CertificateFiles): Promise<CertificateSource> {
  const cert = await readThere(files.cert)
  const key = await readThere(files.key)
  const leaf = readCertificate(files.cert, cert, 'give a PEM file with the whole chain, the leaf first')
  const advice = 'give the PEM file of the private key, without a passphrase'
  if (!leaf.checkPrivateKey(readPrivateKey(files.key, key, advice))) throw mismatch(files, leaf)
  const context = createFromFiles(files, { cert: cert.toString(), key: key.toString() })
  return { contextFor: () => context, fixed: describeCertificate(leaf) }
}

/**
 * `fallbackName` is for clients that send no usable SNI: best the socket's local address, which is what such a
 * client dialled.
 */
export function serverTlsOptions(source: CertificateSource, fallbackName: string): ServerTlsOptions {
  const secureContext = source.contextFor(fallbackName)
  return {
    isServer: true,
    secureContext,
    // An exception in here would end the process and not the connection, so the worst case is the fallback.
    ...(source.fixed === undefined && {
      SNICallback: (name, done) => done(null, contextOr(secureContext, source, name)),
    }),
    // Undefined makes OpenSSL send the fatal alert no_application_protocol. No offer, no call.
    ALPNCallback: ({ protocols }) => (protocols.includes(alpnProtocol) ? alpnProtocol : undefined),
  }
}

function contextOr(fallback: SecureContext, source: CertificateSource, name: string): SecureContext {
  if (readServerName(name) === undefined) return fallback
  try {
    return source.contextFor(name)
  } catch {
    return fallback
  }
}

function createFromFiles(files: CertificateFiles, pem: { cert: string; key: string }): SecureContext {
  try {
    return createServerContext(pem)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new AuthorityError(
      `${files.cert} and ${files.key} cannot be used: ${reason}`,
      'give a PEM chain, the leaf first, and its key of at least 2048 bits RSA or P-256',
    )
  }
}

async function readThere(path: string): Promise<Buffer> {
  const found = await readIfThere(path)
  if (found === undefined) throw new AuthorityError(`there is no file ${path}`, 'check the path')
  return found
}

function mismatch(files: CertificateFiles, leaf: X509Certificate): AuthorityError {
  const subject = leaf.subject?.replaceAll('\n', ', ') ?? 'no subject'
  return new AuthorityError(
    `the key ${files.key} does not belong to the first certificate of ${files.cert} (${subject})`,
    'give the key made for it, or put the leaf first in the chain',
  )
}
