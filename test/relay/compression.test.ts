/** COMPRESS and UNAUTHENTICATE in every mode: who is asked, who is told, and at which octet each leg switches. */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { limits } from '../../src/imap/limits.ts'
import type { Side } from '../../src/imap/raw-message.ts'
import type { CompressMode } from '../../src/relay/compression.ts'
import { CodedShell, turnOver } from '../support/coded-shell.ts'
import { conversation, cuts, said } from '../support/conversations.ts'
import { play, playLoggedIn, type Dialogue } from '../support/play.ts'

/** A dialogue behind a login whose server announces that it compresses. */
function begin(compress: CompressMode, chunk?: number): Dialogue {
  const talk = play({ compress, ...(chunk && { chunk }) })
  talk.client('l LOGIN ann secret').server('l OK [CAPABILITY IMAP4rev1 COMPRESS=DEFLATE] in')
  return talk
}

function logged(compress: CompressMode): Dialogue {
  const talk = begin(compress)
  talk.take('client')
  talk.take('server')
  talk.acts.length = 0
  return talk
}

const bothSwitch = [
  'write-as server deflate',
  'read-as server deflate',
  'write-as client deflate',
  'read-as client deflate',
]

describe('follow: the two ends agree', () => {
  it('goes upstream as it came, and both legs switch behind the OK', () => {
    const talk = logged('follow').client('c COMPRESS DEFLATE').toServer('c COMPRESS DEFLATE')
    expect(talk.acts).toEqual([])
    talk.server('c OK active').toClient('c OK active')
    expect(talk.acts).toEqual(bothSwitch)
    talk.client('d NOOP').toServer('d NOOP').server('d OK').toClient('d OK')
    expect(talk.of('warning')).toEqual([])
  })

  it('announces it as the server does', () => {
    expect(begin('follow').take('client')).toContain('COMPRESS=DEFLATE')
    const talk = playLoggedIn().server('* CAPABILITY IMAP4rev1 COMPRESS=LZ4')
    talk.toClient('* CAPABILITY IMAP4rev1')
  })

  it('takes what stands behind the OK for the compressed stream', () => {
    const talk = logged('follow').client('c COMPRESS DEFLATE')
    talk.raw('server', '* 1 EXISTS\r\nc OK active\r\n\x01\x02')
    expect(talk.take('client')).toBe('* 1 EXISTS\r\nc OK active\r\n')
    expect(talk.acts).toContain('read-as server deflate \x01\x02')
  })

  it('holds what a client sends before the answer, and takes it for the compressed stream', () => {
    const talk = logged('follow').raw('client', 'c COMPRESS DEFLATE\r\n\x03\n').raw('client', '\x04')
    talk.toServer('c COMPRESS DEFLATE').server('c OK active')
    expect(talk.acts).toContain('read-as client deflate \x03\n\x04')
    expect(talk.take('server')).toBe('')
  })

  it.each(['NO', 'BAD'])('takes it for commands after %s', (status) => {
    const talk = logged('follow').client('c COMPRESS DEFLATE', 'd NOOP').toServer('c COMPRESS DEFLATE')
    talk.server(`c ${status} not now`).toServer('d NOOP').toClient(`c ${status} not now`)
    expect(talk.acts).toEqual([])
  })

  it('is refused the second time', () => {
    const talk = logged('follow').client('c COMPRESS DEFLATE').server('c OK')
    talk.take('client')
    talk.take('server')
    talk
      .client('d COMPRESS DEFLATE')
      .toServer()
      .toClient('d NO [COMPRESSIONACTIVE] DEFLATE is active already')
  })

  it.each(['c COMPRESS LZ4', 'c COMPRESS', 'c COMPRESS DEFLATE {3}'])(
    'refuses what it cannot read: %s',
    (line) => {
      logged('follow').client(line).toServer().toClient('c NO [CANNOT] only DEFLATE is read here')
    },
  )

  it('refuses what it cannot read before login as well', () => {
    const talk = play({ compress: 'never' }).client('c COMPRESS DEFLATE x').toServer()
    talk.toClient('c NO [CANNOT] only DEFLATE is read here')
    expect(talk.of('exchange-completed')[0]?.exchange.name).toBe('?')
  })

  it('is followed when it came ahead of an answer, and nothing behind it did', () => {
    const talk = logged('follow').client('i IDLE', 'DONE', 'c COMPRESS DEFLATE')
    talk.server('+ idling', 'i OK done', 'c OK active')
    expect(talk.acts).toEqual(bothSwitch)
  })

  it('leaves both legs unread when more came ahead: that is between the two ends already', () => {
    const talk = logged('follow').client('i IDLE', 'DONE', 'c COMPRESS DEFLATE').raw('client', '\x01')
    talk.server('+ idling', 'i OK done', 'c OK active')
    expect(talk.acts).toEqual([])
    expect(talk.of('warning')[0]?.reason).toMatch(/it is compressed from here on/)
  })

  it('ends a session in which too much is sent before the answer', () => {
    const talk = logged('follow').client('c COMPRESS DEFLATE')
    talk.raw('client', 'x'.repeat(limits.undecidedOctets + 1))
    expect(talk.acts).toEqual(['close'])
    expect(talk.of('warning')[0]?.reason).toMatch(/too much/)
  })

  it('keeps the end of a client that left before the answer until that came', () => {
    const talk = logged('follow')
      .client('c COMPRESS DEFLATE', 'd LOGOUT')
      .input({ kind: 'ended', side: 'client' })
    expect(talk.acts).toEqual([])
    talk.toServer('c COMPRESS DEFLATE').server('c NO no').toServer('d LOGOUT')
    expect(talk.acts).toEqual(['end server'])
  })

  it('keeps it behind what is compressed as well: the shell tells of it again', () => {
    const talk = logged('follow').client('c COMPRESS DEFLATE').raw('client', '\x01')
    talk.input({ kind: 'ended', side: 'client' }).server('c OK')
    expect(talk.acts).toEqual([...bothSwitch.slice(0, 3), 'read-as client deflate \x01'])
    talk.take('server')
    talk.client('d NOOP').input({ kind: 'ended', side: 'client' }).toServer('d NOOP')
    expect(talk.acts.at(-1)).toBe('end server')
  })

  it('and when both left, the session is over', () => {
    const talk = logged('follow').client('c COMPRESS DEFLATE')
    talk.input({ kind: 'ended', side: 'client' }).input({ kind: 'ended', side: 'server' })
    expect(talk.acts.at(-1)).toBe('close')
  })

  it('refuses STARTTLS within compression', () => {
    const talk = play({ isClientSecure: false })
      .client('c COMPRESS DEFLATE')
      .server('c OK')
      .client('s STARTTLS')
    expect(talk.take('client')).toContain('s BAD TLS cannot begin within compression')
  })
})

