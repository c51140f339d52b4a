/** Threats 16 to 24, 26, 38, 39: what a client sends such that others might read it as something else. */

import { describe, expect, it } from 'vitest'

import { allow, deny, makeDenying, makeGuard, playGuarded, playInside } from './support.ts'

/** Chunks that the engine is given: the outcome must not depend on them. */
const splits = [Number.MAX_SAFE_INTEGER, 1, 2, 3, 7]

describe.each(splits)('in chunks of %d octets', (chunk) => {
  const inside = (guard = makeGuard()) => playInside(guard, { chunk })

  it('threat 16: upstream never sees a literal that waits for nobody', () => {
    const long = 'x y '.repeat(500)
    const { dialogue } = inside()
    dialogue.client('a SELECT {2000+}', long).toServer('a SELECT {2000}')
    dialogue.server('+ go').toServer(long).toClient()
    dialogue.server('a NO no such mailbox').toClient('a NO no such mailbox')
  })

  it('threat 17: an unknown verb is refused with its literal, whose octets are no command', () => {
    const { dialogue, guard } = inside(makeGuard({ decide: (c) => (c.name === 'XFOO' ? deny() : allow(c)) }))
    dialogue.client('a XFOO {17+}', 'b DELETE Secret', '', 'c NOOP')
    dialogue.toServer('c NOOP').toClient('a NO [NOPERM] not allowed here')
    expect(guard.decided).toEqual(['XFOO', 'NOOP'])
  })

  it('threat 18: octets go only after the server has asked for them', () => {
    const { dialogue, guard } = inside()
    dialogue
      .client('a REPLACE 999999 INBOX {17+}', 'b DELETE Secret', '')
      .toServer('a REPLACE 999999 INBOX {17}')
    dialogue.server('a BAD no such message').toClient('a BAD no such message').toServer()
    dialogue.client('c NOOP').toServer('c NOOP')
    expect(guard.decided).toEqual(['REPLACE', 'NOOP'])
  })

  it.each(['a SELECT {2000+}', 'a APPEND INBOX CATENATE (TEXT {2000+}', 'a APPEND {2000+}'])(
    'threat 18: a server that refuses %s in the middle may still wait for it, and gets no next command',
    (line) => {
      const { dialogue } = inside()
      const rest = line.endsWith('(TEXT {2000+}') ? ')' : line.includes('APPEND') ? ' {1+}\r\nx' : ''
      dialogue.client(line, `${'x '.repeat(1000)}${rest}`, 'b ENABLE DELETE Secret')
      dialogue.server('a NO not this')
      expect(dialogue.take('server')).toBe(`${line.replace('+', '')}\r\n`)
      expect(dialogue.take('client')).toMatch(/a NO not this\r\n\* BYE .*\r\n$/u)
      expect(dialogue.acts).toContain('close')
    },
  )

  it('threat 18: the same of a message that is too large to be kept', () => {
    const size = 70_000
    const { dialogue, guard } = inside()
    dialogue.client(`a REPLACE 999999 INBOX {${size}+}`).toServer(`a REPLACE 999999 INBOX {${size}}`)
    dialogue.raw('client', `b DELETE Secret\r\n${'x'.repeat(size - 17)}\r\n`).toServer()
    dialogue.server('a BAD no such message').toClient('a BAD no such message').toServer()
    dialogue.client('c NOOP').toServer('c NOOP')
    expect(guard.decided).toEqual(['REPLACE', 'NOOP'])
  })

  it.each([
    '{}',
    '{+5}',
    '{5 }',
    '{-1}',
    '{5++}',
    '{ 5}',
    '{5} ',
    '{0x5}',
    '~{}',
    '{4294967296}',
    '{4294967301}',
  ])('threats 19 and 20: the announcement %s is refused, and the session cut', (announcement) => {
    const { dialogue, guard } = inside()
    dialogue.client(`a SELECT ${announcement}`, 'INBOX', 'b DELETE Secret').toServer()
    expect(dialogue.take('client')).toMatch(/^a BAD .*\r\n\* BYE .*\r\n$/u)
    expect(dialogue.acts).toContain('close')
    expect(guard.decided).toEqual([])
    expect(guard.refused.map(({ reason, isCut }) => ({ reason, isCut }))).toEqual([
      { reason: 'framing', isCut: true },
    ])
  })

  it.each([
    '{18446744073709551621+}',
    '{4294967301+}',
    '{99999999999999999999999}',
    `{${'9'.repeat(300)}+}`,
    `{${'0'.repeat(300)}5+}`,
    `{${'x'.repeat(300)}}`,
  ])('threat 20: %s is counted by nobody', (announcement) => {
    const { dialogue } = inside()
    dialogue.client(`a SELECT ${announcement}`, 'INBOX', 'b DELETE Secret').toServer()
    expect(dialogue.take('client')).toMatch(/^a BAD .*\r\n\* BYE .*\r\n$/u)
  })

  it('threat 19: zeros in front of a count are of the grammar, and are not passed on', () => {
    const { dialogue } = inside()
    dialogue.client('a APPEND INBOX {05}').toClient('+ imaptap takes the literal')
    dialogue.raw('client', 'hello\r\n').toServer('a APPEND INBOX {5}')
    dialogue.server('+ go').toServer('hello')
  })

  it('threat 21: a literal8 is refused where no message stands', () => {
    const { dialogue } = playGuarded(makeGuard(), { chunk })
    dialogue.client('a LOGIN ~{1+}', 'x y').toServer()
    expect(dialogue.take('client')).toMatch(/^a BAD /u)
  })

  it.each(['a NOOP\nb DELETE Secret\r\n', 'a NOOP\rb DELETE Secret\r\n', 'a NOOP\r\r\nb DELETE Secret\r\n'])(
    'threat 22: a bare CR or LF is refused, and the session cut: %j',
    (octets) => {
      const { dialogue, guard } = inside()
      dialogue.raw('client', octets).toServer()
      expect(dialogue.take('client')).toMatch(/^a BAD .*\r\n\* BYE .*\r\n$/u)
      expect(guard.decided).toEqual([])
    },
  )

  it('threat 23: a NUL is refused outside literals', () => {
    const { dialogue, guard } = inside()
    dialogue.raw('client', 'a SELECT "Secret\0x"\r\nb DELETE Secret\r\n').toServer()
    expect(dialogue.take('client')).toMatch(/^a BAD /u)
    expect(guard.decided).toEqual([])
  })

  it('threat 23: and inside a literal that is no literal8', () => {
    const { dialogue, guard } = inside()
    dialogue.raw('client', 'a SELECT {8+}\r\nSecret\0x\r\n').toServer()
    expect(dialogue.take('client')).toMatch(/^a BAD /u)
    expect(guard.decided).toEqual([])
  })

  it('threat 24: only quotes and backslashes are escaped', () => {
    const { dialogue, guard } = inside()
    dialogue.client(String.raw`a SELECT "Se\cret"`, 'b SELECT "ok"').toServer('b SELECT ok')
    expect(dialogue.take('client')).toMatch(/^a BAD [^\r]*\r\n$/u)
    expect(guard.decided).toEqual(['SELECT'])
  })

  it('threat 26: nothing is read behind ENABLE before the server has answered it', () => {
    const { dialogue, guard } = inside()
    dialogue.client('a ENABLE UTF8=ACCEPT', 'b SELECT "caf\u00c3\u00a9"').toServer('a ENABLE UTF8=ACCEPT')
    expect(guard.decided).toEqual(['ENABLE'])
    dialogue.server('* ENABLED UTF8=ACCEPT', 'a OK').toClient('* ENABLED UTF8=ACCEPT', 'a OK')
    dialogue.toServer('b SELECT {5}').server('+ go').toServer('caf\u00c3\u00a9')
  })

  it('threat 26: what the server did not name is not on', () => {
    const { dialogue } = inside()
    dialogue.client('a ENABLE UTF8=ACCEPT', 'b SELECT "caf\u00c3\u00a9"').toServer('a ENABLE UTF8=ACCEPT')
    dialogue.server('a OK').toServer()
    expect(dialogue.take('client')).toMatch(/^a OK\r\nb BAD /u)
  })

  it('threat 38: UNAUTHENTICATE stands alone, and what is behind it is decided when it is answered', () => {
    const { dialogue, guard } = inside()
    dialogue.client('a NOOP', 'b UNAUTHENTICATE', 'c SELECT INBOX').toServer('a NOOP')
    dialogue.server('a OK').toServer('b UNAUTHENTICATE')
    expect(guard.decided).toEqual(['NOOP', 'UNAUTHENTICATE'])
    dialogue.server('b OK').toServer('c SELECT INBOX')
    expect(guard.commands.at(-1)?.legs.view.user).toBeUndefined()
  })

  it('threat 39: sets stay as they are written', () => {
    const { dialogue } = inside()
    dialogue.client('a UID FETCH 1:4294967295,* FLAGS').toServer('a UID FETCH 1:4294967295,* FLAGS')
  })

  it('a denied command leaves no octet upstream, and its tag is answered', () => {
    const { dialogue } = inside(makeDenying('DELETE'))
    dialogue.client('a DELETE Secret', 'b DELETE {6+}', 'Secret', 'c NOOP')
    dialogue.toServer('c NOOP').toClient('a NO [NOPERM] not allowed here', 'b NO [NOPERM] not allowed here')
  })

  it.each(['* NOOP', '+ NOOP', 'a+b NOOP', '(a NOOP', '"a" NOOP', 'a%b NOOP'])(
    'without a tag nothing is answered by tag: %s',
    (line) => {
      const { dialogue } = inside()
      dialogue.client(line, 'c NOOP').toServer('c NOOP')
      expect(dialogue.take('client')).toMatch(/^\* BAD [^\r]*\r\n$/u)
    },
  )

  it('a literal behind a line without a tag cannot be told from commands', () => {
    const { dialogue } = inside()
    dialogue.client('* NOOP {17+}', 'b DELETE Secret', '').toServer()
    expect(dialogue.acts).toContain('close')
  })
})

