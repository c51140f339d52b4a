import * as fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'

import type { Right } from '../../src/config/policy-document.ts'
import { compileGlob, findGlobFault } from '../../src/policy/mailbox-glob.ts'
import { everyRight, makeMailboxView } from '../../src/policy/mailbox-view.ts'
import { grant, hide, slash } from './support/mailbox-world.ts'

const view = (
  mailboxes: Parameters<typeof makeMailboxView>[0]['mailboxes'],
  otherMailboxes: 'visible' | 'hidden' = 'visible',
  user: string | undefined = 'ann',
) => makeMailboxView({ mailboxes, otherMailboxes }).of(user)

const rights = (answer: ReadonlySet<Right> | string): readonly string[] | string =>
  typeof answer === 'string' ? answer : [...answer]

describe('a view without rules', () => {
  it('shows every mailbox with every right, whatever its name', () => {
    expect(view([]).hidesAnything).toBe(false)
    expect(view([]).rightsOf('a//b', slash)).toBe(everyRight)
  })

  it('shows nothing where others are hidden', () => {
    expect(view([], 'hidden').hidesAnything).toBe(true)
    expect(view([], 'hidden').isHidden('INBOX', slash)).toBe(true)
  })
})

describe('a right that is granted everywhere', () => {
  const all: readonly Right[] = ['read', 'flag', 'insert', 'create', 'delete']

  it.each([
    ['without rules', view([]), true],
    ['by one rule', view([grant(['**'], all)]), true],
    ['beside what is hidden', view([hide('Secret'), grant(['**'], all)]), true],
    ['where others are hidden', view([grant(['INBOX'], all)], 'hidden'), true],
    ['not by all rules', view([grant(['Work'], ['read']), grant(['**'], all)]), false],
    ['by rules of others', view([grant(['Work'], ['read'], ['bob']), grant(['**'], all)]), true],
  ])('%s', (_, one, expected) => {
    expect(one.grantsEverywhere('flag')).toBe(expected)
    expect(one.grantsEverywhere('read')).toBe(true)
  })
})

test('all is shown where nothing is hidden, and one rule is about the rest', () => {
  expect(view([]).showsAll).toBe(true)
  expect(view([grant(['Work'], ['read'])]).showsAll).toBe(true)
  expect(view([grant(['Work'], []), grant(['**'], ['read'])], 'hidden').showsAll).toBe(true)
  expect(view([grant(['Work/**'], ['read'])], 'hidden').showsAll).toBe(false)
  expect(view([grant(['**'], ['read'], ['ann@example.org'])], 'hidden').showsAll).toBe(false)
  expect(view([hide('Work'), grant(['**'], ['read'])]).showsAll).toBe(false)
})

describe('the first rule that fits', () => {
  const both = [grant(['Secret/Public'], ['read']), hide('Secret/**')]

  it('wins', () => {
    expect(rights(view(both).rightsOf('Secret/Public', slash))).toEqual(['read'])
    expect(view(both).isHidden('Secret/Other', slash)).toBe(true)
    expect(view(both).isHidden('Secret', slash)).toBe(true)
    expect(view(both).isHidden('Work', slash)).toBe(false)
  })

  it.each([
    'secret/public',
    'Secret//Public',
    'Secret/Public/',
    'INBOX/Secret/Public',
    'user/ann/Secret/Public',
  ])('grants nothing to %s, which hiding fits all the same', (name) =>
    expect(view(both).isHidden(name, slash)).toBe(true),
  )
})

describe('what is hidden', () => {
  it('hides what lies below, which would tell its name, but for what an earlier rule grants', () => {
    const shown = view([grant(['Payroll/Forms'], ['read']), hide('Payroll', 'P*/Old')])
    for (const name of ['Payroll', 'Payroll/2026', 'Payroll/2026/May', 'payroll/x', 'Private/Old/1'])
      expect([name, shown.isHidden(name, slash)]).toEqual([name, true])
    expect(rights(shown.rightsOf('Payroll/Forms', slash))).toEqual(['read'])
    for (const name of ['Payrolls', 'Work/Payroll', 'Private/New'])
      expect([name, shown.isHidden(name, slash)]).toEqual([name, false])
  })

  it('hides of INBOX itself alone, since everything lies below it on some servers', () => {
    expect(view([hide('INBOX')]).isHidden('Work', slash)).toBe(false)
    expect(view([hide('INBOX')]).isHidden('inbox', slash)).toBe(true)
  })
})

