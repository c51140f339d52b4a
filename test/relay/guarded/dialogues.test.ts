/** Threats 35, 36, 37, 2 and 3 under a policy: what a client says in between, and where its stream changes. */

import { describe, expect, it } from 'vitest'

import type { Guard } from '../../../src/relay/guard.ts'
import { decidedBy, deny, allow, makeDenying, makeGuard, playGuarded, playInside } from './support.ts'

const splits = [Number.MAX_SAFE_INTEGER, 1, 2, 5]

describe.each(splits)('threat 35: IDLE, in chunks of %d octets', (chunk) => {
  it('is ended by DONE in any case', () => {
    const { dialogue } = playInside(makeGuard(), { chunk })
    dialogue.client('a IDLE').toServer('a IDLE').server('+ idling').toClient('+ idling')
    dialogue.server('* 3 EXISTS').toClient('* 3 EXISTS')
    dialogue.client('done', 'b NOOP').toServer('DONE').server('a OK').toClient('a OK').toServer('b NOOP')
  })

  it.each(['DONE ', 'b DELETE Secret', '', 'DONE\r', 'D\0NE', 'DONE {5+}'])(
    'a line that is not DONE ends it on both legs, and is no command: %j',
    (line) => {
      const { dialogue, guard } = playInside(makeDenying('DELETE'), { chunk })
      dialogue.client('a IDLE').server('+ idling')
      dialogue.take('client')
      dialogue.take('server')
      dialogue.client(line, 'b DELETE Secret').toServer('DONE').toClient()
      dialogue.server('a OK Idle completed')
      dialogue
        .toClient('a BAD IDLE ends by DONE and by nothing else', 'b NO [NOPERM] not allowed here')
        .toServer()
      expect(guard.refused.map(({ reason }) => reason)).toEqual(['idle'])
    },
  )

  it('what comes before the server idles is read once it does', () => {
    const { dialogue } = playInside(makeGuard(), { chunk })
    dialogue.client('a IDLE', 'DONE').toServer('a IDLE').server('+').toServer('DONE')
  })

  it('what comes behind a refused IDLE is a command', () => {
    const { dialogue } = playInside(makeDenying('DELETE'), { chunk })
    dialogue.client('a IDLE', 'b DELETE Secret').toServer('a IDLE')
    dialogue.server('a NO not now').toClient('a NO not now', 'b NO [NOPERM] not allowed here').toServer()
  })
})

describe.each(splits)('a tag that not every server reads, in chunks of %d octets', (chunk) => {
  const tags = [']', ']1', 'a]', 'a]b', 'a'.repeat(101), 'a'.repeat(200)]

  it.each(tags)('%s is answered here, and its command goes nowhere', (tag) => {
    const { dialogue, guard } = playInside(makeGuard(), { chunk })
    dialogue.client(`${tag} NOOP`, `${tag} STATUS {5+}`, 'INBOX (MESSAGES)', 'b NOOP').toServer('b NOOP')
    expect(dialogue.take('client').replaceAll(/ BAD a tag .*/gu, ' BAD')).toBe(`${tag} BAD\r\n${tag} BAD\r\n`)
    expect(guard.decided).toEqual(['NOOP'])
    expect(guard.refused.map(({ reason }) => reason)).toEqual(['tag', 'tag'])
  })

  it.each(tags)('%s has no literal asked for, and no message streamed', (tag) => {
    const { dialogue } = playInside(makeGuard(), { chunk })
    dialogue.client(`${tag} LOGIN ann {6}`).toServer()
    expect(dialogue.take('client')).toMatch(/^\S+ BAD a tag .*\r\n$/u)
    dialogue.client(`${tag} APPEND INBOX {70000+}`, 'x'.repeat(70_000), 'b NOOP').toServer('b NOOP')
    expect(dialogue.take('client')).toMatch(/^\S+ BAD a tag .*\r\n$/u)
    dialogue.client(`${tag} APPEND INBOX {70000}`).toServer()
    expect(dialogue.take('client')).toMatch(/^\S+ BAD a tag .*\r\n$/u)
  })

  it.each(["!#$&'", ',-./', '0', ':;<=>?@', 'Z[', '^_`', 'a|}~', 'a'.repeat(100)])(
    '%s is none: it goes on',
    (tag) => {
      const { dialogue } = playInside(makeGuard(), { chunk })
      dialogue.client(`${tag} NOOP`).toServer(`${tag} NOOP`)
    },
  )
})