describe('client: imaptap compresses the leg of the client by itself', () => {
  it('is offered after login, whatever the server has, and answered here', () => {
    const talk = play({ compress: 'client' })
      .server('* CAPABILITY IMAP4rev1')
      .toClient('* CAPABILITY IMAP4rev1')
    talk.client('l LOGIN ann secret').server('l OK [CAPABILITY IMAP4rev1] in')
    talk.toClient('l OK [CAPABILITY IMAP4rev1 COMPRESS=DEFLATE] in')
    talk.server('* CAPABILITY IMAP4rev1').toClient('* CAPABILITY IMAP4rev1 COMPRESS=DEFLATE')
    talk.take('server')
    talk.client('c COMPRESS DEFLATE').toServer().toClient('c OK DEFLATE active')
    expect(talk.acts).toEqual(['write-as client deflate', 'read-as client deflate'])
    talk.server('* CAPABILITY COMPRESS=DEFLATE IMAP4rev1').toClient('* CAPABILITY IMAP4rev1')
  })

  it('waits with its answer until the server has ended its message, and holds what follows', () => {
    const talk = logged('client').client('f FETCH 1 BODY[]').raw('server', '* 1 FETCH (BODY[] {6}\r\nabc')
    talk.client('c COMPRESS DEFLATE', '\x01').toServer('f FETCH 1 BODY[]')
    expect(talk.acts).toEqual([])
    talk.raw('server', 'def)\r\n* 2 EXISTS\r\n')
    expect(talk.take('client')).toContain('abcdef)\r\n')
    expect(talk.acts).toEqual(['write-as client deflate', 'read-as client deflate \x01\r\n'])
  })

  it('is offered ahead of the OK of a login, and neither with its refusal nor behind UNAUTHENTICATE', () => {
    const talk = play({ compress: 'client' }).client('k LOGIN ann wrong')
    talk.server('k NO [CAPABILITY IMAP4rev1] no').toClient('k NO [CAPABILITY IMAP4rev1] no')
    talk.client('l LOGIN ann secret').server('* CAPABILITY IMAP4rev1', 'l OK in')
    talk.toClient('* CAPABILITY IMAP4rev1 COMPRESS=DEFLATE', 'l OK in')
    talk.client('u UNAUTHENTICATE').server('u OK [CAPABILITY IMAP4rev1] out')
    talk.toClient('u OK [CAPABILITY IMAP4rev1] out')
  })

  it('is for after login', () => {
    play({ compress: 'client' })
      .client('c COMPRESS DEFLATE')
      .toClient('c NO [CANNOT] compression is for after login')
  })
})

