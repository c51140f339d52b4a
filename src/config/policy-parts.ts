/** The parts of a policy from what was written of them, defaults filled in; it does not know what extends what. */

import type {
  EffectDocument,
  FailedLoginsDocument,
  IdDocument,
  LimitsDocument,
  MailboxRuleDocument,
  Right,
  RuleDocument,
} from './policy-document.ts'
import type { PolicySource } from './policy-file.ts'
import type { LimitsSettings, MailboxSettings, PolicySettings, RuleSettings } from './policy-schema.ts'
import type { Problem } from './problem.ts'
import { readDuration, readSize } from './quantity.ts'

const refusal = 'this is not allowed here'
const farewell = 'this session is not allowed here'
/** Milliseconds that somebody has to agree. */
const PATIENCE = 300_000

export function fillRules(source: PolicySource, problems: Problem[]): readonly RuleDocument[] {
  return (source.settings.rules ?? []).map((rule, at) => fillRule(rule, [source, at], problems))
}

function fillRule(
  rule: RuleSettings,
  [source, at]: readonly [PolicySource, number],
  problems: Problem[],
): RuleDocument {
  const path = ['rules', String(at)]
  const effects = effectKeys.filter((key) => rule[key] !== undefined)
  const [effect] = effects
  if (effects.length > 1) {
    const where = source.where([...path, effects[1] ?? ''], true)
    problems.push({
      source: 'file',
      where,
      message: `a rule has one effect, and this one has ${effects.join(' and ')}`,
    })
  }
  if (effect === undefined && rule.record === undefined) {
    const message = `has no effect: add one of ${[...effectKeys, 'record'].join(', ')}`
    problems.push({ source: 'file', where: source.where(path), message })
  }
  return {
    name: rule.name,
    when: rule.when,
    effect: effect === undefined ? { kind: 'record' } : readers[effect](rule),
    isDryRun: rule.dryRun ?? false,
    record: rule.record ?? 'count',
    where: {
      rule: source.where(path),
      name: source.where([...path, 'name']),
      when: source.where([...path, 'when']),
      whenAt: (offset) => source.whereWithin([...path, 'when'], offset),
    },
  }
}

const effectKeys = ['allow', 'deny', 'hide', 'rewrite', 'hold', 'delay', 'close'] as const

/** Each for a rule that has its key. */
const readers: Readonly<Record<(typeof effectKeys)[number], (rule: RuleSettings) => EffectDocument>> = {
  allow: () => ({ kind: 'allow' }),
  deny: ({ deny }) => readDenial(deny),
  hide: ({ hide }) => ({
    kind: 'hide',
    capabilities: [hide ?? []].flat().map((name) => name.toUpperCase()),
  }),
  rewrite: ({ rewrite }) => ({ kind: 'rewrite', rewrites: [...new Set([rewrite ?? []].flat())] }),
  hold: ({ hold }) => readHold(hold),
  delay: ({ delay }) => ({ kind: 'delay', millis: millisOf(delay) ?? 0 }),
  close: ({ close }) => ({ kind: 'close', text: typeof close === 'string' ? close : farewell }),
}

function readDenial(deny: RuleSettings['deny']): EffectDocument {
  if (typeof deny !== 'object')
    return { kind: 'deny', status: 'NO', code: 'NOPERM', text: typeof deny === 'string' ? deny : refusal }
  const status = deny.status ?? 'NO'
  // A code of permissions says nothing beside BAD.
  const code = deny.code ?? (status === 'NO' ? 'NOPERM' : undefined)
  return { kind: 'deny', status, code, text: deny.text ?? refusal }
}

function readHold(hold: RuleSettings['hold']): EffectDocument {
  const { for: deadline, otherwise, text } = typeof hold === 'object' ? hold : {}
  const written = typeof hold === 'string' ? hold : deadline
  return {
    kind: 'hold',
    deadline: millisOf(written) ?? PATIENCE,
    otherwise: otherwise ?? 'deny',
    text: text ?? 'nobody has agreed to this',
  }
}

const allRights: readonly Right[] = ['read', 'flag', 'insert', 'create', 'delete']

export function fillMailboxes(source: PolicySource, problems: Problem[]): readonly MailboxRuleDocument[] {
  return (source.settings.mailboxes ?? []).flatMap((rule, at) => {
    const path = ['mailboxes', String(at)]
    const where = source.where(path)
    const access = readAccess(rule)
    if (!access) {
      const message = 'says either what may be done (rights: all) or hidden: true'
      problems.push({ source: 'file', where, message })
      return []
    }
    const patterns = [rule.match].flat()
    const places = patterns.map((_, index) =>
      source.where([...path, 'match', ...(Array.isArray(rule.match) ? [String(index)] : [])]),
    )
    return [{ users: [rule.users ?? []].flat(), patterns, access, where, places }]
  })
}

function readAccess({ rights, hidden }: MailboxSettings): MailboxRuleDocument['access'] | undefined {
  if ((rights === undefined) === (hidden === undefined)) return undefined
  if (rights === undefined) return { kind: 'hidden' }
  return { kind: 'rights', rights: rights === 'all' ? allRights : [...new Set([rights].flat())] }
}

/** The first that names a limit sets it. */
export function fillLimits(each: readonly LimitsSettings[]): LimitsDocument {
  const limits = each.toReversed().reduce<LimitsSettings>((under, over) => ({ ...under, ...over }), {})
  const octets = (key: SizeKey): Partial<Record<SizeKey, number>> =>
    pick(key, readSize(String(limits[key] ?? '')))
  return {
    ...pick('preAuthTime', millisOf(limits.preAuthTime)),
    ...pick('commandsPerSecond', limits.commandsPerSecond),
    ...pick('messagesPerHour', limits.messagesPerHour),
    ...pick('sessionsPerUser', limits.sessionsPerUser),
    ...pick('sessionsPerAddress', limits.sessionsPerAddress),
    ...pick('failedLogins', limits.failedLogins && fillFailedLogins(limits.failedLogins)),
    ...octets('preAuthOctets'),
    ...octets('octetsPerHour'),
    ...octets('appendOctets'),
    ...octets('literalOctets'),
    ...octets('attachmentOctets'),
  }
}

type SizeKey = 'preAuthOctets' | 'octetsPerHour' | 'appendOctets' | 'literalOctets' | 'attachmentOctets'

function fillFailedLogins(settings: NonNullable<LimitsSettings['failedLogins']>): FailedLoginsDocument {
  return {
    free: settings.free ?? 3,
    first: millisOf(settings.first) ?? 1_000,
    longest: millisOf(settings.longest) ?? 60_000,
    forget: millisOf(settings.forget) ?? 3_600_000,
  }
}

type IdSettings = NonNullable<PolicySettings['id']>

/** The first that says which fields are kept counts; of what is set each field's first. */
export function fillId(each: readonly IdSettings[]): IdDocument {
  const keep = each.find((one) => one.keep !== undefined)?.keep
  const forward = each.find((one) => one.forwardAddress !== undefined)?.forwardAddress
  return {
    keep: keep === undefined ? undefined : [keep].flat(),
    set: Object.assign({}, ...each.map((one) => one.set ?? {}).toReversed()),
    forwardAddress: forward ?? false,
  }
}

/** Absent where there is no value. */
function pick<K extends string, T>(key: K, value: T | undefined): Partial<Record<K, T>> {
  // The key is K by its type: a computed key is widened to text.
  return value === undefined ? {} : ({ [key]: value } as Record<K, T>)
}

const millisOf = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : readDuration(text)
