import { describe, expect, it } from 'vitest'

import { limits } from '../../src/imap/limits.ts'
import { latin1, octetsOf } from '../../src/imap/octets.ts'
import type { Side } from '../../src/imap/raw-message.ts'
import type { ReleasedHow } from '../../src/relay/event.ts'
import type { HeadFacts, HoldRule, Ruling } from '../../src/relay/hold-rule.ts'
import { Dialogue, play, playLoggedIn, type PlayOptions } from '../support/play.ts'

const forward: Ruling = { kind: 'forward' }
const replaceBy = (text: string): Ruling => ({ kind: 'replace', octets: octetsOf(text) })
const answerNo: Ruling = { kind: 'answer', status: 'NO', text: 'not today' }
const asksForMore = '+ imaptap takes the literal'

/** Holds what has one of these names, on either side. */
function holding(names: string, side?: Side): HoldRule {
  const isMeant = (head: HeadFacts): boolean =>
    names.split(' ').includes(head.name) && (side === undefined || head.side === side)
  return { mayHold: isMeant, hold: () => 1_000 }
}

/** Takes in what has one of these names and holds none of it. */
const absorbing = (names: string): HoldRule => ({ ...holding(names), hold: () => undefined })

function begin(hold: HoldRule, options: PlayOptions = {}): Dialogue {
  const interests: { messages: boolean; hold?: HoldRule } = { messages: true }
  const talk = playLoggedIn({ interests, ...options })
  interests.hold = hold
  return talk
}

/** Rules on the message held last. */
function rule(talk: Dialogue, ruling: Ruling, how?: ReleasedHow): Dialogue {
  const ticket = talk.of('held').at(-1)?.ticket ?? 0
  return talk.input({ kind: 'ruled', ticket, ruling, ...(how && { how }) })
}

const fates = (talk: Dialogue): unknown[] => talk.of('released').map(({ how }) => how)

const completions = (talk: Dialogue): string[] =>
  talk.of('exchange-completed').map(({ exchange: { tag, name, status } }) => `${tag} ${name} ${status}`)

const chunks = [1, 2, 3, 5, 7, 11, Number.MAX_SAFE_INTEGER]

