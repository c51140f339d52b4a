/** The transcript screen: the conversation of one session, and above it, where there is room, the list. */

import type { Binding, UiAction } from '../keys.ts'
import { layOut } from '../layout.ts'
import { openScreen } from '../navigation.ts'
import { tell, type SessionRow, type State } from '../state.ts'
import { rowText } from '../subjects.ts'
import { messagesOf, type TranscriptRow } from '../transcript.ts'
import {
  cursorOf,
  isSame,
  toggleRun,
  Walker,
  windowOf,
  type Spot,
  type ViewLine,
} from '../transcript-view.ts'
import type { Area, ScreenSpec } from './screen.ts'
import { shownGroups } from './findings-state.ts'
import { showMessage } from './tree-state.ts'
import { renderConversation } from './sessions.ts'

const bindings: readonly Binding[] = [
  {
    keys: ['enter', 'right'],
    action: { kind: 'open' },
    shown: 'Enter',
    command: 'open message',
    help: 'open a run of like responses, or take the message apart',
    hint: 'open',
  },
  own(['left'], '←', 'close run', 'close the run again'),
  {
    keys: ['f'],
    action: { kind: 'toggle-follow' },
    shown: 'f',
    command: 'follow',
    help: 'follow the end, or stop following',
    hint: 'follow',
  },
  { ...own(['n'], 'n', 'next finding', 'to the next finding'), hint: 'finding' },
  own(['N'], 'N', 'previous finding', 'to the finding before'),
  own(['e'], 'e', 'evidence', 'all about the finding of the selected line'),
  own(['d'], 'd', 'detail', 'more, less or no lines about the selected line'),
  {
    keys: ['s'],
    action: { kind: 'prompt', purpose: 'search' },
    shown: 's',
    command: 'search',
    help: 'search for text from here on; empty: the same again',
    hint: 'search',
  },
  {
    keys: ['K'],
    action: { kind: 'ask-kill' },
    shown: 'K',
    command: 'kill this',
    help: 'kill the session (asks first)',
    hint: 'kill',
  },
]

function own(keys: readonly string[], shown: string, name: string, help: string): Binding {
  return { keys, action: { kind: 'own', name }, shown, command: name, help }
}

export const transcriptScreen: ScreenSpec = {
  name: 'transcript',
  title: 'Transcript',
  bindings,
  hasFilter: true,
  render: renderConversation,
  act,
}

/** Detail sizes that `d` goes through. */
const DETAILS = [3, 10, 0] as const

interface Stage {
  readonly session: SessionRow
  readonly walker: Walker
  readonly cursor: Spot | undefined
  readonly height: number
}

function act(state: State, action: UiAction, area: Area): boolean {
  const { selected: session, transcriptLines: height } = area.layout ?? layOut(state)
  if (!session) return false
  const walker = new Walker(state, session)
  const stage: Stage = { session, walker, height, cursor: cursorOf(state, walker) }
  // Who leaves the end starts from what is seen now.
  if (!state.view.cursor) keepTop(state, stage)
  const isTaken = perform(state, stage, action)
  if (isTaken) keepTop(state, stage)
  return isTaken
}

function perform(state: State, stage: Stage, action: UiAction): boolean {
  const { walker, height, cursor } = stage
  switch (action.kind) {
    case 'move':
      return moveBy(state, stage, action.by)
    case 'page':
      return moveBy(state, stage, action.by * Math.max(1, height - 1))
    case 'jump':
      state.view.cursor = action.to === 'first' ? walker.first() : undefined
      return true
    case 'toggle-follow':
      state.view.cursor = state.view.cursor ? undefined : cursor
      return true
    case 'click':
      return click(state, stage, action.row)
    case 'open':
      return openLine(state, stage)
    case 'own':
      return performOwn(state, stage, action.name)
    default:
      return false
  }
}

/** Down from the last line there is: one follows again. */
function moveBy(state: State, { walker, cursor }: Stage, by: number): true {
  if (!cursor) return true
  const to = walker.moved(cursor, by)
  state.view.cursor = by > 0 && state.view.cursor === undefined ? undefined : to
  return true
}

/** Once selects, once more opens. */
function click(state: State, stage: Stage, row: number): boolean {
  const { sessionLines } = layOut(state)
  const first = sessionLines > 0 ? sessionLines + 4 : 2
  const line = windowOf(state, stage.session, stage.height).lines[row - first]
  if (!line) return false
  if (state.view.cursor && isSame(line.spot, stage.cursor)) return openLine(state, stage)
  state.view.cursor = line.spot
  return true
}

