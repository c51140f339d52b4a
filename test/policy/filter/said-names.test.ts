/** What a server repeats of the client's own words is no secret, however much it is like one. */

import { expect, test } from 'vitest'

import { namesSaid } from '../../../src/policy/filter/said-names.ts'
import { openScene } from '../support/guarded-scene.ts'
import { command } from '../support/mailbox-world.ts'

test.each([
  ['COPY 1 "Secret?"', ['Secret?']],
  ['RENAME A &AOQ-', ['A', '&AOQ-', '\u00e4']],
  ['GETQUOTA Root', ['Root']],
  ['NOOP', []],
])('%s', (line, names) => {
  expect([...namesSaid(command(`a ${line}`), false)]).toEqual(names)
})

test('nobody said anything where no command is known', () => {
  expect(namesSaid(undefined, false).size).toBe(0)
})

function hear(line: string, answer: string): string {
  const { dialogue } = openScene('default: allow\nmailboxes: [{match: Secret, hidden: true}]\n')
  dialogue.client('a LOGIN ann pw').server('a OK in').client(`c ${line}`)
  const tag = /(\S+) LIST "" ""\r\n$/u.exec(dialogue.take('server'))?.[1] ?? ''
  dialogue.server('* LIST (\\Noselect) "/" ""', `${tag} OK done`)
  dialogue.take('client')
  dialogue.server(`c ${answer}`)
  return dialogue.take('client')
}

test.each(['?', '!'])('a name like a hidden one is refused in the words for any other: Secret%s', (end) => {
  const ofOther = hear(`COPY 1 "Others${end}"`, `NO [TRYCREATE] no such mailbox: Others${end}.`)
  const ofLike = hear(`COPY 1 "Secret${end}"`, `NO [TRYCREATE] no such mailbox: Secret${end}.`)
  expect(ofLike).toBe(ofOther.replaceAll('Others', 'Secret'))
})

test('a hidden name that the client did not say is not told', () => {
  expect(hear('COPY 1 Work', 'NO no such mailbox: Work, but Secret.')).toBe(
    'c NO This could not be done.\r\n',
  )
})
