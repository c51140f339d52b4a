/** What goes wrong between imaptap and the upstream server, code by code, in words; it does not know how codes are found. */

import { readServerName } from './leaf.ts'
import type { Explain, TlsError, TlsFailureContext } from './tls-failure.ts'
import { cleanText } from './tls-facts.ts'
import { shellWord } from './shell-word.ts'

const selfSigned: Explain = (context) => ({
  reason: `the server's certificate is signed by itself, so nobody vouches for ${quote(context.name)}`,
  advice: `if it is yours, keep it and trust it: ${fetchCommand(context)} > upstream.pem, then --upstream-ca upstream.pem`,
})

const privateCa: Explain = () => ({
  reason: "the server's certificate comes from an authority that this machine does not trust",
  advice:
    "trust that authority's certificate: --upstream-ca FILE; to accept anything while you test: --insecure-upstream",
})

const incompleteChain: Explain = () => ({
  reason:
    "the server's certificate leads to no authority that is trusted here, or the server left out a link",
  advice: 'give the PEM of the authority, with the missing link if there is one: --upstream-ca FILE',
})

const expired: Explain = () => ({
  reason: "the server's certificate has expired",
  advice: 'have it renewed; until then, knowing that anybody may listen: --insecure-upstream',
})

const notYetValid: Explain = () => ({
  reason: "the server's certificate is not valid yet",
  advice: "check this machine's clock: date -u",
})

const wrongName: Explain = ({ name }, error) => {
  const names = certificateNames(error)
  const exact = names.find((one) => readServerName(one)?.kind === 'dns')
  const shown = names.length === 0 ? 'no name' : names.slice(0, 8).map(cleanText).join(', ')
  return {
    reason: `the server's certificate is not for ${quote(name)}: it carries ${shown}`,
    advice: `connect to a name that it carries, or if that is the server you mean: --upstream-name ${exact ?? 'NAME'}`,
  }
}

const badCertificate: Explain = () => ({
  reason:
    "the server's certificate cannot be accepted: it is malformed, revoked, weak or made for another purpose",
  advice: 'have it replaced; until then, knowing that anybody may listen: --insecure-upstream',
})

const cleartextServer: Explain = ({ upstreamUrl }) => {
  const { host, hostname } = readUrl(upstreamUrl)
  const isStartTls = upstreamUrl.startsWith('imap+starttls:')
  return {
    reason: isStartTls
      ? `${host} accepted STARTTLS and then spoke cleartext`
      : `${host} speaks cleartext on this port, not TLS`,
    advice: isStartTls
      ? `try implicit TLS: --upstream imaps://${hostname}`
      : `use STARTTLS: --upstream imap+starttls://${host}, or no TLS at all: --upstream imap://${host}`,
  }
}

const serverProtocols: Explain = () => ({
  reason: 'the server speaks only TLS versions before 1.2',
  advice: 'update the server: imaptap demands TLS 1.2 as every current client does',
})

const serverHandshake: Explain = (context) => ({
  reason: `the server refused the handshake: no cipher in common, or it does not know ${quote(context.name)}`,
  advice: `see what it offers: ${inspectCommand(context)}; another name is sent with --upstream-name NAME`,
})

const clientCertificate: Explain = () => ({
  reason: 'the server demands a client certificate, which imaptap cannot present',
  advice: 'turn client certificates off on the server for this connection',
})

const serverCutOff: Explain = (context) => ({
  reason: 'the server hung up during the TLS handshake',
  advice: `check that the port speaks TLS and is not blocked: ${inspectCommand(context)}`,
})

const notListening: Explain = ({ upstreamUrl }) => ({
  reason: `nothing accepts connections at ${readUrl(upstreamUrl).host}`,
  advice: 'check host and port of --upstream, and that the server runs',
})

const unknownHost: Explain = ({ upstreamUrl }) => ({
  reason: `there is no host named ${quote(readUrl(upstreamUrl).hostname)}`,
  advice: 'check the spelling of --upstream',
})

