import { describe, expect, it } from 'vitest'

import type { Check } from '../../src/findings/check.ts'
import { History } from '../../src/findings/model/history.ts'
import { SessionModel } from '../../src/findings/model/session-model.ts'
import { Scene } from '../../src/findings/scene.ts'
import { play } from '../support/play.ts'

const check: Check = {
  id: 'P99',
  name: 'anything',
  level: 'note',
  side: 'server',
  title: 'Anything',
  reference: 'imaptap practice',
  advice: 'Do something.',
}

/** What is shown of a completed exchange, when imaptap answered the one with this number last. */
function evidenceOf(ownAnswer: number | undefined): readonly string[] | undefined {
  const event = play().client('a NOOP').server('a NO not today').of('exchange-completed').at(-1)
  const scene = new Scene(new SessionModel('S1', 0), new History(), new Set())
  scene.event = event
  scene.exchange = event?.exchange
  scene.ownAnswer = ownAnswer
  scene.raise(check, { text: 'it was' })
  return scene.take()[0]?.finding.evidence
}

describe('the evidence of a completed exchange', () => {
  it('is the command and what the server answered', () => {
    expect(evidenceOf(undefined)).toEqual(['C a NOOP', 'S a NO not today'])
  })

  it('is the command alone where imaptap answered it', () => {
    expect(evidenceOf(1)).toEqual(['C a NOOP'])
  })
})
