/** Says what stands where in ENVELOPE and BODYSTRUCTURE (RFC 9051 section 7.5.2); knows no other item. */

import type { TreeNode } from './node.ts'

const envelopeFields = [
  'date',
  'subject',
  'from',
  'sender',
  'reply-to',
  'to',
  'cc',
  'bcc',
  'in-reply-to',
  'message-id',
] as const

const addressFields = ['name', 'route', 'mailbox', 'host'] as const

export function labelEnvelope(envelope: TreeNode): void {
  label(envelope.children, envelopeFields)
  envelope.text = unquoted(envelope.children[1])
  for (const addresses of envelope.children.slice(2, 8)) labelAddresses(addresses)
}

function labelAddresses(addresses: TreeNode): void {
  for (const address of addresses.children) {
    address.label = 'address'
    label(address.children, addressFields)
    address.text = `${unquoted(address.children[2])}@${unquoted(address.children[3])}`
  }
  if (addresses.children.length > 0) addresses.text = addresses.children.map(({ text }) => text).join(', ')
}

const singleFields = ['type', 'subtype', 'parameters', 'id', 'description', 'encoding', 'octets'] as const
const afterMultipart = ['parameters', 'disposition', 'language', 'location'] as const
const afterSingle = ['md5', 'disposition', 'language', 'location'] as const

/** Called once for each level of nesting, of which the walk makes only so many. */
export function labelStructure(structure: TreeNode, section: string): void {
  const parts = countParts(structure)
  if (parts > 0) labelMultipart(structure, { section, parts })
  else labelSingle(structure, section)
}

function countParts({ children }: TreeNode): number {
  const other = children.findIndex(({ kind }) => kind !== 'list')
  return other < 0 ? children.length : other
}

interface Multipart {
  readonly section: string
  readonly parts: number
}

function labelMultipart(structure: TreeNode, { section, parts }: Multipart): void {
  const prefix = section === '' ? '' : `${section}.`
  for (const [at, part] of structure.children.slice(0, parts).entries()) {
    part.label = `${prefix}${at + 1}`
    labelStructure(part, part.label)
  }
  label(structure.children.slice(parts), ['subtype', ...afterMultipart])
  structure.text = `${unquoted(structure.children[parts]).toLowerCase() || 'multipart'}(${parts})`
}

function labelSingle(structure: TreeNode, section: string): void {
  const [type, subtype] = structure.children
  const name = `${unquoted(type)}/${unquoted(subtype)}`.toLowerCase()
  structure.text = name
  label(structure.children, [...singleFields, ...extraFields(name), ...afterSingle])
  if (name !== 'message/rfc822' && name !== 'message/global') return
  const [envelope, inner] = structure.children.slice(7)
  if (envelope) labelEnvelope(envelope)
  if (inner?.kind === 'list') labelStructure(inner, section === '' ? '1' : section)
}

function extraFields(name: string): readonly string[] {
  if (name === 'message/rfc822' || name === 'message/global') return ['envelope', 'structure', 'lines']
  return name.startsWith('text/') ? ['lines'] : []
}

function label(nodes: readonly TreeNode[], labels: readonly string[]): void {
  for (const [at, node] of nodes.entries()) node.label = labels[at] ?? ''
}

/** Without its quotes; nothing for NIL. */
function unquoted(node: TreeNode | undefined): string {
  if (!node || /^nil$/i.test(node.text)) return ''
  return node.kind === 'string' ? node.text.replace(/^"|"$/g, '') : node.text
}
