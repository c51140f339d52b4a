/** Threats 40 and 59, and what a guard makes of responses: a server that says what it must not, or more than the client may hear. */

import { describe, expect, it } from 'vitest'

import type { Guard } from '../../../src/relay/guard.ts'
import { Dialogue } from '../../support/play.ts'
import { allow, makeDenying, makeGuard, playGuarded, playInside } from './support.ts'

const splits = [Number.MAX_SAFE_INTEGER, 1, 3]

/** Hides LIST responses that name Secret, and shows others in upper case. */
const filtering = (overrides: Partial<Guard> = {}) =>
  makeGuard({
    reads: (word) => word === 'LIST' || word === 'NO',
    filter: ({ response }) => {
      if (response.kind === 'tagged') {
        return { kind: 'replace', response: { ...response, text: { text: 'no such mailbox' } }, notes: [] }
      }
      if (response.kind !== 'untagged' || response.data.name !== 'LIST') return { kind: 'forward' }
      if (response.data.mailbox === 'Secret') return { kind: 'drop', notes: ['a mailbox was hidden'] }
      return {
        kind: 'replace',
        response: { ...response, data: { ...response.data, mailbox: 'SHOWN' } },
        notes: [],
      }
    },
    ...overrides,
  })

describe.each(splits)('in chunks of %d octets', (chunk) => {
  const inside = (guard = makeGuard()) => playInside(guard, { chunk })

  it.each(['+ x', 'zz OK done', 'zz NO', '* PREAUTH again', 'hello', '*', '* ', '220 smtp'])(
    'threat 40: %j from a server that was asked nothing cuts the session',
    (line) => {
      const { dialogue } = inside()
      dialogue.server(line)
      expect(dialogue.take('client')).toMatch(/^\* BYE \[UNAVAILABLE\] [^\r]*\r\n$/u)
      expect(dialogue.acts).toContain('close')
    },
  )

  it('threat 40: a completion ahead of its command is nobody’s', () => {
    const { dialogue } = inside(makeDenying('DELETE'))
    dialogue.client('a SELECT INBOX', 'b NOOP').toServer('a SELECT INBOX').server('b OK done')
    expect(dialogue.acts).toContain('close')
    dialogue.toServer()
  })

  it.each(['{-1}', '{5+}', '{ 5}', '{5 }', '{5} ', '{}', '{4294967296}', '{99999999999999999999}'])(
    'threat 59: a server that announces %s is cut off',
    (announcement) => {
      const { dialogue } = inside()
      dialogue.client('a FETCH 1 BODY[]').server(`* 1 FETCH (BODY[] ${announcement}`)
      expect(dialogue.take('client')).not.toContain('FETCH')
      expect(dialogue.acts).toContain('close')
    },
  )

  it.each(['* 1 FETCH (FLAGS ())\n', '* 1 FETCH (FLAGS\r())\r\n', '* 1 FETCH (FLAGS \0())\r\n'])(
    'a line that ends otherwise than others see it cuts the session: %j',
    (line) => {
      const { dialogue } = inside()
      dialogue.client('a FETCH 1 FLAGS').raw('server', line)
      expect(dialogue.take('client')).not.toContain('FETCH')
      expect(dialogue.acts).toContain('close')
    },
  )

  it('braces in the text of a status response announce nothing', () => {
    const { dialogue } = inside()
    dialogue.server('* OK still here {5}').toClient('* OK still here {5}')
  })

  it('what the guard does not read goes on untouched', () => {
    const { dialogue } = inside()
    const line = '* 1 FETCH (UID 5 BODY[] {10}'
    dialogue.client('a FETCH 1 BODY[]').server(line).raw('server', '0123456789)\r\n').server('a OK done')
    dialogue.toClient(line, '0123456789)', 'a OK done')
  })

  it('what it reads is dropped, replaced or goes on, and nothing of it before', () => {
    const { dialogue } = inside(filtering())
    dialogue.client('a LIST "" *').server('* LIST () "/" Secret', '* LIST () "/" {5}', 'Other', 'a OK done')
    dialogue.toClient('* LIST () "/" SHOWN', 'a OK done')
    expect(dialogue.of('rewritten').map(({ note }) => note)).toEqual(['a mailbox was hidden'])
  })

  it('a completion may be replaced, and observers hear what the client heard', () => {
    const { dialogue } = inside(filtering())
    dialogue.client('a SELECT Secret').server('a NO [X] Secret is hidden').toClient('a NO no such mailbox')
    expect(dialogue.of('exchange-completed').map(({ exchange }) => exchange.text)).toEqual([
      'no such mailbox',
    ])
  })

  it('a second response on the same line is seen as well', () => {
    const { dialogue } = inside(filtering({ filter: () => ({ kind: 'drop', notes: [] }) }))
    dialogue.client('a NOOP').server('* 3 EXISTS* LIST () "/" Secret', 'a OK').toClient('a OK')
  })

  it('what it reads and nobody can read cuts the session', () => {
    const { dialogue } = inside(filtering())
    dialogue.client('a LIST "" *').server('* LIST (((')
    expect(dialogue.take('client')).not.toContain('LIST')
    expect(dialogue.acts).toContain('close')
  })

  it('the guard may cut the session for a response', () => {
    const { dialogue } = inside(filtering({ filter: () => ({ kind: 'cut', reason: 'a referral' }) }))
    dialogue.client('a LIST "" *').server('* LIST () "/" x')
    expect(dialogue.take('client')).not.toContain('LIST')
    expect(dialogue.acts).toContain('close')
  })

  it('a response too large to be kept for the guard cuts the session', () => {
    const { dialogue } = playInside(filtering())
    dialogue.client('a LIST "" *').server('* LIST () "/" {1100000}').raw('server', 'x'.repeat(1_100_000))
    dialogue.server('')
    expect(dialogue.take('client')).not.toContain('LIST')
    expect(dialogue.acts).toContain('close')
  })

  it('what was kept of a command comes back with its responses', () => {
    const seen: unknown[] = []
    const guard = makeGuard({
      decide: (facts) => ({ ...allow(facts), memory: `of ${facts.name}` }),
      reads: () => true,
      filter: ({ memory, response }) => {
        seen.push(response.kind === 'tagged' ? `${response.tag} ${String(memory)}` : memory)
        return { kind: 'forward' }
      },
    })
    const { dialogue } = inside(guard)
    seen.length = 0
    dialogue.client('a STATUS x (MESSAGES)', 'b NOOP').server('* STATUS x (MESSAGES 1)', 'b OK', 'a OK')
    expect(seen).toEqual(['of STATUS', 'b of NOOP', 'a of STATUS'])
  })
})

