/** Every command there is, read from a sample of it, with what a policy makes of each; how it decides is asked from outside. */

import { commandName, readCommand, type Command } from '../imap/commands/index.ts'
import { strict } from '../imap/cursor.ts'
import { extensions } from '../imap/extensions/index.ts'
import { octetsOf } from '../imap/octets.ts'
import type { RawMessage, RawPart } from '../imap/raw-message.ts'
import { beforeLogin, sampleLines } from './command-samples.ts'
import { needsOf } from './needs-of.ts'
import type { Action } from './needs.ts'

export interface CommandSample {
  /** Upper case; `UID FETCH` for UID forms. */
  readonly name: string
  /** What makes this sample another than the others of its name: `into Trash`; empty for the plain one. */
  readonly variant: string
  /** The extension that it came with, as in docs/extensions.md; empty for what nobody knows. */
  readonly extension: string
  /** As a client writes it, without tag and line end; literals are in line, `{n+}` CRLF octets. */
  readonly line: string
  readonly command: Command
  /** The same on the wire, whole. */
  readonly raw: RawMessage
  /** The mailbox that the session has selected; undefined where nobody has logged in. */
  readonly selected: string | undefined
}

/** What a policy makes of a sample. */
export interface Outcome {
  readonly effect: 'allow' | 'deny' | 'rewrite' | 'hide' | 'hold' | 'delay' | 'close'
  readonly rule: string
  /** What upstream gets where it is not what the client wrote. */
  readonly sent?: string | undefined
}

export interface CommandRow {
  readonly sample: CommandSample
  readonly actions: readonly Action[]
  /** One for each policy, in order. */
  readonly outcomes: readonly Outcome[]
}

export type AskPolicy = (sample: CommandSample) => Outcome

/** A row for each sample; the same command of another extension has no row of its own. */
export function commandTable(policies: readonly AskPolicy[]): readonly CommandRow[] {
  return sampleCommands().map((sample) => ({
    sample,
    actions: needsOf(sample.command, sample.selected).actions,
    outcomes: policies.map((ask) => ask(sample)),
  }))
}

/** In an order that people look for. */
export function sampleCommands(): readonly CommandSample[] {
  return sampleLines.map(([line, variant = '']) => readSample(line, variant))
}

const TAG = 'A1'

function readSample(line: string, variant: string): CommandSample {
  const raw = rawOf(`${TAG} ${line}\r\n`)
  const read = readCommand(raw, strict)
  // A test reads them all.
  if (!read.ok) throw new Error(`no sample of a command: ${line}: ${read.fault.text}`)
  const name = commandName(read.value)
  return {
    name,
    variant,
    extension: extensionOf(name),
    line,
    command: read.value,
    raw,
    selected: beforeLogin.has(name) ? undefined : 'INBOX',
  }
}

/** RFC 9051 took in what had names of their own before, by which people know it. */
function extensionOf(name: string): string {
  const owners = extensions.filter(({ reads }) => reads.command?.includes(name)).map((owner) => owner.name)
  return owners.find((owner) => owner !== 'IMAP4rev2') ?? owners[0] ?? ''
}

function rawOf(text: string): RawMessage {
  const parts: RawPart[] = []
  let from = 0
  for (const found of text.matchAll(/\{(\d+)\+?\}\r\n/gu)) {
    const size = Number(found[1])
    const start = found.index + found[0].length
    parts.push({ kind: 'line', octets: octetsOf(text.slice(from, start)) })
    parts.push({
      kind: 'literal',
      announced: { size, isSynchronizing: false, isBinary: false },
      octets: octetsOf(text.slice(start, start + size)),
    })
    from = start + size
  }
  parts.push({ kind: 'line', octets: octetsOf(text.slice(from)) })
  return { from: 'client', parts, octets: text.length }
}
