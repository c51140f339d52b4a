import { describe, expect, it } from 'vitest'
import * as fc from 'fast-check'
import { matchesRow, matchesSession, parseFilter } from '../../src/tui/filter.ts'
import { reduce } from '../../src/tui/model.ts'
import { initialState, type State } from '../../src/tui/state.ts'
import { describe as describeMessage } from './support/events.ts'
import { scene } from './support/world.ts'

function sceneState(): State {
  const state = initialState({ version: '0', listen: [], upstream: '', caPath: undefined })
  for (const event of scene()) reduce(state, event, describeMessage)
  return state
}

const state = sceneState()

function sessionsMatching(source: string): string[] {
  const filter = parseFilter(source)
  return [...state.sessions.values()].filter((one) => matchesSession(filter, one)).map((one) => one.id)
}

function rowsMatching(source: string): string[] {
  const session = state.sessions.get('S42')
  if (!session) throw new Error('the scene has no S42')
  return session.transcript.rows
    .filter((row) => matchesRow(parseFilter(source), row, session))
    .map((row) => row.kind)
}

describe('the filter of sessions', () => {
  it.each([
    ['', ['S39', 'S40', 'S38', 'S41', 'S42']],
    ['ann', ['S42']],
    ['user:BOB', ['S40']],
    ['id:s41', ['S41']],
    ['mailbox:受信箱', ['S41']],
    ['cmd:idle', ['S40']],
    ['status:closed', ['S39', 'S38']],
    ['cmd:"uid fetch"', ['S42']],
    ['cmd:login', ['S38', 'S42']],
    ['status:no', ['S42']],
    ['status:not-auth', []],
    ['status:selected !status:no', ['S40', 'S41']],
    ['unknown_ca', ['S39']],
    ['client:thunderbird', ['S42']],
    ['inbox !idle', ['S42']],
    ['>1s', ['S42']],
    ['"iOS Mail"', ['S40']],
    ['nothing:like this', []],
  ])('%s', (source, ids) => {
    expect(sessionsMatching(source)).toEqual(ids)
  })
})

describe('the filter of a transcript', () => {
  it('keeps a command together with its answers', () => {
    expect(rowsMatching('cmd:fetch')).toEqual(['command', 'untagged', 'completion'])
    expect(rowsMatching('status:no')).toEqual(['command', 'completion'])
    expect(rowsMatching('>1s')).toEqual(['command', 'untagged', 'completion'])
  })

  it('finds plain text in any row', () => {
    expect(rowsMatching('strip-compress')).toEqual(['note'])
    expect(rowsMatching('noperm')).toEqual(['completion'])
  })
})

it('takes any text at all without failing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (source) => {
      sessionsMatching(source)
      rowsMatching(source)
    }),
    { numRuns: 200 },
  )
  expect(sessionsMatching('constructor:x')).toEqual([])
  expect(sessionsMatching('[a-z(*')).toEqual([])
})
