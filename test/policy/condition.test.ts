/** What a condition fits, how broadly names are taken, and what is said of one that makes no sense. */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileCondition } from '../../src/policy/condition.ts'
import { functions, variables } from '../../src/policy/context.ts'
import { NameTester } from '../../src/policy/name-test.ts'
import { faultOf, fits, makeContext } from './support/rule-scene.ts'

const inInbox = { selected: 'INBOX' }

describe('a condition', () => {
  it.each([
    ['command == "NOOP"', 'NOOP', {}],
    ['command in ["UID FETCH", "FETCH"]', 'UID FETCH 1 FLAGS', inInbox],
    ['"expunge" in actions', 'EXPUNGE', inInbox],
    ['user == "ann" && isAuthenticated', 'NOOP', { user: 'Ann' }],
    ['client == "Thunderbird" && clientVersion == "128"', 'NOOP', { client: 'Thunderbird/128' }],
    ['tls.isOn && tls.version == "TLSv1.3" && tls.name == "mail.test"', 'NOOP', {}],
    ['"\\\\deleted" in flags', 'STORE 1 +FLAGS (\\Seen \\Deleted)', inInbox],
    ['size > 10 * MiB', 'APPEND x {3+}\r\nabc', { messageOctets: 11 * 1024 ** 2 }],
    ['size == 5', 'APPEND x {3+}\r\nabc', { messageOctets: 5 }],
    ['octets < 100', 'NOOP', {}],
    ['setForm == "star" && uid', 'UID FETCH 1:* FLAGS', inInbox],
    ['setForm == "saved"', 'FETCH $ FLAGS', inInbox],
    ['setForm == "list"', 'FETCH 1,3 FLAGS', inInbox],
    ['"TEXT" in searchKeys', 'SEARCH OR (NOT TEXT a) FROM b', inInbox],
    [
      '"BODY.PEEK[1.TEXT]" in fetchItems && "ENVELOPE" in fetchItems',
      'FETCH 1 (BODY.PEEK[1.TEXT] ENVELOPE)',
      inInbox,
    ],
    ['"ENVELOPE" in fetchItems', 'FETCH 1 ALL', inInbox],
    ['mechanism == "PLAIN"', 'AUTHENTICATE plain', {}],
    ['time >= "22:00" || time < "08:00"', 'NOOP', { hour: 7, minute: 59 }],
    ['hour == 7 && weekday == "monday"', 'NOOP', {}],
    ['session.commands == 3 && usage.octetsLastHour > 4000 && usage.sessions == 2', 'NOOP', {}],
    ['inNetwork(address, "192.0.2.0/24")', 'NOOP', {}],
    ['address == "192.0.2.9"', 'NOOP', { address: '::ffff:192.0.2.9' }],
    ['lower(client).contains("bird")', 'NOOP', { client: 'ThunderBIRD' }],
    ['client.matches("^K-[0-9]+$")', 'NOOP', { client: 'K-9' }],
    ['(client + "!").matches("9!$")', 'NOOP', { client: 'K-9' }],
    ['"IDLE" in capabilities', 'NOOP', {}],
    ['flags.exists(f, f.startsWith("$"))', 'STORE 1 FLAGS ($Work)', inInbox],
    ['selected == "INBOX" && readOnly', 'NOOP', { ...inInbox, isReadOnly: true }],
    ['size(mailboxes) == 2 && mailbox == "INBOX" && destination == "Trash"', 'MOVE 1 Trash', inInbox],
    ['reaches.exists(r, r == "children")', 'RENAME a b', {}],
  ])('%s fits %s', (when, line, facts) => {
    expect(fits(when, line, facts)).toBe(true)
    expect(fits(`!(${when})`, line, facts)).toBe(false)
  })

  it('has nothing to say of a mailbox where there is none', () => {
    expect(fits('glob(mailbox, "**")', 'NOOP')).toBe(false)
    expect(fits('mailbox == ""', 'NOOP')).toBe(true)
    expect(fits('mailbox != ""', 'NOOP')).toBe(false)
  })

  it('looks for a pattern in linear time', () => {
    const hostile = { client: `${'a'.repeat(30_000)}!` }
    expect(fits('client.matches("^(a+)+$")', 'NOOP', hostile)).toBe(false)
  })
})

