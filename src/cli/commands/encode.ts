/** The encode command: JSON lines in, octets out; it does not know how a message is written. */

import type { Readable, Writable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import { exitCodes } from '../exit-codes.ts'
import { Failure } from '../failure.ts'
import type { Output } from '../options.ts'
import { encodeMessage } from '../parse/encode-message.ts'
import { LineSink } from '../parse/line-sink.ts'
import { openInput, type Input } from '../parse/octet-source.ts'
import { NoValue } from '../parse/value-of-json.ts'

export interface EncodeFlags {
  readonly literals: 'synchronizing' | 'non-synchronizing'
}

export interface EncodeWorld {
  readonly stdin: Readable & { readonly isTTY?: boolean }
  readonly out: Writable
  readonly err: Output
}

export async function runEncode(
  { literals }: EncodeFlags,
  file: string | undefined,
  { stdin, out, err }: EncodeWorld,
): Promise<number> {
  const input = openInput(file, stdin)
  if (input.name === 'stdin' && stdin.isTTY) err.write('imaptap: reading from the terminal, until Ctrl-D\n')
  const sink = new LineSink(out)
  let messages = 0
  let side: string | undefined
  try {
    for await (const { text, line } of readLines(input)) {
      const at = `${input.name}:${line}`
      const json = readJson(text, at)
      side = oneSide(side, sideOf(json), at)
      sink.add(encodeJson(json, at, literals))
      messages += 1
      if (sink.isFull) await sink.flush()
    }
  } finally {
    // What stands before a mistake is sound.
    await sink.flush()
  }
  if (messages === 0)
    throw new Failure(`${input.name} is empty: there is nothing to write`, exitCodes.runtime)
  return exitCodes.ok
}

/** Octets of both sides in one stream are of no use to anybody. */
function oneSide(before: string | undefined, side: string | undefined, at: string): string | undefined {
  if (before === undefined || side === undefined || side === before) return before ?? side
  throw new Failure(
    `${at}: is of the ${side}, and what stands before it of the ${before}`,
    exitCodes.runtime,
    `choose one side: jq -c 'select(.from=="${before}")'`,
  )
}

const sideOf = (json: unknown): string | undefined =>
  typeof json === 'object' && json !== null && 'from' in json && typeof json.from === 'string'
    ? json.from
    : undefined

function encodeJson(json: unknown, at: string, literals: EncodeFlags['literals']): Uint8Array {
  try {
    return encodeMessage(json, literals)
  } catch (error) {
    if (!(error instanceof NoValue)) throw error
    throw new Failure(`${at}: ${error.message}`, exitCodes.runtime)
  }
}

function readJson(text: string, at: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const why = error instanceof Error ? error.message : ''
    const position = /at position (\d+)/u.exec(why)?.[1]
    const column =
      position === undefined ? (why.includes('end of JSON') ? text.length + 1 : 1) : Number(position) + 1
    const advice = 'one JSON object on each line is wanted, as imaptap parse prints them'
    throw new Failure(`${at}:${column}: not JSON`, exitCodes.runtime, advice)
  }
}

/** Lines that hold something, with their numbers from 1. */
async function* readLines({ chunks }: Input): AsyncGenerator<{ text: string; line: number }> {
  const decoder = new StringDecoder('utf8')
  let pieces: string[] = []
  let line = 0
  for await (const chunk of chunks) {
    const [head = '', ...tails] = decoder.write(Buffer.from(chunk)).split('\n')
    pieces.push(head)
    for (const next of tails) {
      const text = pieces.join('')
      line += 1
      pieces = [next]
      if (text.trim() !== '') yield { text, line }
    }
  }
  const text = pieces.join('') + decoder.end()
  if (text.trim() !== '') yield { text, line: line + 1 }
}
