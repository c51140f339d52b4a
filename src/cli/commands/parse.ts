/** The parse command: octets in, one JSON object for each message out; it does not know the grammar. */

import type { Readable, Writable } from 'node:stream'
import { tolerant, type Reading } from '../../imap/cursor.ts'
import { LF, latin1 } from '../../imap/octets.ts'
import type { Side } from '../../imap/raw-message.ts'
import { readTrace } from '../../imap/trace.ts'
import { decodeText } from '../../imap/utf8.ts'
import type { IncompleteTail, WireMessage } from '../../session/wire-message.ts'
import { WireReader, type WireSides } from '../../session/wire-reader.ts'
import { exitCodes } from '../exit-codes.ts'
import { Failure } from '../failure.ts'
import type { Output } from '../options.ts'
import { Hiding } from '../parse/hiding.ts'
import { LineSink } from '../parse/line-sink.ts'
import { messageJson } from '../parse/message-json.ts'
import { openInput, readWhole, split, type Input } from '../parse/octet-source.ts'
import { headOctets, recognize } from '../parse/recognize.ts'

export interface ParseFlags {
  readonly from?: Side
  /** Lines may end in LF alone. */
  readonly lf?: boolean
  /** Octets fed at a time. */
  readonly chunk?: number
  readonly strict?: boolean
  readonly reveal?: boolean
  /** C: and S: lines; true where its file stands elsewhere. */
  readonly trace?: string | true
}

export interface ParseWorld {
  readonly stdin: Readable & { readonly isTTY?: boolean }
  readonly out: Writable
  readonly err: Output
}

/** Octets of a trace at most: somebody wrote it. */
const traceOctets = 64 * 1024 * 1024

export async function runParse(
  flags: ParseFlags,
  file: string | undefined,
  world: ParseWorld,
): Promise<number> {
  const wanted = chooseInput(flags, file)
  const input = openInput(wanted, world.stdin)
  if (input.name === 'stdin' && world.stdin.isTTY)
    world.err.write('imaptap: reading from the terminal, until Ctrl-D\n')
  const parse = new Parse(flags, world)
  try {
    if (flags.trace === undefined) await parse.readOctets(input)
    else await parse.readTrace(input)
    return parse.finish()
  } finally {
    await parse.flush()
  }
}

function chooseInput({ from, trace }: ParseFlags, file: string | undefined): string | undefined {
  if (trace === undefined && from === undefined)
    throw usage('--from is missing: whose octets are these?', 'imaptap parse --from server FILE')
  if (trace !== undefined && from !== undefined)
    throw usage(
      '--from and --trace exclude each other: a trace says itself who speaks',
      'see: imaptap parse --help',
    )
  if (typeof trace === 'string' && file !== undefined)
    throw usage('two files are given: one is read at a time', 'see: imaptap parse --help')
  return typeof trace === 'string' ? trace : file
}

const usage = (message: string, advice: string): Failure => new Failure(message, exitCodes.usage, advice)

/** One run: what it reads, and what it came to. */
class Parse {
  readonly #flags: ParseFlags
  readonly #world: ParseWorld
  readonly #reader: WireReader
  readonly #hiding: Hiding
  readonly #sink: LineSink
  #exitCode: number = exitCodes.ok

  constructor(flags: ParseFlags, world: ParseWorld) {
    const sides: WireSides = flags.trace === undefined ? (flags.from ?? 'server') : 'both'
    const reading: Reading = { ...tolerant, isStrict: flags.strict ?? false, allowsLf: flags.lf ?? false }
    this.#flags = flags
    this.#world = world
    this.#reader = new WireReader(sides, reading)
    this.#hiding = new Hiding(this.#reader, sides)
    this.#sink = new LineSink(world.out)
  }

  async readOctets({ name, chunks }: Input): Promise<void> {
    let head: Uint8Array = new Uint8Array(0)
    let isKnown = false
    for await (const chunk of chunks) {
      head = isKnown ? chunk : Buffer.concat([head, chunk])
      // A whole line is enough to go by: whoever types waits for the answer.
      if (!isKnown && head.length < headOctets && !head.includes(LF)) continue
      if (!isKnown) this.#look(name, head)
      isKnown = true
      await this.#push(this.#flags.from ?? 'server', head)
      await this.flush()
    }
    if (isKnown) return
    this.#look(name, head)
    await this.#push(this.#flags.from ?? 'server', head)
  }

  async readTrace(input: Input): Promise<void> {
    const whole = await readWhole(input, traceOctets)
    this.#refuseOther(input.name, whole.subarray(0, headOctets))
    // Octets that are no UTF-8 stay what they are.
    const trace = readTrace(decodeText(latin1(whole)))
    if ('text' in trace)
      throw new Failure(
        `${input.name}:${trace.line}: ${trace.text}`,
        exitCodes.runtime,
        'see: imaptap parse --help',
      )
    if (trace.steps.length === 0) throw nothing(input.name)
    for (const { from, octets } of trace.steps) await this.#push(from, octets)
  }

  finish(): number {
    for (const message of this.#reader.finish()) this.#print(message)
    return this.#exitCode
  }

  /** Prints what is gathered. */
  flush(): Promise<void> {
    return this.#sink.flush()
  }

  #look(name: string, head: Uint8Array): void {
    if (head.length === 0) throw nothing(name)
    const start = head.subarray(0, headOctets)
    this.#refuseOther(name, start)
    const other = recognize(start)
    if (!other) return
    this.#exitCode = exitCodes.runtime
    this.#world.err.write(`imaptap: ${name} ${other.what}: ${other.advice}\n`)
  }

  #refuseOther(name: string, head: Uint8Array): void {
    const other = recognize(head)
    if (other?.isHopeless) throw new Failure(`${name} ${other.what}`, exitCodes.runtime, other.advice)
  }

  async #push(from: Side, octets: Uint8Array): Promise<void> {
    const size = this.#flags.chunk ?? octets.length
    for (const piece of split(octets, Math.max(1, size))) {
      for (const message of this.#reader.push(from, piece)) {
        this.#print(message)
        if (this.#sink.isFull) await this.#sink.flush()
      }
    }
  }

  #print(message: WireMessage | IncompleteTail): void {
    const reveals = this.#flags.reveal ?? false
    const isWhole = message.kind !== 'incomplete'
    if (!isWhole || (this.#flags.strict && message.faults.length > 0)) this.#exitCode = exitCodes.runtime
    const hidden = isWhole && !reveals ? this.#hiding.judge(message) : 'nothing'
    this.#sink.add(`${JSON.stringify(messageJson(message, { reveals, hidden }))}\n`)
  }
}

const nothing = (name: string): Failure =>
  new Failure(`${name} is empty: there is nothing to read`, exitCodes.runtime)
