/** The policy check command: says that a policy is sound and what it holds; it does not know how problems are printed. */

import { requirePolicy } from '../../app/policy-host.ts'
import type { LimitsDocument, MailboxRuleDocument, PolicyDocument } from '../../config/policy-document.ts'
import { loadPolicyFile } from '../../config/policy-settings.ts'
import { BadConfiguration } from '../../config/problem.ts'
import { readTextFile } from '../../config/text-file.ts'
import { checkBesidePolicy } from '../../config/yaml-file.ts'
import type { CompiledPolicy } from '../../policy/compile.ts'
import { writeEffect, writeMillis, writeOctets } from '../../policy/effect-words.ts'
import type { Output } from '../options.ts'

/** Throws BadConfiguration, as the proxy with this policy would. */
export function runPolicyCheck(file: string, out: Output): void {
  const config = loadPolicyFile(file)
  const policy = requirePolicy(config)
  requireSoundBeside(file)
  const [own = file] = config.files
  const lines = [`${file}: ok`, ...rows([['policy of', own === file ? '' : own]]), ...summarizePolicy(policy)]
  out.write(lines.map((line) => `${line}\n`).join(''))
}

/** Nobody who gave a whole configuration reads an ok as one of a part of it. */
function requireSoundBeside(file: string): void {
  const text = readTextFile(file)
  const problems = text.ok ? checkBesidePolicy(file, text.value) : []
  if (problems.length > 0) throw new BadConfiguration(problems)
}

/** The facts, then rules, mailboxes and limits in order. */
export function summarizePolicy({ document, rules }: CompiledPolicy): readonly string[] {
  return [
    ...rows([
      ['mode', document.mode],
      ['otherwise', writeDefault(document)],
      ['extends', document.profiles.join(', ')],
      ['hides', document.hideCapabilities.join(' ')],
      ['also known', document.unknownCommands.join(', ')],
      ['proxy login', document.allowProxyLogin ? 'allowed' : ''],
      ['clear login', document.allowCleartextLogin ? 'allowed' : ''],
    ]),
    ...section('rules', rules.map(describeRule)),
    ...section('mailboxes', describeMailboxes(document)),
    ...section('limits', describeLimits(document.limits)),
  ]
}

/** Profiles are written to be safe by what they do not name: who overrules that is told. */
export function writeDefault({ default: otherwise, overruled = [] }: PolicyDocument): string {
  if (overruled.length === 0) return otherwise
  return `${otherwise}: also what ${overruled.join(' and ')} would refuse by \`default: deny\``
}

function rows(facts: readonly (readonly [string, string])[]): readonly string[] {
  return facts.flatMap(([name, value]) => (value === '' ? [] : `  ${name.padEnd(12)}${value}`))
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`  ${title}`, ...lines.map((line) => `    ${line}`)]
}

function describeRule({
  name,
  effect,
  condition,
  isDryRun,
  record,
}: CompiledPolicy['rules'][number]): string {
  const notes = [isDryRun ? 'dry run' : '', record === 'count' ? '' : `to the ${record}`].filter(Boolean)
  const note = notes.length === 0 ? '' : ` (${notes.join(', ')})`
  const when = condition ? `when ${condition.text.trim().replace(/\s+/gu, ' ')}` : 'always'
  return `${name}: ${writeEffect(effect)}${note} ${when}`
}

function describeMailboxes({ mailboxes, otherMailboxes }: PolicyDocument): readonly string[] {
  if (mailboxes.length === 0 && otherMailboxes === 'visible') return []
  return [...mailboxes.map(describeMailbox), `all others: ${otherMailboxes}`]
}

function describeMailbox({ users, patterns, access }: MailboxRuleDocument): string {
  const whom = users.length === 0 ? '' : ` for ${users.join(', ')}`
  const what = access.kind === 'hidden' ? 'hidden' : access.rights.join(', ') || 'seen, and nothing else'
  return `${patterns.join(', ')}${whom}: ${what}`
}

function describeLimits(limits: LimitsDocument): readonly string[] {
  return Object.entries(limits).flatMap(([name, value]: [string, LimitsDocument[keyof LimitsDocument]]) =>
    value === undefined ? [] : `${name}: ${describeLimit(name, value)}`,
  )
}

function describeLimit(name: string, value: NonNullable<LimitsDocument[keyof LimitsDocument]>): string {
  if (typeof value === 'number') {
    if (name.endsWith('Time')) return writeMillis(value)
    return /octets/iu.test(name) ? writeOctets(value) : String(value)
  }
  const { free, first, longest, forget } = value
  return `${free} free, then ${writeMillis(first)} to ${writeMillis(longest)}, forgotten after ${writeMillis(forget)}`
}
