/** What the tree screen keeps between two keys: one message taken apart, what of it is open, and where the user is. */

import { HexDump } from '../hex.ts'
import type { Specimen, TreeNode } from '../tree/node.ts'
import { openAll, openAtFirst, rowAbove, treeRows, type TreeRow } from '../tree/rows.ts'
import { makeTree, type Tree } from '../tree/tree.ts'
import { newCursor, type ListCursor } from './list-cursor.ts'

/** Whether the tree, the dump or both are shown. */
export type TreeView = 'both' | 'tree' | 'hex'

export interface TreeState {
  tree: Tree | undefined
  /** Where the message comes from, such as `S41 A17 UID FETCH`: text that may be a peer's. */
  source: string
  open: Set<TreeNode>
  rows: readonly TreeRow[]
  readonly cursor: ListCursor
  view: TreeView
  /** The first row of the dump in view; undefined follows the selected node. */
  hexTop: number | undefined
  dump: { readonly width: number; readonly hex: HexDump } | undefined
}

export function initialTree(): TreeState {
  return {
    tree: undefined,
    source: '',
    open: new Set(),
    rows: [],
    cursor: newCursor(),
    view: 'both',
    hexTop: undefined,
    dump: undefined,
  }
}

/** Shows another message, from its beginning. */
export function showMessage(state: TreeState, specimen: Specimen, source: string): void {
  const tree = makeTree(specimen)
  state.tree = tree
  state.source = source
  state.open = openAtFirst(tree.root)
  state.rows = treeRows(tree.root, state.open)
  state.cursor.at = 0
  state.cursor.top = 0
  state.hexTop = undefined
  state.dump = undefined
}

export function selectedNode({ rows, cursor }: TreeState): TreeNode | undefined {
  return rows[cursor.at]?.node
}

/** Opens a closed node and closes an open one. */
export function toggleNode(state: TreeState): void {
  const node = selectedNode(state)
  if (!state.tree || !node || node.children.length === 0) return
  if (!state.open.delete(node)) state.open.add(node)
  state.rows = treeRows(state.tree.root, state.open)
}

/** Closes the node; where it is closed already, goes to the one above. */
export function closeNode(state: TreeState): void {
  const node = selectedNode(state)
  if (node && state.open.has(node) && node.children.length > 0) toggleNode(state)
  else state.cursor.at = rowAbove(state.rows, state.cursor.at)
}

/** All open; or only the message's own parts, where all are open already. */
export function toggleAll(state: TreeState): void {
  if (!state.tree) return
  const node = selectedNode(state)
  const all = openAll(state.tree.root)
  state.open = all.size === state.open.size ? new Set([state.tree.root]) : all
  state.rows = treeRows(state.tree.root, state.open)
  state.cursor.at = Math.max(
    0,
    state.rows.findIndex((row) => row.node === node),
  )
}

/** The dump in rows of `width` octets; made once for each width. */
export function dumpOf(state: TreeState, width: number): HexDump | undefined {
  if (!state.tree) return undefined
  if (state.dump?.width !== width) state.dump = { width, hex: new HexDump(state.tree.specimen, width) }
  return state.dump.hex
}
