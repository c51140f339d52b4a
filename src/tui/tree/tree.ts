/** A message as a tree whose nodes know their octets, with what is wrong at its place; draws nothing. */

import type { Fault } from '../../imap/fault.ts'
import type { Message } from '../../imap/message.ts'
import { labelMessage } from './label.ts'
import type { Specimen, TreeNode } from './node.ts'
import { walk } from './walk.ts'

export interface Tree {
  readonly specimen: Specimen
  readonly root: TreeNode
}

export function makeTree(specimen: Specimen): Tree {
  const root = walk(specimen)
  const { message } = specimen
  if (message.kind === 'command' || message.kind === 'response')
    labelMessage(root, message.kind === 'command')
  else root.label = message.kind === 'sasl-data' ? 'SASL data' : 'end of IDLE'
  for (const fault of faultsOf(message)) attach(root, fault)
  return { specimen, root }
}

/** Quirks first: the reading went past them to where it stopped. */
function faultsOf(message: Message): readonly Fault[] {
  if (message.kind !== 'command' && message.kind !== 'response') return []
  const parsed = message.kind === 'command' ? message.command() : message.response()
  return parsed.ok ? parsed.quirks : [...parsed.quirks, parsed.fault]
}

/** At the smallest node that holds the octet, or that ends there. */
function attach(root: TreeNode, fault: Fault): void {
  let node = root
  for (;;) {
    const inner = childAt(node, fault.at)
    if (!inner) break
    node = inner
  }
  node.faults.push(fault)
}

/** Children stand in order: found by halving, for there may be thousands. */
function childAt({ children }: TreeNode, at: number): TreeNode | undefined {
  let low = 0
  let high = children.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((children[middle]?.from ?? Infinity) <= at) low = middle + 1
    else high = middle
  }
  const found = children[low - 1]
  return found && at < found.to ? found : undefined
}
