import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Assembler } from '../../src/imap/assembler.ts'
import { Framer } from '../../src/imap/framer.ts'
import { strict } from '../../src/imap/cursor.ts'
import { limits } from '../../src/imap/limits.ts'
import { octetsOf } from '../../src/imap/octets.ts'
import type { RawMessage } from '../../src/imap/raw-message.ts'
import { readResponse, type Response } from '../../src/imap/responses/index.ts'
import { server } from './support/wire.ts'

interface Taken {
  readonly raw: RawMessage
  readonly isIncomplete: boolean
  /** Octets that are held for it. */
  readonly held: number
}

/** The one message of the text, in chunks of 64 KiB. */
function take(text: string): Taken {
  const framer = new Framer('server')
  const assembler = new Assembler('server')
  const octets = octetsOf(text)
  for (let at = 0; at < octets.length; at += 65_536) {
    framer.push(octets.subarray(at, at + 65_536))
    while (framer.next('response')) {
      assembler.add(framer)
      if (!framer.isLast) continue
      const { isIncomplete } = assembler
      const raw = assembler.take()
      return { raw, isIncomplete, held: raw.parts.reduce((sum, part) => sum + (part.octets?.length ?? 0), 0) }
    }
  }
  throw new Error('no message')
}

function read(raw: RawMessage): Response {
  const response = readResponse(raw)
  if (!response.ok) throw new Error(response.fault.rule)
  return response.value
}

const search = (octets: number): string => {
  const head = '* SEARCH'
  return (
    `${head}${' 1234567'.repeat(Math.ceil(octets / 8))}`.slice(0, octets - 2).replace(/ $/u, '1') + '\r\n'
  )
}

describe('a line', () => {
  test('is read as long as the limit is', () => {
    const { raw, isIncomplete } = take(search(limits.lineOctets))
    expect(raw.octets).toBe(limits.lineOctets)
    expect(isIncomplete).toBe(false)
    expect(readResponse(raw).ok).toBe(true)
  })

  test('one octet longer is framed and counted, and said to be incomplete', () => {
    const { raw, isIncomplete, held } = take(search(limits.lineOctets + 1))
    expect(raw.octets).toBe(limits.lineOctets + 1)
    expect(isIncomplete).toBe(true)
    expect(held).toBeLessThanOrEqual(limits.lineOctets + 64)
  })
})

const body = (size: number): string => `* 1 FETCH (BODY[] {${size}}\r\n${'x'.repeat(size)})\r\n`

describe('a literal', () => {
  test('is kept as large as the limit is', () => {
    const { raw } = take(body(limits.literalKept))
    expect(read(raw)).toMatchObject({ data: { items: [{ data: expect.any(Uint8Array) }] } })
  })

  test('one octet larger streams past and is known by its size', () => {
    const { raw, isIncomplete, held } = take(body(limits.literalKept + 1))
    expect(read(raw)).toMatchObject({
      data: { items: [{ data: { kind: 'streamed', size: limits.literalKept + 1 } }] },
    })
    expect(isIncomplete).toBe(false)
    expect(held).toBeLessThan(100)
  })

  test('that stands for a string and was not kept is a fault', () => {
    const size = limits.literalKept + 1
    const { raw } = take(`* LIST () "/" {${size}}\r\n${'x'.repeat(size)}\r\n`)
    expect(readResponse(raw)).toMatchObject({ ok: false, fault: { rule: 'literal-too-large' } })
  })
})

const manyLiterals = (count: number): string => `* 1 FETCH (X (${'{1}\r\na '.repeat(count).trimEnd()}))\r\n`

describe('literals', () => {
  test('of one message are kept up to their limit', () => {
    const { raw, isIncomplete } = take(manyLiterals(limits.literalsKept))
    expect(isIncomplete).toBe(false)
    expect(readResponse(raw).ok).toBe(true)
  })

  test('beyond it make the message incomplete and hold no more', () => {
    const { raw, isIncomplete } = take(manyLiterals(limits.literalsKept + 1))
    expect(isIncomplete).toBe(true)
    expect(raw.parts.length).toBeLessThanOrEqual(2 * limits.literalsKept + 2)
  })
})

/** Kept literals alone reach the limit; the lines come on top. */
const fullMessage = (octets: number): string => {
  const piece = `{${limits.literalKept}}\r\n${'x'.repeat(limits.literalKept)} `
  return `* 1 FETCH (X (${piece.repeat(Math.ceil(octets / limits.literalKept))}))\r\n`
}

test('of a message no more is held than the limit, whatever its parts', () => {
  const { isIncomplete, held, raw } = take(fullMessage(4 * limits.messageOctets))
  expect(held).toBeLessThanOrEqual(limits.messageOctets)
  expect(raw.octets).toBeGreaterThan(4 * limits.messageOctets)
  // Literals that were not kept streamed past: what stands around them can still be read.
  expect(isIncomplete).toBe(false)
})

const nested = (depth: number): string => `* X ${'('.repeat(depth)}${')'.repeat(depth)}`

describe('nesting', () => {
  test('is read as deep as the limit is', () => {
    expect(readResponse(server(nested(limits.nesting))).ok).toBe(true)
  })

  test('one level deeper is opaque, and told by name', () => {
    const raw = server(nested(limits.nesting + 1))
    expect(readResponse(raw)).toMatchObject({ ok: true, quirks: [{ rule: 'nested-too-deep' }] })
    expect(readResponse(raw, strict)).toMatchObject({ ok: false, fault: { rule: 'nested-too-deep' } })
  })
})

test('quirks are kept up to their limit', () => {
  const { quirks } = readResponse(server(`* SEARCH${'  1'.repeat(limits.quirksKept + 5)}`))
  expect(quirks).toHaveLength(limits.quirksKept)
})

test('every limit stands in docs/limits.md with its value', () => {
  const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'limits.md'), 'utf8')
  for (const [name, value] of Object.entries(limits))
    expect(page, name).toMatch(new RegExp(`\\| \`${name}\` \\| ${value.toLocaleString('en')} \\|`, 'u'))
})
