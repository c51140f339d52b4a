/** What a command waits for under a policy: questions of the guard, people, records and time, in this order. */

import { describe, expect, it } from 'vitest'

import { octetsOf } from '../../../src/imap/octets.ts'
import { readCommand, type Command } from '../../../src/imap/commands/index.ts'
import { lineMessage } from '../../../src/imap/raw-message.ts'
import type { Approval, Guard } from '../../../src/relay/guard.ts'
import type { PlayOptions } from '../../support/play.ts'
import { allow, decidedBy, deny, makeGuard, playGuarded, playInside } from './support.ts'

function commandOf(line: string): Command {
  const read = readCommand(lineMessage('client', octetsOf(`x ${line}\r\n`)))
  if (!read.ok) throw new Error(read.fault.text)
  return read.value
}

const only = (name: string, verdict: Guard['decide']) =>
  makeGuard({ decide: (facts) => (facts.name === name ? verdict(facts) : allow(facts)) })

describe('what the guard asks first', () => {
  /** Wants to know the separator before the first command that names a mailbox. */
  function curious(): ReturnType<typeof makeGuard> {
    let isKnown = false
    const guard = makeGuard({
      decide: (facts) =>
        facts.name === 'SELECT' && !isKnown
          ? { action: { kind: 'ask-first', command: commandOf('LIST "" ""') }, decided: [] }
          : allow(facts),
      learn: (data) => void guard.learnt.push(data.name),
      learned: (status) => {
        isKnown = true
        guard.learnt.push(status)
      },
    })
    return guard
  }

  it.each([Number.MAX_SAFE_INTEGER, 1])(
    'goes upstream alone and its answer to the guard alone (%d)',
    (chunk) => {
      const { dialogue, guard } = playInside(curious(), { chunk })
      dialogue.client('a NOOP', 'b SELECT x', 'c NOOP').toServer('a NOOP')
      dialogue.server('a OK').toClient('a OK').toServer('Tsecret LIST "" ""')
      dialogue.server('* LIST (\\Noselect) "/" ""', '* 7 EXISTS', 'Tsecret OK done')
      dialogue.toClient('* 7 EXISTS').toServer('b SELECT x')
      dialogue.server('b OK').toServer('c NOOP').toClient('b OK')
      expect(guard.learnt).toEqual(['LIST', 'OK'])
      expect(dialogue.of('decided')).toHaveLength(3)
    },
  )

  it('is answered also by NO', () => {
    const { dialogue, guard } = playInside(curious())
    dialogue
      .client('b SELECT x')
      .toServer('Tsecret LIST "" ""')
      .server('Tsecret NO')
      .toServer('b SELECT x')
      .toClient()
    expect(guard.learnt).toEqual(['NO'])
  })

  it('does not go on for ever', () => {
    const { dialogue } = playInside(
      only('SELECT', () => ({ action: { kind: 'ask-first', command: commandOf('NOOP') }, decided: [] })),
    )
    dialogue.client('a SELECT x')
    for (let at = 0; at < 20; at++) if (dialogue.take('server') !== '') dialogue.server('Tsecret OK')
    expect(dialogue.take('client')).toMatch(/^a NO \[SERVERBUG\] /u)
  })
})

