/** The rows of a tree that are to be seen, given which nodes are open; knows no keys and no colours. */

import type { Fault } from '../../imap/fault.ts'
import type { TreeNode } from './node.ts'

export type TreeRow =
  | { readonly kind: 'node'; readonly node: TreeNode; readonly depth: number; readonly isOpen: boolean }
  /** What is wrong with the node above. */
  | { readonly kind: 'fault'; readonly node: TreeNode; readonly depth: number; readonly fault: Fault }

/** Levels that stand open at first; deeper ones wait for the user. */
const OPEN_LEVELS = 3
/** A list of more than so many is closed at first. */
const OPEN_CHILDREN = 40

export function openAtFirst(root: TreeNode): Set<TreeNode> {
  const open = new Set<TreeNode>()
  let level: readonly TreeNode[] = [root]
  for (let depth = 0; depth < OPEN_LEVELS; depth++) {
    for (const node of level) {
      const isSmall = node.children.length > 0 && node.children.length <= OPEN_CHILDREN
      if (depth === 0 || isSmall) open.add(node)
    }
    level = level.flatMap((node) => (open.has(node) ? node.children : []))
  }
  openToFaults(root, open)
  return open
}

/** What is wrong is seen without a search. */
function openToFaults(root: TreeNode, open: Set<TreeNode>): void {
  const waiting: { node: TreeNode; path: readonly TreeNode[] }[] = [{ node: root, path: [] }]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { node, path } = next
    if (node.faults.length > 0) for (const above of path) open.add(above)
    if (node.children.length === 0) continue
    const below = [...path, node]
    for (const child of node.children) waiting.push({ node: child, path: below })
  }
}

/** In order; a stack of our own, so that no nesting is too deep. */
export function treeRows(root: TreeNode, open: ReadonlySet<TreeNode>): TreeRow[] {
  const rows: TreeRow[] = []
  const waiting: { node: TreeNode; depth: number }[] = [{ node: root, depth: 0 }]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { node, depth } = next
    const isOpen = open.has(node) && node.children.length > 0
    rows.push({ kind: 'node', node, depth, isOpen })
    for (const fault of node.faults) rows.push({ kind: 'fault', node, depth: depth + 1, fault })
    if (!isOpen) continue
    for (const child of node.children.toReversed()) waiting.push({ node: child, depth: depth + 1 })
  }
  return rows
}

/** Every node that has something inside. */
export function openAll(root: TreeNode): Set<TreeNode> {
  const open = new Set<TreeNode>()
  const waiting = [root]
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (node.children.length === 0) continue
    open.add(node)
    waiting.push(...node.children)
  }
  return open
}

/** The row of the node above this one; its own where there is none. */
export function rowAbove(rows: readonly TreeRow[], at: number): number {
  const depth = rows[at]?.depth ?? 0
  for (let above = at - 1; above >= 0; above--) {
    const row = rows[above]
    if (row?.kind === 'node' && row.depth < depth) return above
  }
  return at
}
