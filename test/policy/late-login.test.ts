/** What is made of two answers of the rules about one login: of its command, and of the line that names its user. */

import { describe, expect, it } from 'vitest'

import { judgeLate, newsOf } from '../../src/policy/late-login.ts'
import type { Approval, Decided, GuardAnswer, GuardVerdict } from '../../src/relay/guard.ts'

const command = { tag: 'a', name: 'AUTHENTICATE', mechanism: 'PLAIN' } as const
const refusal: GuardAnswer = { kind: 'answer', status: 'NO', code: 'NOPERM', text: 'no' }

const decidedBy = (text: string): Decided => {
  const [rule = '', effect = ''] = text.split(' ')
  return {
    rule,
    effect: effect === 'deny' ? 'deny' : 'allow',
    why: '',
    isDryRun: false,
    mailboxes: [],
    level: 'log',
  }
}

const verdict = (decided: string, others: Partial<GuardVerdict> = {}): GuardVerdict => ({
  action: { kind: 'forward', command },
  decided: decided.split(', ').map(decidedBy),
  ...others,
})

const approvalOf = (rule: string): Approval => ({ rule, deadline: 1, otherwise: 'allow', refusal })

describe('a login whose user is named behind its command', () => {
  const before = verdict('slow, default', { delay: 2_000 })

  it('goes on where nothing changes by the name, and is told of once', () => {
    expect(judgeLate(before, before)).toEqual({ kind: 'pass', also: [], delay: 0 })
  })

  it('waits as long in all as its user has to, and never less than it did', () => {
    const longer = judgeLate(before, verdict('slow, slower, default', { delay: 7_000 }))
    expect(longer).toMatchObject({ kind: 'pass', also: [{ rule: 'slower' }], delay: 5_000 })
    expect(judgeLate(before, verdict('default'))).toMatchObject({ delay: 0 })
  })

  it('is refused in the words of the rule, behind what is told beside it', () => {
    const late = judgeLate(before, verdict('slow, dry, not-ann deny', { action: refusal }))
    expect(late).toMatchObject({
      ...refusal,
      also: [{ rule: 'dry' }],
      decided: { rule: 'not-ann', effect: 'deny' },
    })
  })

  it('ends the session where a rule closes it', () => {
    const action = { kind: 'close', text: 'go away' } as const
    expect(judgeLate(before, verdict('not-ann', { action }))).toMatchObject({
      ...action,
      decided: { rule: 'not-ann' },
    })
  })

  it('is refused where somebody would have to be asked first, whatever happens when nobody answers', () => {
    const late = judgeLate(before, verdict('ask', { approval: approvalOf('ask') }))
    expect(late).toMatchObject({ ...refusal, also: [], decided: { rule: 'ask', effect: 'deny' } })
  })

  it('goes on where somebody was asked about its command already, by the same rule', () => {
    const asked = verdict('ask', { approval: approvalOf('ask') })
    expect(judgeLate(asked, asked)).toMatchObject({ kind: 'pass' })
    expect(judgeLate(asked, verdict('other', { approval: approvalOf('other') }))).toMatchObject(refusal)
  })

  it('is refused where the rules come to nothing', () => {
    const late = judgeLate(before, { action: { kind: 'ask-first', command }, decided: [] })
    expect(late).toMatchObject({ kind: 'answer', status: 'NO', code: 'SERVERBUG' })
  })
})

it('counts a rule once for a login, however often it was asked', () => {
  const [slow, dry, last] = [{ name: 'slow' }, { name: 'dry' }, { name: 'last' }]
  const fitted = { final: last, passed: [slow], dryRuns: [dry] }
  expect(newsOf(fitted, undefined)).toBe(fitted)
  expect(newsOf(fitted, verdict('slow, last'))).toEqual({ final: undefined, passed: [], dryRuns: [dry] })
})