describe('upstream: imaptap compresses the leg of the server by itself', () => {
  it('asks after login where it is announced, and the client neither sees nor waits for more than that', () => {
    const talk = begin('upstream')
    talk.toClient('l OK [CAPABILITY IMAP4rev1] in').toServer('l LOGIN ann secret', 'Tsecret COMPRESS DEFLATE')
    talk.client('a NOOP').toServer()
    talk.raw('server', '* 1 EXISTS\r\nTsecret OK active\r\n\x01')
    talk.toClient('* 1 EXISTS').toServer('a NOOP')
    expect(talk.acts).toEqual(['write-as server deflate', 'read-as server deflate \x01'])
    expect(talk.of('exchange-completed').map(({ exchange }) => exchange.name)).toEqual(['LOGIN'])
    talk.client('c COMPRESS DEFLATE').toServer().toClient('c NO [CANNOT] compression is not available here')
  })

  it('goes on as it is when the server refuses, and does not ask again', () => {
    const talk = begin('upstream').server('Tsecret NO [COMPRESSIONACTIVE] no')
    expect(talk.acts).toEqual([])
    expect(talk.of('rewritten').at(-1)?.note).toMatch(/goes on as it is: .* \(no\)$/)
    talk.take('server')
    talk.client('a CAPABILITY').server('* CAPABILITY COMPRESS=DEFLATE', 'a OK').toServer('a CAPABILITY')
  })

  it.each([
    ['by untagged BAD', '* BAD what'],
    ['by what cannot be read', 'Tsecret WELL'],
  ])('goes on as it is when it is answered %s', (_what, answer) => {
    const talk = logged('upstream').client('a NOOP').server(answer).toServer('a NOOP')
    talk.toClient().server('a OK').toClient('a OK')
    expect(talk.acts).toEqual([])
  })

  it('does not take what the server says of an empty line for its answer', () => {
    const talk = play({ compress: 'upstream' }).client('l LOGIN ann secret', '')
    talk.server('l OK [CAPABILITY COMPRESS=DEFLATE] in', '* BAD what').client('a NOOP')
    talk.toServer('l LOGIN ann secret', '', 'Tsecret COMPRESS DEFLATE')
    talk.server('Tsecret OK').toServer('a NOOP')
  })

  it('does not ask while the client begins TLS: upstream is dialled anew', () => {
    const talk = play({ compress: 'upstream', isClientSecure: false })
    talk.client('l LOGIN ann secret', 's STARTTLS').server('l OK [CAPABILITY COMPRESS=DEFLATE] in')
    talk.toServer('l LOGIN ann secret')
    expect(talk.acts).toEqual(['secure client', 'redial'])
    talk.input({ kind: 'secured', side: 'client' }).input({ kind: 'connected' }).server('* OK again')
    talk.client('n NOOP').toServer('n NOOP').server('n OK').client('m LOGIN ann secret')
    talk.server('m OK [CAPABILITY COMPRESS=DEFLATE] in')
    talk.toServer('m LOGIN ann secret', 'Tsecret COMPRESS DEFLATE')
  })

  it('asks once it is announced', () => {
    const talk = playLoggedIn({ compress: 'upstream' }).client('a CAPABILITY')
    talk.server('* CAPABILITY COMPRESS=DEFLATE', 'a OK')
    talk.toServer('a CAPABILITY', 'Tsecret COMPRESS DEFLATE')
  })

  it('does not ask where it is not announced, or before login', () => {
    const talk = play({ compress: 'upstream' }).client('a CAPABILITY')
    talk.server('* CAPABILITY COMPRESS=DEFLATE', 'a OK').toServer('a CAPABILITY')
    playLoggedIn({ compress: 'upstream' }).client('a NOOP').server('a OK').toServer('a NOOP')
  })

  it('never asks within a command of the client', () => {
    const talk = play({ compress: 'upstream' }).raw('client', 'l LOGIN ann secret\r\na APPEND x {3+}\r\na')
    talk.server('l OK [CAPABILITY COMPRESS=DEFLATE] in')
    expect(talk.take('server')).toBe('l LOGIN ann secret\r\na APPEND x {3+}\r\na')
    talk.raw('client', 'bc\r\n').server('a OK')
    expect(talk.take('server')).toBe('bc\r\nTsecret COMPRESS DEFLATE\r\n')
  })

  it('stops reading a client that says much meanwhile, and goes on with it', () => {
    const talk = logged('upstream')
    const much = `a APPEND x {${limits.undecidedOctets}+}\r\n${'x'.repeat(limits.undecidedOctets)}\r\n`
    talk.raw('client', much)
    expect(talk.acts).toEqual(['pause client'])
    talk.server('Tsecret OK')
    expect(talk.acts).toContain('resume client')
    expect(talk.take('server')).toBe(much)
  })

  it('keeps the end of a client that left meanwhile', () => {
    const talk = logged('upstream').client('a LOGOUT').input({ kind: 'ended', side: 'client' }).toServer()
    talk.server('Tsecret OK').toServer('a LOGOUT')
    expect(talk.acts.at(-1)).toBe('end server')
  })
})

