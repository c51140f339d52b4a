import { describe, expect, it } from 'vitest'
import type { ObservedEvent } from '../../../src/findings/finding.ts'
import { Message, type MessageKind } from '../../../src/imap/message.ts'
import { latin1, octetsOf } from '../../../src/imap/octets.ts'
import { lineMessage, type RawMessage, type Side } from '../../../src/imap/raw-message.ts'
import { renderFrame } from '../../../src/tui/frame.ts'
import type { UiAction } from '../../../src/tui/keys.ts'
import { reduce } from '../../../src/tui/model.ts'
import { plain } from '../../../src/tui/span.ts'
import { initialState, type Request, type State } from '../../../src/tui/state.ts'
import { FakeSession } from '../support/events.ts'

const info = { version: '0', listen: [], upstream: '', caPath: undefined }

function fold(
  inputs: readonly (ObservedEvent | UiAction)[],
  state = initialState(info, { canHold: true }),
): State {
  for (const input of inputs) reduce(state, input)
  return state
}

function held(ticket: number, about: Message, isEditable = true): ObservedEvent {
  const side: Side = about.raw.from
  return {
    kind: 'held',
    session: 'S1',
    at: 10,
    ticket,
    side,
    message: about,
    hidesAll: false,
    isEditable,
    deadline: 60_010,
  }
}

const released = (ticket: number): ObservedEvent => ({
  kind: 'released',
  session: 'S1',
  at: 20,
  ticket,
  how: 'forwarded',
})

const said = (
  from: Side,
  line: string,
  kind: MessageKind = from === 'client' ? 'command' : 'response',
): Message => new Message(lineMessage(from, octetsOf(`${line}\r\n`)), kind)

const store = said('client', 'A31 UID STORE 5 +FLAGS (\\Deleted)')
const own = (name: string): UiAction => ({ kind: 'own', name })
const keys = (words: string): UiAction[] => Array.from(words, (key) => ({ kind: 'type', key }))
const enter: UiAction = { kind: 'type', key: 'enter' }
const screen: UiAction[] = [
  { kind: 'resized', columns: 100, rows: 24 },
  { kind: 'screen', screen: 'intercept' },
]
const opened = new FakeSession('S1').open(1)

function shown(state: State, now = 10): string {
  return renderFrame(state, { now, epoch: 0 }).map(plain).join('\n')
}

function rulings(state: State): Request[] {
  return state.requests.filter((one) => one.kind === 'rule')
}

describe('a breakpoint', () => {
  const prompt: UiAction = { kind: 'prompt', purpose: 'intercept' }

  it('is set by a filter that can be read, and taken away by an empty one', () => {
    const state = fold([prompt, ...keys('~c STORE &'), enter])
    expect(state.mode.kind).toBe('prompt')
    fold([...keys(' ~u ann'), enter], state)
    expect(state.requests.shift()).toEqual({
      kind: 'break',
      filter: '~c STORE & ~u ann',
      timeoutMillis: 60_000,
    })
    expect(shown(fold([...opened, ...screen], state))).toContain('INT on')
    fold([prompt, { kind: 'type', key: 'C-u' }, enter], state)
    expect(state.requests).toContainEqual({ kind: 'break', filter: undefined, timeoutMillis: 60_000 })
    expect(shown(state)).not.toContain('INT on')
  })

  it('stays in its line when Esc leaves the screen', () => {
    const state = fold([...screen, prompt, ...keys('~c STORE'), enter, { kind: 'back' }, prompt])
    expect(state.screen).toBe('sessions')
    expect(state.mode).toMatchObject({ kind: 'prompt', line: { text: '~c STORE' } })
  })

  it('is not offered where nothing can be held', () => {
    const state = fold([prompt], initialState(info))
    expect(state.mode.kind).toBe('browse')
    expect(state.requests).toMatchObject([{ kind: 'tell' }])
  })

  it('has a deadline that can be set anew', () => {
    const state = fold([prompt, ...keys('x'), enter, { kind: 'deadline', millis: 15_000 }])
    expect(state.requests).toContainEqual({ kind: 'break', filter: 'x', timeoutMillis: 15_000 })
    expect(state.requests.at(-1)).toMatchObject({ kind: 'tell', text: expect.stringContaining('15s') })
  })
})