describe('rights of a mailbox', () => {
  const limited = [grant(['Archive', 'Archive/**'], ['read', 'flag'])]

  it('hold for its own name, and others have every right', () => {
    expect(rights(view(limited).rightsOf('Archive', slash))).toEqual(['read', 'flag'])
    expect(rights(view(limited).rightsOf('Work', slash))).toEqual([...everyRight])
  })

  it.each(['ARCHIVE', 'archive/2024', 'INBOX/Archive', 'user/ann/Archive/2024'])(
    'are the most that %s has, which some server takes for it',
    (name) => expect(rights(view(limited).rightsOf(name, slash))).toEqual(['read', 'flag']),
  )

  it('are nobody’s where it cannot be told which mailbox is meant', () => {
    expect(view(limited).rightsOf('Archive//2024', slash)).toBe('unresolvable')
    expect(view(limited, 'hidden').rightsOf('Archive//2024', slash)).toBe('hidden')
  })

  it('of what lies below a name are not those of the name', () => {
    const below = [grant(['Archive/**'], ['read'])]
    expect(rights(view(below).rightsOf('Archive', slash))).toEqual([...everyRight])
    expect(rights(view(below).rightsOf('Archive/2024', slash))).toEqual(['read'])
  })
})

describe('rights below a mailbox', () => {
  test.each([
    ['Parent', [hide('Parent/Secret')]],
    ['Parent', [hide('**/Secret')]],
    ['parent', [hide('Parent/*/Secret')]],
    ['INBOX', [hide('INBOX/Secret')]],
  ])('of %s are hidden where a hidden mailbox may lie there', (name, mailboxes) => {
    expect(view(mailboxes).rightsBelow(name, slash)).toBe('hidden')
  })

  test('are not hidden elsewhere', () => {
    expect(rights(view([hide('Parent/Secret')]).rightsBelow('Work', slash))).toEqual([...everyRight])
    expect(rights(view([grant(['Work/Old/**'], ['read'])]).rightsBelow('Work', slash))).toEqual(['read'])
  })

  test('are hidden where others are, but for a grant of everything below', () => {
    const granted = [grant(['Work', 'Work/**'], ['read', 'create']), grant(['Play'], ['read'])]
    expect(rights(view(granted, 'hidden').rightsBelow('Work', slash))).toEqual(['read', 'create'])
    expect(view(granted, 'hidden').rightsBelow('Play', slash)).toBe('hidden')
  })

  test('a mailbox hidden before a grant of everything stays hidden', () => {
    const mailboxes = [hide('Work/Secret'), grant(['**'], ['read'])]
    expect(view(mailboxes).rightsBelow('Work', slash)).toBe('hidden')
  })
})

test('below a name lies what one name more would be hidden or granted for', () => {
  const level = fc.constantFrom('a', 'b', 'Ab', 'a*', '*', '**', '*b', 'INBOX', 'a**')
  const plain = fc.constantFrom('a', 'b', 'Ab', 'ab', 'INBOX', 'c')
  const joined = (levels: fc.Arbitrary<string>) =>
    fc.array(levels, { minLength: 1, maxLength: 4 }).map((all) => all.join('/'))
  fc.assert(
    fc.property(joined(level), joined(plain), joined(plain), (pattern, name, rest) => {
      fc.pre(findGlobFault(pattern) === undefined)
      const glob = compileGlob(pattern)
      const isBelow = view([hide(pattern)]).rightsBelow(name, slash) === 'hidden'
      if (glob.hides(`${name}/${rest}`, slash)) expect(isBelow).toBe(true)
      if (glob.mayHideBelow(name, slash)) expect(isBelow).toBe(true)
    }),
    { numRuns: 2000 },
  )
})

