/** What a person reads in the first second: where to connect, what to trust, what to beware of; it does not know how it is shown. */

import type { Config, Listen } from '../config/config.ts'
import { isLoopback } from '../config/endpoint-url.ts'
import { writeListenUrl } from '../config/listen-url.ts'
import { writeUpstreamUrl } from '../config/upstream-url.ts'
import { shellWord } from '../net/shell-word.ts'

export interface Scene {
  readonly config: Config
  /** The listeners as they are, ports chosen. */
  readonly addresses: readonly Listen[]
  /** The certificate of the local CA, when one signs what clients see. */
  readonly caFile: string | undefined
}

/** What runs far goes on in lines of its own, which bear nothing in front, so that a command can be copied. */
export function writeWelcome({ config, addresses, caFile }: Scene): readonly string[] {
  const places = addresses.map(describeListen).join(' and ')
  const lines = [`listening on ${places}`, `passing on to ${describeUpstream(config)}`]
  if (config.capture) lines.push(`capturing to ${config.capture.path}`)
  if (config.policy) lines.push(describePolicy(config.policy))
  if (config.audit) lines.push(`auditing to ${config.audit.path} (${config.audit.mode})`)
  if (config.tls.cert !== undefined) return [...lines, `clients see the certificate in ${config.tls.cert}`]
  if (caFile === undefined) return lines
  const folder = config.tls.caDir === undefined ? '' : ` --ca-dir ${shellWord(config.tls.caDir)}`
  lines.push(`clients must trust ${caFile}\n  (imaptap ca show${folder} says how)`)
  const trial = writeTrial(addresses, caFile)
  return trial === undefined ? lines : [...lines, trial]
}

/** Shown even when quiet: each is a way to lose a password. */
export function writeWarnings(
  config: Pick<Config, 'upstream' | 'listen' | 'tls' | 'capture'>,
  env: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const { upstream } = config
  const warnings: string[] = []
  if (upstream.isInsecure && upstream.protocol !== 'imap') {
    warnings.push('the certificate of the upstream is not verified (insecure): anyone between can read all')
  }
  if (upstream.protocol === 'imap' && !isLoopback(upstream.host)) {
    warnings.push('imap:// passes passwords to the upstream in cleartext: imaps:// does not')
  }
  for (const listen of config.listen) {
    if (listen.protocol !== 'imap' || isLoopback(listen.host)) continue
    warnings.push(
      `${writeListenUrl(listen)} is not on loopback: before STARTTLS passwords may cross the network in cleartext`,
    )
  }
  if (config.capture?.secrets === true) {
    warnings.push(`the capture ${config.capture.path} keeps credentials: who reads it can log in`)
  }
  if (config.capture?.bodies === true)
    warnings.push(`the capture ${config.capture.path} keeps the text of mails`)
  const keyLog = config.tls.keyLog ?? env['SSLKEYLOGFILE'] ?? ''
  if (keyLog !== '') warnings.push(`TLS secrets go to ${keyLog}: who reads it can read the traffic`)
  return warnings
}

export function describeListen(listen: Listen): string {
  return listen.protocol === 'imap' ? `${writeListenUrl(listen)} (STARTTLS)` : writeListenUrl(listen)
}

export function describeUpstream({ upstream }: Config): string {
  const url = writeUpstreamUrl(upstream)
  if (upstream.protocol === 'imap') return `${url} (cleartext)`
  if (upstream.isInsecure) return `${url} (certificate NOT verified)`
  return upstream.name === undefined ? url : `${url} (verified as ${upstream.name})`
}

function writeTrial(addresses: readonly Listen[], caFile: string): string | undefined {
  const target = addresses.find((listen) => listen.protocol === 'imaps') ?? addresses[0]
  if (target === undefined) return undefined
  const isEverywhere = target.host === '::' || target.host === '0.0.0.0'
  const [, spot = ''] = writeListenUrl(isEverywhere ? { ...target, host: 'localhost' } : target).split('://')
  const starttls = target.protocol === 'imap' ? ' -starttls imap' : ''
  return `try:\n  openssl s_client -quiet -crlf${starttls} -connect ${spot} \\\n    -CAfile ${shellWord(caFile)}`
}

function describePolicy({ document, files }: NonNullable<Config['policy']>): string {
  const effect = document.mode === 'enforce' ? 'enforcing' : 'only recording (dry run)'
  return `${effect} the policy of ${files.join(', ')}`
}