describe('both: each leg by itself', () => {
  it('compresses upstream at once and the client when it asks', () => {
    const talk = begin('both').server('Tsecret OK')
    talk.toClient('l OK [CAPABILITY IMAP4rev1 COMPRESS=DEFLATE] in')
    talk.client('c COMPRESS DEFLATE').toClient('c OK DEFLATE active')
    expect(talk.acts).toEqual(bothSwitch)
    talk.toServer('l LOGIN ann secret', 'Tsecret COMPRESS DEFLATE')
  })

  it('is overruled, with a warning, where the server has agreed to what came ahead of an answer', () => {
    const talk = logged('never').client('i IDLE', 'c COMPRESS DEFLATE').server('i NO', 'c OK')
    expect(talk.acts).toEqual(bothSwitch)
    expect(talk.of('warning')[0]?.advice).toBe('--compress never does not hold for this session')
  })

  it('cuts a session in which the server agrees twice', () => {
    const talk = begin('both').server('Tsecret OK').client('i IDLE', 'DONE', 'c COMPRESS DEFLATE')
    talk.server('+', 'i OK', 'c OK')
    expect(talk.acts.at(-1)).toBe('close')
  })
})

describe('UNAUTHENTICATE', () => {
  const compressed = (): Dialogue => {
    const talk = logged('follow').client('c COMPRESS DEFLATE').server('c OK')
    talk.take('client')
    talk.take('server')
    talk.acts.length = 0
    return talk
  }

  it.each(['UNAUTHENTICATE', 'X-UNAUTHENTICATE'])('ends compression on both legs: %s', (word) => {
    const talk = compressed().client(`u ${word}`).toServer(`u ${word}`)
    expect(talk.acts).toEqual(['read-as client undecided'])
    talk.server('u OK').toClient('u OK')
    expect(talk.acts.slice(1)).toEqual([
      'write-as server plain',
      'read-as server plain',
      'write-as client plain',
      'read-as client plain',
    ])
    expect(talk.relay.view).toMatchObject({ state: 'not-authenticated', user: undefined, enabled: [] })
  })

  it('that is refused changes nothing', () => {
    const talk = compressed().client('u UNAUTHENTICATE').server('u BAD what')
    expect(talk.acts).toEqual(['read-as client undecided', 'read-as client deflate'])
    expect(talk.relay.view.state).toBe('authenticated')
  })

  it('forgets what was announced, unless its answer announces anew', () => {
    const talk = logged('upstream').server('Tsecret OK').client('u UNAUTHENTICATE')
    talk.server('u OK [CAPABILITY IMAP4rev1 COMPRESS=DEFLATE] out')
    expect(talk.relay.view.capabilities).toEqual(['IMAP4REV1', 'COMPRESS=DEFLATE'])
    talk.take('server')
    talk.client('m LOGIN bob secret').server('m OK in')
    talk.toServer('m LOGIN bob secret', 'Tsecret COMPRESS DEFLATE')
  })

  it('without compression is one command among others', () => {
    const talk = logged('follow').client('u UNAUTHENTICATE', 'a NOOP').toServer('u UNAUTHENTICATE', 'a NOOP')
    expect(talk.acts).toEqual([])
  })

  it('ends the one leg that is compressed, and it begins anew with the next login', () => {
    const talk = logged('upstream').server('Tsecret OK').client('u UNAUTHENTICATE').server('u OK')
    expect(talk.acts.slice(-2)).toEqual(['write-as server plain', 'read-as server plain'])
    talk.take('server')
    talk.client('l LOGIN bob secret').server('l OK [CAPABILITY COMPRESS=DEFLATE] in')
    talk.toServer('l LOGIN bob secret', 'Tsecret COMPRESS DEFLATE')
  })
})

