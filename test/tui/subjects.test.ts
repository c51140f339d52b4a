import { describe, expect, it } from 'vitest'
import { parseFilter } from '../../src/filter/filter.ts'
import { reduce } from '../../src/tui/model.ts'
import { initialState, type State } from '../../src/tui/state.ts'
import { rowSubject, sessionSubject } from '../../src/tui/subjects.ts'
import { scene } from './support/world.ts'

const info = { version: '0', listen: [], upstream: '', caPath: undefined }

function world(): State {
  const state = initialState(info)
  for (const event of scene()) reduce(state, event)
  return state
}

const state = world()

function filterOf(source: string): (subject: ReturnType<typeof sessionSubject>) => boolean {
  const parsed = parseFilter(source)
  if (!parsed.ok) throw new Error(parsed.text)
  return (subject) => parsed.filter.matches(subject)
}

describe('sessions', () => {
  it.each([
    ['ann', ['S42']],
    ['~u bob', ['S40']],
    ['~c FETCH', ['S42']],
    ['~c IDLE', ['S40']],
    ['~s NO', ['S42']],
    ['~s idle', ['S40']],
    ['~s held', ['S41']],
    ['~s closed', ['S39', 'S38']],
    ['~t >200ms', ['S42']],
    ['~f C05', ['S42']],
    ['~f warning', ['S42']],
    ['~client Thunderbird', ['S42']],
    ['unknown_ca', ['S39']],
    ['~m INBOX & !~u ann', ['S40']],
    ['受信箱', ['S41']],
  ])('are found by %s', (source, ids) => {
    const matches = filterOf(source)
    const found = [...state.sessions.values()].filter((session) => matches(sessionSubject(session)))
    expect(found.map(({ id }) => id).toSorted()).toEqual([...ids].toSorted())
  })
})

describe('rows', () => {
  const session = state.sessions.get('S42')
  const idle = state.sessions.get('S40')

  it.each([
    ['~c FETCH', ['command', 'untagged', 'completion']],
    ['~tag A3', ['command', 'completion']],
    ['~s NO', ['command', 'completion']],
    ['~code NOPERM', ['command', 'completion']],
    ['~t >1s', ['command', 'untagged', 'completion']],
    ['~f warning', ['command', 'completion']],
    ['~k note & rewritten', ['note']],
    ['"UID 1"', ['untagged']],
    ['/FETCH \\(UID 1 /', ['untagged']],
    ['~side client & ~c STORE', ['command']],
  ])('stand or fall with their exchange: %s', (source, kinds) => {
    if (!session) throw new Error('no session')
    const matches = filterOf(source)
    const found = session.transcript.rows.filter((row) => matches(rowSubject(row, session, state.describe)))
    expect(found.map(({ kind }) => kind)).toEqual(kinds)
  })

  it('are of a session in its state', () => {
    const row = session?.source.rowAt(session.source.end - 1)
    if (!session || !row) throw new Error('S42 has no rows')
    const subject = rowSubject(row, session, state.describe)
    expect(filterOf(`~s ${session.state}`)(subject)).toBe(true)
    expect(filterOf('~s closed')(subject)).toBe(false)
  })

  it('know a push from an answer', () => {
    if (!idle) throw new Error('no session')
    const matches = filterOf('~k push')
    const found = idle.transcript.rows.filter((row) => matches(rowSubject(row, idle, state.describe)))
    expect(found).toMatchObject([{ kind: 'untagged', word: 'EXISTS' }])
  })
})
