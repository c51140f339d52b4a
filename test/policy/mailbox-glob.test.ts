/** A grant fits one spelling of a name; a denial fits all of them. */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeMailboxName } from '../../src/imap/mailbox.ts'
import { compileGlob, findGlobFault } from '../../src/policy/mailbox-glob.ts'
import { resolveMailbox, type NameHow } from '../../src/policy/mailbox-name.ts'

const slash: NameHow = { isUtf8: false, separator: '/' }
const dot: NameHow = { isUtf8: false, separator: '.' }
const unknown: NameHow = { isUtf8: false, separator: undefined }

const hides = (pattern: string, name: string, how: NameHow = slash): boolean =>
  compileGlob(pattern).hides(name, how)
const grants = (pattern: string, name: string): boolean => compileGlob(pattern).grants({ name })

describe('threat 27: every spelling of a hidden name is hidden', () => {
  it.each([
    'Secret',
    'secret',
    'SECRET',
    'Secret/',
    '/Secret',
    '//Secret//',
    'INBOX.Secret',
    'INBOX/Secret',
    'inbox/INBOX/Secret',
    'user.ann.Secret',
    'user/ann/Secret',
    'Other Users/ann/Secret',
    'Shared Folders/ann/Secret',
    '#shared/Secret',
    '#user/ann/Secret',
    '~ann/Secret',
    '{mail.example.org}Secret',
    'Secret@example.org',
    'user.ann.Secret@example.org',
    'DELETED/user/ann/Secret',
    'S&AGU-cret',
    '&AFM-ecret',
    '&AFM',
    '&AFMAZQBjAHIAZQB0-',
    '&AFMAZQBjAHIAZQB0',
    '+AFMAZQBjAHIAZQB0-',
    'Sec\0ret',
    'Secret ',
    ' Secret',
    'Secret.',
    'Secret\u200b',
    '\ufeffSecret',
    'Ｓｅｃｒｅｔ',
    'ſecret',
    'ⓢecret',
  ])('Secret: %j', (name) => {
    const pattern = name === '&AFM' ? 'S' : 'Secret'
    for (const separator of ['/', '.', null, undefined])
      for (const isUtf8 of [false, true]) expect(hides(pattern, name, { isUtf8, separator })).toBe(true)
  })

  it.each([
    ['Entwürfe', 'Entw&APw-rfe'],
    ['Entwürfe', 'Entwu&Awg-rfe'],
    ['Entwürfe', 'ENTWÜRFE'],
    ['Entwürfe', 'Entwu\u0308rfe'],
    ['Entwürfe', 'Entw\udcfcrfe'],
    ['Große', 'GROSSE'],
    ['ΟΔΟΣ', 'οδος'],
    ['Kelvin', '\u212aelvin'],
    ['a/b', 'a.b'],
    ['a/b', 'a\\b'],
    ['a/b', 'a^b'],
    ['a/b', 'a:b'],
    ['a.b', 'a/b'],
    ['INBOX/Secret', 'Secret'],
    ['INBOX', 'iNbOx'],
    ['INBOX', 'user/ann'],
    ['[Gmail]/All Mail', '[Google Mail]/All Mail'],
  ])('%s: %j', (pattern, name) => {
    expect(hides(pattern, name)).toBe(true)
    expect(hides(pattern, name, unknown)).toBe(true)
  })

  it('a namespace that the server has told of is taken off', () => {
    expect(hides('Secret', 'Mine.Secret', { ...dot, prefixes: ['Mine.'] })).toBe(true)
    expect(hides('Secret', 'Mine.Secret', dot)).toBe(false)
  })

  it('whatever a client makes of letters, marks, encodings and separators', () => {
    const changes: readonly ((name: string) => string)[] = [
      (name) => name.toUpperCase(),
      (name) => name.toLowerCase(),
      (name) => name.normalize('NFD'),
      (name) => name.normalize('NFKD'),
      (name) => `INBOX/${name}`,
      (name) => `user/bob/${name}`,
      (name) => `${name}/`,
      (name) => name.replaceAll('/', '//'),
      (name) => name.replaceAll('/', '.'),
      (name) => Array.from(name).join('\u200d'),
      (name) => name.replaceAll('e', '\u0001e'),
    ]
    const wire: readonly ((name: string) => string)[] = [
      encodeMailboxName,
      (name) => name,
      (name) => Array.from(name, (unit) => (unit === '/' ? unit : shiftAll(unit))).join(''),
    ]
    fc.assert(
      fc.property(
        fc.constantFrom('Secret', 'Pläne/Geheim', '台北/日本語', 'Straße', 'Ελλάς', 'A/b/C'),
        fc.array(fc.constantFrom(...changes), { maxLength: 3 }),
        fc.constantFrom(...wire),
        fc.boolean(),
        (name, changed, encode, isUtf8) => {
          const spelled = encode(changed.reduce<string>((text, change) => change(text), name))
          expect(hides(name, spelled, { isUtf8, separator: '/' })).toBe(true)
          expect(hides(`${name}/**`, spelled, { isUtf8, separator: '/' })).toBe(true)
        },
      ),
      { numRuns: 1000 },
    )
  })
})

