/** What a server repeats of the client's own words is no secret, however much it is like one. */

import * as fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'

import { SaidNames } from '../../../src/policy/filter/said-names.ts'
import { openScene } from '../support/guarded-scene.ts'
import { command, token } from '../support/mailbox-world.ts'

describe('a name was said', () => {
  test.each([
    ['COPY 1 "Secret?"', 'secret?'],
    ['RENAME A &AOQ-', '\u00c4'],
    ['RENAME A &AOQ-', '&AOQ-'],
    ['GETQUOTA Root', 'Root'],
    ['SELECT "Foo/a Secret Plans"', 'secret plans'],
    ['SELECT "Foo/xSecret Plansx"', 'secret plans'],
    ['SELECT "x\\\\\\"Secret"', 'Secret'],
    ['STORE 1 +FLAGS (Secret Plans)', 'secret plans'],
    ['STATUS Work (MESSAGES Secret)', 'Secret'],
    ['SEARCH KEYWORD Secret', 'Secret'],
    ['SEARCH SUBJECT {6}\r\nSecret', 'Secret'],
    ['FETCH 2024 (FLAGS)', '2024'],
    ['ID ("name" "Secret")', 'Secret'],
    ['APPEND Work (Secret) {3}\r\nabc', 'Secret'],
    ['XFOO Plans (old)', 'plans (old)'],
    ['SECRET x', 'Secret'],
    ['LOGIN Secret pw', 'Secret'],
  ])('in %s: %s', (line, name) => {
    expect(new SaidNames(command(`a ${line}`)).has(name)).toBe(true)
  })

  it('by the tag, and by a user whom nobody else named', () => {
    expect(new SaidNames(command('Secret NOOP')).has('Secret')).toBe(true)
    expect(new SaidNames(command('a AUTHENTICATE PLAIN'), 'secret').has('Secret')).toBe(true)
  })

  test.each([
    ['NOOP', 'Secret'],
    ['SELECT Secre', 'Secret'],
    ['RENAME "x Secret" "y Plans"', 'Secret Plans'],
    ['STORE 1 +FLAGS (Secret)', 'flags atom'],
    ['LOGIN ann Secret', 'Secret'],
    ['SELECT "x (( y"', '(('],
  ])('not in %s: %s', (line, name) => {
    expect(new SaidNames(command(`a ${line}`)).has(name)).toBe(false)
  })

  it('not by what stands far inside of a message', () => {
    const message = `${'x'.repeat(5000)} Secret`
    const said = new SaidNames(command(`a APPEND Work {${message.length}}\r\n${message}`))
    expect(said.has('Secret')).toBe(false)
  })
})

const byName = 'default: allow\nmailboxes: [{match: [Payroll, Secret Plans], hidden: true}]\n'
/** As the profiles have it: the policy names none of what it hides. */
const others = 'default: allow\nmailboxes: [{match: INBOX, rights: all}]\n'

/** A session in which the server has told of all its mailboxes. */
function enter(policy: string): (line: string, answer: (upstream: string) => readonly string[]) => string {
  const { dialogue } = openScene(`${policy}unknownCommands: [XFOO]\n`)
  dialogue.client('a LOGIN ann pw').server('a OK in').client('l LIST "" *')
  dialogue.server('* LIST (\\Noselect) "/" ""', 'Q1 OK done', 'Q2 BAD what?')
  for (const name of ['INBOX', 'Payroll', '"Secret Plans"', '"Plans (old)"', '2024'])
    dialogue.server(`* LIST () "/" ${name}`)
  dialogue.server('l OK done').client('s SELECT INBOX').server('* 3 EXISTS', 's OK in')
  dialogue.take('client')
  dialogue.take('server')
  return (line, answer) => {
    dialogue.client(line)
    const upstream = dialogue.take('server').trimEnd()
    if (upstream !== '') dialogue.server(...answer(upstream))
    return dialogue.take('client')
  }
}

/** All that the client wrote, between what servers say. */
const repeat = (upstream: string): readonly string[] => {
  const [tag = ''] = upstream.split(' ')
  const said = upstream.slice(tag.length + 1)
  return [
    `* NO no such thing: ${said}`,
    `* OK [XSAID ${said.replaceAll(']', '')}] x`,
    `${tag} NO no: ${said}.`,
  ]
}

/** The last level of a name alone, and in the middle of what was said. */
const repeatLast = (upstream: string): readonly string[] => {
  const [tag = ''] = upstream.split(' ')
  return [`${tag} NO [NONEXISTENT] No such name ${upstream.split(/[/ ]/u).slice(1).join(' ')}, sorry`]
}

const commands = [
  'SELECT "Foo/?"',
  'SELECT "Foo/a ?"',
  'SELECT "Foo/x?x"',
  'STATUS "x/one two three ? five" (MESSAGES)',
  'STORE 1 +FLAGS ?',
  'SEARCH KEYWORD ?',
  'SEARCH SUBJECT "a ? b"',
  'COPY 1 "Foo/? x"',
  'GETQUOTA "y/a ?"',
  'GETQUOTAROOT "y/a ?"',
  'SUBSCRIBE "x/a ?"',
  'ID ("name" "?")',
  'GETMETADATA INBOX /private/?',
  'FETCH 1 BODY[HEADER.FIELDS (?)]',
  'LIST "" "?"',
  'LIST "" "x ?" RETURN (SUBSCRIBED)',
  'LSUB "" "x?x"',
  'LIST (SUBSCRIBED) "? x" (a b)',
  '? NOOP',
]