describe('a mailbox in a condition', () => {
  const denial = 'deny: true'
  const grant = 'allow: true'
  const spelled = (name: string) => ({ names: [name] })

  it.each(['Secret', 'secret', 'SECRET', 'INBOX/Secret'])('denied as Secret is denied as %s', (name) => {
    expect(fits('mailbox == "Secret"', 'SELECT x', spelled(name), denial)).toBe(true)
    expect(fits('mailbox in ["a", "Secret"]', 'SELECT x', spelled(name), denial)).toBe(true)
    expect(fits('"Secret" in mailboxes', 'SELECT x', spelled(name), denial)).toBe(true)
    expect(fits('glob(mailbox, "Secret")', 'SELECT x', spelled(name), denial)).toBe(true)
    expect(fits('mailboxes.exists(m, m == "Secret")', 'SELECT x', spelled(name), denial)).toBe(true)
  })

  it('granted as Secret is granted by that name alone', () => {
    for (const when of [
      'mailbox == "Secret"',
      'mailbox in ["Secret"]',
      '"Secret" in mailboxes',
      'glob(mailbox, "Secret")',
    ]) {
      expect(fits(when, 'SELECT x', spelled('Secret'), grant)).toBe(true)
      expect(fits(when, 'SELECT x', spelled('secret'), grant)).toBe(false)
      expect(fits(when, 'SELECT x', spelled('INBOX/Secret'), grant)).toBe(false)
    }
  })

  it('is taken the other way round behind a `!`', () => {
    expect(fits('mailbox != "Public"', 'SELECT x', spelled('public'), denial)).toBe(true)
    expect(fits('!glob(mailbox, "Public/**")', 'SELECT x', spelled('public/a'), denial)).toBe(true)
    expect(fits('!glob(mailbox, "Secret/**")', 'SELECT x', spelled('secret/a'), grant)).toBe(false)
    expect(fits('mailbox != "Secret"', 'SELECT x', spelled('SECRET'), grant)).toBe(false)
  })

  it('of several is any one in a denial, and each in a grant', () => {
    const two = { selected: 'Public/a', names: ['Public/a', 'Other'] }
    expect(fits('glob(mailboxes, "Other")', 'MOVE 1 x', two, denial)).toBe(true)
    expect(fits('glob(mailboxes, "Public/**")', 'MOVE 1 x', two, grant)).toBe(false)
    expect(
      fits('glob(mailboxes, "Public/**")', 'MOVE 1 x', { ...two, names: ['Public/a', 'Public/b'] }, grant),
    ).toBe(true)
  })

  it.each([
    ['mailbox.startsWith("Secret")', 'a rule that refuses must know every spelling'],
    ['lower(mailbox) == "secret"', 'a rule that refuses must know every spelling'],
    ['mailbox == user', 'a rule that refuses must know every spelling'],
    ['mailboxes[0] == "Secret"', 'a rule that refuses must know every spelling'],
    ['glob(mailbox, "a") == true', 'compared where it is plain what follows'],
    ['glob(mailbox, "a") ? true : false', 'compared where it is plain what follows'],
    ['(mailbox) == "Secret"', 'next to each other'],
    ['mailbox == "Sec*"', 'for a pattern use glob'],
    ['glob(mailbox, user)', 'must be a text in quotes'],
  ])('of a denial is not %s', (when, message) => {
    expect(faultOf(when)).toContain(message)
  })

  it('of a grant may be looked at in any way, since what it fits is exact', () => {
    expect(fits('mailbox.startsWith("Pub")', 'SELECT x', spelled('Public'), grant)).toBe(true)
    expect(faultOf('!mailbox.startsWith("Pub")', grant)).toContain('every spelling')
    expect(faultOf('!mailbox.startsWith("Pub")', denial)).toBeUndefined()
  })
})