describe('the greeting', () => {
  it.each(['hello', 'zz OK hi', '+ hi', '* 3 EXISTS', '* OKAY'])(
    'that is none cuts the session: %j',
    (line) => {
      const dialogue = new Dialogue({ guard: makeGuard() }).input({ kind: 'connected' }).server(line)
      expect(dialogue.take('client')).not.toContain(line)
      expect(dialogue.acts).toContain('close')
    },
  )

  it('is put to the guard, and the client waits for what it makes of it', () => {
    const guard = makeGuard({
      reads: (word) => word === 'OK',
      filter: ({ response }) =>
        response.kind === 'untagged' && response.data.name === 'OK'
          ? {
              kind: 'replace',
              response: { ...response, data: { name: 'OK', text: { text: 'hello' } } },
              notes: [],
            }
          : { kind: 'forward' },
    })
    const dialogue = new Dialogue({ guard }).input({ kind: 'connected' }).client('a NOOP').toServer()
    dialogue.server('* OK [CAPABILITY IMAP4rev1 X] ready').toClient('* OK hello').toServer('a NOOP')
  })

  it('may be followed by other status lines', () => {
    playGuarded().dialogue.server('* OK a second one').toClient('* OK a second one')
  })
})

it('the half of a response that a server leaves behind goes nowhere', () => {
  const { dialogue } = playInside(filtering())
  dialogue.client('a LIST "" *').raw('server', '* LIST () "/" Sec').input({ kind: 'ended', side: 'server' })
  dialogue.toClient()
})

it('a long result of a search passes without being kept', () => {
  const { dialogue } = playInside()
  dialogue.client('a SEARCH ALL').raw('server', '* SEARCH')
  for (let at = 0; at < 400; at++) dialogue.raw('server', ' 1234567'.repeat(1000))
  dialogue.server('').server('a OK')
  expect(dialogue.take('client')).toHaveLength('* SEARCH'.length + 400 * 8000 + '\r\na OK\r\n'.length)
})

it('a fetched message passes by in the chunks it came in', () => {
  const { dialogue } = playInside()
  dialogue.client('a FETCH 1 BODY[]').raw('server', '* 1 FETCH (BODY[] {3000000}\r\n')
  dialogue.take('client')
  for (let at = 0; at < 3; at++) {
    dialogue.raw('server', 'x'.repeat(1_000_000))
    expect(dialogue.take('client')).toHaveLength(1_000_000)
  }
  dialogue.server(')', 'a OK').toClient(')', 'a OK')
})
