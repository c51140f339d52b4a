/** Mistakes of ours in a guard: the session ends, nothing of it goes on, and nobody else hears of it. */

import { describe, expect, it } from 'vitest'

import { FailClosedGuard } from '../../src/policy/fail-closed-guard.ts'
import type { Guard } from '../../src/relay/guard.ts'
import { makeGuard, playInside } from '../relay/guarded/support.ts'
import { play, type Dialogue } from '../support/play.ts'

const fail = (): never => {
  throw new TypeError('a mistake')
}

function scene(overrides: Partial<Guard>): { dialogue: Dialogue; faults: unknown[] } {
  const faults: unknown[] = []
  const guard = new FailClosedGuard(makeGuard(overrides), (error) => faults.push(error))
  return { dialogue: play({ guard }), faults }
}

describe('a guard that fails', () => {
  it('to decide ends the session, and the command goes nowhere', () => {
    const { dialogue, faults } = scene({ decide: fail })
    dialogue.client('a LOGIN ann pw').toServer()
    dialogue.toClient('* BYE [UNAVAILABLE] imaptap: the policy could not be applied')
    expect(faults).toEqual([new TypeError('a mistake')])
    expect(dialogue.acts).toEqual(['close'])
    expect(dialogue.of('decided').map(({ decided }) => `${decided.rule} ${decided.effect}`)).toEqual([
      'fault close',
    ])
  })

  it('to filter ends the session, and the response goes nowhere', () => {
    const { dialogue, faults } = scene({ reads: (word) => word === 'NO', filter: fail })
    dialogue.client('a LOGIN ann pw').server('a NO wrong')
    dialogue.toClient('* BYE [SERVERBUG] imaptap: the policy could not be applied')
    expect(faults).toHaveLength(1)
  })

  it('to read a login has it cancelled', () => {
    const { dialogue } = scene({ decideSasl: fail })
    const line = `a AUTHENTICATE PLAIN ${Buffer.from('\0ann\0pw').toString('base64')}`
    dialogue.client(line).toServer().toClient('a NO [SERVERBUG] the policy could not be applied')
    dialogue.client('b NOOP').toServer()
    expect(dialogue.acts).toEqual(['close'])
  })

  it('to look at the head of a command has no literal asked for', () => {
    const { dialogue } = scene({ refuseHead: fail })
    dialogue.client('a LOGIN ann {6}').toServer().toClient('a NO [SERVERBUG] the policy could not be applied')
  })

  it('to look at another policy ends the session', () => {
    const { dialogue } = scene({ reconsider: fail })
    dialogue.input({ kind: 'reconsidered' })
    dialogue.toClient('* BYE [SERVERBUG] imaptap: the policy could not be applied')
    expect(dialogue.acts).toEqual(['close'])
  })

  it('to learn what it asked decides nothing by the half of it', () => {
    const { dialogue, faults } = scene({
      learn: fail,
      decide: ({ command }) => ({
        action:
          command.name === 'NOOP'
            ? { kind: 'ask-first', command: { tag: '', name: 'NAMESPACE' } }
            : { kind: 'forward', command },
        decided: [],
      }),
    })
    dialogue.client('a LOGIN ann pw').server('a OK in').client('b NOOP').take('server')
    dialogue.server('* NAMESPACE NIL NIL NIL', 'Tsecret OK done').toServer()
    expect([faults.length, dialogue.acts]).toEqual([1, ['close']])
  })

  it('is told that the session is over all the same', () => {
    const inner = makeGuard({ decide: fail })
    const guard = new FailClosedGuard(inner, () => {})
    play({ guard }).client('a LOGIN ann pw')
    expect(inner.hasEnded).toBe(true)
  })
})

describe('a guard that does not fail', () => {
  it('decides as it would alone', () => {
    const inner = makeGuard()
    const { dialogue } = playInside(inner)
    const guard = new FailClosedGuard(inner, fail)
    expect(guard.reads('LIST')).toBe(inner.reads('LIST'))
    dialogue.client('a NOOP').toServer('a NOOP')
    expect(inner.decided).toEqual(['NOOP'])
  })
})
