/** What the completion of a command that lists says, where mailboxes are hidden. */

import { expect, test } from 'vitest'

import { neutralizeListing } from '../../src/policy/neutral-listing.ts'
import { command, response } from './support/mailbox-world.ts'
import { openScene } from './support/guarded-scene.ts'

test('what Cyrus counts in its text is the same whether anything was left out or not', () => {
  const said = command('a LIST "" Secret')
  const ofHidden = neutralizeListing(response('a OK Completed (0.000 secs 1 calls)'), said)
  expect(ofHidden).toEqual(neutralizeListing(response('a OK Completed (0.000 secs)'), said))
  expect(ofHidden).toEqual(response('a OK Completed.'))
})

test.each([
  ['a NO [CANNOT] no such pattern', 'a LIST "" x'],
  ['a OK 3 done', 'a SEARCH ALL'],
  ['* OK still here', 'a LIST "" x'],
])('%s behind %s stays', (line, said) => {
  const one = response(line)
  expect(neutralizeListing(one, command(said))).toBe(one)
})

test('a code stays, and what nobody asked for has no command', () => {
  const one = response('a OK [METADATA LONGENTRIES 5] done 3')
  expect(neutralizeListing(one, command('a GETMETADATA Work /private/comment'))).toEqual(
    response('a OK [METADATA LONGENTRIES 5] Completed.'),
  )
  expect(neutralizeListing(one, undefined)).toBe(one)
})

const hiding = 'default: allow\nmailboxes: [{match: Secret, hidden: true}]\n'

test.each([
  [hiding, 'c OK Completed.'],
  ['default: allow\n', 'c OK Completed (0.000 secs 1 calls)'],
])('a client hears it only where something is hidden: %j', (policy, heard) => {
  const { dialogue } = openScene(policy)
  dialogue.client('a LOGIN ann pw').server('a OK in')
  dialogue.client('c LSUB "" *')
  answerQuestions(dialogue)
  dialogue.take('client')
  dialogue.server('c OK Completed (0.000 secs 1 calls)')
  expect(dialogue.take('client')).toBe(`${heard}\r\n`)
})

/** The separator and the namespaces are asked for first. */
function answerQuestions(dialogue: ReturnType<typeof openScene>['dialogue']): void {
  const tag = /(\S+) LIST "" ""\r\n$/u.exec(dialogue.take('server'))?.[1]
  if (tag === undefined) return
  dialogue.server('* LIST (\\Noselect) "/" ""', `${tag} OK done`, 'Q2 BAD what?')
}
