/** A rule about `mailbox` or `destination` is asked for each mailbox of a command: no name hides another. */

import { describe, expect, it } from 'vitest'
import { askForEach, mostCharacters, mostPairs } from '../../src/policy/named-mailboxes.ts'
import { decide, fits, makeContext, readLine, readPolicy, withRule } from './support/rule-scene.ts'

const inInbox = { selected: 'INBOX' }
const grant = 'allow: true'

describe('a denial fits for any mailbox that the command is about', () => {
  const names = (role: string) => `glob(${role}, "Payroll")`

  it.each([
    ['mailbox', 'ESEARCH IN (mailboxes (INBOX Payroll)) RETURN (ALL) TEXT secret'],
    ['mailbox', 'ESEARCH IN (selected mailboxes (Payroll)) RETURN (ALL) TEXT secret'],
    ['mailbox', 'NOTIFY SET (mailboxes (INBOX Payroll) (MessageNew))'],
    ['mailbox', 'STORE 1 -X-GM-LABELS (foo Payroll)'],
    ['destination', 'STORE 1 +X-GM-LABELS (foo Payroll)'],
    ['mailboxes', 'STORE 1 +X-GM-LABELS (foo Payroll)'],
  ])('%s of %s', (role, line) => {
    expect(fits(names(role), line, inInbox)).toBe(true)
    expect(fits(names(role), line, inInbox, 'hold: true')).toBe(true)
    expect(fits(names(role), line.replace('Payroll', 'other'), inInbox)).toBe(false)
  })

  it('the selected one too, whatever labels are named', () => {
    const when = 'mailbox == "Archive" && "remove" in actions'
    const archive = { selected: 'Archive' }
    for (const line of ['STORE 1 -X-GM-LABELS (foo)', 'STORE 1 X-GM-LABELS (foo)', 'MOVE 1 INBOX'])
      expect(fits(when, line, archive)).toBe(true)
    expect(makeContext(archive).describe(readLine('STORE 1 -X-GM-LABELS (foo)', archive)).mailbox).toBe(
      'Archive',
    )
  })

  it('also behind a `!`: one label that is no archive is enough', () => {
    const when = '"remove" in actions && !glob(destination, "Archive/**")'
    expect(fits(when, 'STORE 1 X-GM-LABELS (Archive/a Other)', inInbox, 'hold: true')).toBe(true)
    expect(fits(when, 'MOVE 1 Archive/a', inInbox, 'hold: true')).toBe(false)
  })

  it('and for what is put on record', () => {
    const policy = readPolicy(withRule('mailbox == "Payroll"', 'record: audit'))
    expect(decide(policy, 'ESEARCH IN (mailboxes (INBOX Payroll)) ALL').passed).toHaveLength(1)
  })
})

describe('a grant fits for every mailbox that the command is about', () => {
  it.each([
    ['ESEARCH IN (mailboxes (Public)) TEXT a', true],
    ['ESEARCH IN (mailboxes (Public Public)) TEXT a', true],
    ['ESEARCH IN (mailboxes (Public Private)) TEXT a', false],
    ['ESEARCH IN (mailboxes (Private Public)) TEXT a', false],
    ['ESEARCH IN (personal mailboxes (Public)) TEXT a', false],
    ['ESEARCH IN (subtree Public) TEXT a', false],
  ])('%s: %s', (line, does) => {
    expect(fits('mailbox == "Public"', line, {}, grant)).toBe(does)
    expect(fits('!(mailbox != "Public")', line, {}, grant)).toBe(does)
  })

  it('of each role', () => {
    const when = 'mailbox == "INBOX" && glob(destination, "Archive/**")'
    expect(fits(when, 'STORE 1 +X-GM-LABELS (Archive/a Archive/b)', inInbox, grant)).toBe(true)
    expect(fits(when, 'STORE 1 +X-GM-LABELS (Archive/a b)', inInbox, grant)).toBe(false)
    expect(fits(when, 'MOVE 1 Archive/a', inInbox, grant)).toBe(true)
  })
})

