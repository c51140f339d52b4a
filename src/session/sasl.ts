/** Reads the user's name out of a SASL exchange, and nothing else: passwords and tokens stay where they are. */

import { decodeBase64 } from '../imap/base64.ts'

/**
 * The name that a client authenticates as, from its first SASL message (base64, as on the wire), or undefined.
 * PLAIN (RFC 4616), LOGIN, CRAM-MD5 (RFC 2195), SCRAM-* (RFC 5802), XOAUTH2 and OAUTHBEARER (RFC 7628), EXTERNAL.
 */
export function readSaslUser(mechanism: string, base64: string): string | undefined {
  const message = readBase64(base64)
  const name = message === undefined ? undefined : readName(mechanism.toUpperCase(), message)
  // Where a NUL stands, a client has sent more than a name: its password, in the form of another mechanism.
  return name === '' || name?.includes('\0') ? undefined : name
}

function readName(mechanism: string, message: string): string | undefined {
  if (mechanism === 'PLAIN') return readPlainName(message)
  if (mechanism === 'LOGIN' || mechanism === 'EXTERNAL' || mechanism === 'ANONYMOUS') return message
  if (mechanism.startsWith('SCRAM-')) return /(?:^|,)n=([^,]*)/.exec(message)?.[1]
  if (mechanism === 'XOAUTH2') return /^user=([^\u0001]*)\u0001/.exec(message)?.[1]
  if (mechanism === 'OAUTHBEARER') return /^n,a=([^,]*),/.exec(message)?.[1]
  return undefined
}

/** `authorization NUL name NUL password`: in anything shorter, what stands second may be the password. */
function readPlainName(message: string): string | undefined {
  const parts = message.split('\0')
  return parts.length === 3 ? parts[1] : undefined
}

/** CRAM-MD5 sends the name in its answer to the challenge: `name digest`. */
export function readCramUser(base64: string): string | undefined {
  const message = readBase64(base64)
  const space = message?.lastIndexOf(' ') ?? -1
  return space > 0 ? message?.slice(0, space) : undefined
}

/** Mechanisms that can put a security layer of their own over the connection (RFC 4752, 2831 and their kin). */
export const layeredMechanisms = ['GSSAPI', 'GSS-SPNEGO', 'KERBEROS_V4', 'DIGEST-MD5', 'NTLM'] as const

export const mayAddLayer = (mechanism: string): boolean =>
  layeredMechanisms.some((layered) => layered === mechanism.toUpperCase())

/** Undefined for what is not base64. One character per octet; UTF-8 is decoded where it is valid. */
function readBase64(text: string): string | undefined {
  const octets = decodeBase64(text)
  return octets === undefined ? undefined : decodeText(octets)
}

function decodeText(binary: string): string {
  try {
    return decodeURIComponent(binary.replace(/[%\u0080-\u00ff]/g, percent))
  } catch {
    // Not UTF-8: shown octet by octet.
    return binary
  }
}

const percent = (octet: string): string => `%${octet.charCodeAt(0).toString(16).padStart(2, '0')}`
