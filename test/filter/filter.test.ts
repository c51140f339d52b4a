/** The filter language: what matches what, and what is said of a filter that is none. */

import { readFileSync } from 'node:fs'

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { explainFault, filterLimit, parseFilter, type Filter } from '../../src/filter/filter.ts'
import { termOf } from '../../src/filter/guide.ts'
import type { Subject } from '../../src/filter/subject.ts'
import { filterWords } from '../../src/filter/words.ts'

const fetchByAnn: Subject = {
  kind: 'exchange',
  session: 'S11',
  user: 'Ann@Example.org',
  client: 'Thunderbird/128',
  address: '127.0.0.1',
  upstream: 'imaps://imap.example.com:993',
  mailbox: 'Entwürfe & Ideen',
  command: 'UID FETCH',
  tag: 'A17',
  args: '1:* (FLAGS BODY.PEEK[HEADER])',
  status: 'NO',
  state: 'selected',
  code: 'TRYCREATE',
  millis: 250,
  octets: 2_000_000,
  side: 'client',
  findings: [{ id: 'S07', name: 'slow-command', level: 'warning' }],
  text: () => 'A17 UID FETCH 1:* (FLAGS BODY.PEEK[HEADER]) NO No such "thing" <2026x@host>',
}

const bare: Subject = { kind: 'note', session: 'S1', text: () => '' }

/** A session that has said and been told many things. */
const session: Subject = {
  kind: 'session',
  session: 'S2',
  command: new Set(['LOGIN', 'UID FETCH']),
  status: new Set(['OK', 'NO']),
  text: () => 'S2',
}

function filterOf(source: string): Filter {
  const parsed = parseFilter(source)
  if (!parsed.ok) throw new Error(explainFault(parsed))
  return parsed.filter
}

function faultOf(source: string): string {
  const parsed = parseFilter(source)
  return parsed.ok ? 'no fault' : explainFault(parsed)
}

describe('a filter', () => {
  it.each([
    '',
    '  ',
    '~c FETCH',
    '~c "UID FETCH"',
    '~c uid',
    '~c *fetch',
    '~c /^uid f/',
    '~u ann',
    '~u /^ann@.*org$/',
    '~m entwürfe',
    '~m "Entwürfe & Ideen"',
    '~t >200ms',
    '~t>=0.25s',
    '~t <= 250 ',
    '~t <1m',
    '~t >1us',
    '~s NO',
    '~s selected',
    '~s sel*',
    '~f warning',
    '~f S07',
    '~f slow-command',
    '~f S*',
    '~f *',
    '~id S11',
    '~client thunderbird',
    '~client 127.0',
    '~up example.com',
    '~tag a17',
    '~code TRYCREATE',
    '~o >1M',
    '~o <2MiB',
    '~side client',
    '~k exchange',
    'header',
    'HEADER]',
    'BODY.PEEK[HEADER]',
    '"(FLAGS"',
    '"No such \\"thing\\""',
    '/body\\..*header/',
    '/a17|b18/',
    '~x /flags/',
    '~x "uid +fetch"',
    '<2026x@host>',
    '!~c STORE',
    '!!~c FETCH',
    '! ( ~c STORE | ~c COPY )',
    '~c FETCH & ~u ann',
    '~c FETCH ~u ann',
    '~c STORE | ~c FETCH',
    '~c STORE & ~c COPY | ~c FETCH',
    '(~c STORE | ~c FETCH) & (~u ann)',
    'user:ann',
    'cmd:fetch',
    'status:no',
    'mailbox:ideen',
    'client:"thunder"',
    '>200ms',
    '>0.2s',
    '!>1s',
    'no:such | A17',
  ])('matches: %s', (source) => {
    expect(filterOf(source).matches(fetchByAnn)).toBe(true)
  })

  it.each([
    '~c FET',
    '~c LIST',
    '~u bob',
    '~t >250ms',
    '~t <250ms',
    '~s OK',
    '~f error',
    '~f S0',
    '~id S1',
    '~tag A1',
    '~o <1M',
    '~side server',
    '~k push',
    '!~c FETCH',
    '~c FETCH & ~u bob',
    '~c STORE | ~c COPY',
    '>1s',
    'no:such',
    '/a17$/',
    '~c "*"',
  ])('does not match: %s', (source) => {
    expect(filterOf(source).matches(fetchByAnn)).toBe(false)
  })

  it('matches nothing by what is not known', () => {
    for (const { example } of filterWords) expect(filterOf(example).matches(bare), example).toBe(false)
    expect(filterOf('~t <1000h').matches(bare)).toBe(false)
    expect(filterOf('!~c FETCH').matches(bare)).toBe(true)
  })

  it('asks for all that a session ever said', () => {
    expect(filterOf('~c login & ~c fetch & ~s no').matches(session)).toBe(true)
    expect(filterOf('~c SELECT').matches(session)).toBe(false)
  })

  it('tells which words it uses, so that nobody has to know the rest', () => {
    expect([...filterOf('finding:error & (ann | !~cmd FETCH)').uses]).toEqual(['f', 'text', 'c'])
    expect(filterOf('').isEmpty).toBe(true)
    expect(filterOf('>200ms').uses.has('t')).toBe(true)
  })
})