function keepTop(state: State, { session, height }: Stage): void {
  const top = windowOf(state, session, height).lines[0]
  state.view.top = top?.spot
}

function openLine(state: State, { walker, cursor, session }: Stage): true {
  const line = cursor && walker.lineAt(cursor)
  if (!line || toggleRun(state, line)) {
    state.view.cursor = cursor
    return true
  }
  if (line.row.kind === 'note' && line.row.finding) return openEvidence(state, line)
  const message = line.message ?? messagesOf(line.row)[0]
  if (!message) return true
  state.view.cursor = cursor
  state.inspected = { session: session.id, exchange: exchangeOf(line.row), message }
  const specimen = message.specimen()
  if (specimen) showMessage(state.tree, specimen, sourceName(session, line.row))
  else tell(state, 'It is too long to be taken apart.')
  if (specimen) openScreen(state, 'tree')
  return true
}

/** The latest case of the line's first finding. */
function openEvidence(state: State, line: ViewLine | undefined): true {
  const row = line?.row
  const found = row?.kind === 'note' ? row.finding : row?.pair?.findings[0]
  if (!found) {
    tell(state, 'Nothing was found here: n goes to the next finding.')
    return true
  }
  openScreen(state, 'findings')
  const at = shownGroups(state.findings, '').findIndex(({ id }) => id === found.id)
  state.findings.cursor.at = Math.max(0, at)
  state.findings.evidence = { id: found.id, back: 0, top: 0 }
  return true
}

function sourceName({ id }: SessionRow, row: TranscriptRow): string {
  const pair = row.kind === 'note' ? undefined : row.pair
  return pair ? `${id} ${pair.tag} ${pair.name}` : id
}

export function exchangeOf(row: TranscriptRow): number | undefined {
  return row.kind === 'note' ? undefined : row.pair?.id
}

function performOwn(state: State, stage: Stage, name: string): boolean {
  switch (name) {
    case 'close run':
      return closeRun(state, stage)
    case 'next finding':
      return find(state, stage, { step: 1, holds: hasFinding })
    case 'previous finding':
      return find(state, stage, { step: -1, holds: hasFinding })
    case 'evidence':
      return openEvidence(state, stage.cursor && stage.walker.lineAt(stage.cursor))
    case 'search on':
      return searchOn(state, stage)
    case 'detail':
      state.detail = DETAILS[(DETAILS.findIndex((size) => size === state.detail) + 1) % DETAILS.length] ?? 0
      return true
    default:
      return false
  }
}

function closeRun(state: State, { cursor }: Stage): true {
  if (!cursor) return true
  state.view.open.delete(cursor.place)
  state.view.cursor = { place: cursor.place, member: -1 }
  return true
}

interface Wanted {
  readonly step: 1 | -1
  readonly holds: (line: ViewLine) => boolean
}

function find(state: State, { walker, cursor }: Stage, { step, holds }: Wanted): true {
  const found = cursor && walker.find(cursor, step, holds)
  if (found) state.view.cursor = found
  else tell(state, `There is no finding further ${step > 0 ? 'down' : 'up'}.`)
  return true
}

/** From the end it goes on at the top. */
function searchOn(state: State, { walker, cursor }: Stage): true {
  const wanted = state.search.toLowerCase()
  const holds = ({ row, message }: ViewLine): boolean =>
    (message?.text(state.describe) ?? rowText(row, state.describe)).toLowerCase().includes(wanted)
  const first = walker.first()
  if (wanted === '' || !cursor || !first) return true
  const line = walker.lineAt(first)
  const found = walker.find(cursor, 1, holds) ?? (line && holds(line) ? first : walker.find(first, 1, holds))
  if (found) state.view.cursor = found
  else tell(state, `Nothing here says ${state.search}.`)
  return true
}

function isWrong({ finding, level, isGap }: Extract<TranscriptRow, { kind: 'note' }>): boolean {
  return finding !== undefined || level === 'bad' || (level === 'warn' && isGap !== true)
}

/** An exchange with a finding is met once, at its completion. */
function hasFinding({ row, spot }: ViewLine): boolean {
  if (spot.member >= 0) return false
  if (row.kind === 'note') return isWrong(row)
  const isPlace = row.kind === 'completion' || (row.kind === 'command' && row.pair.completedAt === undefined)
  return isPlace && row.pair.findings.length > 0
}
