/** Rows of the list of extensions: what changes how the stream is cut, who may read it, or how it is read from then on. */

import type { Extension } from './extension.ts'

export const stream: readonly Extension[] = [
  {
    name: 'STARTTLS',
    source: 'RFC 2595, RFC 3501 section 6.2.1, RFC 9051 section 6.2.1',
    reads: { command: ['STARTTLS'] },
    proxy:
      "answered on the client's leg and said by imaptap on upstream's; octets behind it in the clear end the session",
  },
  {
    name: 'Implicit TLS',
    source: 'RFC 8314, RFC 7817, RFC 6186',
    reads: {},
    proxy: 'ends on each leg: a certificate of the local CA for the client, a verified one from upstream',
  },
  {
    name: 'LOGINDISABLED',
    source: 'RFC 3501 section 6.2.3, RFC 9051 section 6.2.3',
    reads: {},
    proxy: 'passes as it is',
  },
  {
    name: 'AUTH=*',
    source:
      'RFC 3501 section 6.2.2, RFC 4422, RFC 4616, RFC 2195, RFC 4505, RFC 5802, RFC 7677, RFC 7628, RFC 1731',
    reads: { command: ['AUTHENTICATE'] },
    alsoReads:
      'lines of a SASL exchange, base64 or not; the name in PLAIN, LOGIN, CRAM-MD5, SCRAM, XOAUTH2, OAUTHBEARER, EXTERNAL',
    proxy:
      'passes as it is, and no line is ever shown; hidden and refused where a security layer or channel binding cannot survive, opaque behind a layer all the same',
  },
  {
    name: 'SASL-IR',
    source: 'RFC 4959',
    reads: { command: ['AUTHENTICATE'] },
    alsoReads: 'the initial response, `=` for an empty one',
    proxy: 'passes as it is; the response is never shown',
  },
  {
    name: 'LITERAL+',
    source: 'RFC 2088, RFC 7888',
    reads: { code: ['TOOBIG'] },
    alsoReads: 'literals {n+} of any size, from clients and from servers',
    proxy: 'passes as it is; octets of a literal that was refused are counted all the same',
  },
  {
    name: 'LITERAL-',
    source: 'RFC 7888',
    reads: { code: ['TOOBIG'] },
    alsoReads: 'literals {n+}',
    proxy: 'passes as it is; size is not checked',
  },
  {
    name: 'COMPRESS=DEFLATE',
    source: 'RFC 4978',
    reads: { command: ['COMPRESS'], code: ['COMPRESSIONACTIVE'] },
    proxy: 'ends on each leg as --compress says; what is compressed is read like anything else',
  },
  {
    name: 'IDLE',
    source: 'RFC 2177',
    reads: { command: ['IDLE'] },
    alsoReads: 'DONE in any case, before `+` too; a command in its place is told of',
    proxy: 'passes as it is, each notification at once',
  },
  {
    name: 'ENABLE',
    source: 'RFC 5161',
    reads: { command: ['ENABLE'], untagged: ['ENABLED'] },
    proxy: 'passes as it is; what the server has enabled changes how both sides are read',
  },
  {
    name: 'UTF8=ACCEPT',
    aliases: ['UTF8=ONLY', 'UTF8=ALL', 'UTF8=APPEND', 'UTF8=USER'],
    source: 'RFC 6855, RFC 9755, RFC 5738',
    reads: { 'append data': ['UTF8'] },
    alsoReads: 'UTF-8 in quoted strings and mailbox names, once enabled',
    proxy: 'passes as it is; names are no longer taken for modified UTF-7',
  },
  {
    name: 'UNAUTHENTICATE',
    source: 'RFC 8437',
    reads: { command: ['UNAUTHENTICATE', 'X-UNAUTHENTICATE'] },
    proxy:
      'passes as it is; ends compression on both legs and everything the session knew but for TLS and ID',
  },
]
