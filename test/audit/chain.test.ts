import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'

import { genesis, isTornRecord, readSealed, seal } from '../../src/audit/chain.ts'
import { numbered } from './support/audits.ts'

const first = seal(genesis, numbered(1))
const second = seal(first.link, numbered(2))
const octetsOf = (line: string): Buffer => Buffer.from(line.slice(0, -1))

describe('a sealed record', () => {
  it('is JSON that carries the hash of the one before, and its own', () => {
    expect(JSON.parse(second.line)).toMatchObject({
      seq: 2,
      n: 2,
      prev: first.link.hash,
      hash: second.link.hash,
    })
    expect(first.line).toContain(`"prev":"${'0'.repeat(64)}"`)
  })

  it('can be checked by hand: the hash is that of the line without it', () => {
    const bare = execFileSync('sed', ['-E', 's/,"hash":"[0-9a-f]{64}"\\}$/}/'], { input: second.line })
    const [digest] = execFileSync('sha256sum', { input: bare.subarray(0, -1), encoding: 'utf8' }).split(' ')
    expect(digest).toBe(second.link.hash)
  })

  it('is whole, and with any octet changed it is not', () => {
    const line = octetsOf(second.line)
    expect(readSealed(line)).toEqual({ seq: 2, prev: first.link.hash, hash: second.link.hash, isWhole: true })
    for (let at = 0; at < line.length; at++) {
      const changed = Buffer.from(line)
      changed[at] = (changed[at] ?? 0) ^ 1
      expect(readSealed(changed)?.isWhole ?? false, `octet ${at}`).toBe(false)
    }
  })

  it('of octets that are no UTF-8 is not taken for what it looks like', () => {
    const { line } = seal(genesis, numbered(1).replace('"why":""', '"why":"\u{fffd}"'))
    const octets = octetsOf(line)
    expect(readSealed(octets)?.isWhole).toBe(true)
    const at = octets.indexOf(0xef)
    const changed = Buffer.concat([octets.subarray(0, at), Buffer.from([0xff]), octets.subarray(at + 3)])
    expect(changed.toString()).toBe(octets.toString())
    expect(readSealed(changed)?.isWhole).toBe(false)
  })

  it.each(['', '{}', '{"seq":0,"a":1}', 'From: ann', first.line.slice(0, 100)])('is not %j', (text) => {
    expect(readSealed(Buffer.from(text))).toBeUndefined()
  })
})

describe('a torn record', () => {
  it('is the one that was to follow, cut anywhere', () => {
    for (let at = 1; at < second.line.length; at++)
      expect(isTornRecord(Buffer.from(second.line.slice(0, at)), first.link), `${at}`).toBe(true)
    for (let at = 1; at < first.line.length; at++)
      expect(isTornRecord(Buffer.from(first.line.slice(0, at)), undefined), `${at}`).toBe(true)
  })

  it('may end in room that was made for more', () => {
    expect(isTornRecord(Buffer.concat([Buffer.from('{"seq":2,"ti'), Buffer.alloc(50)]), first.link)).toBe(
      true,
    )
    expect(isTornRecord(Buffer.alloc(50), first.link)).toBe(true)
  })

  it.each(['hello', '{"seq":3,"time":"', '{"seq":20', '{"seq":2,"n":1', '{"seq":1,"time":"', '\0{"seq":2'])(
    'behind record 1 is not %j',
    (text) => {
      expect(isTornRecord(Buffer.from(text), first.link)).toBe(false)
    },
  )

  it.each(['hello', '{"seq":x', '{"a":1', '{"seq":1,"n":1', '{"seq":0'])(
    'at the beginning is not %j',
    (text) => {
      expect(isTornRecord(Buffer.from(text), undefined)).toBe(false)
    },
  )
})