describe.each(chunks)('a held command, in chunks of %i', (chunk) => {
  it('waits, and the commands behind it, while the server talks on', () => {
    const talk = begin(holding('SELECT'), { chunk })
    talk.client('a NOOP', 'b SELECT INBOX', 'c NOOP').toServer('a NOOP')
    talk.server('* 3 EXISTS', 'a OK done').toClient('* 3 EXISTS', 'a OK done')
    const [held] = talk.of('held')
    expect(held).toMatchObject({ side: 'client', hidesAll: false, isEditable: true, exchange: { tag: 'b' } })
    expect(held?.deadline).toBeGreaterThan(1_000)
    rule(talk, forward).toServer('b SELECT INBOX', 'c NOOP')
    talk.server('b OK done', 'c OK done').toClient('b OK done', 'c OK done')
    expect(fates(talk)).toEqual(['forwarded'])
    expect(talk.relay.view.mailbox?.name).toBe('INBOX')
    expect(completions(talk)).toEqual(['a NOOP OK', 'b SELECT OK', 'c NOOP OK'])
  })

  it('is replaced by another, and the session follows that one', () => {
    const talk = begin(holding('SELECT'), { chunk }).client('b SELECT INBOX')
    rule(talk, replaceBy('b SELECT Sent')).toServer('b SELECT Sent')
    talk.server('b OK done').toClient('b OK done')
    expect(talk.relay.view.mailbox?.name).toBe('Sent')
    const [told] = talk.of('message')
    expect(told?.sent?.raw.parts.map(({ octets }) => latin1(octets ?? octetsOf('')))).toEqual([
      'b SELECT Sent\r\n',
    ])
    expect(fates(talk)).toEqual(['edited'])
  })

  it('is answered here, and the server never hears of it', () => {
    const talk = begin(holding('SELECT'), { chunk }).client('b SELECT INBOX', 'c NOOP')
    rule(talk, answerNo).toServer('c NOOP').toClient('b NO not today')
    talk.server('c OK done').toClient('c OK done')
    expect(fates(talk)).toEqual(['answered'])
    expect(completions(talk)).toEqual(['b SELECT NO', 'c NOOP OK'])
  })

  it('is taken in whole, literals and all, by answering for the server', () => {
    const talk = begin(holding('APPEND'), { chunk })
    talk.client('a APPEND {5}').toServer().toClient(asksForMore)
    talk.raw('client', 'Draft (\\Seen) {3}\r\n').toServer().toClient(asksForMore)
    talk.raw('client', 'abc\r\n').toServer().toClient()
    expect(talk.of('held')).toMatchObject([{ isEditable: true, message: { raw: { octets: 38 } } }])
    rule(talk, forward).toServer('a APPEND {5}')
    talk.server('+ go').toClient()
    expect(talk.take('server')).toBe('Draft (\\Seen) {3}\r\n')
    talk.client('b NOOP').server('* 1 EXISTS', '+ go').toClient('* 1 EXISTS')
    expect(talk.take('server')).toBe('abc\r\nb NOOP\r\n')
    talk.server('a OK done', 'b OK done').toClient('a OK done', 'b OK done')
    expect(completions(talk)).toEqual(['a APPEND OK', 'b NOOP OK'])
  })

  it('goes on as it is where its literals wait for nobody', () => {
    const talk = begin(holding('APPEND'), { chunk })
    talk.raw('client', 'a APPEND Draft {3+}\r\nabc\r\nb NOOP\r\n').toServer().toClient()
    rule(talk, forward)
    expect(talk.take('server')).toBe('a APPEND Draft {3+}\r\nabc\r\nb NOOP\r\n')
  })

  it('goes on at once when the rule lets it, once it is whole', () => {
    const talk = begin(absorbing('APPEND'), { chunk })
    talk.client('a APPEND Draft {3}').toServer().toClient(asksForMore)
    talk.client('abc').toServer('a APPEND Draft {3}').server('+ go').toServer('abc').toClient()
    talk.client('b APPEND Draft').toServer('b APPEND Draft')
    expect(talk.of('held')).toEqual([])
  })

  it('ends where the server refuses it: the rest is dropped', () => {
    const talk = begin(holding('APPEND'), { chunk }).client('a APPEND No {3}', 'abc', 'b NOOP')
    rule(talk, forward).toServer('a APPEND No {3}').toClient(asksForMore)
    talk.server('a NO [TRYCREATE] no').toClient('a NO [TRYCREATE] no').toServer('b NOOP')
    expect(completions(talk)).toEqual(['a APPEND NO'])
  })

  it('is replaced with its literals counted anew', () => {
    const talk = begin(holding('APPEND'), { chunk }).client('a APPEND Draft {3}', 'abc').take('client')
    expect(talk).toBe(`${asksForMore}\r\n`)
    const other = begin(holding('APPEND'), { chunk }).client('a APPEND Draft {3}', 'abc')
    rule(other, replaceBy('a APPEND Sent {3}\r\nabc and more\r\n')).toServer('a APPEND Sent {12}')
    other.server('+ go').toServer('abc and more')
  })

  it('stays held when what should replace it does not stand', () => {
    const talk = begin(holding('SELECT'), { chunk }).client('b SELECT INBOX')
    for (const text of ['c SELECT INBOX', 'b SELECT', 'b NOOP\r\nc NOOP', 'b LOGOUT', '']) {
      rule(talk, replaceBy(text)).toServer().toClient()
    }
    expect(fates(talk)).toEqual([])
    rule(talk, forward).toServer('b SELECT INBOX')
  })

  it('hears nothing of the `+` that it had from us already, whatever stands in it', () => {
    const talk = begin(holding('APPEND'), { chunk }).client('a APPEND x {3}', 'abc')
    rule(talk, forward).toServer('a APPEND x {3}').toClient(asksForMore)
    talk.server('+ [BADCHARSET ({5}', 'UTF-8)] go').toClient().toServer('abc')
    talk.server('+ one too many').toClient('+ one too many')
  })

  it('of which only the head can wait is held there and not editable', () => {
    const size = limits.literalKept + 1
    const talk = begin(holding('APPEND'), { chunk }).client(`a APPEND Big {${size}}`).toServer().toClient()
    expect(talk.of('held')).toMatchObject([{ isEditable: false, exchange: { name: 'APPEND' } }])
    rule(talk, replaceBy('a NOOP')).toServer().toClient()
    rule(talk, forward).toServer(`a APPEND Big {${size}}`).toClient()
    talk.server('+ go').toClient('+ go').client('x'.repeat(size)).toServer('x'.repeat(size))
    talk.server('a OK done').toClient('a OK done')
    expect(completions(talk)).toEqual(['a APPEND OK'])
  })

  it('of which only the head can wait is answered there', () => {
    const size = limits.literalKept + 1
    const talk = begin(holding('APPEND'), { chunk })
    rule(talk.client(`a APPEND Big {${size}}`), answerNo)
      .toServer()
      .toClient('a NO not today')
    talk.client('b NOOP').toServer('b NOOP')
    rule(talk.client(`c APPEND Big {${size}+}`), answerNo).toClient('c NO not today')
    talk.client('x'.repeat(size), 'd NOOP').toServer('d NOOP')
  })

  it('goes on unheld when more of it comes than can wait', () => {
    const size = limits.literalKept + 1
    const talk = begin(holding('APPEND'), { chunk }).client('a APPEND {3}', `abc {${size}}`)
    talk.toClient(asksForMore).toServer('a APPEND {3}')
    talk.server('+ go').toClient().toServer(`abc {${size}}`)
    talk.server('+ go').toClient('+ go').client('x'.repeat(size)).toServer('x'.repeat(size))
    talk.server('a OK done').toClient('a OK done')
    expect(talk.of('held')).toEqual([])
    expect(completions(talk)).toEqual(['a APPEND OK'])
  })

  it('that grew too large and is refused ends there', () => {
    const size = limits.literalKept + 1
    const talk = begin(holding('APPEND'), { chunk }).client('a APPEND {3}', `abc {${size}}`)
    talk.toClient(asksForMore).toServer('a APPEND {3}').server('a NO no').toClient('a NO no')
    talk.client('b NOOP').toServer('b NOOP')
    talk.client('c APPEND {3}', `abc {${size}+}`).server('c NO no').client('x'.repeat(size), 'd NOOP')
    talk.toServer('c APPEND {3}', 'd NOOP').toClient(asksForMore, 'c NO no')
  })

  it('goes on unheld behind a line that is longer than waits', () => {
    const long = 'x'.repeat(limits.lineHeld + 100)
    const talk = begin(holding('APPEND'), { chunk: chunk * 1_000 })
    talk.client('a APPEND {3}', `abc ${long}`).toServer('a APPEND {3}').toClient(asksForMore)
    talk.client('b NOOP').server('+ go').toServer(`abc ${long}`, 'b NOOP')
    talk.client('c APPEND {3+}', `abc ${long}`, 'd NOOP').toServer('c APPEND {3+}', `abc ${long}`, 'd NOOP')
  })
})

