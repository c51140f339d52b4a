import { describe, expect, it } from 'vitest'

import { Dialogue, play } from '../support/play.ts'

const cleartext = (chunk?: number): Dialogue => play({ isClientSecure: false, ...(chunk && { chunk }) })
const upstreamStartTls = (): Dialogue =>
  new Dialogue({ startsUpstreamTls: true }).input({ kind: 'connected' })

describe('STARTTLS from the client', () => {
  it('is answered here and never reaches the server', () => {
    const talk = cleartext().client('a STARTTLS').toServer().toClient('a OK Begin TLS negotiation now')
    expect(talk.acts).toEqual(['secure client'])
    talk.input({ kind: 'secured', side: 'client' }).client('b NOOP').toServer('b NOOP')
  })

  it('waits for the answers to what was asked before it', () => {
    const talk = cleartext().client('a CAPABILITY', 'b STARTTLS').toServer('a CAPABILITY').toClient()
    expect(talk.acts).toEqual([])
    talk
      .server('* CAPABILITY IMAP4rev1', 'a OK')
      .toClient('* CAPABILITY IMAP4rev1 STARTTLS', 'a OK', 'b OK Begin TLS negotiation now')
    expect(talk.acts).toEqual(['secure client'])
  })

  it('is refused when TLS is active', () => {
    play().client('a STARTTLS').toServer().toClient('a BAD TLS is already active')
  })

  it('is refused after login', () => {
    cleartext()
      .client('a LOGIN ann secret')
      .server('a OK in')
      .client('b STARTTLS')
      .toClient('a OK in', 'b BAD STARTTLS is only for before login')
  })
})

describe('threat 1: octets behind STARTTLS in the clear', () => {
  it.each(['a STARTTLS\r\nz NOOP\r\n', 'a starttls\r\nz', '. STARTTLS\r\n\r\n'])(
    'cut the session: %j',
    (text) => {
      const talk = cleartext().raw('client', text).toServer()
      expect(talk.acts).toEqual(['close'])
      expect(talk.of('warning')[0]?.reason).toMatch(/behind STARTTLS/)
    },
  )
})

describe('threat 2: the same at every cut', () => {
  const text = 'a STARTTLS\r\nz NOOP\r\n'

  it.each(Array.from({ length: text.length - 1 }, (_, at) => at + 1))('in two at %i', (at) => {
    const talk = cleartext().raw('client', text.slice(0, at)).raw('client', text.slice(at))
    expect(talk.take('server')).toBe('')
    expect(talk.acts.at(-1)).toBe('close')
  })

  it('while the answer to an earlier command is awaited', () => {
    const talk = cleartext().client('a CAPABILITY', 'b STARTTLS').client('c NOOP').toServer('a CAPABILITY')
    expect(talk.acts).toEqual(['close'])
  })
})

describe('threat 3: what was said before TLS', () => {
  it('does not outlive it: the server is dialled anew, and its second greeting is not for the client', () => {
    const talk = cleartext().client('a ID ("name" "evil")').server('* ID NIL', 'a OK')
    talk.take('client')
    talk.take('server')
    talk.client('b STARTTLS')
    expect(talk.acts).toEqual(['secure client', 'redial'])
    talk.take('client')
    expect(talk.relay.view.client).toBeUndefined()
    talk.input({ kind: 'secured', side: 'client' }).client('c NOOP').toServer()
    talk.input({ kind: 'connected' }).server('* OK again').toClient().toServer('c NOOP')
    talk.client('d STARTTLS').toClient('d BAD TLS is already active')
  })

  it('does not need a new connection when nothing was said that a server remembers', () => {
    const talk = cleartext()
      .client('a CAPABILITY')
      .server('* CAPABILITY IMAP4rev1', 'a OK')
      .client('b STARTTLS')
    expect(talk.acts).toEqual(['secure client'])
  })
})

describe('STARTTLS to upstream', () => {
  it('comes before anything of the client, which gets a greeting of ours', () => {
    const talk = upstreamStartTls()
      .client('a NOOP')
      .server('* OK [CAPABILITY IMAP4rev1 STARTTLS] hi')
      .toClient()
      .toServer('Tsecret STARTTLS')
      .server('Tsecret OK go')
      .toClient()
    expect(talk.acts).toEqual(['secure server'])
    talk.input({ kind: 'secured', side: 'server' }).toClient('* OK imaptap ready').toServer('a NOOP')
    expect(talk.relay.view.capabilities).toEqual([])
  })
})

