/** A glance at a long FETCH response finds the numbers that a whole reading finds, or says that it cannot. */

import fc from 'fast-check'
import { expect, it } from 'vitest'

import { glanceFetch } from '../../src/findings/fetch-glance.ts'
import { Message } from '../../src/imap/message.ts'
import { octetsOf } from '../../src/imap/octets.ts'
import { lineMessage } from '../../src/imap/raw-message.ts'

const structure = `ENVELOPE (NIL "${'s'.repeat(240)}" NIL NIL NIL NIL NIL NIL NIL NIL)`
const numbers = ['UID 12', 'RFC822.SIZE 400', 'MODSEQ (7)'] as const
const others = ['FLAGS (\\Seen UID $x)', 'FLAGS ()', structure, 'INTERNALDATE "17-Jul-1996 02:44:25 -0700"']

const read = (items: readonly string[]): Message =>
  new Message(lineMessage('server', octetsOf(`* 3 FETCH (${items.join(' ')})\r\n`)), 'response')

it('finds what a whole reading finds, and nothing else', () => {
  const items = fc.shuffledSubarray([...numbers, ...others])
  fc.assert(
    fc.property(items, (chosen) => {
      const message = read([...chosen, structure])
      const glance = glanceFetch(message)
      if (!glance) return
      const whole = message.response()
      if (!whole.ok || whole.value.kind !== 'untagged' || whole.value.data.name !== 'FETCH')
        throw new Error('the sample must be readable')
      expect(glance.message).toBe(whole.value.data.message)
      for (const item of glance.items) expect(whole.value.data.items).toContainEqual(item)
      expect(glance.items.some(({ name }) => name === 'UID')).toBe(true)
    }),
  )
})

it.each([
  ['at the beginning', ['UID 12', 'FLAGS ()', structure]],
  ['behind flags', ['FLAGS (\\Seen)', 'UID 12', 'RFC822.SIZE 9', structure]],
  ['at the end', [structure, 'UID 12']],
  ['between other numbers at the end', [structure, 'RFC822.SIZE 9', 'UID 12', 'MODSEQ (5)']],
])('finds a UID that stands %s', (_, items) => {
  expect(glanceFetch(read(items))?.items).toContainEqual({ name: 'UID', uid: 12 })
})

it('leaves what is short, has a literal or no UID in sight to a whole reading', () => {
  expect(glanceFetch(read(['UID 12', 'FLAGS ()']))).toBeUndefined()
  expect(glanceFetch(read([structure]))).toBeUndefined()
  expect(glanceFetch(read(['FLAGS (UID 5)', structure]))).toBeUndefined()
  expect(glanceFetch(read([structure, `BODY[1] "${'x'.repeat(60)} UID 5"`]))).toBeUndefined()
})