describe.each(splits)('a command that is refused by its head, in chunks of %d octets', (chunk) => {
  const refuseHead: Guard['refuseHead'] = ({ name }) =>
    name === 'LOGIN' ? { ...refusal, decided: decidedBy('cleartext-login', 'deny') } : undefined
  const refused = 'a NO [AUTHORIZATIONFAILED] nobody acts for others'

  it('has no literal asked for', () => {
    const { dialogue, guard } = playGuarded(makeGuard({ refuseHead }), { chunk })
    dialogue.client('a LOGIN ann {6}').toServer().toClient(refused)
    dialogue.client('b NOOP').toServer('b NOOP')
    expect(guard.decided).toEqual(['NOOP'])
    expect(dialogue.of('decided').map(({ decided }) => decided.rule)).toEqual(['cleartext-login', 'all'])
  })

  it('has what comes unasked read by nobody, up to its end', () => {
    const { dialogue } = playGuarded(makeGuard({ refuseHead }), { chunk, messages: true })
    dialogue
      .client('a LOGIN {3+}', 'ann {9+}', 'b XSECRET "x"', 'c NOOP')
      .toServer('c NOOP')
      .toClient(refused)
    dialogue.client('a LOGIN {3+}', 'ann {7}', 'd NOOP').toServer('d NOOP').toClient(refused)
    expect(JSON.stringify(dialogue.events)).not.toContain('XSECRET')
  })

  it('has nothing shown of what comes all the same from a client that waits for nobody', () => {
    const guard = makeGuard({
      refuseHead,
      decide: (c) => (c.command.name === 'unknown' ? deny('unknown', 'BAD') : allow(c)),
    })
    const { dialogue } = playGuarded(guard, { chunk, messages: true })
    dialogue.client('a LOGIN ann {16}', 'Lantern Harbour7', 'b NOOP').toServer('b NOOP')
    expect(dialogue.take('client')).toMatch(/^a NO \[AUTH.*\r\nLantern BAD .*\r\n$/u)
    const told = JSON.stringify(
      dialogue.events.map((event) => {
        const { kind } = event
        const { tag, name, args } = 'exchange' in event ? (event.exchange ?? {}) : {}
        return [
          kind,
          tag,
          name,
          args,
          kind === 'decided' ? event.decided : kind === 'unreadable' ? event.shown : '',
        ]
      }),
    )
    expect(told).not.toMatch(/Lantern|Harbour/iu)
  })

  it('other commands are taken in first', () => {
    const { dialogue } = playGuarded(makeGuard({ refuseHead }), { chunk })
    dialogue.client('a ID ("name" {1}').toServer().toClient('+ imaptap takes the literal')
  })
})

describe.each(splits)('threat 36: a SASL dialogue, in chunks of %d octets', (chunk) => {
  it('goes on line by line, each decided about', () => {
    const heard: string[] = []
    const guard = makeGuard({
      decideSasl: ({ step, data, mechanism }) => void heard.push(`${mechanism} ${step} ${data.reveal()}`),
    })
    const { dialogue } = playGuarded(guard, { chunk })
    dialogue.client('a AUTHENTICATE LOGIN').toServer('a AUTHENTICATE LOGIN').server('+ VXNlcg==')
    dialogue
      .toClient('+ VXNlcg==')
      .client('YW5u')
      .toServer('YW5u')
      .server('+ UGFzcw==')
      .toClient('+ UGFzcw==')
    dialogue.client('c2VjcmV0').toServer('c2VjcmV0').server('a OK in').toClient('a OK in')
    expect(heard).toEqual(['LOGIN 0 ann', 'LOGIN 1 secret'])
    expect(dialogue.relay.view.user).toBe('ann')
  })

  it.each(['b DELETE x', 'YW5', 'YW5u=', 'YW5v*', 'YR==', ' YW5u', 'YW5u ', 'YW5u\r'])(
    'a line that is not base64 cancels it, and never goes on: %j',
    (line) => {
      const { dialogue, guard } = playGuarded(makeGuard(), { chunk })
      dialogue.client('a AUTHENTICATE PLAIN').server('+')
      dialogue.take('client')
      dialogue.take('server')
      dialogue.client(line, 'b NOOP').toServer('*').toClient()
      dialogue
        .server('a BAD cancelled')
        .toClient('a BAD a line in a login that is not base64')
        .toServer('b NOOP')
      expect(guard.refused.map(({ reason }) => reason)).toEqual(['sasl'])
    },
  )

  it('a refused line cancels it, and the client hears the guard', () => {
    const guard = makeGuard({
      decideSasl: () => ({ ...refusal, decided: decidedBy('proxy-login', 'deny') }),
    })
    const { dialogue } = playGuarded(guard, { chunk })
    dialogue.client('a AUTHENTICATE PLAIN').server('+')
    dialogue.take('client')
    dialogue.take('server')
    dialogue.client('YWRtaW4AYm9iAHB3').toServer('*').server('a NO [X] cancelled')
    dialogue.toClient('a NO [AUTHORIZATIONFAILED] nobody acts for others')
    expect(dialogue.of('decided').map(({ decided }) => decided.rule)).toEqual(['all', 'proxy-login'])
  })

  it('with its initial response nothing of a refused login goes upstream', () => {
    const guard = makeGuard({ decideSasl: () => ({ ...refusal, decided: decidedBy('proxy-login', 'deny') }) })
    const { dialogue } = playGuarded(guard, { chunk })
    dialogue.client('a AUTHENTICATE PLAIN YWRtaW4AYm9iAHB3').toServer()
    dialogue.toClient('a NO [AUTHORIZATIONFAILED] nobody acts for others')
  })

  it('an empty initial response is a first message', () => {
    const steps: number[] = []
    const { dialogue } = playGuarded(makeGuard({ decideSasl: ({ step }) => void steps.push(step) }), {
      chunk,
    })
    dialogue.client('a AUTHENTICATE EXTERNAL =').toServer('a AUTHENTICATE EXTERNAL =').server('+').client('')
    expect(steps).toEqual([0, 1])
    dialogue.toServer('').server('a OK')
  })

  it('a star cancels it', () => {
    const { dialogue } = playGuarded(makeGuard(), { chunk })
    dialogue.client('a AUTHENTICATE PLAIN').server('+').client('*')
    dialogue.toServer('a AUTHENTICATE PLAIN', '*').server('a BAD cancelled').toClient('+', 'a BAD cancelled')
  })

  it('a server that takes a cancelled login is cut off', () => {
    const { dialogue } = playGuarded(makeGuard(), { chunk })
    dialogue.client('a AUTHENTICATE PLAIN').server('+').client('b DELETE x').server('a OK in')
    expect(dialogue.take('client')).not.toContain('a OK')
    expect(dialogue.acts).toContain('close')
  })

  it('a server that goes on with a cancelled login is cut off', () => {
    const { dialogue } = playGuarded(makeGuard(), { chunk })
    dialogue.client('a AUTHENTICATE PLAIN').server('+').client('b DELETE x').server('+ go on')
    expect(dialogue.acts).toContain('close')
  })

  it.each(['GSSAPI', 'DIGEST-MD5', 'NTLM'])(
    '%s is refused: a layer over the stream could be agreed on',
    (name) => {
      const { dialogue } = playGuarded(makeGuard(), { chunk })
      dialogue.client(`a AUTHENTICATE ${name}`).toServer()
      expect(dialogue.take('client')).toMatch(/^a NO \[CANNOT\] /u)
    },
  )

  it('what comes behind a refused AUTHENTICATE is a command', () => {
    const { dialogue, guard } = playGuarded(makeDenying('DELETE'), { chunk })
    dialogue
      .client('a AUTHENTICATE PLAIN', 'b DELETE x')
      .server('a NO not here')
      .toClient('a NO not here', 'b NO [NOPERM] not allowed here')
    expect(guard.refused).toEqual([])
  })
})

const refusal = {
  kind: 'answer',
  status: 'NO',
  code: 'AUTHORIZATIONFAILED',
  text: 'nobody acts for others',
} as const

it('a SASL line longer than any token is cut off before it has an end', () => {
  const { dialogue } = playGuarded()
  dialogue.client('a AUTHENTICATE PLAIN').server('+').raw('client', 'A'.repeat(70_000))
  expect(dialogue.acts).toContain('close')
  expect(dialogue.take('server')).toBe('a AUTHENTICATE PLAIN\r\n')
})

describe('threat 37: COMPRESS', () => {
  it('switches both legs behind the answer', () => {
    const { dialogue } = playInside()
    dialogue
      .client('a COMPRESS DEFLATE')
      .toServer('a COMPRESS DEFLATE')
      .server('a OK active')
      .toClient('a OK active')
    expect(dialogue.acts).toEqual([
      'write-as server deflate',
      'read-as server deflate',
      'write-as client deflate',
      'read-as client deflate',
    ])
  })

  it('plaintext behind it cuts the session, in one segment', () => {
    const { dialogue } = playInside()
    dialogue.client('a COMPRESS DEFLATE', 'b NOOP').toServer()
    expect(dialogue.acts).toContain('close')
  })

  it('and in the next', () => {
    const { dialogue } = playInside()
    dialogue.client('a COMPRESS DEFLATE').toServer('a COMPRESS DEFLATE').client('b NOOP').toServer()
    dialogue.server('a OK active')
    expect(dialogue.acts).toEqual(['close'])
  })

  it('and where imaptap answers it', () => {
    const guard = makeGuard({
      decide: (facts) =>
        facts.name === 'COMPRESS'
          ? { action: { kind: 'compress' }, decided: [decidedBy('compress')] }
          : allow(facts),
    })
    const { dialogue } = playInside(guard)
    dialogue.client('a COMPRESS DEFLATE', 'b NOOP').toServer()
    expect(dialogue.acts).toContain('close')
    const other = playInside(guard).dialogue
    other.client('a COMPRESS DEFLATE').toServer().toClient('a OK DEFLATE active')
    expect(other.acts).toEqual(['write-as client deflate', 'read-as client deflate'])
  })

  it('a refused one switches nothing', () => {
    const { dialogue } = playInside(makeDenying('COMPRESS'))
    dialogue
      .client('a COMPRESS DEFLATE', 'b NOOP')
      .toServer('b NOOP')
      .toClient('a NO [NOPERM] not allowed here')
    expect(dialogue.acts).toEqual([])
  })
})

describe('STARTTLS under a policy', () => {
  const clear = { isClientSecure: false }

  it('is answered here', () => {
    const { dialogue } = playGuarded(makeGuard(), clear)
    dialogue.client('a STARTTLS').toServer().toClient('a OK Begin TLS negotiation now')
    expect(dialogue.acts).toEqual(['secure client'])
  })

  it('threat 2: octets behind it cut the session, wherever they are cut', () => {
    for (const tag of ['A', 'odd.tag']) {
      const octets = `${tag} StArTtLs\r\nZ NOOP\r\n`
      for (let at = 1; at < octets.length; at++) {
        const { dialogue, guard } = playGuarded(makeGuard(), clear)
        dialogue.raw('client', octets.slice(0, at)).raw('client', octets.slice(at))
        expect(dialogue.acts, `cut at ${at}`).toContain('close')
        expect(guard.decided).not.toContain('NOOP')
        expect(dialogue.take('server')).toBe('')
      }
    }
  })

  it('threat 3: upstream is dialled anew for what was said before, and a second one is refused', () => {
    const { dialogue } = playGuarded(makeGuard(), clear)
    dialogue.client('a ID NIL').toServer('a ID NIL').server('* ID NIL', 'a OK').client('b STARTTLS')
    expect(dialogue.acts).toEqual(['secure client', 'redial'])
    dialogue.input({ kind: 'connected' }).server('* OK again').input({ kind: 'secured', side: 'client' })
    dialogue.take('client')
    dialogue.client('c STARTTLS').toServer().toClient('c BAD TLS is already active')
    dialogue.client('d NOOP').toServer('d NOOP')
  })

  it('threat 3: one that the guard refuses begins nothing', () => {
    const guard = makeGuard({
      decide: (facts) => (facts.name === 'STARTTLS' ? deny('no TLS here') : allow(facts)),
    })
    const { dialogue } = playGuarded(guard, clear)
    dialogue.client('a STARTTLS', 'b NOOP').toServer('b NOOP').toClient('a NO [NOPERM] no TLS here')
    expect(dialogue.acts).toEqual([])
  })
})
