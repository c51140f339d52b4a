/** What each source of configuration may say, as a schema that also becomes config.schema.json; it does not know files or precedence. */

import { z } from 'zod'
import { auditMap } from './audit-settings.ts'
import { capability, checked, duration, nonEmpty, oneOrMany, path, size } from './checked-text.ts'
import { readListenUrl } from './listen-url.ts'
import { policyMap } from './policy-schema.ts'
import { proxyProtocolMap } from './proxy-protocol-settings.ts'
import { readUpstreamUrl } from './upstream-url.ts'

const upstreamUrl = checked((text) => {
  const read = readUpstreamUrl(text)
  return read.ok ? undefined : read.message
})

const listenUrl = checked((text) => {
  const read = readListenUrl(text)
  return read.ok ? undefined : read.message
})

const upstreamMap = z.strictObject({
  url: upstreamUrl
    .optional()
    .describe(
      'The real server: imaps://HOST (TLS), imap+starttls://HOST (STARTTLS demanded) or imap://HOST (cleartext). Default ports: 993, 143, 143.',
    )
    .meta({ examples: ['imaps://imap.example.com'] }),
  ca: path
    .optional()
    .describe('PEM file of authorities to trust for the upstream instead of those of the system.'),
  name: checked(nonEmpty)
    .optional()
    .describe("Name that the upstream's certificate must carry, when it is not the host of the URL."),
  insecure: z
    .boolean()
    .optional()
    .describe('Accept any certificate from the upstream. Whoever stands between can read and change all.'),
})

const tls = z.strictObject({
  caDir: path
    .optional()
    .describe('Folder of the local CA that signs certificates for clients. Default: the XDG state folder.'),
  leafKey: z
    .enum(['ecdsa', 'rsa'])
    .optional()
    .describe('Kind of key in the certificates made for clients. Default: ecdsa. Old clients need rsa.'),
  cert: path
    .optional()
    .describe('PEM file of a certificate chain to present instead of made ones. Needs `key`.'),
  key: path.optional().describe('PEM file of the private key of `cert`.'),
  keyLog: path
    .optional()
    .describe('File that receives the TLS secrets of both legs, for Wireshark. Default: $SSLKEYLOGFILE.'),
})

const log = z.strictObject({
  file: path
    .optional()
    .describe(
      'File that receives JSON lines, or - for stdout. Default: text on stderr when it is a terminal, else JSON on stdout.',
    ),
  level: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .optional()
    .describe('The least important lines that are still logged. Default: info.'),
  wire: z
    .boolean()
    .optional()
    .describe('Log every line of both directions, credentials blanked. Default: false.'),
})

const control = z.strictObject({
  socket: z
    .union([path, z.literal(false)])
    .optional()
    .describe(
      'Unix socket for imaptap attach, sessions, kill and tail, or false for none. Default: one in the runtime folder of the service or the user.',
    ),
})

const capture = z.strictObject({
  path: path
    .optional()
    .describe('File or folder (one file per start) that receives all that is said, to be read again.'),
  secrets: z.boolean().optional().describe('Keep credentials in captures. Default: false.'),
  bodies: z
    .boolean()
    .optional()
    .describe('Keep the text of mails in captures, not only its size and hash. Default: false.'),
  maxSize: size.optional().describe('Size after which a new file is begun. Default: 100MiB.'),
  maxAge: duration.optional().describe('Time after which a new file is begun. Default: 24h.'),
  quota: size
    .optional()
    .describe('Size of all files together; the oldest closed ones are removed. Default: 1GiB.'),
  compress: z
    .enum(['zstd', 'gzip', 'none'])
    .optional()
    .describe('How closed files are compressed. Default: zstd.'),
})

const finding = checked((text) =>
  /^(?:[A-Za-z]\d{2}|[a-z0-9]+(?:-[a-z0-9]+)+)$/.test(text)
    ? undefined
    : 'must be the id or the name of a finding, such as S01 or expunge-without-command',
)

const findings = z.strictObject({
  enabled: z
    .boolean()
    .optional()
    .describe(
      'Read every message of both directions and report what is wrong or slow. Default: while the dashboard is open.',
    ),
  ignore: z
    .union([finding, z.array(finding)])
    .optional()
    .describe('Findings that are not reported, by id or name; docs/findings.md lists them.')
    .meta({ examples: [['S11', 'slow-command']] }),
})

export const settingsSchema = z
  .strictObject({
    upstream: z
      .union([upstreamUrl, upstreamMap])
      .optional()
      .describe('The real IMAP server: its URL, or a map when more than the URL is needed.')
      .meta({
        examples: ['imaps://imap.example.com', { url: 'imaps://10.0.0.5', name: 'imap.example.com' }],
      }),
    listen: oneOrMany(listenUrl)
      .optional()
      .describe(
        'Where clients connect: imap://HOST:PORT (offers STARTTLS) and imaps://HOST:PORT (TLS); * is every address. Default: imap://127.0.0.1:1143 and imaps://127.0.0.1:1993.',
      )
      .meta({ examples: [['imap://127.0.0.1:1143', 'imaps://127.0.0.1:1993']] }),
    hideCapabilities: z
      .union([capability, z.array(capability)])
      .optional()
      .describe('Capabilities that clients do not get to see. NAME-* and *-NAME are patterns.')
      .meta({ examples: [['IDLE', 'X-*']] }),
    compress: z
      .enum(['follow', 'client', 'upstream', 'both', 'never'])
      .optional()
      .describe(
        'Who compresses (COMPRESS=DEFLATE): the client and upstream as they agree (follow), imaptap on the leg of the client, of upstream, or both by itself, or nobody. Default: follow.',
      ),
    tls: tls.optional().describe('What clients see when TLS starts.'),
    log: log.optional().describe('What is logged, and where.'),
    findings: findings.optional().describe('What imaptap points out about clients and servers.'),
    capture: capture.optional().describe('Files that hold what is said, to be read again.'),
    control: control.optional().describe('How the same user watches and steers a running imaptap.'),
    policy: z
      .union([path, policyMap])
      .optional()
      .describe('What clients may do: a map, or the path of a file that holds one.'),
    audit: auditMap,
    proxyProtocol: proxyProtocolMap,
    dashboard: z
      .boolean()
      .optional()
      .describe('Show live sessions in the terminal. Default: when stdout is a terminal.'),
  })
  .describe('Configuration of imaptap, an IMAP proxy and traffic inspector.')

export type Settings = z.infer<typeof settingsSchema>
export type UpstreamSettings = z.infer<typeof upstreamMap>
