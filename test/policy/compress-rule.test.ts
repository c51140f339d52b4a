import { describe, expect, it } from 'vitest'

import { Message } from '../../src/imap/message.ts'
import { adaptCompress, decideCompress } from '../../src/policy/compress-rule.ts'
import type { CompressMode } from '../../src/relay/compression.ts'
import type { LegFacts } from '../../src/relay/verdict.ts'
import { Session, type SessionState } from '../../src/session/session.ts'
import { client } from '../imap/support/wire.ts'

function legs(state: SessionState, isCompressed = false): LegFacts {
  const view = new Session()
  view.state = state
  return { view, isLoginOpen: false, canStartTls: false, isCompressed }
}

describe('COMPRESS=DEFLATE', () => {
  const before = legs('not-authenticated')
  const after = legs('authenticated')
  const active = legs('selected', true)

  it.each<[CompressMode, LegFacts, string, string]>([
    ['follow', before, 'A COMPRESS=DEFLATE', 'A COMPRESS=DEFLATE'],
    ['follow', after, 'A', 'A'],
    ['client', before, 'A COMPRESS=DEFLATE', 'A'],
    ['client', after, 'A', 'A COMPRESS=DEFLATE'],
    ['client', after, 'compress=deflate A', 'compress=deflate A'],
    ['client', active, 'A COMPRESS=DEFLATE', 'A'],
    ['both', after, 'A', 'A COMPRESS=DEFLATE'],
    ['upstream', after, 'A COMPRESS=DEFLATE B', 'A B'],
    ['never', after, 'A COMPRESS=DEFLATE B', 'A B'],
  ])('%s, %o: %s is shown as %s', (mode, facts, announced, shown) => {
    const notes: string[] = []
    const adapted = adaptCompress(mode, announced.split(' '), facts, notes)
    expect(adapted.join(' ')).toBe(shown)
    expect(notes).toHaveLength(announced === shown ? 0 : 1)
  })

  it('is offered ahead of the answer to a login', () => {
    const adapted = adaptCompress('client', ['A'], { ...before, isLoginOpen: true }, [])
    expect(adapted).toEqual(['A', 'COMPRESS=DEFLATE'])
  })
})

describe('COMPRESS', () => {
  const decide = (mode: CompressMode, line: string, facts = legs('authenticated')): unknown => {
    const message = new Message(client(line), 'command')
    const verdict = decideCompress(mode, { tag: 'a', name: 'COMPRESS', message }, facts)
    return verdict.kind === 'answer' ? `${verdict.status} ${verdict.code}` : verdict.kind
  }

  it.each<[CompressMode, string]>([
    ['follow', 'forward'],
    ['client', 'compress'],
    ['both', 'compress'],
    ['upstream', 'NO CANNOT'],
    ['never', 'NO CANNOT'],
  ])('%s: %s', (mode, expected) => {
    expect(decide(mode, 'a compress Deflate')).toBe(expected)
    expect(decide(mode, 'a COMPRESS LZ4')).toBe('NO CANNOT')
    expect(decide(mode, 'a COMPRESS DEFLATE', legs('selected', true))).toBe('NO COMPRESSIONACTIVE')
  })

  it('is for after login where imaptap answers it', () => {
    expect(decide('client', 'a COMPRESS DEFLATE', legs('not-authenticated'))).toBe('NO CANNOT')
    expect(decide('follow', 'a COMPRESS DEFLATE', legs('not-authenticated'))).toBe('forward')
  })
})