it('what a client pipelines is parked, and goes on in order', () => {
  const { dialogue } = playInside()
  dialogue
    .client('a NOOP', 'b FETCH 1 FLAGS', 'c SELECT Other', 'd NOOP')
    .toServer('a NOOP', 'b FETCH 1 FLAGS')
  dialogue.server('a OK').toServer()
  dialogue.server('b OK').toServer('c SELECT Other')
  dialogue.server('c OK').toServer('d NOOP')
})

it('a tag that is in flight waits for its first answer', () => {
  const { dialogue } = playInside()
  dialogue.client('a NOOP', 'a FETCH 1 FLAGS').toServer('a NOOP')
  dialogue.server('a OK').toServer('a FETCH 1 FLAGS')
})

it('a command that the guard rewrote goes upstream as that', () => {
  const guard = makeGuard({
    decide: (facts) => {
      const verdict = allow(facts)
      return facts.command.name === 'SELECT'
        ? { ...verdict, action: { kind: 'forward', command: { ...facts.command, name: 'EXAMINE' } } }
        : verdict
    },
  })
  const { dialogue } = playInside(guard)
  dialogue.client('a SELECT INBOX').toServer('a EXAMINE INBOX')
  dialogue.server('a OK [READ-ONLY] done').toClient('a OK [READ-ONLY] done')
  expect(dialogue.relay.view.mailbox?.isReadOnly).toBe(true)
})

it('a guard that changes the tag is not obeyed', () => {
  const guard = makeGuard({
    decide: (facts) => ({
      ...allow(facts),
      action: { kind: 'forward', command: { ...facts.command, tag: 'zz' } },
    }),
  })
  const { dialogue } = playGuarded(guard)
  dialogue
    .client('a NOOP')
    .toServer()
    .toClient('a NO [SERVERBUG] imaptap could not put this command to the server safely')
})