describe('mailboxes that are not named', () => {
  it.each([
    'LIST "" Payroll RETURN (STATUS (MESSAGES UNSEEN))',
    'LIST "" * RETURN (METADATA (/shared/comment))',
    'LIST "" % RETURN (MYRIGHTS)',
    'ESEARCH IN (personal) TEXT secret',
    'NOTIFY SET (subscribed (MessageNew))',
    'SEARCH CONVSEEN',
    'SETMETADATA "" (/shared/comment "x")',
  ])('may be the denied one, and are not all granted: %s', (line) => {
    for (const when of [
      'mailbox == "Payroll"',
      'glob(mailbox, "Payroll")',
      '"Payroll" in mailboxes',
      'glob(mailboxes, "Payroll")',
    ])
      expect(fits(when, line)).toBe(true)
    expect(fits('glob(mailbox, "Payroll/**")', line, {}, grant)).toBe(false)
    expect(fits('glob(mailbox, "*")', line, {}, grant)).toBe(false)
    // The annotations of the server are those of no mailbox.
    for (const when of ['glob(mailbox, "**")', 'glob(mailboxes, "**")'])
      expect(fits(when, line, {}, grant)).toBe(!line.startsWith('SETMETADATA'))
    // Of a denial that there is no name may be what counts.
    expect(fits('mailbox == ""', line)).toBe(true)
    expect(fits('size(mailboxes) == 0', line)).toBe(true)
    expect(fits('size(mailboxes) == 1', line)).toBe(true)
    expect(fits('!glob(mailbox, "Payroll")', line, {}, grant)).toBe(false)
  })

  it('are none where only names are listed', () => {
    for (const line of ['LIST "" *', 'LIST "" * RETURN (SUBSCRIBED CHILDREN SPECIAL-USE)', 'LSUB "" *'])
      expect(fits('glob(mailbox, "Payroll")', line)).toBe(false)
  })

  it('are those below a mailbox that goes with all of them', () => {
    expect(fits('glob(mailbox, "Work/Payroll")', 'RENAME Work Play')).toBe(true)
    expect(fits('glob(mailbox, "Home/Payroll")', 'RENAME Work Play')).toBe(false)
    expect(fits('glob(mailbox, "Work/Payroll")', 'ESEARCH IN (subtree Work) TEXT a')).toBe(true)
    const all = 'mailbox == "Work" || glob(mailbox, "Work/**")'
    expect(fits(all, 'RENAME Work Play', {}, grant)).toBe(true)
    expect(fits('mailbox == "Work" || glob(mailbox, "Work/*")', 'RENAME Work Play', {}, grant)).toBe(false)
  })
})

it('too many are as a condition without an answer: refused by what refuses, granted by nothing', () => {
  const line = (count: number) =>
    `ESEARCH IN (mailboxes (${Array.from({ length: count }, (_, at) => `m${at}`).join(' ')})) ALL`
  const denial = readPolicy(withRule('mailbox == "Payroll"'))
  expect(decide(denial, line(mostPairs)).final).toBeUndefined()
  const { final, failures } = decide(denial, line(mostPairs + 1))
  expect(final?.name).toBe('it')
  expect(failures[0]?.why).toContain(`about more than ${mostPairs} mailboxes`)
  expect(fits('glob(mailbox, "**")', line(mostPairs), {}, grant)).toBe(true)
  expect(fits('glob(mailbox, "**")', line(mostPairs + 1), {}, grant)).toBe(false)
  expect(fits('command == "ESEARCH"', line(mostPairs + 1), {}, grant)).toBe(true)
})

it('a command about one mailbox is asked about once', () => {
  for (const line of ['FETCH 1 FLAGS', 'COPY 1 x', 'SELECT x', 'NOOP', 'LIST "" *', 'APPEND x {1+}\r\na'])
    expect(makeContext(inInbox).describe(readLine(line, inInbox)).pairs().pairs).toEqual([])
})