describe('users', () => {
  const mailboxes = [
    { ...hide('Secret'), users: ['*@example.org', 'bob'] },
    { ...grant(['**'], ['read']), users: ['ann'] },
  ]

  it.each([
    ['Eve@Example.ORG', true],
    ['BOB', true],
    ['bobby', false],
    ['eve@example.com', false],
  ])('%s is one of them: %s', (user, isOne) => {
    expect(view(mailboxes, 'visible', user).isHidden('Secret', slash)).toBe(isOne)
  })

  describe('whom a server may take for others', () => {
    const hidden = (of: string, user: string) =>
      view([{ ...hide('Secret'), users: [of] }], 'visible', user).isHidden('Secret', slash)

    it.each([
      ['ann', 'ann@example.org', true],
      ['ann', 'Ann@', true],
      ['an*', 'anna@example.org', true],
      ['ann', 'ann+x', true],
      ['ann', 'ann+', true],
      ['ann', 'ann+x@example.org', true],
      ['ann@example.org', 'ann+x@example.org', true],
      ['*@example.org', 'ann+x@example.org', true],
      ['ann@example.org', 'ann+x@example.com', false],
      ['ann@example.org', 'ann', true],
      ['ann@example.org', 'ann@example.com', false],
      ['*@example.org', 'ann', false],
      ['ann', 'anna@example.org', false],
    ])('what is hidden from %s is hidden from %s: %s', (of, user, isHidden) => {
      expect(hidden(of, user)).toBe(isHidden)
    })

    it('have no more than is granted there, and not by that', () => {
      const granted = [{ ...grant(['Work'], ['read']), users: ['ann'] }]
      const on = (user: string, others: 'visible' | 'hidden') =>
        rights(view(granted, others, user).rightsOf('Work', slash))
      expect([on('ann', 'hidden'), on('ann@example.org', 'hidden')]).toEqual([['read'], 'hidden'])
      expect([on('ann@example.org', 'visible'), on('bob', 'visible')]).toEqual([
        ['read'],
        ['read', 'flag', 'insert', 'create', 'delete'],
      ])
    })

    it('have what an entry of their own grants, where it comes first', () => {
      const both = [
        { ...grant(['**'], ['read', 'flag']), users: ['ann@example.org'] },
        { ...hide('**'), users: ['ann'] },
      ]
      expect(view(both, 'hidden', 'ann@example.org').isHidden('Work', slash)).toBe(false)
      expect(view(both, 'hidden', 'ann').isHidden('Work', slash)).toBe(true)
    })
  })

  it('who are not known see nothing that is hidden from anybody, and have no grant that has a name', () => {
    const unknown = makeMailboxView({ mailboxes, otherMailboxes: 'hidden' }).of(undefined)
    expect(unknown.isHidden('Secret', slash)).toBe(true)
    expect(unknown.isHidden('Work', slash)).toBe(true)
  })

  it('of any length are held against a pattern of many stars in no more than the product of both', () => {
    const stars = [{ ...hide('Secret'), users: [`${'*a'.repeat(200)}b`] }]
    expect(view(stars, 'visible', 'a'.repeat(20_000)).isHidden('Secret', slash)).toBe(false)
  })
})

it('answers the same of a name once the server has told its separator', () => {
  const one = view([grant(['A/B'], ['read'])], 'hidden')
  expect(one.isHidden('A.B', { isUtf8: false, separator: '/' })).toBe(true)
  expect(one.isHidden('A.B', { isUtf8: false, separator: '.' })).toBe(false)
})

it('tells a name that a rule hides from one that is hidden for want of a rule', () => {
  const one = view([hide('Secret')], 'hidden')
  expect(one.isNamedHidden('secret', slash)).toBe(true)
  expect(one.isNamedHidden('User quota', slash)).toBe(false)
})

it('takes a rule that hides everything for one that names nothing', () => {
  const one = view([grant(['Work'], ['read']), hide('Secret*', '**')])
  expect(one.isNamedHidden('completed', slash)).toBe(false)
  expect(one.isNamedHidden('Secrets', slash)).toBe(true)
  expect(one.isHidden('completed', slash)).toBe(true)
  expect(view([grant(['Secret'], ['read']), hide('Sec*')]).isNamedHidden('Secret', slash)).toBe(false)
})
