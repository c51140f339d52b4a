/** The check-config command: says that a file is sound and what it would do; it does not know how problems are printed. */

import type { Config } from '../../config/config.ts'
import type { Environment } from '../../config/environment.ts'
import { loadConfig } from '../../config/load.ts'
import type { Output } from '../options.ts'
import { describeListen, describeUpstream, writeWarnings } from '../welcome.ts'

/** Throws BadConfiguration, as the proxy with this file would. */
export async function runCheckConfig(file: string, env: Environment, out: Output): Promise<void> {
  const config = loadConfig({ flags: { config: file }, env })
  const lines = [`${file}: ok`, ...summarize(config, await describePolicy(config)), ...warn(config, env)]
  out.write(lines.map((line) => `${line}\n`).join(''))
}

function summarize(config: Config, policy: string | undefined): readonly string[] {
  const rows: [string, string | undefined][] = [
    ['upstream', describeUpstream(config)],
    ...config.listen.map((listen): [string, string] => ['listen', describeListen(listen)]),
    ['hides', config.hideCapabilities.join(' ') || undefined],
    ['compress', config.compress === 'follow' ? undefined : config.compress],
    ['certificate', config.tls.cert ?? `made by the local CA, ${config.tls.leafKey} keys`],
    ['policy', policy],
    ['audit', describeAudit(config)],
    ['log', describeLog(config)],
    ['control', config.control?.socket === false ? 'no socket' : config.control?.socket],
    ['dashboard', describeDashboard(config)],
  ]
  return rows.flatMap(([name, value]) => (value === undefined ? [] : `  ${name.padEnd(12)}${value}`))
}

/** What judges policies is loaded only where there is one. */
async function describePolicy({ policy }: Config): Promise<string | undefined> {
  if (!policy) return undefined
  const [{ requirePolicy }, { writeDefault }] = await Promise.all([
    import('../../app/policy-host.ts'),
    import('./policy-check.ts'),
  ])
  const { document, rules } = requirePolicy(policy)
  const facts = [
    document.mode === 'enforce' ? 'enforced' : 'only recorded (dry run)',
    `${rules.length} ${rules.length === 1 ? 'rule' : 'rules'}`,
    ...(document.profiles.length > 0 ? [`extends ${document.profiles.join(' and ')}`] : []),
    `otherwise ${writeDefault(document)}`,
  ]
  return `${facts.join(', ')}; of ${policy.files.join(', ')}`
}

function describeAudit({ audit }: Config): string | undefined {
  if (!audit) return undefined
  const how = audit.mode === 'strict' ? 'strict: on disk before a command goes on' : 'relaxed: records follow'
  return `${audit.path} (${how})`
}

function describeLog({ log }: Config): string {
  const places: Readonly<Record<string, string>> = { '-': 'stdout' }
  const place = log.file === undefined ? 'stderr or stdout' : (places[log.file] ?? log.file)
  return `${log.level} to ${place}${log.wire ? ', with every line' : ''}`
}

function describeDashboard({ dashboard }: Config): string {
  if (dashboard === undefined) return 'on a terminal'
  return dashboard ? 'always' : 'never'
}

function warn(config: Config, env: Environment): readonly string[] {
  return writeWarnings(config, env).map((warning) => `  warning: ${warning}`)
}