describe('approval', () => {
  const approval: Approval = {
    rule: 'ask',
    deadline: 60_000,
    otherwise: 'deny',
    refusal: { kind: 'answer', status: 'NO', code: 'NOPERM', text: 'not approved' },
  }
  const asking = () => only('EXPUNGE', (facts) => ({ ...allow(facts), approval }))

  const held = (options: PlayOptions = {}) => {
    const played = playInside(asking(), options)
    played.dialogue.client('a EXPUNGE', 'b NOOP').toServer().toClient()
    const [event] = played.dialogue.of('held')
    return { ...played, ticket: event?.ticket ?? -1, event }
  }

  it('is asked for by an event, and lets the command go on', () => {
    const { dialogue, ticket, event } = held()
    expect(event?.approval).toEqual({ rule: 'ask', otherwise: 'deny' })
    expect(event?.deadline).toBe(dialogue.now + 60_000)
    dialogue.input({ kind: 'ruled', ticket, ruling: { kind: 'forward' } }).toServer('a EXPUNGE', 'b NOOP')
    expect(dialogue.of('released').map(({ how }) => how)).toEqual(['forwarded'])
    expect(dialogue.of('decided').map(({ decided }) => `${decided.rule} ${decided.effect}`)).toEqual([
      'all allow',
      'ask allow',
      'all allow',
    ])
  })

  it('that is not given is answered in the policy’s words', () => {
    const { dialogue, ticket } = held()
    dialogue.input({
      kind: 'ruled',
      ticket,
      ruling: { kind: 'answer', status: 'NO', text: 'late' },
      how: 'expired',
    })
    dialogue.toServer('b NOOP').toClient('a NO [NOPERM] not approved')
    expect(dialogue.of('released').map(({ how }) => how)).toEqual(['expired'])
  })

  it('of an edited command is asked for anew', () => {
    const { dialogue, ticket } = held()
    dialogue.input({ kind: 'ruled', ticket, ruling: { kind: 'replace', octets: octetsOf('a NOOP\r\n') } })
    dialogue.toServer('a NOOP', 'b NOOP')
  })

  it('of an edited command that is no better waits once more', () => {
    const { dialogue, ticket } = held()
    const octets = octetsOf('a EXPUNGE\r\n')
    dialogue.input({ kind: 'ruled', ticket, ruling: { kind: 'replace', octets } }).toServer()
    expect(dialogue.of('held')).toHaveLength(2)
  })

  it('has no more to say once the session has ended', () => {
    const { dialogue, ticket, guard } = held()
    dialogue.input({ kind: 'failed', reason: 'gone' })
    expect(dialogue.of('released').map(({ how }) => how)).toEqual(['gone'])
    expect(guard.hasEnded).toBe(true)
    dialogue.input({ kind: 'ruled', ticket, ruling: { kind: 'forward' } }).toServer()
  })

  it('has no more to say once the server has gone', () => {
    const { dialogue, ticket } = held()
    dialogue.input({ kind: 'ended', side: 'server' })
    dialogue.input({ kind: 'ruled', ticket, ruling: { kind: 'forward' } }).toServer()
  })

  it('holds the client’s end back', () => {
    const { dialogue, ticket } = held()
    dialogue.input({ kind: 'ended', side: 'client' })
    expect(dialogue.acts).toEqual([])
    dialogue.input({ kind: 'ruled', ticket, ruling: { kind: 'forward' } })
    dialogue.server('a OK', 'b OK')
    expect(dialogue.acts).toContain('end server')
    expect(dialogue.take('server')).toBe('a EXPUNGE\r\nb NOOP\r\n')
  })
})

