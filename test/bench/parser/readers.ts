/** The readers that are compared: ours in its parts, and those of two well-known clients; each reads one input whole. */

import { createRequire } from 'node:module'
import { Readable } from 'node:stream'
import { parser } from 'imapflow/lib/handler/imap-handler.js'
import { ImapStream } from 'imapflow/lib/handler/imap-stream.js'
import { Assembler } from '../../../src/imap/assembler.ts'
import { Framer } from '../../../src/imap/framer.ts'
import type { RawMessage } from '../../../src/imap/raw-message.ts'
import { readResponse } from '../../../src/imap/responses/index.ts'

/** Returns the number of responses, so that readers can be held to reading all of it. */
export type Read = () => number | Promise<number>

export interface Reader {
  readonly about: string
  /** What is not to be measured is done here. */
  prepare(octets: Buffer): Read
}

/** What a socket would give at once. */
const CHUNK = 64 * 1024

const chunksOf = (octets: Buffer): Buffer[] =>
  Array.from({ length: Math.ceil(octets.length / CHUNK) }, (_, at) =>
    octets.subarray(at * CHUNK, (at + 1) * CHUNK),
  )

function messagesOf(octets: Buffer): RawMessage[] {
  const messages: RawMessage[] = []
  const framer = new Framer('server')
  const assembler = new Assembler('server')
  framer.push(octets)
  while (framer.next('response')) {
    assembler.add(framer)
    if (framer.isLast) messages.push(assembler.take())
  }
  return messages
}

const framing: Reader = {
  about: 'imaptap: lines and literals, nothing read',
  prepare(octets) {
    const chunks = chunksOf(octets)
    return () => {
      const framer = new Framer('server')
      let messages = 0
      for (const chunk of chunks) {
        framer.push(chunk)
        while (framer.next('response')) if (framer.isLast) messages++
      }
      return messages
    }
  },
}

const tree: Reader = {
  about: 'imaptap: framing, and the full typed tree of everything',
  prepare(octets) {
    const chunks = chunksOf(octets)
    return () => {
      const framer = new Framer('server')
      const assembler = new Assembler('server')
      let messages = 0
      for (const chunk of chunks) {
        framer.push(chunk)
        while (framer.next('response')) {
          assembler.add(framer)
          if (framer.isLast && readResponse(assembler.take()).ok) messages++
        }
      }
      return messages
    }
  },
}

const treeAlone: Reader = {
  about: 'imaptap: the full typed tree, of messages framed before',
  prepare(octets) {
    const messages = messagesOf(octets)
    return () => messages.reduce((read, raw) => read + Number(readResponse(raw).ok), 0)
  },
}

/** As imapflow calls it: the line without its end, literals beside it. */
const imapflowParser: Reader = {
  about: "imapflow's parser, of messages framed before",
  prepare(octets) {
    const messages = messagesOf(octets).map(({ parts }) => ({
      line: Buffer.concat(parts.flatMap((part) => (part.kind === 'line' ? [part.octets] : []))).subarray(
        0,
        -2,
      ),
      literals: parts.flatMap((part) => (part.kind === 'literal' ? [Buffer.from(part.octets ?? [])] : [])),
    }))
    return async () => {
      let read = 0
      for (const { line, literals } of messages) {
        // It takes the literals out of the array.
        await parser(line, { literals: [...literals] })
        read++
      }
      return read
    }
  },
}

const imapflowStream: Reader = {
  about: "imapflow's stream and parser",
  prepare(octets) {
    const chunks = chunksOf(octets)
    return async () => {
      const stream = new ImapStream({ logger: false })
      let read = 0
      const done = new Promise<void>((resolve, reject) => {
        stream.on('readable', () => {
          void drain().catch(reject)
        })
        stream.on('end', resolve)
        stream.on('error', reject)
      })
      let isDraining = false
      const drain = async (): Promise<void> => {
        if (isDraining) return
        isDraining = true
        for (let item = nextOf(stream); item; item = nextOf(stream)) {
          await parser(item.payload, { literals: item.literals })
          read++
          item.next()
        }
        isDraining = false
      }
      Readable.from(chunks, { objectMode: false }).pipe(stream)
      await done
      return read
    }
  },
}

interface StreamItem {
  readonly payload: Buffer
  readonly literals: Buffer[]
  readonly next: () => void
}

/** The stream's types leave open what it gives. */
function nextOf(stream: ImapStream): StreamItem | undefined {
  const item: unknown = stream.read()
  // As the stream's own documentation describes its items.
  return (item as StreamItem | null) ?? undefined
}

interface NodeImapParser {
  on(event: string, listener: (...values: readonly unknown[]) => void): void
}

/** node-imap reads from a stream by itself, and tells by events. */
const nodeImap: Reader = {
  about: "node-imap's parser",
  prepare(octets) {
    const chunks = chunksOf(octets)
    const require = createRequire(import.meta.url)
    // The package has no types: its parser takes a stream.
    const { Parser } = require('imap/lib/Parser') as { Parser: new (stream: Readable) => NodeImapParser }
    return () =>
      new Promise((resolve) => {
        const stream = Readable.from(chunks, { objectMode: false })
        const reader = new Parser(stream)
        let read = 0
        reader.on('untagged', () => read++)
        reader.on('body', (body) => {
          // A body is a stream of its own, which must be read for the parser to go on.
          if (body instanceof Readable || isOldStream(body)) body.resume()
        })
        stream.on('end', () => setImmediate(() => resolve(read)))
      })
  },
}

const isOldStream = (value: unknown): value is { resume(): void } =>
  typeof value === 'object' && value !== null && 'resume' in value && typeof value.resume === 'function'

export const readers: Readonly<Record<string, Reader>> = {
  framing,
  tree,
  'tree-alone': treeAlone,
  'imapflow-parser': imapflowParser,
  imapflow: imapflowStream,
  'node-imap': nodeImap,
}
