/** A rule about `mailbox` or `destination` is asked for each mailbox of a command: no name hides another. */

import { describe, expect, it } from 'vitest'
import { mostPairs } from '../../src/policy/named-mailboxes.ts'
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
    expect(fits('glob(mailbox, "**")', line, inInbox, grant)).toBe(line.startsWith('SEARCH'))
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
    expect(makeContext(inInbox).describe(readLine(line, inInbox)).pairs()).toEqual([])
})