describe('what is no filter', () => {
  it.each([
    ['~t fast', 'at 4: ~t wants a time such as >200ms'],
    ['~o big', 'at 4: ~o wants a size such as >1M'],
    ['~u ann ~t', 'at 10: ~t wants a >TIME behind it, such as ~t >200ms'],
    ['~c', 'at 3: ~c wants a NAME behind it, such as ~c FETCH'],
    ['~c !FETCH', 'at 4: ~c wants a NAME behind it, such as ~c FETCH'],
    ['~q x', 'at 1: ~q is no word of a filter'],
    ['🤷 日本 (~q x', 'at 7: ~q is no word of a filter'],
    ['~comm x', 'at 1: ~comm is no word of a filter, did you mean ~command?'],
    ['~ x', 'at 1: a word such as ~c or ~user is missing'],
    ['(ann', 'at 1: this ( is not closed: ) is missing'],
    ['ann)', 'at 4: this ) closes nothing'],
    ['()', 'at 2: these parentheses are empty'],
    ['ann &', 'at 6: something to look for is missing'],
    ['| ann', 'at 1: | has nothing before it'],
    ['ann & & bob', 'at 7: & has nothing before it'],
    ['!', 'at 2: something to look for is missing'],
    ['ann "bob', 'at 5: the quote is not closed: " is missing'],
    ['/a', 'at 1: the pattern is not closed: / is missing'],
    ['x /(a/', 'at 3: the pattern is not understood: missing closing )'],
    ['/(?=a)/', 'at 1: the pattern is not understood: invalid or unsupported Perl syntax'],
    ['/(x{1000})(y{1000})/', 'at 1: the pattern is too large'],
    ['""', 'at 1: something to look for is missing'],
    ['x'.repeat(filterLimit + 1), `at ${filterLimit + 1}: a filter has at most ${filterLimit} characters`],
    ['('.repeat(51), 'at 51: more than 50 parentheses within each other'],
  ])('is named with its place: %s', (source, fault) => {
    expect(faultOf(source)).toBe(fault)
  })

  it('is found inside of what was typed, whatever that is, and anything else matches without harm', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        ' ',
        '(',
        ')',
        '!',
        '&',
        '|',
        '~',
        '~c ',
        '~t ',
        '>1',
        '"',
        '/',
        '\\',
        ':',
        'user:',
        '*',
      ),
      fc.string({ unit: 'binary', maxLength: 4 }),
    )
    const sources = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''))
    fc.assert(
      fc.property(sources, (source) => {
        const parsed = parseFilter(source)
        if (!parsed.ok) {
          expect(parsed.at).toBeGreaterThanOrEqual(0)
          expect(parsed.at).toBeLessThanOrEqual(source.length)
          expect(parsed.text).not.toBe('')
          return
        }
        for (const subject of [fetchByAnn, bare, session]) {
          expect(typeof parsed.filter.matches(subject)).toBe('boolean')
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it('does not come of joining filters that are some', () => {
    const sound = fc.constantFrom(...filterWords.map(({ example }) => example), 'ann', '"a b"', '/x+/')
    const { expression } = fc.letrec<{ expression: string }>((tie) => ({
      expression: fc.oneof(
        { maxDepth: 5 },
        sound,
        tie('expression').map((inner) => `!(${inner})`),
        fc
          .tuple(tie('expression'), fc.constantFrom('&', '|', ' '), tie('expression'))
          .map(([left, sign, right]) => `(${left} ${sign} ${right})`),
      ),
    }))
    fc.assert(
      fc.property(expression, (source) => {
        const parsed = parseFilter(source)
        expect(parsed.ok || parsed.at === filterLimit).toBe(true)
        if (!parsed.ok) return
        const opposite = filterOf(`!(${source.slice(0, filterLimit - 3)})`)
        if (source.length > filterLimit - 3) return
        expect(opposite.matches(fetchByAnn)).toBe(!parsed.filter.matches(fetchByAnn))
      }),
    )
  })
})

it('takes linear time for a pattern that would take others for ever', () => {
  const evil = filterOf('/(a*)*(a|aa)+(.*a){9}$/')
  const subject: Subject = { ...bare, text: () => `${'a'.repeat(100_000)}!` }
  expect(evil.matches(subject)).toBe(true)
  expect(filterOf('/^(a+)+$/').matches({ ...bare, text: () => `${'a'.repeat(3_000)}!` })).toBe(false)
})

describe('the table of words', () => {
  it('has examples that are filters with that word', () => {
    for (const { names, example } of filterWords) expect([...filterOf(example).uses]).toEqual([names[0]])
  })

  it('stands in the README as it is', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
    for (const word of filterWords) {
      expect(readme).toContain(`| \`${termOf(word)}\` |`)
      expect(readme).toContain(`| ${word.help} | \`${word.example}\` |`)
      for (const name of word.names.slice(1)) expect(readme).toContain(`\`${name}:\``)
    }
  })

  it('names each word once', () => {
    const names = filterWords.flatMap((word) => word.names)
    expect(new Set(names).size).toBe(names.length)
  })
})
