/** Draws the rows of a tree and of a hex dump; knows no keys and not which rows are in view. */

import type { HexCell, HexRow } from '../hex.ts'
import { octets } from '../format.ts'
import { fitSpans, mark, text, type Line, type Span } from '../span.ts'
import type { Range, TreeNode } from '../tree/node.ts'
import type { TreeRow } from '../tree/rows.ts'

/** Columns of indentation at most: deep nodes still have room for their words. */
const INDENT = 24

export function treeLine(row: TreeRow, isSelected: boolean, columns: number): Line {
  const indent = mark(' '.repeat(Math.min(row.depth * 2, INDENT, Math.floor(columns / 3))))
  const spans = row.kind === 'fault' ? faultSpans(row) : nodeSpans(row)
  const pointer = mark(isSelected ? '>' : ' ', 'title')
  return { spans: fitSpans([pointer, indent, ...spans], columns), isSelected }
}

function faultSpans({ fault }: Extract<TreeRow, { kind: 'fault' }>): Span[] {
  return [mark(`!${fault.at} `, 'bad'), text(`${fault.rule}: ${fault.text}`, 'warn')]
}

function nodeSpans({ node, isOpen }: Extract<TreeRow, { kind: 'node' }>): Span[] {
  const sign = node.children.length === 0 ? '  ' : isOpen ? '▾ ' : '▸ '
  const label = node.label === '' ? [] : [text(node.label, 'strong'), mark(' ')]
  return [mark(sign, 'accent'), ...label, ...valueSpans(node)]
}

function valueSpans(node: TreeNode): Span[] {
  const size = mark(` ${octets(node.to - node.from)}`, 'dim')
  const count = node.children.length
  if (node.kind === 'message') return [mark(`${node.to} octets`, 'dim')]
  if (node.kind === 'literal') return [mark('literal ', 'dim'), text(node.text)]
  if (node.kind === 'rest') return [mark(node.text, 'dim'), size]
  if (node.kind === 'list' || node.kind === 'code')
    return [...(node.text === '' ? [] : [text(node.text), mark(' ')]), mark(`(${count})`, 'dim')]
  return [text(node.text, node.kind === 'text' ? 'dim' : 'plain')]
}

/** Columns of a dump: offset, octets and characters. */
export function hexColumns(width: number, digits: number): number {
  return digits + 4 + width * 3 + width
}

export interface HexLook {
  /** Octets of a row. */
  readonly width: number
  /** Digits of an offset. */
  readonly digits: number
  /** The octets of the selected node. */
  readonly selected: Range
}

export function hexSpans(row: HexRow, { width, digits, selected }: HexLook): Span[] {
  const offset = mark(` ${row.at.toString(16).padStart(digits, '0')} `, 'dim')
  if (row.kind === 'gone') return [offset, mark(` … ${row.octets} octets were not kept`, 'dim')]
  const blanks = mark(' '.repeat((width - row.cells.length) * 3))
  const dump = row.cells.flatMap((cell, at) => [between(cell, at, selected), octetSpan(cell, selected)])
  const characters = row.cells.map((cell) => characterSpan(cell, selected))
  return [offset, ...dump, closing(row.cells.at(-1), selected), blanks, mark(' '), ...characters]
}

/** Brackets stand around the selection, so that it is seen without colours. */
function between({ at }: HexCell, index: number, { from, to }: Range): Span {
  if (at === from && from < to) return mark('[', 'title')
  return at === to && index > 0 ? mark(']', 'title') : mark(' ')
}

function closing(last: HexCell | undefined, { to }: Range): Span {
  return last && last.at + 1 === to ? mark(']', 'title') : mark(' ')
}

const isWithin = ({ at }: HexCell, { from, to }: Range): boolean => from <= at && at < to

function octetSpan(cell: HexCell, selected: Range): Span {
  const digits = cell.octet === undefined ? '××' : cell.octet.toString(16).padStart(2, '0')
  return mark(digits, isWithin(cell, selected) ? 'title' : cell.octet === undefined ? 'warn' : 'plain')
}

function characterSpan(cell: HexCell, selected: Range): Span {
  const style = isWithin(cell, selected) ? 'title' : 'dim'
  if (cell.octet === undefined) return mark('×', style)
  return cell.octet > 0x1f && cell.octet < 0x7f
    ? text(String.fromCharCode(cell.octet), style)
    : mark('·', style)
}
