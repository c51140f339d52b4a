/** One FETCH response or command as text: what is read of it, which rules it bends, and how it is written again. */

import { expect } from 'vitest'
import { readCommand, writeCommand } from '../../../src/imap/commands/index.ts'
import { strictUtf8 } from '../../../src/imap/cursor.ts'
import type { FetchItem } from '../../../src/imap/fetch-item.ts'
import { readResponse, writeResponse } from '../../../src/imap/responses/index.ts'
import { client, rawMessage, server, textOf } from './wire.ts'

export interface ReadItems {
  readonly items: readonly FetchItem[]
  readonly rules: readonly string[]
}

export function readItems(line: string): ReadItems {
  const response = readResponse(server(`* 1 FETCH (${line})`))
  if (!response.ok) throw new Error(response.fault.rule)
  if (response.value.kind !== 'untagged' || response.value.data.name !== 'FETCH') throw new Error('no FETCH')
  return { items: response.value.data.items, rules: response.quirks.map(({ rule }) => rule) }
}

/** The items by the grammar: nothing bends, and they are written as they stood. */
export function readPlainItems(line: string): readonly FetchItem[] {
  const { items, rules } = readItems(line)
  expect(rules).toEqual([])
  expect(rewriteItems(line)).toBe(line)
  return items
}

/** Read and written again, between the parentheses. */
export function rewriteItems(line: string): string {
  const response = readResponse(server(`* 1 FETCH (${line})`))
  if (!response.ok) throw new Error(response.fault.rule)
  const written = textOf(writeResponse(response.value))
  expect(readResponse(rawMessage('server', written), strictUtf8)).toMatchObject({ ok: true })
  return written.slice('* 1 FETCH ('.length, -')\r\n'.length)
}

export interface ReadLine {
  readonly command: unknown
  readonly rules: readonly string[]
  /** Without its line end. */
  readonly written: string
}

export function readLine(line: string): ReadLine {
  const command = readCommand(client(line))
  if (!command.ok) throw new Error(command.fault.rule)
  return {
    command: command.value,
    rules: command.quirks.map(({ rule }) => rule),
    written: textOf(writeCommand(command.value)).trimEnd(),
  }
}