describe.each(chunks)(
  'a command that changes what its lane carries is held like any other, in chunks of %i',
  (chunk) => {
    it('IDLE: its DONE is no command', () => {
      const talk = begin(holding('IDLE DONE'), { chunk }).client('a IDLE').toServer()
      rule(talk, forward).toServer('a IDLE').server('+ idling').toClient('+ idling')
      expect(talk.relay.view.isIdle).toBe(true)
      talk.client('DONE').toServer('DONE').server('a OK done').toClient('a OK done')
      talk.client('b NOOP').toServer('b NOOP')
      expect(talk.of('held')).toHaveLength(1)
    })

    it('AUTHENTICATE: its data is never held, and nothing of it is shown or edited', () => {
      const talk = play({ chunk, interests: { messages: true, hold: holding('AUTHENTICATE') } })
      talk.client('a AUTHENTICATE PLAIN').toServer()
      expect(talk.of('held')).toMatchObject([{ isEditable: false }])
      rule(talk, replaceBy('a NOOP')).toServer()
      rule(talk, forward).toServer('a AUTHENTICATE PLAIN').server('+ ').toClient('+ ')
      talk.client('AGFubgBzZWNyZXQ=').toServer('AGFubgBzZWNyZXQ=').server('a OK in').toClient('a OK in')
      expect(talk.relay.view.user).toBe('ann')
    })

    it('LOGIN: it can be stopped and refused, not edited', () => {
      const talk = play({ chunk, interests: { messages: true, hold: holding('LOGIN') } })
      talk.client('a LOGIN ann {6}').toClient(asksForMore).client('secret').toServer()
      expect(talk.of('held')).toMatchObject([{ isEditable: false }])
      rule(talk, replaceBy('a LOGIN bob x')).toServer()
      rule(talk, answerNo).toServer().toClient('a NO not today')
      expect(talk.relay.view.isIdle).toBe(false)
    })

    it('STARTTLS: TLS begins when it goes on', () => {
      const talk = play({
        chunk,
        isClientSecure: false,
        interests: { messages: true, hold: holding('STARTTLS') },
      })
      talk.client('a STARTTLS').toServer().toClient()
      expect(talk.acts).toEqual([])
      rule(talk, forward).toClient('a OK Begin TLS negotiation now')
      expect(talk.acts).toEqual(['secure client'])
    })

    it('STARTTLS: what came behind it meanwhile still ends the session', () => {
      const talk = play({
        chunk,
        isClientSecure: false,
        interests: { messages: true, hold: holding('STARTTLS') },
      })
      rule(talk.client('a STARTTLS', 'b NOOP'), forward).toServer().toClient()
      expect(talk.of('closed')).toMatchObject([{ reason: 'octets behind STARTTLS before TLS' }])
    })

    it('COMPRESS: both legs switch behind its answer', () => {
      const talk = begin(holding('COMPRESS'), { chunk }).client('a COMPRESS DEFLATE').toServer()
      rule(talk, forward).toServer('a COMPRESS DEFLATE').server('a OK on').toClient('a OK on')
      expect(talk.acts).toContain('write-as client deflate')
    })

    it('COMPRESS that imaptap answers itself', () => {
      const talk = begin(holding('COMPRESS'), { chunk, compress: 'client' }).client('a COMPRESS DEFLATE')
      rule(talk.toServer().toClient(), forward).toServer().toClient('a OK DEFLATE active')
      expect(talk.acts).toContain('write-as client deflate')
    })
  },
)

