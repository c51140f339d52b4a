/** Puts samples of commands to a policy by really trying each in a session of its own; it does not know what is printed. */

import { writeCommand } from '../../imap/commands/index.ts'
import { concat, latin1 } from '../../imap/octets.ts'
import type { AskPolicy, CommandSample, Outcome } from '../../policy/command-table.ts'
import type { CurrentPolicy } from '../../policy/guard-host.ts'
import { namesHidden } from './open-policy.ts'
import type { Tried } from './trial.ts'
import { tryCommand, type Circumstances } from './try-command.ts'

/** `selected` is for commands that belong into a session with a mailbox. */
export function askBySample(current: CurrentPolicy, about: Circumstances): AskPolicy {
  return (sample) => {
    const selected = sample.selected === undefined ? undefined : about.selected
    const attempt = tryCommand(current, { ...about, selected }, { text: sample.line })
    // Who cannot even get there is refused this as well.
    if (attempt.kind === 'stopped') return { effect: 'deny', rule: ruleOf(attempt.tried) }
    return outcomeOf(attempt.tried, sample)
  }
}

/** The last that is said is what holds. */
const ruleOf = ({ decided }: Tried): string => decided.findLast(({ isDryRun }) => !isDryRun)?.rule ?? ''

function outcomeOf(tried: Tried, sample: CommandSample): Outcome {
  const rule = ruleOf(tried)
  if (tried.isClosed && sample.name !== 'LOGOUT') return { effect: 'close', rule }
  if (tried.approval) return { effect: 'hold', rule }
  if (tried.upstream === undefined) return { effect: isAgreedHere(tried) ? 'allow' : 'deny', rule }
  if (namesHidden(tried.upstream)) return { effect: 'hide', rule }
  if (isAsWritten(tried.upstream, sample)) return { effect: 'allow', rule }
  return { effect: 'rewrite', rule, sent: tried.upstream.slice(tried.upstream.indexOf(' ') + 1).trimEnd() }
}

/** COMPRESS is between the client and imaptap. */
const isAgreedHere = ({ client }: Tried): boolean => client.some(({ line }) => /^\S+ OK\b/u.test(line))

/** Tags and forms of literals are imaptap's own in any case. */
function isAsWritten(upstream: string, { command }: CommandSample): boolean {
  const plain = latin1(concat(writeCommand(command, 'synchronizing')))
  return plain.slice(plain.indexOf(' ')) === upstream.slice(upstream.indexOf(' '))
}