describe('a held message', () => {
  it('is seen on every screen, and with its countdown on its own', () => {
    const state = fold([...opened, held(1, store)])
    expect(shown(state)).toContain('1 held')
    expect(shown(state)).toMatch(/>S1 +H/)
    expect(shown(fold(screen, state))).toMatch(/60s S1 +C A31 UID STORE/)
    expect(shown(state, 45_010)).toContain('15s S1')
  })

  it('never takes the keys to itself: the screen stays as it was', () => {
    expect(fold([...opened, held(1, store)]).screen).toBe('sessions')
  })

  it('is forwarded, refused or answered, and is gone when the proxy says so', () => {
    const state = fold([...opened, held(1, store), held(2, store), ...screen, own('forward')])
    expect(rulings(state)).toEqual([{ kind: 'rule', session: 'S1', ticket: 1, ruling: { kind: 'forward' } }])
    expect(state.intercept.held).toHaveLength(2)
    fold([{ kind: 'released', session: 'S1', at: 20, ticket: 1, how: 'forwarded' }, own('refuse')], state)
    expect(rulings(state)[1]).toMatchObject({ ticket: 2, ruling: { kind: 'answer', status: 'NO' } })
    fold([{ kind: 'released', session: 'S1', at: 20, ticket: 2, how: 'answered' }], state)
    expect(state.intercept.held).toEqual([])
    expect(state.sessions.get('S1')?.held).toBe(0)
  })

  it('stays selected when one before it is gone, so that no key rules another', () => {
    const three = [held(1, store), held(2, said('client', 'A32 NOOP')), held(3, said('client', 'A33 NOOP'))]
    const state = fold([...opened, ...three, ...screen, { kind: 'move', by: 1 }, released(1), own('refuse')])
    expect(rulings(state)).toMatchObject([{ ticket: 2 }])
  })

  it('says whether it is a command or the response to one', () => {
    const { exchange } = new FakeSession('S1').command(2, 'SELECT', 'INBOX')
    const flags = { ...held(1, said('server', '* FLAGS ()')), exchange }
    expect(shown(fold([...opened, flags, ...screen]))).toContain('RESPONSE to A1 SELECT')
    expect(shown(fold([...opened, held(1, store), ...screen]))).toContain('─ COMMAND ')
  })

  it('is where 2 leads to, whichever session was selected before', () => {
    const other = new FakeSession('S2').open(2)
    const state = fold([...opened, ...other, { kind: 'open' }, { kind: 'back' }, held(1, store), ...screen])
    expect(state.selected).toBe('S2')
    fold([{ kind: 'screen', screen: 'transcript' }], state)
    expect(state).toMatchObject({ screen: 'transcript', selected: 'S1' })
  })

  it('is told of by every key, also when it is not there', () => {
    const state = fold([...opened, ...screen, own('refuse'), held(1, store), own('refuse')])
    const told = state.requests.flatMap((one) => (one.kind === 'tell' ? [one.text] : []))
    expect(told).toEqual(['Nothing is held.', 'Answered NO: the command goes no further.'])
  })

  it('is let go with all others', () => {
    const state = fold([...opened, held(1, store), held(2, store), ...screen, own('forward all')])
    expect(rulings(state)).toHaveLength(2)
  })

  it('is gone with its session', () => {
    const state = fold([...opened, held(1, store), ...new FakeSession('S1').close(30)])
    expect(state.intercept.held).toEqual([])
  })

  it('cannot be answered when it is a response', () => {
    const state = fold([...opened, held(1, said('server', '* 3 EXISTS')), ...screen, own('reject')])
    expect(rulings(state)).toEqual([])
    expect(state.requests).toMatchObject([{ kind: 'tell' }])
  })
})