describe.each(chunks)('a held response, in chunks of %i', (chunk) => {
  it('waits, and the responses behind it, while the client talks on', () => {
    const talk = begin(holding('EXISTS'), { chunk }).client('a NOOP').take('server')
    expect(talk).toBe('a NOOP\r\n')
    const other = begin(holding('EXISTS'), { chunk }).client('a NOOP').toServer('a NOOP')
    other.server('* 1 RECENT', '* 3 EXISTS', 'a OK done').toClient('* 1 RECENT')
    expect(other.of('held')).toMatchObject([{ side: 'server', isEditable: true, exchange: { tag: 'a' } }])
    other.client('b NOOP').toServer('b NOOP')
    rule(other, forward).toClient('* 3 EXISTS', 'a OK done')
    expect(fates(other)).toEqual(['forwarded'])
  })

  it('is replaced, the tag of a completion excepted', () => {
    const talk = begin(holding('EXISTS NO'), { chunk }).client('a NOOP').server('* 3 EXISTS')
    rule(talk, replaceBy('a OK done')).toClient()
    rule(talk, replaceBy('* 4 EXISTS')).toClient('* 4 EXISTS')
    talk.server('a NO no').toClient()
    rule(talk, replaceBy('b OK done')).toClient()
    rule(talk, answerNo).toClient()
    rule(talk, replaceBy('a OK done')).toClient('a OK done')
    expect(completions(talk)).toEqual(['a NOOP NO'])
  })

  it('is taken in with its literals', () => {
    const text = '* 1 FETCH (BODY[] {5}\r\nhello UID 4)\r\n'
    const talk = begin(holding('FETCH', 'server'), { chunk }).client('a FETCH 1 BODY[]').raw('server', text)
    talk.toClient()
    rule(talk, replaceBy('* 1 FETCH (BODY[] {5}\nbye UID 4)')).toClient('* 1 FETCH (BODY[] {3}', 'bye UID 4)')
    talk.raw('server', text).toClient()
    rule(talk, forward)
    expect(talk.take('client')).toBe(text)
  })

  it('with a token as good as a password is shown blanked, and so not edited', () => {
    const talk = begin(holding('NO GENURLAUTH'), { chunk }).client('a NOOP')
    talk.server('* GENURLAUTH "imap://x/y;urlauth=anonymous:internal:0123456789abcdef"')
    rule(talk, forward).server('a NO see imap://x/y;urlauth=anonymous:internal:0123456789abcdef')
    expect(talk.of('held')).toMatchObject([{ isEditable: false }, { isEditable: false }])
  })

  it('whose literal is too large streams past', () => {
    const text = `* 1 FETCH (BODY[] {${limits.literalKept + 1}}\r\n${'x'.repeat(limits.literalKept + 1)})\r\n`
    const talk = begin(holding('FETCH', 'server'), { chunk: chunk * 1_000 }).raw('server', text)
    expect(talk.take('client')).toBe(text)
    const two = text.replace('(', '(BODY[1] {1}\r\ny ')
    expect(talk.raw('server', two).take('client')).toBe(two)
    const long = `* 1 FETCH (BODY[1] {1}\r\ny ${'x'.repeat(limits.lineHeld)})\r\n`
    expect(talk.raw('server', long).take('client')).toBe(long)
    expect(talk.of('held')).toEqual([])
  })

  it('is the greeting, and the client has to wait for it', () => {
    const hold = holding('OK')
    const talk = new Dialogue({ chunk, interests: { messages: true, hold } }).input({ kind: 'connected' })
    talk.server('* OK ready').toClient().client('a NOOP').toServer()
    expect(talk.relay.hasGreeted).toBe(true)
    rule(talk, forward).toClient('* OK ready').toServer('a NOOP')
  })

  it('is a capability list, which is still adapted when it goes on', () => {
    const talk = begin(holding('CAPABILITY', 'server'), { chunk })
    talk.client('a CAPABILITY').server('* CAPABILITY IMAP4rev1 COMPRESS=ZLIB').toClient()
    rule(talk, replaceBy('* CAPABILITY IMAP4rev1 IDLE COMPRESS=ZLIB')).toClient('* CAPABILITY IMAP4rev1 IDLE')
  })

  it('is never a continuation request', () => {
    const talk = begin(
      { mayHold: () => true, hold: ({ side }) => (side === 'server' ? 1 : undefined) },
      { chunk },
    )
    talk.client('a IDLE').server('+ idling').toClient('+ idling')
  })
})

