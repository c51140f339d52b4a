/** A view, an alias book and ways to say a command or a response, for tests of what is hidden. */

import { readCommand, writeCommand, type Command } from '../../../src/imap/commands/index.ts'
import { strict, strictUtf8 } from '../../../src/imap/cursor.ts'
import { readResponse, writeResponse, type Response } from '../../../src/imap/responses/index.ts'
import type { MailboxRuleDocument, Right } from '../../../src/config/policy-document.ts'
import { substituteAlias, type Substitution } from '../../../src/policy/alias.ts'
import { AliasBook } from '../../../src/policy/alias-book.ts'
import { filterResponse, type FilterContext } from '../../../src/policy/filter-response.ts'
import { HiddenNames } from '../../../src/policy/filter/context.ts'
import type { NameHow } from '../../../src/policy/mailbox-name.ts'
import { makeMailboxView } from '../../../src/policy/mailbox-view.ts'
import type { GuardedResponseAction } from '../../../src/relay/guard.ts'
import { client, server, textOf } from '../../imap/support/wire.ts'

export const token = '0123456789abcdef0123456789abcdef'
/** What the first alias of a session is. */
export const firstAlias = `x${token}n000000`

export const slash: NameHow = { isUtf8: false, separator: '/' }
export const utf8: NameHow = { isUtf8: true, separator: '/' }

export const hide = (...patterns: readonly string[]): MailboxRuleDocument => ({
  users: [],
  patterns,
  access: { kind: 'hidden' },
  where: 'policy.yaml:1:1',
})

export const grant = (
  patterns: readonly string[],
  rights: readonly Right[],
  users: readonly string[] = [],
): MailboxRuleDocument => ({
  users,
  patterns,
  access: { kind: 'rights', rights },
  where: 'policy.yaml:1:1',
})

export function makeContext(
  mailboxes: readonly MailboxRuleDocument[],
  {
    how = slash,
    otherMailboxes = 'visible',
  }: { readonly how?: NameHow; readonly otherMailboxes?: 'visible' | 'hidden' } = {},
): FilterContext {
  const view = makeMailboxView({ mailboxes, otherMailboxes }).of('ann')
  return { view, how, book: new AliasBook(() => token), hiddenNames: new HiddenNames() }
}

export function command(line: string, isUtf8 = false): Command {
  const read = readCommand(client(line), isUtf8 ? strictUtf8 : strict)
  if (!read.ok) throw new Error(`${read.fault.rule} in ${line}`)
  return read.value
}

export function response(line: string, isUtf8 = false): Response {
  const read = readResponse(server(line), isUtf8 ? strictUtf8 : undefined)
  if (!read.ok) throw new Error(`${read.fault.rule} in ${line}`)
  return read.value
}

/** What upstream gets, without its line end; or why it gets nothing. */
export function sent(line: string, context: FilterContext): string {
  const said = command(line, context.how.isUtf8)
  return written(substituteAlias(said, context), said)
}

function written(substitution: Substitution, said: Command): string {
  if (substitution.kind === 'refuse')
    return `refused: ${substitution.answer.status} [${substitution.answer.code}] ${substitution.answer.text}`
  const approved = substitution.kind === 'aliased' ? substitution.command : said
  return textOf(writeCommand(approved)).trimEnd()
}

/** What the client gets of a response, without its line end; undefined where it gets nothing. */
export function heard(line: string, context: FilterContext): string | undefined {
  const said = response(line, context.how.isUtf8)
  const action = filterResponse({ response: said }, context)
  return shown(action, said)
}

function shown(action: GuardedResponseAction, said: Response): string | undefined {
  if (action.kind === 'drop') return undefined
  if (action.kind === 'cut') return `cut: ${action.reason}`
  return textOf(writeResponse(action.kind === 'replace' ? action.response : said)).trimEnd()
}
