/** A name is one mailbox and its only spelling, or it is none. */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeMailboxName } from '../../src/imap/mailbox.ts'
import { longestName, resolveMailbox, type NameHow } from '../../src/policy/mailbox-name.ts'

const slash: NameHow = { isUtf8: false, separator: '/' }
const dot: NameHow = { isUtf8: false, separator: '.' }
const utf8: NameHow = { isUtf8: true, separator: '/' }

const nameOf = (name: string, how: NameHow): string | undefined => {
  const resolved = resolveMailbox(name, how)
  return resolved.ok ? resolved.name : undefined
}

describe('a sound name', () => {
  it.each([
    ['Archive/2024', slash, 'Archive/2024'],
    ['Archive.2024', dot, 'Archive/2024'],
    ['Archive.2024', slash, 'Archive.2024'],
    ['inBox', slash, 'INBOX'],
    ['Entw&APw-rfe', slash, 'Entwürfe'],
    ['Entwürfe', utf8, 'Entwürfe'],
    ['R&-D', slash, 'R&D'],
    ['R&D', utf8, 'R&D'],
    ['&U,BTFw-', slash, '台北'],
    ['a b/c"d', slash, 'a b/c"d'],
    ['\u2764\ufe0f/\u{1f469}\u200d\u{1f467}', utf8, '\u2764\ufe0f/\u{1f469}\u200d\u{1f467}'],
  ])('%s is resolved', (name, how, resolved) => {
    expect(nameOf(name, how)).toBe(resolved)
  })

  it('of a server without levels is one level', () => {
    expect(resolveMailbox('a.b', { isUtf8: false, separator: null })).toMatchObject({ levels: ['a.b'] })
  })

  it('may end in a separator for CREATE, once', () => {
    const how = { ...dot, allowsTrailing: true }
    expect(nameOf('Projects.', how)).toBe('Projects')
    expect(nameOf('inbox.', how)).toBe('INBOX')
    expect(nameOf('Projects..', how)).toBeUndefined()
  })

  it('is not split before the separator is known', () => {
    const how: NameHow = { isUtf8: false, separator: undefined }
    expect(nameOf('Archive', how)).toBe('Archive')
    expect(nameOf('Archive/2024', how)).toBeUndefined()
  })
})

describe('threat 25: modified UTF-7 in any form but the canonical one is no name', () => {
  it.each(['S&AGU-cret', '&AAA-', '&U,BTFw-&ZeVnLIqe-', '&Jjo', '&', '&Jjo!', '&AGE', 'a&b', '&2D0-'])(
    '%s',
    (name) => {
      expect(resolveMailbox(name, slash).ok).toBe(false)
    },
  )
})

describe('what two readers could take for two mailboxes is no name', () => {
  it.each([
    ['', slash],
    ['/Secret', slash],
    ['Secret/', slash],
    ['a//b', slash],
    ['a/../b', slash],
    ['./a', slash],
    ['a/b', dot],
    ['Secret\0', slash],
    ['Sec\tret', slash],
    ['Sec%', slash],
    ['Sec*', slash],
    [' Secret', slash],
    ['a /b', slash],
    ['Secret', { isUtf8: false, separator: '/', name: 'x'.repeat(longestName + 1) }],
    ['Entwürfe', slash],
    ['Entwu\u0308rfe', utf8],
    ['Secret\u200b', utf8],
    ['\u202eterceS', utf8],
    ['Secret\ufe0f', utf8],
    ['a\u200db', utf8],
    ['Secret\ufeff', utf8],
    ['S&AGU-cret', utf8],
    ['&-', utf8],
    ['Entw\udcfcrfe', utf8],
    ['\ud83d', utf8],
  ])('%j', (name, how) => {
    const asked = 'name' in how && typeof how.name === 'string' ? how.name : name
    expect(resolveMailbox(asked, how).ok).toBe(false)
  })

  it('and says why, in words', () => {
    expect(resolveMailbox('a//b', slash)).toEqual({ ok: false, why: 'it has a level without a name' })
  })
})

it('no two names on the wire are one mailbox, but for the case of INBOX', () => {
  const level = fc.string({ unit: fc.constantFrom('a', 'A', 'b', 'é', '台', 'ß', '&', '.', '-', '+', ',') })
  const names = fc.array(level, { minLength: 1, maxLength: 3 }).map((levels) => levels.join('/'))
  fc.assert(
    fc.property(names, names, fc.boolean(), (one, other, isUtf8) => {
      const how: NameHow = { isUtf8, separator: '/' }
      const write = (name: string): string => (isUtf8 ? name : encodeMailboxName(name))
      const [first, second] = [resolveMailbox(write(one), how), resolveMailbox(write(other), how)]
      if (first.ok && second.ok && first.name === second.name) expect(write(one)).toBe(write(other))
    }),
  )
})

it('what is resolved is written again as the octets that it came from', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 20 }), (text) => {
      const resolved = resolveMailbox(encodeMailboxName(text), slash)
      if (resolved.ok && resolved.name !== 'INBOX')
        expect(encodeMailboxName(resolved.name)).toBe(encodeMailboxName(text))
    }),
  )
})