const resolverDown: Explain = ({ upstreamUrl }) => ({
  reason: `the name ${quote(readUrl(upstreamUrl).hostname)} cannot be looked up at the moment`,
  advice: "check this machine's network and its DNS resolver: cat /etc/resolv.conf",
})

const unreachable: Explain = ({ upstreamUrl }) => ({
  reason: `no answer from ${readUrl(upstreamUrl).host}`,
  advice: 'check the network, firewalls, and host and port of --upstream',
})

export const serverFailures: ReadonlyMap<string, Explain> = new Map([
  ['DEPTH_ZERO_SELF_SIGNED_CERT', selfSigned],
  ['SELF_SIGNED_CERT_IN_CHAIN', privateCa],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', incompleteChain],
  ['UNABLE_TO_GET_ISSUER_CERT', incompleteChain],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', incompleteChain],
  ['CERT_UNTRUSTED', privateCa],
  ['CERT_HAS_EXPIRED', expired],
  ['CERT_NOT_YET_VALID', notYetValid],
  ['ERR_TLS_CERT_ALTNAME_INVALID', wrongName],
  ['HOSTNAME_MISMATCH', wrongName],
  ['CERT_SIGNATURE_FAILURE', badCertificate],
  ['CERT_REVOKED', badCertificate],
  ['CERT_REJECTED', badCertificate],
  ['INVALID_PURPOSE', badCertificate],
  ['INVALID_CA', badCertificate],
  ['EE_KEY_TOO_SMALL', badCertificate],
  ['CA_MD_TOO_WEAK', badCertificate],
  ['WRONG_VERSION_NUMBER', cleartextServer],
  ['PACKET_LENGTH_TOO_LONG', cleartextServer],
  ['UNSUPPORTED_PROTOCOL', serverProtocols],
  ['ALERT_PROTOCOL_VERSION', serverProtocols],
  ['ALERT_HANDSHAKE_FAILURE', serverHandshake],
  ['UNRECOGNIZED_NAME', serverHandshake],
  ['ALERT_UNRECOGNIZED_NAME', serverHandshake],
  ['ALERT_CERTIFICATE_REQUIRED', clientCertificate],
  ['ECONNRESET', serverCutOff],
  ['EPIPE', serverCutOff],
  ['UNEXPECTED_EOF_WHILE_READING', serverCutOff],
  ['ECONNREFUSED', notListening],
  ['ENOTFOUND', unknownHost],
  ['EAI_NODATA', unknownHost],
  ['EAI_AGAIN', resolverDown],
  ['ETIMEDOUT', unreachable],
  ['EHOSTUNREACH', unreachable],
  ['ENETUNREACH', unreachable],
])

/** The names of the certificate that was refused, as Node's error carries them: `DNS:a.example, IP Address:192.0.2.1`. */
function certificateNames(error: TlsError): readonly string[] {
  if (!('cert' in error) || typeof error.cert !== 'object' || error.cert === null) return []
  if (!('subjectaltname' in error.cert) || typeof error.cert.subjectaltname !== 'string') return []
  return error.cert.subjectaltname.split(', ').map((entry) => entry.replace(/^[^:]*:/, ''))
}

function fetchCommand(context: TlsFailureContext): string {
  return `${inspectCommand(context)} | openssl x509`
}

function inspectCommand({ upstreamUrl, name }: TlsFailureContext): string {
  const { host } = readUrl(upstreamUrl)
  const startTls = upstreamUrl.startsWith('imap+starttls:') ? ' -starttls imap' : ''
  const sni = readServerName(name)?.kind === 'dns' ? ` -servername ${shellWord(name)}` : ''
  return `openssl s_client -connect ${shellWord(host)}${startTls}${sni} </dev/null`
}

/** Host with port, and without; the whole text for what is no URL. */
function readUrl(text: string): { readonly host: string; readonly hostname: string } {
  return URL.canParse(text) ? new URL(text) : { host: text, hostname: text }
}

function quote(text: string): string {
  return JSON.stringify(cleanText(text))
}
