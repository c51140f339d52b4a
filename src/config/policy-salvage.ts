/** What can still be read of a policy in which something is wrong, each part where it stands; it tells of no mistake. */

import { checkBy, type Complaint } from './explain.ts'
import { policyMap, type MailboxSettings, type PolicySettings, type RuleSettings } from './policy-schema.ts'
import { isMap } from './settings.ts'

/** Only for telling what else is wrong: what stands in for a broken part would let pass what nobody meant. */
export function salvagePolicy(data: unknown, complaints: readonly Complaint[], file: string): PolicySettings {
  if (!isMap(data)) return {}
  const isBroken = (...path: readonly string[]): boolean =>
    complaints.some((complaint) => path.every((step, depth) => complaint.path[depth] === step))
  const kept = Object.entries(data).filter(([key]) => Object.hasOwn(policyMap.shape, key) && !isBroken(key))
  const each = (key: string, salvage: (item: unknown, at: string) => unknown): Record<string, unknown> => {
    const items = data[key]
    if (!isBroken(key) || !Array.isArray(items)) return {}
    return {
      [key]: items.map((item: unknown, at) => (isBroken(key, String(at)) ? salvage(item, String(at)) : item)),
    }
  }
  const checked = checkBy(policyMap, {
    ...Object.fromEntries(kept),
    ...each('rules', (rule, at) => salvageRule(rule, `${file} ${at}`, (key) => isBroken('rules', at, key))),
    ...each('mailboxes', (rule, at) => salvageMailbox(rule, at, isBroken)),
    ...each('unknownCommands', () => 'XNONE'),
  })
  return checked.ok ? checked.settings : {}
}

/** Sound ones of each effect. */
const effects: Omit<RuleSettings, 'name'> = {
  allow: true,
  deny: true,
  hide: 'XNONE',
  rewrite: 'peek',
  hold: true,
  delay: '1s',
  close: true,
}

/** A rule's condition and name can be told about whatever its effect was meant to be. */
function salvageRule(rule: unknown, place: string, isBroken: (key: string) => boolean): RuleSettings {
  const { name, when, ...rest } = isMap(rule) ? rule : {}
  const meant = Object.entries(effects).filter(([key]) => Object.hasOwn(rest, key))
  return {
    // Nobody's name, in no other file either, so that it is no twin.
    name: typeof name === 'string' && !isBroken('name') ? name : `\uE000${place}`,
    ...(typeof when === 'string' && !isBroken('when') && { when }),
    ...(meant.length === 0 ? { record: 'log' } : Object.fromEntries(meant)),
  }
}

function salvageMailbox(
  rule: unknown,
  at: string,
  isBroken: (...path: readonly string[]) => boolean,
): MailboxSettings {
  const match = isMap(rule) ? rule['match'] : undefined
  const isText = (one: unknown, ...path: readonly string[]): one is string =>
    typeof one === 'string' && !isBroken('mailboxes', at, 'match', ...path)
  if (!Array.isArray(match)) return { match: isText(match) ? match : 'x', hidden: true }
  if (match.length === 0) return { match: 'x', hidden: true }
  return { match: match.map((one: unknown, index) => (isText(one, String(index)) ? one : 'x')), hidden: true }
}
