/** What the fuzzer begins with: conversations from the traces, and messages written from generated values. */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { writeCommand } from '../../src/imap/commands/index.ts'
import { concat, octetsOf } from '../../src/imap/octets.ts'
import type { Side } from '../../src/imap/raw-message.ts'
import { writeResponse } from '../../src/imap/responses/index.ts'
import { readTrace } from '../../src/imap/trace.ts'
import { anyOctets, commands, responses } from '../imap/support/values/index.ts'

export interface Input {
  readonly from: Side
  readonly octets: Uint8Array
}

const folder = join(import.meta.dirname, '..', 'traces')

/** Each side of each trace. */
export function inputsOfTraces(): Input[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.trace'),
  )
  return files.flatMap((file) => sidesOf(readFileSync(join(folder, file), 'utf8')))
}

function sidesOf(text: string): Input[] {
  const trace = readTrace(text)
  if (!('steps' in trace)) return []
  return (['client', 'server'] as const).flatMap((from) => {
    const octets = concat(trace.steps.filter((step) => step.from === from).map((step) => step.octets))
    return octets.length === 0 ? [] : [{ from, octets }]
  })
}

/** Some messages of every type that can be written, new ones for each seed. */
export function generatedInputs(seed: number, perFamily: number): Input[] {
  const settings = { seed, numRuns: perFamily }
  const written: Input[] = []
  for (const arbitrary of Object.values(commands))
    for (const command of fc.sample(arbitrary, settings))
      written.push({ from: 'client', octets: concat(writeCommand(command, 'synchronizing')) })
  for (const arbitrary of Object.values(responses))
    for (const response of fc.sample(arbitrary, settings))
      written.push({ from: 'server', octets: concat(writeResponse(response)) })
  for (const line of fc.sample(anyOctets, settings))
    for (const from of ['client', 'server'] as const)
      written.push({ from, octets: octetsOf(`${from === 'server' ? '* ' : 'a '}${line}\r\n`) })
  return written
}
