/** Verdicts that need no rule: what the client hears, what the record says, and what a used-up budget still lets through. */

import { describe, expect, it } from 'vitest'

import { decidedBy, isSessionOnly, refuse, refuseByLimit } from '../../src/policy/refusals.ts'
import { selectScene } from './support/guarded-scene.ts'

const answer = { kind: 'answer', status: 'NO', code: 'NOPERM', text: 'no' } as const

describe('a refusal', () => {
  it('is the answer, and a record for the audit', () => {
    const { action, decided } = refuse(answer, { rule: 'rights', why: 'it is so', mailboxes: ['Work'] })
    expect(action).toBe(answer)
    expect(decided).toMatchObject([{ rule: 'rights', effect: 'deny', mailboxes: ['Work'], level: 'audit' }])
  })

  it('by a limit has the code of that limit, or ends the session', () => {
    const refusal = { limit: 'octetsPerHour', code: 'OVERQUOTA', text: 'later', why: 'too much' } as const
    expect(refuseByLimit({ ...refusal, isFinal: false }).action).toMatchObject({
      status: 'NO',
      code: 'OVERQUOTA',
    })
    expect(refuseByLimit({ ...refusal, isFinal: true }).action).toEqual({ kind: 'close', text: 'later' })
  })

  it('is what is written of everything but what is allowed', () => {
    expect(decidedBy({ rule: 'x', why: 'y' }, 'allow').level).toBe('count')
    expect(decidedBy({ rule: 'x', why: 'y' }, 'close').level).toBe('audit')
  })
})

describe('a used-up budget', () => {
  it('keeps nobody from leaving, and from nothing else', () => {
    const { dialogue, ledger } = selectScene('default: allow\nlimits: {octetsPerHour: 1000}\n', 'INBOX')
    const account = ledger.openSession({ address: '192.0.2.9', at: 0 })
    if (!('noteUser' in account)) throw new Error('not let in')
    account.noteUser('ann', 0)
    account.chargeServerOctets(2000, dialogue.now)
    dialogue.client('a FETCH 1 FLAGS').toServer()
    expect(dialogue.take('client')).toMatch(/^a NO \[OVERQUOTA\] /u)
    for (const name of isSessionOnly) {
      dialogue.client(`b ${name}`).toServer(`b ${name}`)
      dialogue.server('b OK done').take('client')
    }
  })
})
