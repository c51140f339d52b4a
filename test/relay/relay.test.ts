import { describe, expect, it } from 'vitest'

import { Dialogue, play, playLoggedIn } from '../support/play.ts'

describe('the engine passes on', () => {
  it('what each side says, octet for octet', () => {
    play()
      .client('a NOOP')
      .toServer('a NOOP')
      .server('* 3 EXISTS', 'a OK done')
      .toClient('* 3 EXISTS', 'a OK done')
  })

  it('the greeting, and nothing of the client before it', () => {
    new Dialogue()
      .client('a NOOP')
      .toServer()
      .input({ kind: 'connected' })
      .server('* OK hello')
      .toClient('* OK hello')
      .toServer('a NOOP')
  })

  it('a literal as its octets come, without waiting for its end', () => {
    const talk = playLoggedIn().client('a FETCH 1 BODY[]')
    talk.take('server')
    talk.server('* 1 FETCH (BODY[] {10}').toClient('* 1 FETCH (BODY[] {10}')
    talk.raw('server', 'abc')
    expect(talk.take('client')).toBe('abc')
    talk.raw('server', 'defghij)\r\na OK done\r\n')
    expect(talk.take('client')).toBe('defghij)\r\na OK done\r\n')
    expect(talk.of('exchange-completed')[0]?.exchange).toMatchObject({
      name: 'FETCH',
      untagged: 1,
      octetsOut: 48,
    })
  })

  it("the literals of Cyrus's DUMP, whose line has the tag of the command, in any splits", () => {
    const dump = 'a DUMP (100000 {11}\r\ncyrus.index {9}\r\na OK no\r\n)\r\n'
    const talk = (): Dialogue => playLoggedIn({ messages: true }).client('a DUMP user.ann')
    const expectDumped = (dumping: Dialogue): void => {
      expect(dumping.take('client')).toBe(`${dump}a OK done\r\n`)
      expect(dumping.of('exchange-completed').map(({ exchange }) => exchange.text)).toEqual(['done'])
      expect(dumping.of('message')).toHaveLength(3)
      expect(dumping.of('unreadable')).toEqual([])
    }
    const said = `${dump}a OK done\r\n`
    for (let cut = 0; cut < said.length; cut++)
      expectDumped(talk().raw('server', said.slice(0, cut)).raw('server', said.slice(cut)))
    const inOctets = talk()
    for (const octet of said) inOctets.raw('server', octet)
    expectDumped(inOctets)
  })

  it('lines that it cannot read, and says so', () => {
    const talk = playLoggedIn()
      .server('* LIST (\\Noselect "/" ((((')
      .toClient('* LIST (\\Noselect "/" ((((')
      .server('Server Unavailable. 15')
      .toClient('Server Unavailable. 15')
      .client('nonsense')
      .toServer('nonsense')
    expect(talk.of('unreadable').map(({ side }) => side)).toEqual(['server', 'server', 'client'])
  })

  it('an empty line of a client that counted its literal wrong', () => {
    playLoggedIn()
      .client('a APPEND x {3+}', 'abc', '', 'b NOOP')
      .toServer('a APPEND x {3+}', 'abc', '', 'b NOOP')
      .server('a OK done', 'b OK done')
  })

  it('a line begun when a side ends', () => {
    const talk = playLoggedIn().raw('client', 'a NO').toServer()
    talk.input({ kind: 'ended', side: 'client' })
    expect(talk.take('server')).toBe('a NO')
    expect(talk.acts).toEqual(['end server'])
  })
})

