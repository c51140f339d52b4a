import { expect, test } from 'vitest'
import { parseFilter, type Filter } from '../../src/filter/filter.ts'
import { newSession } from '../../src/tui/state.ts'
import type { Pair, TranscriptRow } from '../../src/tui/transcript.ts'
import { Verdicts } from '../../src/tui/verdicts.ts'

function filterOf(source: string): Filter {
  const parsed = parseFilter(source)
  if (!parsed.ok) throw new Error(parsed.text)
  return parsed.filter
}

function pairOf(): Pair {
  return {
    id: 1,
    tag: 'A1',
    name: 'NOOP',
    user: undefined,
    openedAt: 0,
    firstOctetAt: undefined,
    completedAt: undefined,
    heldMillis: 0,
    status: undefined,
    code: undefined,
    octetsIn: 0,
    octetsOut: 0,
    isShared: false,
    findings: [],
  }
}

/** Counts how often the filter was asked. */
function watch(session = newSession('S1', 1, 0)) {
  const verdicts = new Verdicts()
  let filter = filterOf('~s OK')
  let asked = 0
  return {
    session,
    retype: () => (filter = filterOf('~s NO')),
    look: (row: TranscriptRow): number => {
      verdicts.begin(filter, session)
      verdicts.isShown(row, () => ++asked > 0)
      return asked
    },
  }
}

test('a row that stays as it was is judged once', () => {
  const { look } = watch()
  const row: TranscriptRow = { kind: 'note', at: 0, level: 'info', text: 'x' }
  expect([look(row), look(row), look(row)]).toEqual([1, 1, 1])
})

test('a command is judged again once it is whole, completed or found at fault', () => {
  const { look } = watch()
  const pair = pairOf()
  const row: TranscriptRow = { kind: 'command', at: 0, pair, args: '…', message: undefined }
  expect(look(row)).toBe(1)
  row.args = 'whole'
  expect(look(row)).toBe(2)
  pair.status = 'OK'
  expect(look(row)).toBe(3)
  pair.findings = []
  expect(look(row)).toBe(4)
  expect(look(row)).toBe(4)
})

test('a run is judged again when it goes on', () => {
  const { look } = watch()
  const run = { kind: 'untagged', at: 0, word: 'FETCH', pair: undefined, isPush: true, octets: 0 } as const
  const row = { ...run, count: 1, messages: [] }
  expect(look(row)).toBe(1)
  row.count++
  expect(look(row)).toBe(2)
})

test('all rows are judged again under another filter, and once their session is known better', () => {
  const { look, retype, session } = watch()
  const row: TranscriptRow = { kind: 'note', at: 0, level: 'info', text: 'x' }
  expect(look(row)).toBe(1)
  retype()
  expect(look(row)).toBe(2)
  session.user = 'ann'
  expect(look(row)).toBe(3)
  session.mailbox = 'INBOX'
  expect(look(row)).toBe(4)
})
