/** Says what the nodes of a message mean, by their places; reads the syntax alone, and so any message, however odd. */

import { labelEnvelope, labelStructure } from './label-item.ts'
import type { TreeNode } from './node.ts'

/** What the arguments of frequent commands are, in order; the last word stands for all that follow. */
const argumentLabels: Readonly<Record<string, readonly string[]>> = {
  APPEND: ['mailbox', 'option'],
  AUTHENTICATE: ['mechanism', 'initial response'],
  COPY: ['messages', 'mailbox'],
  CREATE: ['mailbox', 'option'],
  DELETE: ['mailbox'],
  ENABLE: ['capability'],
  EXAMINE: ['mailbox', 'option'],
  FETCH: ['messages', 'items', 'option'],
  ID: ['parameters'],
  LIST: ['reference', 'pattern', 'option'],
  LOGIN: ['user', 'password'],
  LSUB: ['reference', 'pattern'],
  MOVE: ['messages', 'mailbox'],
  RENAME: ['mailbox', 'new name'],
  SEARCH: ['key'],
  SELECT: ['mailbox', 'option'],
  STATUS: ['mailbox', 'items'],
  STORE: ['messages', 'action', 'flags'],
  SUBSCRIBE: ['mailbox'],
  UNSUBSCRIBE: ['mailbox'],
}

/** The same for untagged responses whose name comes first. */
const dataLabels: Readonly<Record<string, readonly string[]>> = {
  CAPABILITY: ['capability'],
  ENABLED: ['capability'],
  FLAGS: ['flags'],
  LIST: ['attributes', 'delimiter', 'mailbox', 'extended'],
  LSUB: ['attributes', 'delimiter', 'mailbox'],
  SEARCH: ['message'],
  SORT: ['message'],
  STATUS: ['mailbox', 'items'],
  VANISHED: ['messages'],
}

export function labelMessage(root: TreeNode, isCommand: boolean): void {
  if (isCommand) labelCommand(root)
  else labelResponse(root)
}

function labelCommand(root: TreeNode): void {
  const [tag, first, second] = root.children
  if (tag) tag.label = 'tag'
  if (!first) return
  first.label = 'command'
  const isUid = wordOf(first) === 'UID'
  if (isUid && second) second.label = 'command'
  const name = wordOf(isUid ? second : first)
  labelPlaces(root.children.slice(isUid ? 3 : 2), argumentLabels[name] ?? [])
  if (name === 'ID') foldPairs(root.children[2])
  root.label = `${wordOf(first)}${isUid ? ` ${name}` : ''}`
}

function labelResponse(root: TreeNode): void {
  const [first, second, third] = root.children
  if (!first) return
  root.label = first.text
  first.label = first.text === '*' ? 'untagged' : first.text === '+' ? 'go on' : 'tag'
  if (!second || first.text === '+') return labelText(root)
  if (/^\d+$/.test(second.text) && third) return labelNumbered(root, third)
  const name = wordOf(second)
  root.label = `${first.text} ${name}`
  if (isStatus.test(name)) return labelStatus(root, second)
  second.label = 'response'
  labelPlaces(root.children.slice(2), dataLabels[name] ?? [])
  if (name === 'STATUS') foldPairs(root.children[3])
  if (name === 'ID') foldPairs(root.children[2])
}

const isStatus = /^(?:OK|NO|BAD|BYE|PREAUTH)$/

function labelStatus(root: TreeNode, status: TreeNode): void {
  status.label = 'status'
  labelText(root)
}

function labelText(root: TreeNode): void {
  for (const node of root.children) {
    if (node.kind === 'text') node.label = 'text'
    if (node.kind !== 'code') continue
    node.label = 'code'
    const [word] = node.children
    node.text = word?.text ?? ''
  }
}

function labelNumbered(root: TreeNode, word: TreeNode): void {
  const [, number] = root.children
  const name = wordOf(word)
  root.label = `* ${number?.text ?? ''} ${name}`
  if (number) number.label = name === 'EXISTS' || name === 'RECENT' ? 'messages' : 'message number'
  word.label = 'response'
  if (name === 'FETCH' || name === 'UIDFETCH') labelFetch(root.children[3])
}

/** `UID 77 FLAGS (\Seen)` becomes two nodes, each with its value. */
function labelFetch(items: TreeNode | undefined): void {
  foldPairs(items)
  if (items) items.label = 'items'
  for (const item of items?.children ?? []) {
    const name = item.label.toUpperCase()
    if (name === 'ENVELOPE') labelEnvelope(item)
    if (name === 'BODYSTRUCTURE' || (name === 'BODY' && item.children.length > 0)) labelStructure(item, '')
  }
}

/** Names and values that stand in turns become one node for each name. */
function foldPairs(list: TreeNode | undefined): void {
  if (list?.kind !== 'list') return
  const folded: TreeNode[] = []
  for (let at = 0; at < list.children.length; at += 2) {
    const name = list.children[at]
    const value = list.children[at + 1]
    if (name && value && name.kind !== 'list') folded.push(foldPair(name, value))
    else folded.push(...list.children.slice(at, at + 2))
  }
  list.children = folded
}

function foldPair(name: TreeNode, value: TreeNode): TreeNode {
  return { ...value, label: name.text.replaceAll('"', ''), from: name.from }
}

function labelPlaces(nodes: readonly TreeNode[], labels: readonly string[]): void {
  for (const [at, node] of nodes.entries()) node.label = labels[at] ?? labels.at(-1) ?? ''
}

const wordOf = (node: TreeNode | undefined): string => node?.text.toUpperCase() ?? ''