describe('a synchronizing literal', () => {
  it('goes on once the server asks for it', () => {
    playLoggedIn()
      .client('a APPEND x {3}')
      .toServer('a APPEND x {3}')
      .server('* 4 EXISTS', '+ go')
      .toClient('* 4 EXISTS', '+ go')
      .client('abc')
      .toServer('abc')
      .server('a OK done')
  })

  it('that was refused leaves the next line a command', () => {
    const talk = playLoggedIn()
      .client('a APPEND x {300}')
      .server('a NO [TRYCREATE] no such mailbox')
      .client('b NOOP')
      .server('b OK done')
    expect(talk.of('exchange-completed').map(({ exchange }) => [exchange.tag, exchange.status])).toEqual([
      ['a', 'NO'],
      ['b', 'OK'],
    ])
  })

  it('that was refused although the client had already sent its octets is read as the server reads it', () => {
    const talk = playLoggedIn()
      .client('a APPEND x {8}', 'b NOOP', 'c NOOP')
      .toServer('a APPEND x {8}', 'b NOOP', 'c NOOP')
      .server('a NO no', 'b OK done', 'c OK done')
    expect(talk.of('exchange-completed').map(({ exchange }) => exchange.tag)).toEqual(['a', 'b', 'c'])
  })

  it('that the client sent too early is still a literal once the server takes it', () => {
    const talk = playLoggedIn()
      .client('a APPEND x {8}', 'b NOOP', '', 'c NOOP')
      .server('+ go', 'a OK done', 'c OK done')
    expect(talk.of('exchange-completed').map(({ exchange }) => exchange.tag)).toEqual(['a', 'c'])
  })
})

describe('a non-synchronizing literal', () => {
  it('takes its octets also after a BAD', () => {
    const talk = playLoggedIn()
      .client('a FOO {8+}')
      .server('a BAD unknown')
      .client('b DELETE', '', 'c NOOP')
      .server('c OK done')
    expect(talk.of('exchange-completed').map(({ exchange }) => exchange.tag)).toEqual(['a', 'c'])
  })
})

describe('AUTHENTICATE', () => {
  it('makes the next lines data until it is completed', () => {
    const talk = play()
      .client('a AUTHENTICATE LOGIN')
      .server('+ VXNlcm5hbWU6')
      .client('YW5u')
      .server('+ UGFzc3dvcmQ6')
      .client('c2VjcmV0')
      .server('a OK done')
      .client('b NOOP')
      .server('b OK done')
    expect(talk.of('exchange-completed').map(({ exchange }) => exchange.name)).toEqual([
      'AUTHENTICATE',
      'NOOP',
    ])
    expect(talk.relay.view).toMatchObject({ state: 'authenticated', user: 'ann' })
  })

  it('with an initial response needs no continuation, and what is pipelined behind it is a command', () => {
    const talk = play()
      .client('a AUTHENTICATE PLAIN AGFubgBzZWNyZXQ=', 'b NOOP')
      .toServer('a AUTHENTICATE PLAIN AGFubgBzZWNyZXQ=', 'b NOOP')
      .server('a OK done', 'b OK done')
    expect(talk.of('exchange-completed').map(({ exchange }) => exchange.tag)).toEqual(['a', 'b'])
    expect(talk.relay.view.user).toBe('ann')
  })

  it('can be cancelled', () => {
    const talk = play()
      .client('a AUTHENTICATE PLAIN')
      .server('+ ')
      .client('*')
      .server('a BAD cancelled')
      .client('b NOOP')
      .server('b OK done')
    expect(talk.of('exchange-completed').map(({ exchange }) => exchange.tag)).toEqual(['a', 'b'])
    expect(talk.relay.view.state).toBe('not-authenticated')
  })

  it('fails in two steps with OAuth: an error as a challenge, an empty answer, then NO', () => {
    const talk = play()
      .client('a AUTHENTICATE XOAUTH2 dXNlcj1hbm4BYXV0aD1CZWFyZXIgeAEB')
      .server('+ eyJzdGF0dXMiOiI0MDEifQ==')
      .client('')
      .server('a NO failed')
      .client('b NOOP')
      .server('b OK')
    expect(talk.of('exchange-completed').map(({ exchange }) => [exchange.tag, exchange.status])).toEqual([
      ['a', 'NO'],
      ['b', 'OK'],
    ])
  })
})

