/** Threat 2: the same octets as in threat 1, in other spellings and cut wherever a network may cut them. */

import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'

import { speakImap } from '../support/fake-upstream.ts'
import { useLegs } from './legs.ts'

const cutsOf = (text: string): number[] => Array.from({ length: text.length - 1 }, (_, at) => at + 1)

describe('threat 2: a detector that a cut, a tag or a case could slip by', () => {
  const legs = useLegs()

  it.each(['A STARTTLS\r\nZ NOOP\r\n', '0]~ StArTtLs\r\nZ NOOP\r\n', 'a.b-c startTLS\r\nZ NOOP\r\n'])(
    '%j, cut in two at every octet',
    async (text) => {
      legs().serve(speakImap())
      const outcomes = await Promise.all(
        cutsOf(text).map(async (at) => {
          const peer = await legs().greet()
          peer.send(text.slice(0, at))
          await sleep(20)
          peer.send(text.slice(at))
          return { at, heard: await peer.end() }
        }),
      )
      for (const { at, heard } of outcomes) expect(heard, `cut at ${at}`).not.toMatch(/^Z /mu)
      expect(legs().received).toBe('')
    },
  )

  it('the answer to an earlier command makes no room for it', async () => {
    const peer = await legs().serve(speakImap()).greet()
    const heard = await peer.send('A NOOP\r\nB STARTTLS\r\nZ NOOP\r\n').end()
    expect(heard).not.toMatch(/^(?:B|Z) OK/mu)
    expect(legs().received.replace('A NOOP\r\n', '')).toBe('')
  })

  it('arguments make it no STARTTLS, and no room either', async () => {
    const peer = await legs().serve(speakImap()).greet()
    expect(await peer.run('A STARTTLS now')).toMatch(/^A BAD /mu)
    expect(await peer.run('B NOOP')).toMatch(/^B OK /mu)
    expect(legs().received).toBe('B NOOP\r\n')
  })
})