describe('editing', () => {
  const edit = (words: string): UiAction[] => [
    own('edit'),
    { kind: 'type', key: 'C-u' },
    ...keys(words),
    enter,
  ]

  it('in place says at once whether it parses, and only then it goes on', () => {
    const state = fold([...opened, held(1, store), ...screen, ...edit('A31 UID STORE 5 -FLAGS (')])
    expect(shown(state)).toMatch(/edited, but: octet 25: /)
    fold([own('forward')], state)
    expect(rulings(state)).toEqual([])
    fold(edit('A31 UID STORE 5 -FLAGS (\\Deleted)'), state)
    expect(shown(state)).toContain('edited, parses ok')
    fold([own('forward')], state)
    const [sent] = rulings(state)
    const ruling = sent?.kind === 'rule' ? sent.ruling : undefined
    expect(ruling?.kind === 'replace' && latin1(ruling.octets)).toBe('A31 UID STORE 5 -FLAGS (\\Deleted)\r\n')
  })

  it('ends with its message, and what is typed on reaches no other', () => {
    const fetch = said('client', 'A32 UID FETCH 5 FLAGS')
    const both = [...opened, held(1, store), held(2, fetch), ...screen, own('edit'), ...keys(' x')]
    const state = fold([...both, released(1), ...keys('y'), own('forward')])
    expect(state.mode.kind).toBe('browse')
    expect(state.requests).toMatchObject([
      { kind: 'tell', text: expect.stringContaining('its time was up') },
      { kind: 'rule', ticket: 2, ruling: { kind: 'forward' } },
    ])
  })

  it('stays with its message when one before it goes on', () => {
    const fetch = said('client', 'A32 UID FETCH 5 FLAGS')
    const both = [...opened, held(1, store), held(2, fetch), ...screen, { kind: 'move', by: 1 } as const]
    const state = fold([...both, own('edit'), released(1), ...keys(' '), { kind: 'type', key: 'backspace' }])
    fold([...keys('.'), enter], state)
    expect(state.intercept.held).toMatchObject([{ ticket: 2, draft: { text: 'A32 UID FETCH 5 FLAGS.' } }])
  })

  it('keeps the tag, and can be taken back', () => {
    const state = fold([...opened, held(1, store), ...screen, ...edit('B2 NOOP')])
    expect(shown(state)).toContain('the tag has to stay')
    fold([own('revert'), own('forward')], state)
    expect(rulings(state)).toMatchObject([{ ruling: { kind: 'forward' } }])
  })

  it('in an editor counts literals anew', () => {
    const raw: RawMessage = {
      from: 'client',
      octets: 33,
      parts: [
        { kind: 'line', octets: octetsOf('A1 SELECT {3}\r\n') },
        {
          kind: 'literal',
          announced: { size: 3, isSynchronizing: true, isBinary: false },
          octets: octetsOf('abc'),
        },
        { kind: 'line', octets: octetsOf('\r\n') },
      ],
    }
    const state = fold([...opened, held(1, new Message(raw, 'command')), ...screen, own('edit outside')])
    expect(state.requests.at(-1)).toMatchObject({ kind: 'edit', text: 'A1 SELECT {3}\r\nabc\r\n' })
    fold(
      [
        { kind: 'edited', held: { session: 'S1', ticket: 1 }, text: 'A1 SELECT {3}\nGrüße\n' },
        own('forward'),
      ],
      state,
    )
    const [sent] = rulings(state)
    const ruling = sent?.kind === 'rule' ? sent.ruling : undefined
    expect(ruling?.kind === 'replace' && latin1(ruling.octets)).toContain('{7}\r\nGr')
  })

  it('is not offered where a credential would come out', () => {
    const login = said('client', 'A1 LOGIN ann hunter2')
    const state = fold([...opened, held(1, login), ...screen, own('edit'), own('edit outside')])
    expect(state.mode.kind).toBe('browse')
    expect(state.requests.map(({ kind }) => kind)).toEqual(['tell', 'tell'])
    expect(shown(state)).not.toContain('hunter2')
    expect(JSON.stringify(state.intercept)).not.toContain('hunter2')
  })
})
