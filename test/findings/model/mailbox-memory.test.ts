/** What one session is told of a mailbox is kept for the next: the largest values, with when they were told. */

import { describe, expect, it } from 'vitest'

import { History, raise } from '../../../src/findings/model/history.ts'
import {
  findMailboxHistory,
  rememberSelected,
  rememberUntagged,
  statusNumber,
} from '../../../src/findings/model/mailbox-memory.ts'
import { MailboxModel } from '../../../src/findings/model/mailbox-model.ts'
import { SessionModel } from '../../../src/findings/model/session-model.ts'

function select(
  history: History,
  values: { uidValidity: number; uidNext: number; at: number },
): SessionModel {
  const model = new SessionModel('S1', 0)
  model.user = 'ann'
  model.upstream = 'imaps://mail.example.com:993'
  model.mailbox = new MailboxModel('INBOX', false)
  model.mailbox.setExists(3)
  model.mailbox.uidValidity = values.uidValidity
  model.mailbox.uidNext = values.uidNext
  model.mailbox.open()
  rememberSelected({ model, history, at: values.at })
  return model
}

describe('the memory of mailboxes', () => {
  it('keeps the largest UIDNEXT and when it was told first', () => {
    const history = new History()
    const model = select(history, { uidValidity: 7, uidNext: 12, at: 10 })
    select(history, { uidValidity: 7, uidNext: 11, at: 20 })
    select(history, { uidValidity: 7, uidNext: 12, at: 30 })
    expect(findMailboxHistory(model, history, 'INBOX')?.uidNext).toEqual({ value: 12, at: 10 })
  })

  it('begins anew with another UIDVALIDITY', () => {
    const history = new History()
    select(history, { uidValidity: 7, uidNext: 12, at: 10 })
    const model = select(history, { uidValidity: 8, uidNext: 2, at: 20 })
    expect(findMailboxHistory(model, history, 'INBOX')).toMatchObject({
      uidValidity: 8,
      uidNext: { value: 2, at: 20 },
      since: 20,
    })
  })

  it('learns from FETCH and from STATUS', () => {
    const history = new History()
    const model = select(history, { uidValidity: 7, uidNext: 12, at: 10 })
    model.mailbox?.observeItems(3, [
      { name: 'UID', uid: 15 },
      { name: 'MODSEQ', modseq: 90n },
    ])
    rememberUntagged({ model, history, at: 20 }, { name: 'FETCH', message: 3, items: [] })
    rememberUntagged(
      { model, history, at: 30 },
      {
        name: 'STATUS',
        mailbox: 'inbox',
        items: [
          { name: 'UIDVALIDITY', value: 7 },
          { name: 'UIDNEXT', value: 17 },
        ],
      },
    )
    expect(findMailboxHistory(model, history, 'INBOX')).toMatchObject({
      highestUid: { value: 15, at: 20 },
      highestModSeq: { value: 90n, at: 20 },
      uidNext: { value: 17, at: 30 },
    })
  })

  it('learns nothing of a user whom nobody knows, nor from a STATUS without UIDVALIDITY', () => {
    const history = new History()
    const model = select(history, { uidValidity: 7, uidNext: 12, at: 10 })
    const items = [{ name: 'UIDNEXT', value: 17 } as const]
    rememberUntagged({ model, history, at: 30 }, { name: 'STATUS', mailbox: 'INBOX', items })
    expect(findMailboxHistory(model, history, 'INBOX')?.uidNext.value).toBe(12)
    model.user = undefined
    expect(findMailboxHistory(model, history, 'INBOX')).toBeUndefined()
  })

  it('reads a number out of a STATUS, if it is there', () => {
    expect(statusNumber([{ name: 'UIDNEXT', value: 17 }], 'UIDNEXT')).toBe(17)
    expect(statusNumber([], 'UIDNEXT')).toBeUndefined()
  })

  it('raises a value, and never lowers it', () => {
    const told = { value: 5, at: 1 }
    raise(told, 4, 2)
    raise(told, 5, 3)
    expect(told).toEqual({ value: 5, at: 1 })
    raise(told, 6, 4)
    expect(told).toEqual({ value: 6, at: 4 })
  })
})