describe('what a person puts in place of a message', () => {
  it('is no line of its own, whatever an answer is made of', () => {
    const talk = begin(holding('NOOP')).client('a NOOP')
    rule(talk, { kind: 'answer', status: 'NO', text: 'x\u010d\u010a* BYE \u00e9\r\n' })
    expect(talk.toServer().take('client')).toMatch(/^a NO [ -~]+\r\n$/u)
    talk.input({ kind: 'failed', reason: 'r', tell: 'a certificate for \u010d\u010a* OK' })
    expect(talk.take('client')).toBe('* BYE [UNAVAILABLE] imaptap: a certificate for ??* OK\r\n')
  })

  it('waits for the server with every literal', () => {
    const talk = begin(holding('SELECT')).client('a SELECT INBOX', 'b NOOP')
    rule(talk, replaceBy('a SELECT {5+}\r\nDraft')).toServer('a SELECT {5}')
    talk.server('+ go').toClient().toServer('Draft', 'b NOOP')
  })

  it('is a command that the rules are asked about, and that a server may remember', () => {
    const talk = play({ isClientSecure: false, interests: { messages: true, hold: holding('NOOP') } })
    rule(talk.client('a NOOP'), replaceBy('a ID ("name" "x")')).toServer('a ID ("name" "x")')
    talk.server('a OK done').client('b STARTTLS')
    expect(talk.acts).toEqual(['secure client', 'redial'])
  })

  it('is no other answer to COMPRESS: what stands behind it is compressed or is not', () => {
    const talk = begin(holding('OK', 'server')).client('a COMPRESS DEFLATE').server('a OK on').toClient()
    expect(talk.of('held')).toMatchObject([{ isEditable: false }])
    rule(talk, replaceBy('a NO off')).toClient()
    rule(talk, forward).toClient('a OK on')
  })

  it('is a capability list in place of a literal too, and is adapted', () => {
    const talk = begin(holding('LIST', 'server')).raw('server', '* LIST () "/" {1}\r\nx\r\n')
    rule(talk, replaceBy('* CAPABILITY IMAP4rev1 COMPRESS=ZLIB')).toClient('* CAPABILITY IMAP4rev1')
  })
})

