/** The approvals command: what waits for a person's word in a running imaptap, and the word itself; it does not know the socket's. */

import { suggest } from '../../config/nearest-word.ts'
import type { ControlClient } from '../../control/control-client.ts'
import type { ApprovalFacts } from '../../control/protocol.ts'
import { printable } from '../../imap/printable.ts'
import type { Ruling } from '../../relay/hold-rule.ts'
import { writeApprovalTable } from '../control/approval-table.ts'
import type { ApprovalsFlags } from '../control/control-words.ts'
import { openDaemon } from '../control/open-daemon.ts'
import { exitCodes } from '../exit-codes.ts'
import { Failure } from '../failure.ts'
import type { ControlWorld } from './sessions.ts'

export const approvalActions = ['list', 'allow', 'deny'] as const
type ApprovalAction = (typeof approvalActions)[number]

export interface ApprovalsWorld extends ControlWorld {
  /** Who rules, as the records will have it. */
  readonly user: string
}

/** Of the object that `--json` prints. */
const schema = 1

export async function runApprovals(
  words: readonly string[],
  flags: ApprovalsFlags,
  world: ApprovalsWorld,
): Promise<number> {
  const [word = 'list', ...ids] = words
  const action = requireAction(word)
  requireIds(action, ids)
  const client = await openDaemon(flags, world.env)
  try {
    const waiting = await client.approvals()
    if (action === 'list') print(waiting, flags, world)
    else await ruleAll({ client, waiting, ids, action }, world)
    return exitCodes.ok
  } finally {
    client.close()
  }
}

function requireAction(word: string): ApprovalAction {
  const action = approvalActions.find((known) => known === word)
  if (action) return action
  throw usage(`approvals has no '${printable(word)}'${suggest(word, approvalActions)}`)
}

function requireIds(action: ApprovalAction, ids: readonly string[]): void {
  if (action === 'list' && ids.length > 0) throw usage('approvals list takes no names')
  if (action !== 'list' && ids.length === 0)
    throw usage(`approvals ${action} needs the name of what waits: S1/3`)
}

const usage = (message: string): Failure =>
  new Failure(message, exitCodes.usage, 'see: imaptap approvals --help')

function print(waiting: readonly ApprovalFacts[], { json }: ApprovalsFlags, { out }: ApprovalsWorld): void {
  const approvals = waiting.map((facts) => ({ id: idOf(facts), ...facts }))
  out.write(json === true ? `${JSON.stringify({ schema, approvals })}\n` : writeApprovalTable(waiting))
}

export const idOf = ({ session, ticket }: ApprovalFacts): string => `${session}/${ticket}`

interface Work {
  readonly client: ControlClient
  readonly waiting: readonly ApprovalFacts[]
  readonly ids: readonly string[]
  readonly action: 'allow' | 'deny'
}

/** Those that wait are ruled on, also where others do not. What a breakpoint holds is not touched. */
async function ruleAll({ client, waiting, ids, action }: Work, { out, user }: ApprovalsWorld): Promise<void> {
  const missing: string[] = []
  for (const id of ids) {
    const facts = waiting.find((one) => idOf(one) === id)
    const by = `${user} by imaptap approvals`
    const isDone =
      facts !== undefined &&
      (await client.rule(facts.session, facts.ticket, rulings[action], by)) === undefined
    if (isDone)
      out.write(`${id} was ${action === 'allow' ? 'allowed' : 'refused'}: ${printable(facts.command)}\n`)
    else missing.push(id)
  }
  if (missing.length === 0) return
  throw new Failure(
    `nothing waits as ${printable(missing.join(', '))}: it was ruled on, its time was up, or its session ended`,
    exitCodes.runtime,
    'see what waits: imaptap approvals',
  )
}

const rulings: Readonly<Record<'allow' | 'deny', Ruling>> = {
  allow: { kind: 'forward' },
  deny: { kind: 'answer', status: 'NO', text: 'not approved' },
}
