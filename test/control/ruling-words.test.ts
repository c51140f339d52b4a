/** Rulings as they travel: what is written is read again, and nothing else is read. */

import { describe, expect, it } from 'vitest'
import { readRuling, writeRuling } from '../../src/control/ruling-words.ts'
import type { Ruling } from '../../src/relay/hold-rule.ts'

describe('a ruling', () => {
  it.each<Ruling>([
    { kind: 'forward' },
    { kind: 'answer', status: 'NO', text: '[CANNOT] not today' },
    { kind: 'replace', octets: Buffer.from('a1 NOOP "\r\n\0\xff', 'latin1') },
    { kind: 'replace', octets: Buffer.alloc(0) },
  ])('is read as it was written: $kind', (ruling) => {
    const travelled: unknown = JSON.parse(JSON.stringify(writeRuling(ruling)))
    expect(readRuling(travelled)).toEqual(ruling)
  })

  it.each([
    undefined,
    null,
    'forward',
    {},
    { kind: 'kill' },
    { kind: 'replace' },
    { kind: 'replace', base64: 7 },
    { kind: 'replace', base64: 'a b' },
    { kind: 'answer', status: 'OK', text: 'x' },
    { kind: 'answer', status: 'NO' },
    { kind: 'answer', status: 'NO', text: '' },
    { kind: 'answer', status: 'NO', text: 'x\r\n* BYE injected' },
    { kind: 'answer', status: 'NO', text: 'x'.repeat(501) },
  ])('is none of these: %j', (value) => {
    expect(readRuling(value)).toBeUndefined()
  })
})