describe('a record', () => {
  it('is durable before its command goes on', () => {
    const { dialogue } = playInside(makeGuard(), {})
    dialogue.client('a NOOP').toServer('a NOOP')
    expect(dialogue.acts).toEqual([])
    const strict = playAudited()
    strict.client('a NOOP', 'b NOOP').toServer()
    expect(strict.acts).toEqual(['record'])
    strict.input({ kind: 'recorded', ticket: strict.ticket(), isDurable: true }).toServer('a NOOP')
    strict.input({ kind: 'recorded', ticket: strict.ticket(), isDurable: true }).toServer('b NOOP')
  })

  it('that cannot be made stops its command with a clear NO', () => {
    const dialogue = playAudited()
    dialogue.client('a NOOP')
    dialogue.input({ kind: 'recorded', ticket: dialogue.ticket(), isDurable: false }).toServer()
    expect(dialogue.take('client')).toMatch(/^a NO \[UNAVAILABLE\] /u)
  })

  it('of a denial is made as well, and nobody waits for it', () => {
    const dialogue = playAudited(makeGuard({ decide: () => deny() }))
    dialogue.client('a DELETE x').toServer().toClient('a NO [NOPERM] not allowed here')
    expect(dialogue.acts).toEqual(['record'])
  })

  it('of what could not be read is made as well', () => {
    const dialogue = playAudited()
    dialogue.client('a SELECT').toServer()
    expect(dialogue.acts).toEqual(['record'])
  })

  it('without a decision nothing goes on', () => {
    const dialogue = playAudited(makeGuard({ decide: (facts) => ({ ...allow(facts), decided: [] }) }))
    dialogue.client('a NOOP').toServer()
    expect(dialogue.take('client')).toMatch(/^a NO \[UNAVAILABLE\] /u)
  })

  it('that is made after the session ended lets nothing go', () => {
    const dialogue = playAudited()
    dialogue.client('a NOOP').input({ kind: 'failed', reason: 'gone' })
    dialogue.input({ kind: 'recorded', ticket: dialogue.ticket(), isDurable: true }).toServer()
  })

  describe('of whom a login names', () => {
    const plain = Buffer.from('\0ann\0secret').toString('base64')
    const naming = () =>
      makeGuard({
        decideSasl: ({ step }) =>
          step === 0 ? { kind: 'named', user: 'ann', decided: decidedBy('login') } : undefined,
      })
    const record = (dialogue: ReturnType<typeof playAudited>, isDurable = true) =>
      dialogue.input({ kind: 'recorded', ticket: dialogue.ticket(), isDurable })

    it('is durable before the line goes on that names him', () => {
      const dialogue = playAudited(naming())
      record(dialogue.client('a AUTHENTICATE PLAIN')).toServer('a AUTHENTICATE PLAIN').server('+ ')
      dialogue.client(plain).toServer()
      expect(dialogue.acts).toEqual(['record', 'record'])
      record(dialogue).toServer(plain).server('a OK in').client('b NOOP')
      record(dialogue).toServer('b NOOP')
    })

    it('is durable before a command goes on that brings the line along, and names him too', () => {
      const dialogue = playAudited(naming())
      dialogue.client(`a AUTHENTICATE PLAIN ${plain}`).toServer()
      expect(dialogue.acts).toEqual(['record', 'record'])
      expect(dialogue.of('decided').map(({ exchange }) => exchange?.user)).toEqual(['ann', 'ann'])
      record(dialogue).toServer()
      record(dialogue).toServer(`a AUTHENTICATE PLAIN ${plain}`)
    })

    it('that cannot be made ends the login, and not the session', () => {
      const dialogue = playAudited(naming())
      record(dialogue.client('a AUTHENTICATE PLAIN')).server('+ ')
      dialogue.take('client')
      dialogue.take('server')
      record(dialogue.client(plain), false).toServer('*').server('a BAD cancelled')
      expect(dialogue.take('client')).toMatch(/^a NO \[UNAVAILABLE\] /u)
      record(dialogue.client('b NOOP')).toServer('b NOOP')
    })

    it('has nothing of the client read before it is made', () => {
      const dialogue = playAudited(naming())
      record(dialogue.client('a AUTHENTICATE PLAIN')).server('+ ')
      dialogue.take('server')
      dialogue.client(plain, 'b NOOP').server('+ what').toServer()
      dialogue.input({ kind: 'ended', side: 'client' }).toServer()
      // The server wanted one line more, and a command is none.
      record(dialogue).toServer(plain, '*')
    })

    it('that comes when the server has given up lets nothing go', () => {
      const dialogue = playAudited(naming())
      record(dialogue.client('a AUTHENTICATE PLAIN')).server('+ ')
      dialogue.take('server')
      dialogue.client(plain).server('a NO too late')
      record(dialogue).toServer()
    })

    it('is durable before its delay begins, with what else was decided by the name', () => {
      const dialogue = playAudited(
        makeGuard({
          decideSasl: () => ({
            kind: 'named',
            user: 'ann',
            also: [decidedBy('slow', 'delay')],
            decided: decidedBy('login'),
            delay: 250,
          }),
        }),
      )
      record(dialogue.client('a AUTHENTICATE PLAIN')).server('+ ')
      dialogue.take('server')
      record(dialogue.client(plain, 'b NOOP'))
      expect(dialogue.acts).toEqual(['record', 'record', 'record'])
      record(dialogue).toServer()
      expect(dialogue.waits).toEqual([250])
      dialogue.input({ kind: 'waited', ticket: dialogue.ticket() }).toServer(plain)
      expect(dialogue.of('decided').map(({ decided }) => decided.rule)).toEqual(['all', 'slow', 'login'])
    })

    it('names the user of LOGIN as well', () => {
      const dialogue = playAudited()
      dialogue.client('a LOGIN ann secret')
      expect(dialogue.of('decided').map(({ exchange }) => exchange?.user)).toEqual(['ann'])
    })
  })

  /** Tickets of records are counted up. */
  function playAudited(guard = makeGuard()) {
    let ticket = 0
    const { dialogue } = playGuarded(guard, { isAudited: true })
    return Object.assign(dialogue, { ticket: () => (ticket += 1) })
  }
})

