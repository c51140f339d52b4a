/** Takes what is hidden out of the server's responses, and puts the client's names back; decides about no command. */

import type { Command } from '../imap/commands/index.ts'
import type { Response, UntaggedResponse } from '../imap/responses/index.ts'
import type { GuardedResponse, GuardedResponseAction } from '../relay/guard.ts'
import { restoreAlias } from './alias.ts'
import type { FilterContext } from './filter/context.ts'
import { filterData } from './filter/data.ts'
import { filterText } from './filter/text.ts'
import type { UserView } from './mailbox-view.ts'

export type { FilterContext } from './filter/context.ts'

/** The response as the client may have it, of a session under a policy that is enforced. */
export function filterResponse(
  { response }: Pick<GuardedResponse, 'response'>,
  context: FilterContext,
): GuardedResponseAction {
  const notes: string[] = []
  const kept = filterAny(response, context, notes)
  if (!kept) return { kind: 'drop', notes }
  const restored = restoreAlias(kept, context.book)
  // A record that named the alias would tell it to whoever reads records; that it was there is enough.
  if (restored !== kept) notes.push('the name of a mailbox was put back')
  if (restored === response) return { kind: 'forward' }
  return { kind: 'replace', response: restored, notes }
}

/** Words whose responses say nothing of mailboxes but that FETCH may hold labels and places. */
const harmless: ReadonlySet<string> = new Set([
  'FLAGS',
  'SEARCH',
  'SORT',
  'THREAD',
  'EXISTS',
  'RECENT',
  'EXPUNGE',
  'VANISHED',
  'UIDBATCHES',
  'CAPABILITY',
  'ENABLED',
  'NAMESPACE',
  'ID',
  'LANGUAGE',
  'COMPARATOR',
  'CONVERSION',
  'CONVERTED',
])
/** Referrals stand in status responses, and JMAPACCESS leads around the proxy, whatever is hidden. */
const always: ReadonlySet<string> = new Set(['OK', 'NO', 'BAD', 'BYE', 'PREAUTH', 'JMAPACCESS'])
/** Some servers leave the status out before a code, which is then the word: it is taken for an OK. */
const isBareCode = (word: string): boolean => word.startsWith('[')
/** They tell what a mailbox holds, and what is kept about it. */
const counting: ReadonlySet<string> = new Set(['STATUS', 'ESEARCH', 'METADATA', 'ANNOTATION'])
const fetched: ReadonlySet<string> = new Set(['FETCH', 'UIDFETCH', 'STORE'])

/** Responses that `filterResponse` has to see, `hasPlaces` for FETCH; words that are not known here are read where anything is hidden. */
export function readsWord(view: UserView, word: string, hasPlaces: boolean): boolean {
  if (always.has(word) || isBareCode(word)) return true
  if (view.limitsReading && counting.has(word)) return true
  if (!view.hidesAnything || harmless.has(word)) return false
  return fetched.has(word) ? hasPlaces : true
}

/** Whether FETCH responses that the command brings may name mailboxes; others can stream past unread. */
export function asksForPlaces(command: Command): boolean {
  switch (command.name) {
    case 'FETCH':
    case 'CONVERT':
      return command.items.some(isPlace)
    case 'STORE':
      return command.change.kind === 'labels' || command.change.kind === 'unknown'
    case 'NOTIFY':
      return command.groups.some(({ events }) =>
        events.some((event) => event.name === 'MESSAGENEW' && event.items?.some(isPlace)),
      )
    case 'PARTIAL':
      return /^(?:X-|FOLDER)/iu.test(command.item)
    default:
      return false
  }
}

const isPlace = ({ name }: { readonly name: string }): boolean =>
  name === 'X-GM-LABELS' || name === 'X-MAILBOX' || name === 'FOLDER' || name === 'unknown'

function filterAny(response: Response, context: FilterContext, notes: string[]): Response | undefined {
  if (response.kind === 'continuation') return response
  if (response.kind === 'untagged') return filterUntagged(response, context, notes)
  const text = filterText(response.text, response.status, context, notes)
  return text === response.text ? response : { ...response, text }
}

function filterUntagged(
  response: UntaggedResponse,
  context: FilterContext,
  notes: string[],
): UntaggedResponse | undefined {
  const data = filterData(response.data, context, notes)
  const glued = response.glued && filterUntagged(response.glued, context, notes)
  if (!data) return glued
  if (data === response.data && glued === response.glued) return response
  return { kind: 'untagged', data, ...(glued && { glued }) }
}