describe('IDLE', () => {
  it('lets the server talk, and ends with DONE', () => {
    const talk = playLoggedIn().client('a IDLE').server('+ idling')
    expect(talk.relay.view.isIdle).toBe(true)
    talk.server('* 5 EXISTS').client('done', 'b NOOP').server('a OK done', 'b OK done')
    expect(talk.relay.view.isIdle).toBe(false)
    expect(talk.of('exchange-completed').map(({ exchange }) => exchange.tag)).toEqual(['a', 'b'])
    expect(talk.of('unreadable')).toEqual([])
  })

  it('takes DONE and the next command before the server has spoken', () => {
    const talk = playLoggedIn()
      .client('a IDLE', 'DONE', 'b NOOP')
      .toServer('a IDLE', 'DONE', 'b NOOP')
      .server('* 5 EXISTS', '+ idling', 'a OK done', 'b OK done')
    expect(talk.of('exchange-completed').map(({ exchange }) => exchange.tag)).toEqual(['a', 'b'])
    expect(talk.of('unreadable')).toEqual([])
  })

  it('that was refused leaves the next line a command', () => {
    const talk = playLoggedIn().client('a IDLE').server('a NO not now').client('b NOOP').server('b OK done')
    expect(talk.of('exchange-completed').map(({ exchange }) => exchange.tag)).toEqual(['a', 'b'])
  })

  it('ends on any other line, which is told as a fault', () => {
    const talk = playLoggedIn().client('a IDLE').server('+ ').client('b NOOP').server('a BAD expected DONE')
    expect(talk.of('unreadable')[0]?.fault.rule).toBe('idle-without-done')
  })
})

describe('pairing', () => {
  it('completes pipelined commands in whatever order the server answers', () => {
    const talk = playLoggedIn()
      .client('a NOOP', 'b STATUS x (MESSAGES)', 'c NOOP')
      .server('c OK', '* STATUS x (MESSAGES 1)', 'b OK', 'a OK')
    const done = talk.of('exchange-completed').map(({ exchange }) => [exchange.tag, exchange.attribution])
    expect(done).toEqual([
      ['c', 'shared'],
      ['b', 'shared'],
      ['a', 'shared'],
    ])
  })

  it('gives the first completion to the older of two commands with one tag', () => {
    const talk = playLoggedIn().client('a NOOP', 'a STATUS x (UIDNEXT)').server('a OK one', 'a NO two')
    expect(talk.of('exchange-completed').map(({ exchange }) => [exchange.name, exchange.status])).toEqual([
      ['NOOP', 'OK'],
      ['STATUS', 'NO'],
    ])
  })

  it('carries the completion of a command that was never sent', () => {
    playLoggedIn().server('x OK what').toClient('x OK what')
  })

  it('measures the first octet and the end', () => {
    const talk = playLoggedIn().client('a FETCH 1 FLAGS')
    talk.now = 100
    talk.server('* 1 FETCH (FLAGS ())')
    talk.now = 200
    talk.server('a OK done')
    const [done] = talk.of('exchange-completed')
    expect(done?.exchange).toMatchObject({
      openedAt: 5,
      firstOctetAt: 101,
      completedAt: 201,
      octetsIn: 17,
      octetsOut: 33,
    })
  })

  it('tells of what was in flight when the session ended', () => {
    const talk = playLoggedIn().client('a NOOP').input({ kind: 'failed', reason: 'reset' })
    expect(talk.of('exchange-completed')[0]?.exchange.status).toBe('aborted')
    expect(talk.of('closed')[0]).toMatchObject({ reason: 'reset', totals: { commands: 2 } })
  })
})

describe('the session', () => {
  it('knows user, mailbox, client and state', () => {
    const talk = playLoggedIn()
      .client('a ID ("name" "Mutt" "version" "2.2")', 'b SELECT "&AOk-t&AOk-"')
      .server(
        '* ID NIL',
        'a OK',
        '* 7 EXISTS',
        '* OK [UIDVALIDITY 9] v',
        '* OK [UIDNEXT 70] n',
        'b OK [READ-ONLY] done',
      )
    expect(talk.relay.view).toMatchObject({
      state: 'selected',
      user: 'ann',
      client: 'Mutt/2.2',
      mailbox: { name: 'été', exists: 7, uidValidity: 9, uidNext: 70, isReadOnly: true },
    })
    talk.client('c SELECT none').server('c NO no such mailbox')
    expect(talk.relay.view).toMatchObject({ state: 'authenticated', mailbox: undefined })
  })

  it('leaves by LOGOUT', () => {
    const talk = playLoggedIn().client('a LOGOUT').server('* BYE bye', 'a OK done')
    expect(talk.relay.view.state).toBe('logout')
    talk.input({ kind: 'ended', side: 'server' }).input({ kind: 'ended', side: 'client' })
    expect(talk.of('closed')[0]?.reason).toBe('logout')
    expect(talk.acts).toEqual(['end client', 'end server', 'close'])
  })
})