describe('a delay', () => {
  const slow = () => only('SEARCH', (facts) => ({ ...allow(facts), delay: 250 }))

  it('passes before the command goes on, and nothing behind it overtakes it', () => {
    const { dialogue } = playInside(slow())
    dialogue.client('a SEARCH ALL', 'b NOOP').toServer()
    expect(dialogue.acts).toEqual(['wait'])
    dialogue.input({ kind: 'waited', ticket: 99 }).toServer()
    dialogue.input({ kind: 'waited', ticket: 1 }).toServer('a SEARCH ALL', 'b NOOP')
  })

  it('slows a refusal down as well', () => {
    const { dialogue } = playInside(only('DELETE', () => ({ ...deny(), delay: 250 })))
    dialogue.client('a DELETE x').toServer().toClient()
    dialogue.input({ kind: 'waited', ticket: 1 }).toServer().toClient('a NO [NOPERM] not allowed here')
  })

  it('that passes after the server has gone lets nothing go', () => {
    const { dialogue } = playInside(slow())
    dialogue.client('a SEARCH ALL').input({ kind: 'ended', side: 'server' })
    dialogue.input({ kind: 'waited', ticket: 1 }).toServer()
  })

  describe.each([Number.MAX_SAFE_INTEGER, 1])(
    'of a line that names a user, in chunks of %d octets',
    (chunk) => {
      const line = Buffer.from('\0ann\0secret').toString('base64')
      const delayed = () => {
        const guard = makeGuard({
          decideSasl: () => ({ kind: 'named', user: 'ann', decided: decidedBy('login'), delay: 250 }),
        })
        const played = playGuarded(guard, { chunk })
        played.dialogue.client('a AUTHENTICATE PLAIN').server('+ ').client(line, 'b NOOP')
        played.dialogue.toServer('a AUTHENTICATE PLAIN').toClient('+ ')
        return played
      }

      it('passes before the line goes on, and nothing behind it is read', () => {
        const { dialogue, guard } = delayed()
        dialogue.input({ kind: 'waited', ticket: 99 }).toServer()
        dialogue.input({ kind: 'waited', ticket: 1 }).toServer(line)
        expect([dialogue.waits, guard.decided]).toEqual([[250], ['AUTHENTICATE']])
        dialogue.server('a OK in').toClient('a OK in').toServer('b NOOP')
      })

      it('has no more to say once the session has ended', () => {
        const { dialogue, guard } = delayed()
        dialogue.input({ kind: 'failed', reason: 'gone' }).input({ kind: 'waited', ticket: 1 }).toServer()
        expect(guard.hasEnded).toBe(true)
      })

      it('has no more to say once the server has gone', () => {
        const { dialogue } = delayed()
        dialogue.input({ kind: 'ended', side: 'server' }).input({ kind: 'waited', ticket: 1 }).toServer()
      })

      it('is over once the server has given up', () => {
        const { dialogue } = delayed()
        dialogue.server('a NO too late').toClient('a NO too late').toServer('b NOOP')
        dialogue.input({ kind: 'waited', ticket: 1 }).toServer()
      })

      it('holds the client’s end back', () => {
        const { dialogue } = delayed()
        dialogue.input({ kind: 'ended', side: 'client' })
        expect(dialogue.acts).toEqual(['wait'])
        dialogue.input({ kind: 'waited', ticket: 1 }).toServer(line).server('a OK in').toServer('b NOOP')
        expect(dialogue.server('b OK').acts).toEqual(['wait', 'end server'])
      })
    },
  )

  it('pauses a client that sends on and on', () => {
    const { dialogue } = playInside(slow())
    dialogue.client('a SEARCH ALL').raw('client', 'b NOOP\r\n'.repeat(40_000))
    expect(dialogue.acts).toEqual(['wait', 'pause client'])
  })
})

