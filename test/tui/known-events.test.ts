import { describe, expect, it } from 'vitest'
import { RecordDecoder } from '../../src/capture/decode.ts'
import { RecordEncoder } from '../../src/capture/record.ts'
import type { ObservedEvent } from '../../src/findings/finding.ts'
import { eventsOf } from '../../src/tui/known-events.ts'
import { reduce } from '../../src/tui/model.ts'
import { initialState, type State } from '../../src/tui/state.ts'
import { rowText } from '../../src/tui/subjects.ts'
import { scene } from './support/world.ts'

const info = { version: '0', listen: [], upstream: '', caPath: undefined }

function fold(events: readonly ObservedEvent[]): State {
  const state = initialState(info)
  for (const event of events) reduce(state, event)
  return state
}

/** The conversation in words, without imaptap's own notes. */
function words(state: State, id: string): string[] {
  const rows = state.sessions.get(id)?.transcript.rows ?? []
  return rows.filter((row) => row.kind !== 'note').map((row) => rowText(row, state.describe))
}

describe('what is known of a session', () => {
  it.each(['S38', 'S40', 'S41', 'S42'])('makes the same transcript again: %s', (id) => {
    const state = fold(scene())
    const session = state.sessions.get(id)
    if (!session) throw new Error('no session')
    const again = fold(eventsOf(session))
    expect(words(again, id)).toEqual(words(state, id))
    expect(again.sessions.get(id)).toMatchObject({ user: session.user, mailbox: session.mailbox })
  })

  it('can be written as a capture and read again', () => {
    const state = fold(scene())
    const session = state.sessions.get('S42')
    if (!session) throw new Error('no session')
    const encoder = new RecordEncoder()
    const decoder = new RecordDecoder()
    const events = eventsOf(session).map((event) => decoder.decode(encoder.encode(event) ?? ''))
    const read = events.filter((event) => event !== undefined && event !== 'again')
    expect(words(fold(read), 'S42')).toEqual(words(state, 'S42'))
  })
})