/** Modified UTF-7 of what needs none. */
function shiftAll(unit: string): string {
  const code = unit.charCodeAt(0)
  const octets = Buffer.from([code >> 8, code & 0xff]).toString('base64')
  return `&${octets.replaceAll('=', '').replaceAll('/', ',')}-`
}

describe('a denial is about what it says', () => {
  it.each([
    ['Secret', 'Secrets'],
    ['Secret', 'TopSecret'],
    ['Secret', 'Secret/below'],
    ['Secret', 'above/Secret'],
    ['Secret/**', 'Secrets'],
    ['Secret', ''],
    ['a/*', 'a/b/c'],
    ['**/b', 'xb'],
    ['a/**/b', 'ab'],
    ['INBOX/**', 'Work'],
    ['INBOX', 'Work'],
  ])('%s: not %j', (pattern, name) => {
    expect(hides(pattern, name)).toBe(false)
  })
})

describe('patterns', () => {
  it.each([
    ['*', 'Archive', true],
    ['*', 'Archive/2024', false],
    ['Archive/*', 'Archive/2024', true],
    ['Archive/*', 'Archive/2024/May', false],
    ['Archive/**', 'Archive/2024/May', true],
    ['Archive/**', 'Archive', false],
    ['Arch*ive', 'Archive', true],
    ['**', 'any/thing', true],
    ['**/Drafts', 'Lists/Drafts', true],
    ['INBOX', 'INBOX', true],
    ['inbox', 'INBOX', true],
    ['Archive', 'archive', false],
    ['Archive', 'ARCHIVE', false],
    ['Straße', 'Strasse', false],
    ['a.b', 'a/b', false],
  ])('%s grants %s: %s', (pattern, name, is) => {
    expect(grants(pattern, name)).toBe(is)
  })

  it.each([
    ['Archive/**', 'Archive', true],
    ['a/**/b', 'a/b', true],
    ['a/**/b', 'a/x/y/b', true],
    ['**/b', 'b', true],
    ['Archive/*', 'Archive.2024', true],
    ['Archive/*', 'archive/INBOX', true],
  ])('%s hides %s: %s', (pattern, name, is) => {
    expect(hides(pattern, name)).toBe(is)
  })

  it('a grant is for the canonical spelling alone', () => {
    const glob = compileGlob('Pläne/Geheim')
    const fits = (name: string): boolean => {
      const resolved = resolveMailbox(name, slash)
      return resolved.ok && glob.grants(resolved)
    }
    expect(fits('Pl&AOQ-ne/Geheim')).toBe(true)
    for (const name of [
      'Pläne/Geheim',
      'pl&AOQ-ne/Geheim',
      'Pl&AOQ-ne/Geheim/',
      'Pla&Awg-ne/Geheim',
      'Pl&AOQ-ne//Geheim',
      'INBOX/Pl&AOQ-ne/Geheim',
    ])
      expect(fits(name)).toBe(false)
  })

  it('that grant a name hide it too', () => {
    const name = fc.string({
      unit: fc.constantFrom('a', 'B', 'é', '/', '.', '*'),
      minLength: 1,
      maxLength: 8,
    })
    fc.assert(
      fc.property(name, name, (pattern, asked) => {
        if (findGlobFault(pattern) !== undefined) return
        const resolved = resolveMailbox(encodeMailboxName(asked), slash)
        if (resolved.ok && grants(pattern, resolved.name)) expect(hides(pattern, asked)).toBe(true)
      }),
      {
        numRuns: 2000,
        examples: [
          ['*.é', '.é'],
          ['a.*', 'a.'],
          ['a.*.B', 'a..B'],
        ],
      },
    )
  })
})

describe('what lies below a name', () => {
  it.each([
    ['Parent/Secret', 'Parent', true],
    ['Parent/Secret', 'parent/', true],
    ['Parent/Secret', 'Other', false],
    ['Parent/Secret', 'Parent/Secret', false],
    ['Secret/**', 'Secret/deep', true],
    ['**/Secret', 'Any', true],
    ['Secret', 'Parent', false],
    ['Secret', 'user/ann', true],
  ])('%s may be hidden below %s: %s', (pattern, name, is) => {
    expect(compileGlob(pattern).mayHideBelow(name, slash)).toBe(is)
  })
})

describe('a fault of a pattern is told to its author', () => {
  it.each(['', 'a//b', '/a', 'a/', '...', 'a***', 'a%', './a', 'Sec\u200bret', 'a /b', 'x'.repeat(2000)])(
    '%j',
    (pattern) => {
      expect(findGlobFault(pattern)).toMatch(/^(it|three|%)/)
    },
  )

  it('and there is none in a sound one', () => {
    for (const pattern of ['INBOX', 'Archive/**', '**', '*', '[Gmail]/All Mail', 'Pläne/*'])
      expect(findGlobFault(pattern)).toBeUndefined()
  })
})

it('the work grows with the product of both lengths and no faster: stars do not multiply it', () => {
  // Backtracking over these would take longer than the sun will last.
  const pattern = '**a'.repeat(40)
  const name = `${'a'.repeat(1000)}b`
  expect(hides(pattern, name)).toBe(false)
  expect(grants(pattern, name)).toBe(false)
})