describe('a breakpoint', () => {
  const holding = (name: string): PlayOptions => ({
    interests: { messages: false, hold: { mayHold: (head) => head.name === name, hold: () => 1000 } },
  })

  it('stops a command before it is decided about', () => {
    const { dialogue, guard } = playInside(makeGuard(), holding('DELETE'))
    dialogue.client('a DELETE x').toServer()
    expect(guard.decided).toEqual([])
    dialogue
      .input({ kind: 'ruled', ticket: ticketOf(dialogue), ruling: { kind: 'forward' } })
      .toServer('a DELETE x')
  })

  it('that answers it leaves nothing to decide', () => {
    const { dialogue, guard } = playInside(makeGuard(), holding('DELETE'))
    dialogue.client('a DELETE x')
    dialogue.input({
      kind: 'ruled',
      ticket: ticketOf(dialogue),
      ruling: { kind: 'answer', status: 'NO', text: 'no' },
    })
    dialogue.toServer().toClient('a NO no')
    expect(guard.decided).toEqual([])
  })

  it('cannot edit a command past the guard', () => {
    const { dialogue } = playInside(
      only('EXPUNGE', () => deny()),
      holding('NOOP'),
    )
    dialogue.client('a NOOP')
    const octets = octetsOf('a EXPUNGE\r\n')
    dialogue.input({ kind: 'ruled', ticket: ticketOf(dialogue), ruling: { kind: 'replace', octets } })
    dialogue.toServer().toClient('a NO [NOPERM] not allowed here')
  })

  it('stops a response before the guard has seen it', () => {
    const guard = makeGuard({ reads: (word) => word === 'LIST', filter: () => ({ kind: 'drop', notes: [] }) })
    const { dialogue } = playInside(guard, holding('LIST'))
    dialogue.client('a NOOP').server('* LIST () "/" Secret', 'a OK').toClient()
    dialogue
      .input({ kind: 'ruled', ticket: ticketOf(dialogue), ruling: { kind: 'forward' } })
      .toClient('a OK')
  })

  const ticketOf = (dialogue: ReturnType<typeof playInside>['dialogue']): number =>
    dialogue.of('held').at(-1)?.ticket ?? -1
})

it('the guard may end the session at a line of a login', () => {
  const { dialogue } = playGuarded(
    makeGuard({
      decideSasl: () => ({ kind: 'close', text: 'enough', decided: decidedBy('limit', 'close') }),
    }),
  )
  dialogue.client('a AUTHENTICATE PLAIN').server('+ ').client('AGFubgBwdw==', 'b NOOP')
  dialogue.toServer('a AUTHENTICATE PLAIN').toClient('+ ', '* BYE [UNAVAILABLE] imaptap: enough')
  expect(dialogue.acts).toEqual(['close'])
})

it('the guard may end the session', () => {
  const { dialogue, guard } = playInside(
    only('SEARCH', () => ({
      action: { kind: 'close', text: 'enough' },
      decided: [decidedBy('limit', 'close')],
    })),
  )
  dialogue.client('a SEARCH ALL', 'b NOOP').toServer()
  expect(dialogue.take('client')).toBe('* BYE [UNAVAILABLE] imaptap: enough\r\n')
  expect(dialogue.acts).toEqual(['close'])
  expect(guard.decided).toEqual(['SEARCH'])
})