describe('while messages are held', () => {
  const both: HoldRule = { mayHold: () => true, hold: () => 1 }

  it('each lane holds one, and each is ruled on by its ticket', () => {
    const talk = begin(both).client('a NOOP', 'b NOOP').server('* 1 EXISTS', '* 2 EXISTS')
    const [first, second] = talk.of('held').map(({ ticket }) => ticket)
    talk
      .input({ kind: 'ruled', ticket: second ?? 0, ruling: forward })
      .toClient('* 1 EXISTS')
      .toServer()
    talk
      .input({ kind: 'ruled', ticket: first ?? 0, ruling: forward })
      .toServer('a NOOP')
      .toClient()
    talk
      .input({ kind: 'ruled', ticket: first ?? 0, ruling: forward })
      .toServer()
      .toClient()
    expect(talk.of('held')).toHaveLength(4)
  })

  it('our own answer goes out in front of a held response', () => {
    const talk = begin(both).server('* 1 EXISTS').client('a NOOP')
    rule(talk, answerNo).toClient('a NO not today').toServer()
  })

  it('a response is none of a command that the server has not seen', () => {
    const talk = begin(holding('NOOP')).client('a NOOP').server('* 1 EXISTS', '* BAD what', 'a OK done')
    talk.toClient('* 1 EXISTS', '* BAD what', 'a OK done')
    expect(completions(talk)).toEqual([])
    rule(talk, forward).toServer('a NOOP').server('a OK done')
    expect(completions(talk)).toEqual(['a NOOP OK'])
    expect(talk.of('exchange-completed')).toMatchObject([{ exchange: { untagged: 0 } }])
  })

  it('an untagged BAD answers the command ahead of a held one', () => {
    const talk = begin(holding('SELECT')).client('a NOOP', 'b SELECT x').server('* BAD what')
    expect(completions(talk)).toEqual(['a NOOP BAD'])
  })

  it('a side that goes on sending is asked to wait, until its lane flows again', () => {
    const talk = begin(holding('NOOP EXISTS')).client('a NOOP').server('* 1 EXISTS')
    const lines = (line: string): string => `${line}\r\n`.repeat(limits.undecidedOctets / 64 + 1)
    talk.raw('client', lines('x X'.padEnd(62, 'X')))
    expect(talk.acts).toEqual(['pause client'])
    talk.raw('server', lines('* X'.padEnd(62, 'X')))
    for (const { ticket } of talk.of('held')) talk.input({ kind: 'ruled', ticket, ruling: forward })
    expect(talk.acts).toEqual(['pause client', 'pause server', 'resume client', 'resume server'])
  })

  it('compression towards the server does not begin in front of a held command', () => {
    const talk = play({ compress: 'both', interests: { messages: true, hold: holding('NOOP') } })
    talk.client('a LOGIN ann x', 'b NOOP').toServer('a LOGIN ann x')
    talk.server('a OK [CAPABILITY IMAP4rev1 COMPRESS=DEFLATE] in').toServer()
    rule(talk, forward).toServer('b NOOP').server('b OK done').toServer('Tsecret COMPRESS DEFLATE')
  })
})