describe('a mistake in a condition', () => {
  it.each([
    ['usr == "ann"', 'unknown variable usr, did you mean user?'],
    ['inNetwrk(address, "10.0.0.0/8")', 'unknown function inNetwrk(), did you mean inNetwork?'],
    ['dyn(user) == 5', 'unknown function dyn()'],
    ['has(tls.version)', 'has() is of no use'],
    ['tls.versio == "x"', 'unknown field versio, did you mean version?'],
    ['user == 5', 'text and a whole number cannot go with =='],
    ['size > "5"', 'a whole number and text cannot go with >'],
    ['"x" in user', '`in` asks for an item of a list, and this is text'],
    ['user', 'a condition is true or false, and this is text: compare it'],
    ['actions', 'a condition is true or false, and this is a list of texts: ask for an item'],
    ['user = "ann"', 'comparison is written =='],
    ['uid & uid', 'write &&'],
    ['user == “ann”', 'quotes are written " or \''],
    ['user == "ann" &&', 'something is missing at the end'],
    ['glob(mailbox)', 'glob() is written glob(mailbox, "Archive/**")'],
    ['client.matches("(a)\\\\1")', 'refers back to a group, which takes more than linear time'],
    ['client.matches("(?=a)")', 'looks ahead or behind, which takes more than linear time'],
    ['client.matches("(a")', 'the pattern is not understood'],
    ['client.matches("(a{500}){500}")', 'the pattern'],
    ['client.matches(user)', 'must be a text in quotes'],
    ['inNetwork(address, "10.0.0.1/8")', 'has bits behind its prefix'],
    ['inNetwork(address, "ten")', 'is no address and no network'],
    ['address == "10.0.0.0/8"', 'write inNetwork(address, "10.0.0.0/8")'],
    ['address == "::FFFF:10.0.0.1"', 'addresses stand there as "10.0.0.1"'],
    ['flags.all(f, flags.exists(g, f == g))', 'takes more than linear time'],
    ['flags.all(f, f in searchKeys)', 'takes more than linear time'],
    ['flags.exists(user, user == "x")', '`user` is taken'],
    ['command == "FETHC"', 'there is no command "FETHC", did you mean "FETCH"?'],
    ['command == "fetch"', 'did you mean "FETCH"?'],
    ['command == "XFROBNICATE"', 'name it in unknownCommands'],
    ['"raed" in actions', '`actions` never has "raed": did you mean "read"?'],
    ['actions.all(a, a in ["raed"])', '`actions` never has "raed"'],
    ['weekday == "holiday!"', 'it is one of sunday'],
    ['user == "Ann"', '`user` has small letters only: write "ann"'],
    ['"\\\\Deleted" in flags', 'write "\\\\deleted"'],
    ['"idle" in capabilities', 'write "IDLE"'],
    ['command == "NOOP" && command in ["CHECK"]', 'this rule can never match: `command` cannot be both'],
    ['size > 10 && size < 11', 'this rule can never match: `size` has no such value'],
    ['hour >= 24', 'this rule can never match: `hour` has no such value'],
    ['size < 0', 'this rule can never match'],
    ['uid && !uid', 'this rule can never match'],
    ['1 == 2', 'this rule can never match: its condition is always false'],
  ])('%s: %s', (when, message) => {
    expect(faultOf(when)).toContain(message)
  })

  it('names what a session cannot know without a command', () => {
    expect(faultOf('command == "IDLE"', 'hide: IDLE')).toContain('decided without a command: `command`')
    expect(faultOf('user == "ann"', 'hide: IDLE')).toBeUndefined()
  })
})

it('whatever is written is a condition that has an answer, or a mistake within the text', () => {
  const words = [
    ...variables.map(({ name }) => name),
    ...functions.map(({ shape }) => shape),
    ...'&& || ! ( ) == != in [ ] , . ? : < - / { } 5 1.5 null true é “'.split(' '),
    '"Secret"',
    '"a*"',
    '""',
    "'x'",
    'b"x"',
    'r"\\d"',
    '// c\n',
    'tls.version',
    'mailboxes.exists(m, m ==',
    'glob(mailbox,',
    '.matches(',
    '10 * MiB',
  ]
  const written = fc
    .array(fc.constantFrom(...words), { minLength: 1, maxLength: 9 })
    .map((parts) => parts.join(' '))
  fc.assert(
    fc.property(written, fc.boolean(), (text, refuses) => {
      const use = { refuses, isWithoutCommand: false, unknownCommands: [], tester: new NameTester() }
      const compiled = compileCondition(text, use)
      if (compiled.ok) return compiled.condition.ask(makeContext().describe(undefined)).ok
      return compiled.faults.every(
        ({ start, message }) => start >= 0 && start <= text.length && message !== '',
      )
    }),
    { numRuns: 3_000 },
  )
})