it('so are too many characters of their names', () => {
  const line = (count: number) =>
    `ESEARCH IN (mailboxes (${Array.from({ length: count }, (_, at) => String(at).padStart(64, 'm')).join(' ')})) ALL`
  const most = mostCharacters / 64
  for (const when of ['mailbox == "Payroll"', '"Payroll" in mailboxes']) {
    expect(fits(when, line(most))).toBe(false)
    expect(fits(when, line(most + 1))).toBe(true)
  }
})

it('too many are nothing to a rule for somebody else', () => {
  const line = `ESEARCH IN (mailboxes (${Array.from({ length: 260 }, (_, at) => `m${at}`).join(' ')})) ALL`
  const when = 'user == "bob" && mailbox == "Payroll"'
  const policy = readPolicy(withRule(when))
  expect(decide(policy, line, { user: 'ann' })).toMatchObject({ final: undefined, failures: [] })
  for (const user of ['bob', 'bob+x', 'bob@example.org']) expect(fits(when, line, { user })).toBe(true)
  expect(fits('mailbox == "Payroll" || user == "bob"', line, { user: 'ann' })).toBe(true)
})

it('a rule about `mailboxes` alone is asked once, whatever is named', () => {
  const asked: string[][] = []
  const context = makeContext(inInbox).describe(readLine('STORE 1 +X-GM-LABELS (a b c)', inInbox))
  const ask = (): { ok: true; fits: boolean } => {
    asked.push([...context.mailboxes])
    return { ok: true, fits: false }
  }
  const about = { standing: undefined, isGrant: false }
  askForEach(ask, context, { ...about, text: 'glob(mailboxes, "x")' })
  expect(asked).toEqual([['INBOX', 'a', 'b', 'c']])
  askForEach(ask, context, { ...about, text: 'glob(destination, "x")' })
  expect(asked).toHaveLength(4)
  context.describe(readLine('RENAME Work Play'))
  asked.length = 0
  askForEach(ask, context, { ...about, text: 'glob(mailboxes, "x")' })
  // What lies below may be what it is about, and may be nothing.
  expect(asked).toEqual([
    ['Work', 'Play', 'Work/*'],
    ['Work', 'Play'],
  ])
})

describe('what lies below a mailbox is no name to a grant that reads names as text', () => {
  it.each([
    'mailbox.matches("^INBOX(/[^S].*)?$")',
    'mailbox.startsWith("INBOX")',
    'mailbox.contains("INBOX") && !glob(mailbox, "Payroll")',
    'size(mailbox) < 9 || mailbox . endsWith ( "x" )',
    'lower(mailbox) != "inbox/secret"',
    'mailbox != selected',
    'mailboxes.all(m, m.startsWith("INBOX"))',
  ])('%s', (when) => {
    expect(fits(when, 'ESEARCH IN (subtree INBOX) ALL', {}, grant)).toBe(false)
    expect(fits(when, 'ESEARCH IN (mailboxes (INBOX INBOX/b)) ALL', { selected: 'x' }, grant)).toBe(true)
  })

  it.each([
    'user.endsWith("n") && (mailbox == "INBOX" || glob(mailbox, "INBOX/**"))',
    'mailbox in ["INBOX"] || glob( mailbox , \'INBOX/**\') // by + mailbox',
    'size(command) > 1 && mailboxes.all(m, "INBOX" == m || glob(m, "INBOX/**"))',
    'mailbox != "" && glob(mailboxes, "INBOX**")',
  ])('but to one that compares them: %s', (when) => {
    expect(fits(when, 'ESEARCH IN (subtree INBOX) ALL', {}, grant)).toBe(true)
  })
})

it('a name that ends with an asterisk is the name of one mailbox', () => {
  expect(fits('glob(mailbox, "Private*")', 'DELETE "Private*"')).toBe(true)
  expect(fits('glob(mailbox, "Private*")', 'DELETE "Other*"')).toBe(false)
  expect(fits('glob(mailbox, "P*")', 'DELETE "Private*"', {}, grant)).toBe(true)
})