describe('a ticket is released', () => {
  it('at its deadline, and the message goes on as it was', () => {
    const talk = begin(holding('NOOP')).client('a NOOP')
    rule(talk, forward, 'expired').toServer('a NOOP')
    expect(fates(talk)).toEqual(['expired'])
  })

  it('when the client leaves for good: its command goes nowhere, nor what is behind it', () => {
    const talk = begin(holding('NOOP')).client('a NOOP', 'b LOGOUT').input({ kind: 'ended', side: 'client' })
    talk.input({ kind: 'failed', reason: 'the connection to the client was closed' }).toServer()
    expect(talk.acts).toEqual(['close'])
    expect(fates(talk)).toEqual(['gone'])
    rule(talk, forward).toServer()
  })

  it('in its time where the client only has no more to say: it may still listen', () => {
    const talk = begin(holding('NOOP')).client('a NOOP', 'b NOOP', 'c LOGOUT')
    talk.input({ kind: 'ended', side: 'client' }).toServer()
    rule(talk, forward, 'expired').toServer('a NOOP')
    expect(talk.acts).toEqual([])
    rule(talk, answerNo).toServer('c LOGOUT').toClient('b NO not today')
    expect(talk.acts).toEqual(['end server'])
    talk.server('a OK done', '* BYE bye', 'c OK done').toClient('a OK done', '* BYE bye', 'c OK done')
    talk.input({ kind: 'ended', side: 'server' })
    expect(talk.of('closed')).toMatchObject([{ reason: 'logout' }])
  })

  it('when the server leaves: the command goes nowhere, nor what comes behind that gap', () => {
    const talk = begin(holding('NOOP')).client('a NOOP', 'b NOOP').input({ kind: 'ended', side: 'server' })
    expect(fates(talk)).toEqual(['gone'])
    talk.client('c EXPUNGE').input({ kind: 'ended', side: 'client' }).toServer()
    expect(talk.of('closed')).toHaveLength(1)
  })

  it('and nothing is taken for the rest of a literal that a server which left never asked for', () => {
    const talk = begin(holding('APPEND')).client('a APPEND x {9}', 'b DELETE y', 'c NOOP')
    rule(talk, forward).toServer('a APPEND x {9}').input({ kind: 'ended', side: 'server' })
    talk.client('d NOOP').input({ kind: 'ended', side: 'client' }).toServer()
  })

  it('when the server leaves: its response goes on, and what is behind it', () => {
    const hold: HoldRule = { mayHold: () => true, hold: () => 1 }
    const talk = begin(hold).server('* 1 EXISTS', '* 2 EXISTS', '* BYE').client('a NOOP')
    talk.input({ kind: 'ended', side: 'server' }).toClient('* 1 EXISTS', '* 2 EXISTS', '* BYE').toServer()
    expect(fates(talk)).toEqual(['gone', 'gone'])
    expect(talk.acts).toEqual(['end client'])
  })

  it('when the server leaves behind a held greeting', () => {
    const hold = holding('BYE')
    const talk = new Dialogue({ interests: { messages: true, hold } }).input({ kind: 'connected' })
    talk.server('* BYE busy').toClient().input({ kind: 'ended', side: 'server' }).toClient('* BYE busy')
  })

  it('and none is given out behind the end of the session', () => {
    const hold: HoldRule = { mayHold: () => true, hold: () => 1 }
    const talk = new Dialogue({ interests: { messages: true, hold } }).input({ kind: 'connected' })
    talk.server('HTTP/1.1 400 Bad Request', '* 1 EXISTS')
    expect(talk.of('closed')).toHaveLength(1)
    expect(talk.of('held')).toEqual([])
  })

  it('when the session is ended from outside: the client is told', () => {
    const talk = begin({ mayHold: () => true, hold: () => 1 })
      .client('a NOOP')
      .server('* 1 EXISTS')
    talk.input({ kind: 'failed', reason: 'ended', tell: 'ended' }).toServer()
    talk.toClient('* BYE [UNAVAILABLE] imaptap: ended')
    expect(fates(talk)).toEqual(['gone', 'gone'])
    expect(talk.events.at(-1)?.kind).toBe('closed')
    expect(completions(talk)).toEqual(['a NOOP aborted'])
  })

  it('and a client that ends while its command goes on piece by piece is heard to the end', () => {
    const talk = begin(holding('APPEND')).client('a APPEND x {3}', 'abc')
    rule(talk, forward).toServer('a APPEND x {3}').input({ kind: 'ended', side: 'client' })
    expect(talk.acts).toEqual([])
    talk.server('+ go').toServer('abc')
    expect(talk.acts).toEqual(['end server'])
    talk.server('a OK done')
    expect(completions(talk)).toEqual(['a APPEND OK'])
  })
})