describe('threat 7: STARTTLS stripped', () => {
  it.each(['Tsecret NO no', 'Tsecret BAD what', '+ go', '* BYE no'])('fails closed on %j', (answer) => {
    const talk = upstreamStartTls()
      .client('a LOGIN ann secret')
      .server('* OK [CAPABILITY IMAP4rev1] hi')
      .server(answer)
    expect(talk.take('server')).toBe('Tsecret STARTTLS\r\n')
    expect(talk.acts).toEqual(['close'])
    expect(talk.take('client')).toMatch(/^\* BYE \[UNAVAILABLE\] imaptap: upstream /)
  })
})

describe('threat 8: PREAUTH on a cleartext leg that needs STARTTLS', () => {
  it('is cut', () => {
    const talk = upstreamStartTls().server('* PREAUTH hi').toServer()
    expect(talk.acts).toEqual(['close'])
  })
})

describe('threat 9: octets behind the tagged OK', () => {
  it.each(['', '* CAPABILITY AUTH=PLAIN'])('are fatal in the same segment: %j', (line) => {
    const talk = upstreamStartTls().server('* OK hi').server('Tsecret OK go', line)
    expect(talk.acts).toEqual(['close'])
  })

  it('are fatal in the next segment', () => {
    const talk = upstreamStartTls()
      .server('* OK hi')
      .server('Tsecret OK go')
      .server('* CAPABILITY AUTH=PLAIN')
    expect(talk.acts).toEqual(['secure server', 'close'])
  })
})

describe('threat 10: a tagged OK before our command', () => {
  it('is fatal', () => {
    const talk = upstreamStartTls().server('T1 OK go')
    expect(talk.acts).toEqual(['close'])
  })

  it("is fatal in the greeting's segment, even under the tag that we are about to use", () => {
    const talk = upstreamStartTls().server('* OK hi', 'Tsecret OK go')
    expect(talk.acts).toEqual(['close'])
  })

  it('is fatal under a tag that we did not use', () => {
    const talk = upstreamStartTls().server('* OK hi', 'a001 OK go')
    expect(talk.acts).toEqual(['close'])
  })
})

describe('threats 11 and 13: what the server says before TLS', () => {
  it('reaches neither the client nor the model', () => {
    const talk = upstreamStartTls()
      .server('* OK [CAPABILITY X-EVIL] hi')
      .server(
        '* OK [ALERT] call us',
        '* LIST () "/" INBOX',
        '* 1 FETCH (FLAGS ())',
        'Tsecret OK [CAPABILITY Y] go',
      )
      .input({ kind: 'secured', side: 'server' })
      .toClient('* OK imaptap ready')
    expect(talk.relay.view.capabilities).toEqual([])
  })
})

describe('a peer of another protocol', () => {
  it.each([
    ['220 mail.example ESMTP', 'upstream speaks SMTP, not IMAP'],
    ['+OK POP3 ready', 'upstream speaks POP3, not IMAP'],
    ['SSH-2.0-x', 'upstream speaks SSH, not IMAP'],
  ])('as upstream: %j', (greeting, reason) => {
    const talk = new Dialogue().input({ kind: 'connected' }).server(greeting)
    talk.toClient(`* BYE [UNAVAILABLE] imaptap: ${reason}`)
    expect(talk.of('warning')[0]).toMatchObject({ reason })
    expect(talk.acts).toEqual(['close'])
  })

  it('as a client that speaks HTTP', () => {
    const talk = cleartext().client('GET / HTTP/1.1', 'Host: x', '').toServer()
    expect(talk.of('warning')[0]?.reason).toBe('the client speaks HTTP')
    expect(talk.take('client')).toBe('* BYE [UNAVAILABLE] imaptap: this is an IMAP server\r\n')
  })

  it('as a client that speaks TLS to a cleartext port', () => {
    const talk = cleartext().raw('client', '\x16\x03\x01').toServer()
    expect(talk.of('warning')[0]?.reason).toBe('the client speaks TLS to a cleartext port')
    expect(talk.acts).toEqual(['close'])
  })
})