describe('who says a name hears the same whether there is such a mailbox or not:', () => {
  const pairs = [
    ['Payroll', 'Paymask'],
    ['payroll', 'paymask'],
    ['Secret Plans', 'Secret Planz'],
    ['Plans (old)', 'Plans (odd)'],
    ['2024', '2023'],
  ] as const

  describe.each([
    ['by its name', byName],
    ['as all others', others],
  ])('hidden %s', (_, policy) => {
    it.each(commands)('%s', (form) => {
      for (const answer of [repeat, repeatLast])
        for (const [hidden, absent] of pairs) {
          if (/[ (]/u.test(hidden) && !/"[^"]*\?/u.test(form)) continue
          const tell = (name: string): string => {
            const line = form.startsWith('? ') ? form.replace('?', name) : `c ${form.replace('?', name)}`
            return enter(policy)(line, answer)
          }
          const ofHidden = tell(hidden)
          expect(ofHidden.replaceAll(hidden, absent)).toBe(tell(absent))
          expect(ofHidden).not.toMatch(/x[0-9a-f]{32}n/u)
          expect(ofHidden).not.toContain(token)
        }
    })
  })

  it('whatever stands around it', () => {
    const around = fc.stringMatching(/^[A-Za-z0-9 .,;:()/_-]{0,12}$/u)
    const property = fc.property(
      around,
      around,
      fc.constantFrom(repeat, repeatLast),
      (before, after, answer) => {
        const tell = (name: string): string =>
          enter(others)(`c STATUS "Foo/${before}${name}${after}" (UIDNEXT)`, answer)
        const [ofHidden, ofAbsent] = [tell('Payroll'), tell('Paymask')]
        expect(ofHidden.replaceAll('Payroll', 'Paymask')).toBe(ofAbsent)
      },
    )
    fc.assert(property, { numRuns: 60 })
  })
})

function hear(line: string, answer: string, hidden = 'Secret'): string {
  const { dialogue } = openScene(`default: allow\nmailboxes: [{match: ${hidden}, hidden: true}]\n`)
  dialogue.client('a LOGIN ann pw').server('a OK in').client(`c ${line}`)
  const tag = /(\S+) LIST "" ""\r\n$/u.exec(dialogue.take('server'))?.[1] ?? ''
  dialogue.server('* LIST (\\Noselect) "/" ""', `${tag} OK done`, 'Q2 BAD what?')
  dialogue.take('client')
  dialogue.server(`c ${answer}`)
  return dialogue.take('client')
}

test.each(['?', '!'])('a name like a hidden one is refused in the words for any other: Secret%s', (end) => {
  const ofOther = hear(`COPY 1 "Others${end}"`, `NO [TRYCREATE] no such mailbox: Others${end}.`)
  const ofLike = hear(`COPY 1 "Secret${end}"`, `NO [TRYCREATE] no such mailbox: Secret${end}.`)
  expect(ofLike).toBe(ofOther.replaceAll('Others', 'Secret'))
})

test('a hidden name that the client did not say is not told', () => {
  expect(hear('COPY 1 Work', 'NO no such mailbox: Work, but Secret.')).toBe(
    'c NO This could not be done.\r\n',
  )
})

test('nor is it where the client said it, and another went upstream in its place', () => {
  expect(hear('COPY 1 Secret', 'NO no such mailbox, but there is Secret.')).toBe(
    'c NO This could not be done.\r\n',
  )
})

test.each(['LIST "" Secret', 'LIST "" Others', 'LSUB "Secret" "x"', 'XLIST "Others" "*"'])(
  'nothing that a server says of a name that it was to look for is told, be there one or not: %s',
  (line) => {
    const name = /Secret|Others/u.exec(line)?.[0] ?? ''
    expect(hear(line, `NO [INUSE] ${name} is locked`)).toBe('c NO [INUSE] This could not be done.\r\n')
    expect(hear(line, 'NO [INUSE] too busy')).toBe('c NO [INUSE] too busy\r\n')
  },
)

test('what is said in an encoding of the encoding is said all the same', () => {
  const hearOf = (name: string): string =>
    hear(`COPY 1 "Nobody V&-APY-${name}"`, `NO no such mailbox: Nobody V&APY-${name}`, 'V\u00f6gel')
  expect(hearOf('gel')).toBe('c NO no such mailbox: Nobody V&APY-gel\r\n')
  expect(hearOf('gul')).toBe('c NO no such mailbox: Nobody V&APY-gul\r\n')
})

test('that a list is complete is nothing that the client said', () => {
  expect(hear('LIST "" Secret', 'NO list failed')).toBe('c NO list failed\r\n')
})
