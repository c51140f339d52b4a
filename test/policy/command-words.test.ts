/** Words of a command that stand deep within it are words for conditions as well. */

import { expect, it } from 'vitest'
import { fits } from './support/rule-scene.ts'

const inInbox = { selected: 'INBOX' }

it.each([
  ['BODY', 'SEARCH MIMEPART (BODY secret)'],
  ['BODY', 'SEARCH OR SEEN (NOT MIMEPART (CHILD (body secret)))'],
  ['TEXT', 'UID SEARCH X-MIMEPART (PARENT (OR (TEXT a) (SIZE 1)))'],
  ['BODY', `SEARCH MIMEPART ${'('.repeat(97)}BODY x${')'.repeat(97)}`],
])('%s is a search key of %s', (key, line) => {
  expect(
    fits(`"${key}" in searchKeys && "MIMEPART" in searchKeys`, line.replace('X-MIME', 'MIME'), inInbox),
  ).toBe(true)
  expect(fits('"SUBJECT" in searchKeys', line, inInbox)).toBe(false)
})

it('what NOTIFY shall tell of new messages is what it fetches', () => {
  const when = 'fetchItems.exists(i, i.startsWith("BODY"))'
  const line = (items: string) => `NOTIFY SET (selected (MessageNew${items} MessageExpunge))`
  expect(fits(when, line(' (FLAGS BODY.PEEK[])'), inInbox)).toBe(true)
  expect(fits(when, line(' (FLAGS)'), inInbox)).toBe(false)
  expect(fits('size(fetchItems) > 0', line(''), inInbox)).toBe(false)
  expect(fits('size(fetchItems) > 0', 'NOTIFY NONE', inInbox)).toBe(false)
})
