/** One node of a message's tree and the message it is made of: plain data; knows no grammar and no screen. */

import type { Fault } from '../../imap/fault.ts'
import type { Message } from '../../imap/message.ts'

/** Octets of a message, `from` up to `to`, literals counted. */
export interface Range {
  readonly from: number
  readonly to: number
}

/** A message as it may be looked at. */
export interface Specimen {
  readonly message: Message
  /** Credentials: they stand for themselves nowhere, neither in the tree nor in the dump; in order. */
  readonly hidden: readonly Range[]
}

export type NodeKind =
  | 'message'
  | 'list'
  /** A response code in brackets. */
  | 'code'
  | 'atom'
  | 'string'
  | 'literal'
  /** Free text up to the line end. */
  | 'text'
  /** Beyond what is taken apart. */
  | 'rest'

export interface TreeNode {
  readonly kind: NodeKind
  /** Of the first octet in the message. */
  from: number
  /** Behind the last octet. */
  to: number
  /** What it means, such as `subject`, or the name of the item that it is the value of. */
  label: string
  /** What it says: text of a peer, cut, not yet made safe for a screen. */
  text: string
  children: TreeNode[]
  /** What is wrong here, in order. */
  faults: Fault[]
}

export function newNode(kind: NodeKind, from: number, to: number, text = ''): TreeNode {
  return { kind, from, to, label: '', text, children: [], faults: [] }
}

/** Whether any octet of it is a credential. Found by halving: a message can have thousands of them. */
export function isHidden({ from, to }: Range, hidden: readonly Range[]): boolean {
  let low = 0
  let high = hidden.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((hidden[middle]?.to ?? 0) <= from) low = middle + 1
    else high = middle
  }
  return (hidden[low]?.from ?? Infinity) < to
}
