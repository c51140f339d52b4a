/** Makes of a command one that does less: no selection to write in, no \Seen, no ID; decides about none. */

import type { Rewrite } from '../config/policy-document.ts'
import type { Command } from '../imap/commands/index.ts'
import type { NotifyCommand } from '../imap/commands/notify.ts'
import type { FetchAttribute } from '../imap/fetch-attribute.ts'
import type { GuardAnswer } from '../relay/guard.ts'

export type Rewritten = { readonly kind: 'forward'; readonly command: Command } | GuardAnswer

export interface RewriteFacts {
  /** The selected mailbox was opened by EXAMINE, or the server has said READ-ONLY: nothing in it is marked as seen. */
  readonly isReadOnly: boolean
}

/** The same object where there is nothing to rewrite; an answer where there is no such command that does less. */
export function rewriteCommand(command: Command, rewrite: Rewrite, facts: RewriteFacts): Rewritten {
  switch (rewrite) {
    case 'examine':
      return forward(command.name === 'SELECT' ? { ...command, name: 'EXAMINE' } : command)
    case 'strip-id':
      return forward(command.name === 'ID' && command.parameters ? { ...command, parameters: null } : command)
    case 'peek':
      return peek(command, facts)
  }
}

const forward = (command: Command): Rewritten => ({ kind: 'forward', command })

/** Where nothing is marked anyway, what has no peeking form may go on as it is. */
function peek(command: Command, { isReadOnly }: RewriteFacts): Rewritten {
  switch (command.name) {
    case 'FETCH':
      return !isReadOnly && command.items.some(isMarking)
        ? refuse
        : forward(command.items.some(isLoud) ? { ...command, items: command.items.map(peekItem) } : command)
    case 'NOTIFY':
      return peekEvents(command)
    case 'PARTIAL':
      return isReadOnly ||
        /^(?:RFC822\.PEEK|RFC822\.TEXT\.PEEK|RFC822\.HEADER|BODY\.PEEK\[.*)$/iu.test(command.item)
        ? forward(command)
        : refuse
    case 'CONVERT':
      return isReadOnly ? forward(command) : refuse
    default:
      return forward(command)
  }
}

/**
 * RFC822 has no form that does not mark: `BODY.PEEK[]` gives the same octets under another name, which the client did not
 * ask for. What it is told instead says what to ask for.
 */
const refuse: GuardAnswer = {
  kind: 'answer',
  status: 'NO',
  code: 'CANNOT',
  text: 'this would mark messages as seen; BODY.PEEK[] and BINARY.PEEK[] do not',
}

/** Sets \Seen, and is not to be had otherwise; what nobody here knows may do so as well. */
const isMarking = ({ name }: FetchAttribute): boolean =>
  name === 'RFC822' || name === 'RFC822.TEXT' || name === 'unknown'

/** Sets \Seen, and has a form that does not. */
const isLoud = (item: FetchAttribute): boolean =>
  (item.name === 'BODY[]' || item.name === 'BINARY[]') && !item.isPeek

const peekItem = (item: FetchAttribute): FetchAttribute =>
  item.name === 'BODY[]' || item.name === 'BINARY[]' ? { ...item, isPeek: true } : item

/** It outlives the mailbox that is selected now, and the next may be one that is written in. */
function peekEvents(command: NotifyCommand): Rewritten {
  const asks = (fits: (item: FetchAttribute) => boolean): boolean =>
    command.groups.some(({ events }) =>
      events.some((event) => event.name === 'MESSAGENEW' && event.items?.some(fits)),
    )
  if (asks(isMarking)) return refuse
  if (!asks(isLoud)) return forward(command)
  const groups = command.groups.map((group) => ({
    ...group,
    events: group.events.map((event) =>
      event.name === 'MESSAGENEW' && event.items ? { ...event, items: event.items.map(peekItem) } : event,
    ),
  }))
  return forward({ ...command, groups })
}
