/** The tree screen: one message as a tree, and beside it the octets of the selected node; knows no transcript. */

import type { Binding, UiAction } from '../keys.ts'
import { fitSpans, mark, text, type Line } from '../span.ts'
import type { State } from '../state.ts'
import { moveCursor, settle } from './list-cursor.ts'
import { filled, renderRule } from './rule.ts'
import type { Area, ScreenSpec } from './screen.ts'
import { hexColumns, hexSpans, treeLine } from './tree-lines.ts'
import { closeNode, dumpOf, selectedNode, toggleAll, toggleNode, type TreeState } from './tree-state.ts'

const bindings: readonly Binding[] = [
  {
    keys: ['enter', 'right', ' '],
    action: { kind: 'own', name: 'toggle' },
    shown: 'Enter →',
    command: 'open node',
    help: 'open or close the node',
    hint: 'open',
  },
  {
    keys: ['left'],
    action: { kind: 'own', name: 'close' },
    shown: '←',
    command: 'close node',
    help: 'close the node, then go to the one above',
  },
  {
    keys: ['e'],
    action: { kind: 'own', name: 'all' },
    shown: 'e',
    command: 'expand all',
    help: 'open every node, or close them all',
    hint: 'all',
  },
  {
    keys: ['h', 'tab', 'S-tab'],
    action: { kind: 'own', name: 'view' },
    shown: 'h Tab',
    command: 'hex',
    help: 'tree and octets side by side, octets alone, or the tree alone',
    hint: 'hex',
  },
]

export const treeScreen: ScreenSpec = {
  name: 'tree',
  title: 'Tree and octets of a message',
  bindings,
  hasFilter: false,
  render: (state, area) => renderTree(state.tree, area),
  act: (state, action, area) => actOnTree(state, action, area),
}

function actOnTree({ tree: state }: State, action: UiAction, area: Area): boolean {
  const height = area.rows - 1
  if (action.kind === 'own') return actByName(state, action.name)
  if (shownAs(state, area) === 'hex') return scrollDump(state, action, { ...area, rows: height })
  const isMove = moveCursor(state.cursor, action, { count: state.rows.length, height })
  if (isMove) state.hexTop = undefined
  return isMove
}

function actByName(state: TreeState, name: string): boolean {
  if (name === 'toggle') toggleNode(state)
  else if (name === 'close') closeNode(state)
  else if (name === 'all') toggleAll(state)
  else if (name === 'view')
    state.view = state.view === 'both' ? 'hex' : state.view === 'hex' ? 'tree' : 'both'
  else return false
  return true
}

function scrollDump(state: TreeState, action: UiAction, area: Area): boolean {
  const geometry = hexGeometry(state, area.columns)
  const dump = geometry && dumpOf(state, geometry.width)
  if (!dump) return false
  const cursor = { at: hexTopOf(state, area.rows, geometry.width), top: 0 }
  const last = Math.max(0, dump.length - area.rows)
  if (!moveCursor(cursor, action, { count: last + 1, height: area.rows })) return false
  state.hexTop = cursor.at
  return true
}

/** Both beside each other need so many columns. */
const SIDE_BY_SIDE = 76

function shownAs({ view }: TreeState, { columns }: Area): 'both' | 'tree' | 'hex' {
  return view === 'both' && columns < SIDE_BY_SIDE ? 'tree' : view
}

interface HexGeometry {
  readonly width: number
  readonly digits: number
}

/** As many octets in a row as leave the tree its room, in powers of two. */
function hexGeometry({ tree }: TreeState, columns: number): HexGeometry | undefined {
  if (!tree) return undefined
  const digits = Math.max(4, tree.root.to.toString(16).length)
  const width = [16, 8, 4].find((octets) => hexColumns(octets, digits) <= columns) ?? 2
  return { width, digits }
}

export function renderTree(state: TreeState, area: Area): Line[] {
  if (!state.tree) return filled([renderRule({ name: 'TREE' }, area.columns), nothing], area.rows)
  const height = Math.max(0, area.rows - 1)
  settle(state.cursor, state.rows.length, height)
  const shown = shownAs(state, area)
  const rule = renderRule(
    { name: shown === 'hex' ? 'HEX' : 'TREE', left: [text(state.source)] },
    area.columns,
  )
  if (shown === 'tree') return filled([rule, ...treeLines(state, area.columns, height)], area.rows)
  const room = shown === 'hex' ? area.columns : Math.floor(area.columns * HEX_SHARE)
  const geometry = hexGeometry(state, room)
  const dump = geometry ? hexLines(state, { ...geometry, height }) : []
  if (shown === 'hex' || !geometry) return filled([rule, ...dump], area.rows)
  return filled([rule, ...sideBySide(state, { area, dump, geometry, height })], area.rows)
}

/** The dump's part of the columns at most. */
const HEX_SHARE = 0.56

const nothing: Line = {
  spans: [mark(' No message is open: Enter on a line of a transcript opens it here.', 'dim')],
  isSelected: false,
}

interface Halves {
  readonly area: Area
  readonly dump: readonly Line[]
  readonly geometry: HexGeometry
  readonly height: number
}

function sideBySide(state: TreeState, { area, dump, geometry, height }: Halves): Line[] {
  const right = hexColumns(geometry.width, geometry.digits) + 1
  const left = area.columns - right - 1
  const tree = treeLines(state, left, height)
  return Array.from({ length: height }, (_, at) => {
    const spans = tree[at]?.spans ?? [mark(' '.repeat(left))]
    // The selection is told by its pointer: inverted, the line would swallow the dump's own marks.
    return {
      spans: [...fitSpans(spans, left), mark('│', 'dim'), ...fitSpans(dump[at]?.spans ?? [], right)],
      isSelected: false,
    }
  })
}

function treeLines({ rows, cursor }: TreeState, columns: number, height: number): Line[] {
  return rows
    .slice(cursor.top, cursor.top + height)
    .map((row, at) => treeLine(row, cursor.top + at === cursor.at, columns))
}

function hexLines(
  state: TreeState,
  { height, ...geometry }: HexGeometry & { readonly height: number },
): Line[] {
  const dump = dumpOf(state, geometry.width)
  const selected = selectedNode(state) ?? { from: 0, to: 0 }
  const top = hexTopOf(state, height, geometry.width)
  const lines: Line[] = []
  for (let at = top; at < top + height; at++) {
    const row = dump?.row(at)
    if (row) lines.push({ spans: hexSpans(row, { ...geometry, selected }), isSelected: false })
  }
  return lines
}

/** The selected node is in view, with some octets before it. */
function hexTopOf(state: TreeState, height: number, width: number): number {
  const dump = dumpOf(state, width)
  if (!dump) return 0
  const last = Math.max(0, dump.length - height)
  const wanted = state.hexTop ?? dump.rowOf(selectedNode(state)?.from ?? 0) - Math.floor(height / 4)
  return Math.max(0, Math.min(last, wanted))
}
