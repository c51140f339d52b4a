/** What goes wrong between a client and imaptap, code by code, in words; it does not know how codes are found. */

import { dirname } from 'node:path'
import { caCommand } from './ca-files.ts'
import type { Explain } from './tls-failure.ts'
import { cleanText } from './tls-facts.ts'

const untrusted: Explain = ({ caPath }) =>
  caPath === undefined
    ? {
        reason: 'the client does not trust the certificate of --cert',
        advice:
          'check that the file holds the whole chain: openssl crl2pkcs7 -nocrl -certfile CERT | openssl pkcs7 -print_certs -noout',
      }
    : { reason: "the client does not trust imaptap's CA", advice: trustAdvice(caPath) }

/** Libraries use these alerts for an unknown CA and for a wrong name alike. */
const refused: Explain = ({ name, caPath }) => {
  const reason = `the client refused the certificate for ${JSON.stringify(cleanText(name))}`
  return caPath === undefined
    ? {
        reason,
        advice: 'connect to a name that the certificate of --cert carries, or give the one for this name',
      }
    : {
        reason: `${reason}: it does not trust imaptap's CA, or expects another name`,
        advice: trustAdvice(caPath),
      }
}

const cleartextClient: Explain = () => ({
  reason: 'the client spoke cleartext where TLS was due',
  advice: "set the client's security to SSL/TLS, or add a cleartext listener: --listen imap://127.0.0.1:1143",
})

const clientProtocols: Explain = () => ({
  reason: 'the client offers only TLS versions before 1.2',
  advice: 'update the client or its TLS library; to look at it as it is: --listen imap://127.0.0.1:1143',
})

const clientCiphers: Explain = () => ({
  reason: 'the client and imaptap have no cipher in common',
  advice: 'if the client is old, present RSA certificates: --leaf-key rsa',
})

const clientAlpn: Explain = () => ({
  reason: 'the client wants another protocol than IMAP on this port (ALPN)',
  advice: 'point only mail clients at this port; one that sends ALPN must offer "imap"',
})

const httpClient: Explain = () => ({
  reason: 'the client spoke HTTP on an IMAP port',
  advice: 'point only mail clients at this port',
})

const clientCutOff: Explain = ({ caPath }) => ({
  reason: 'the client hung up during the TLS handshake; many do so when they refuse a certificate',
  advice: caPath === undefined ? 'see the log of the client for its reason' : trustAdvice(caPath),
})

const clientSilent: Explain = () => ({
  reason: 'the client waited for a greeting in cleartext where TLS was due, and left',
  advice: "set the client's security to SSL/TLS, or use the port of an imap:// listener",
})

const clientUnused: Explain = ({ caPath }) => ({
  reason:
    'the client hung up right behind the TLS handshake, without a word; some do so when they refuse a certificate',
  advice: caPath === undefined ? 'see the log of the client for its reason' : trustAdvice(caPath),
})

const clientExpired: Explain = () => ({
  reason: 'the client holds the certificate for expired',
  advice: 'check the clocks of both machines: date -u; and the CA: imaptap ca show',
})

export const clientFailures: ReadonlyMap<string, Explain> = new Map([
  ['ALERT_UNKNOWN_CA', untrusted],
  ['ALERT_BAD_CERTIFICATE', refused],
  ['ALERT_CERTIFICATE_UNKNOWN', refused],
  ['ALERT_UNSUPPORTED_CERTIFICATE', refused],
  ['ALERT_ACCESS_DENIED', refused],
  ['ALERT_CERTIFICATE_EXPIRED', clientExpired],
  ['WRONG_VERSION_NUMBER', cleartextClient],
  ['PACKET_LENGTH_TOO_LONG', cleartextClient],
  ['HTTP_REQUEST', httpClient],
  ['HTTPS_PROXY_REQUEST', httpClient],
  ['UNSUPPORTED_PROTOCOL', clientProtocols],
  ['ALERT_PROTOCOL_VERSION', clientProtocols],
  ['VERSION_TOO_LOW', clientProtocols],
  ['NO_SHARED_CIPHER', clientCiphers],
  ['NO_SUITABLE_SIGNATURE_ALGORITHM', clientCiphers],
  ['NO_SUITABLE_KEY_SHARE', clientCiphers],
  ['ALERT_HANDSHAKE_FAILURE', clientCiphers],
  ['NO_APPLICATION_PROTOCOL', clientAlpn],
  ['ECONNRESET', clientCutOff],
  ['EPIPE', clientCutOff],
  ['UNEXPECTED_EOF_WHILE_READING', clientCutOff],
  ['CLOSED_SILENTLY', clientSilent],
  ['CLOSED_UNUSED', clientUnused],
  ['ALERT_CLOSE_NOTIFY', clientCutOff],
  ['ALERT_USER_CANCELLED', clientCutOff],
])

function trustAdvice(caPath: string): string {
  const [make, show] = [caCommand('export', dirname(caPath)), caCommand('show', dirname(caPath))]
  return `make the client trust the CA: ${make} > imaptap-ca.pem, then import it; ${show} tells how`
}