/** What both say, message by message, each in the coding that it has then. */
const script: readonly { from: Side; plain?: string; coded?: string }[] = [
  { from: 'server', plain: '* OK [CAPABILITY COMPRESS=DEFLATE] hi\r\n' },
  { from: 'client', plain: 'l LOGIN ann secret\r\n' },
  { from: 'server', plain: 'l OK in\r\n' },
  { from: 'client', plain: 'c COMPRESS DEFLATE\r\n' },
  { from: 'server', plain: 'c OK active\r\n', coded: '* 1 EXISTS\r\n' },
  { from: 'client', coded: 'a APPEND x {3+}\r\nabc\r\ni IDLE\r\n' },
  { from: 'server', coded: 'a OK done\r\n+ idling\r\n* 2 EXISTS\r\n' },
  { from: 'client', coded: 'DONE\r\nu UNAUTHENTICATE\r\n', plain: 'b NOOP\r\n' },
  { from: 'server', coded: 'i OK\r\nu OK out\r\n', plain: '* 3 EXISTS\r\nb OK\r\n' },
]

/** In the script what is plain stands first, unless the message ends the compression. */
function wireOf({ plain = '', coded = '' }: (typeof script)[number]): string {
  return coded.includes('UNAUTHENTICATE') || coded.includes('u OK')
    ? turnOver(coded) + plain
    : plain + turnOver(coded)
}

