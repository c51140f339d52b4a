import { describe, expect, it } from 'vitest'

import { writeResponse } from '../../src/imap/responses/index.ts'
import { announceDisabled, isExposed, refuseExposed } from '../../src/policy/cleartext-login.ts'
import { textOf } from '../imap/support/wire.ts'
import { response } from './support/mailbox-world.ts'

const tls = { version: 'TLSv1.3', cipher: 'X', name: '', certificate: '', isResumed: false }

describe('a login crosses a network in cleartext', () => {
  it.each([
    [false, undefined, true],
    [true, undefined, false],
    [false, tls, false],
    [true, tls, false],
  ])('loopback %s, TLS %s: %s', (isLoopback, facts, expected) => {
    expect(isExposed({ isLoopback, tls: () => facts })).toBe(expected)
  })

  it('and is refused by the code that says so', () => {
    const { action, decided } = refuseExposed()
    expect(action).toMatchObject({ kind: 'answer', status: 'NO', code: 'PRIVACYREQUIRED' })
    expect(decided.map(({ rule, effect }) => [rule, effect])).toEqual([['cleartext-login', 'deny']])
  })
})

describe('where it is refused', () => {
  it.each([
    ['* CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR IDLE', '* CAPABILITY IMAP4rev1 IDLE LOGINDISABLED'],
    ['* CAPABILITY IMAP4rev1 LOGINDISABLED auth=x', '* CAPABILITY IMAP4rev1 LOGINDISABLED'],
    ['* OK [CAPABILITY IMAP4rev1 AUTH=LOGIN] hi', '* OK [CAPABILITY IMAP4rev1 LOGINDISABLED] hi'],
    ['a NO [CAPABILITY IMAP4rev1] no', 'a NO [CAPABILITY IMAP4rev1 LOGINDISABLED] no'],
    ['* OK hi', '* OK hi'],
  ])('%s is announced as %s', (said, heard) => {
    const announced = announceDisabled(response(said))
    expect(textOf(writeResponse(announced.response)).trimEnd()).toBe(heard)
    expect(announced.notes).toHaveLength(said === heard ? 0 : 1)
  })
})