describe('octets ahead of the continuation request', () => {
  const ahead = (talk: Dialogue): unknown[] => talk.of('message').map(({ isAhead = false }) => isAhead)
  const messages: PlayOptions = { messages: true }

  it('of a literal are told of', () => {
    const talk = playLoggedIn(messages).client('a APPEND x {3}', 'abc').server('+ go')
    expect(ahead(talk)).toEqual([false, true])
    talk.client('b APPEND x {3}').server('+ go').client('abc')
    expect(ahead(talk)).toEqual([false, true, false, false])
  })

  it('of SASL data are told of', () => {
    const talk = play(messages).client('a AUTHENTICATE PLAIN', 'AGFubgBzZWNyZXQ=')
    talk.events.length = 0
    expect(ahead(talk.server('+ '))).toEqual([false, true])
  })

  it('of a literal that is taken in here are told of too', () => {
    const talk = begin(absorbing('APPEND')).client('a APPEND x {3}', 'abc')
    expect(ahead(talk).at(-1)).toBe(true)
  })

  it('were a command of their own when the literal was refused', () => {
    const talk = playLoggedIn(messages).client('a APPEND x {3}', 'b NOOP').server('a NO no')
    expect(ahead(talk)).toEqual([false, false])
  })
})

describe('the time at a breakpoint', () => {
  const heldOf = (talk: Dialogue): unknown[] =>
    talk.of('exchange-completed').map(({ exchange: { tag, heldMillis } }) => `${tag} ${heldMillis}`)

  function after(talk: Dialogue, millis: number): Dialogue {
    talk.now += millis - 1
    return talk
  }

  it.each([
    ['forwarded', forward],
    ['edited', replaceBy('a SELECT Sent')],
  ])('of a command that is %s is counted for it, and for none behind it', (_, ruling) => {
    const talk = begin(holding('SELECT')).client('a SELECT INBOX', 'b NOOP')
    rule(after(talk, 500), ruling).server('a OK done', 'b OK done')
    expect(heldOf(talk)).toEqual(['a 500', 'b 0'])
  })

  it('is counted where it was answered, where its time was up, and where the session ended', () => {
    const answered = begin(holding('NOOP')).client('a NOOP')
    expect(heldOf(rule(after(answered, 300), answerNo))).toEqual(['a 300'])
    const expired = begin(holding('NOOP')).client('a NOOP')
    rule(after(expired, 900), forward, 'expired').server('a OK done')
    expect(heldOf(expired)).toEqual(['a 900'])
    const gone = after(begin(holding('NOOP')).client('a NOOP'), 70).input({ kind: 'failed', reason: 'reset' })
    expect(heldOf(gone)).toEqual(['a 70'])
    const left = after(begin(holding('NOOP')).client('a NOOP'), 80).input({ kind: 'ended', side: 'server' })
    left.input({ kind: 'ended', side: 'client' })
    expect(heldOf(left)).toEqual(['a 80'])
  })

  it('of a response is counted for all whose answers stand behind it, from when they were sent', () => {
    const talk = begin(holding('EXISTS')).client('a NOOP', 'b NOOP').server('* 3 EXISTS')
    after(talk, 100).client('c NOOP')
    rule(after(talk, 50), forward).server('a OK done', 'b OK done', 'c OK done')
    expect(heldOf(talk)).toEqual(['a 150', 'b 150', 'c 50'])
  })

  it.each([
    ['command', 'response', [0, 1]],
    ['response', 'command', [1, 0]],
  ])('of both lanes at once is counted once, when the %s goes on before the %s', (_, __, order) => {
    const both: HoldRule = { mayHold: ({ name }) => name === 'NOOP' || name === 'EXISTS', hold: () => 1_000 }
    const talk = begin(both).client('a NOOP').server('* 3 EXISTS')
    const tickets = talk.of('held').map(({ ticket }) => ticket)
    for (const at of order)
      after(talk, 100).input({ kind: 'ruled', ticket: tickets[at] ?? 0, ruling: forward })
    expect(heldOf(talk.server('a OK done'))).toEqual(['a 201'])
  })

  it('of several messages adds up', () => {
    const talk = begin(holding('NOOP EXISTS')).client('a NOOP')
    rule(after(talk, 40), forward).server('* 3 EXISTS')
    rule(after(talk, 60), forward).server('a OK done')
    expect(heldOf(talk)).toEqual(['a 100'])
  })
})