describe('a switch in the middle of a segment', () => {
  it('is at the same octet however the octets are cut', () => {
    fc.assert(
      fc.property(cuts, (sizes) => {
        const shell = new CodedShell()
        let cut = 0
        for (const turn of script) {
          const wire = wireOf(turn)
          for (let at = 0; at < wire.length;) {
            const end = at + (sizes[cut++ % sizes.length] ?? 1)
            shell.receive(turn.from, wire.slice(at, end))
            at = end
          }
          const other = turn.from === 'client' ? 'server' : 'client'
          if (turn.coded?.includes('UNAUTHENTICATE')) continue
          const late = turn.coded?.includes('u OK') ? 'b NOOP\r\n' : ''
          expect(shell.take(other)).toBe(wire)
          if (late) expect(shell.take('server')).toBe(turnOver('DONE\r\nu UNAUTHENTICATE\r\n') + late)
        }
        expect(shell.events.filter(({ kind }) => kind === 'unreadable' || kind === 'warning')).toEqual([])
        expect(shell.relay.view.state).toBe('not-authenticated')
      }),
      { numRuns: 300 },
    )
  })
})

/** Compressed as the mode has it. */
function compressedShell(mode: CompressMode): CodedShell {
  const shell = new CodedShell(mode)
  shell.say('server', '* PREAUTH [CAPABILITY IMAP4rev1 COMPRESS=DEFLATE] hi\r\n')
  shell.say('client', 'p NOOP\r\n')
  shell.say('server', 'p OK done\r\n')
  shell.say('server', 'Tsecret OK active\r\n')
  shell.say('client', 'q COMPRESS DEFLATE\r\n')
  if (mode === 'follow') shell.say('server', 'q OK active\r\n')
  for (const side of ['client', 'server'] as const) shell.take(side)
  return shell
}

describe('what is compressed', () => {
  it.each<[CompressMode, readonly Side[]]>([
    ['follow', ['client', 'server']],
    ['client', ['client']],
    ['upstream', ['server']],
    ['both', ['client', 'server']],
  ])('passes octet for octet, whatever the two say: %s', (mode, sides) => {
    const isCoded = (shell: CodedShell, side: Side): boolean => shell.legs[side].reads === 'deflate'
    fc.assert(
      fc.property(conversation, (turns) => {
        const shell = compressedShell(mode)
        expect((['client', 'server'] as const).filter((side) => isCoded(shell, side))).toEqual(sides)
        for (const { from, text } of turns) shell.say(from, text)
        for (const side of ['client', 'server'] as const) shell.end(side)
        expect(shell.hear('server')).toBe(said(turns, 'client'))
        expect(shell.hear('client')).toBe(said(turns, 'server'))
      }),
      { numRuns: 200 },
    )
  })
})

describe('SMAP', () => {
  it.each(['a \\SMAP1 LOGIN ann secret', '\\SMAP1 ann secret', '\\smap1'])(
    'in place of a login is another protocol, and nothing of it is shown: %s',
    (line) => {
      const talk = play({ messages: true })
      talk.events.length = 0
      talk.client(line, 'more secrets').toServer(line, 'more secrets').server('+OK').toClient('+OK')
      expect(talk.of('warning')).toMatchObject([{ reason: expect.stringContaining('SMAP') }])
      expect(talk.of('message')).toEqual([])
      expect(talk.of('exchange-opened')).toEqual([])
    },
  )

  it('after login is a command like any other', () => {
    const talk = playLoggedIn().client('a \\SMAP1').toServer('a \\SMAP1')
    expect(talk.of('warning')).toEqual([])
  })
})
