/** Threat 36: a command where a message of SASL is due, and the other way round. */

import { expect, it } from 'vitest'

import { describeThreat } from './support.ts'

const other = Buffer.from('\0ann\0wrong').toString('base64')

describeThreat('threat 36: SASL confusion', {}, (stage) => {
  it.each([
    'b DELETE Pub',
    'b LOGIN ann x',
    '',
    '=',
    '* ',
    ' *',
    '*x',
    `${other} `,
    ` ${other}`,
    `${other}=`,
    'AA=A',
    'A',
    'AB==',
    'AAA\0',
    'b DELETE {3+}',
  ])('%j is no message of PLAIN: upstream hears a star, and the client BAD', async (line) => {
    const session = await stage().greet()
    session.mark()
    await session.peer.send('a AUTHENTICATE PLAIN\r\n').until(/^\+.*\r\n/mu)
    await session.send(`${line}\r\n`)
    const heard = await session.peer.until(/^a .*\r\n/mu)
    expect(heard).toMatch(/^a (?:BAD|NO) /mu)
    await session.settle()
    expect(session.upstream).toBe('a AUTHENTICATE PLAIN\r\n*\r\nzz NOOP\r\n')
  })

  it('what stands behind it in the segment is a command of its own, and asked about', async () => {
    const session = await stage().greet()
    session.mark()
    await session.peer.send('a AUTHENTICATE PLAIN\r\n').until(/^\+.*\r\n/mu)
    await session.send('x\r\nb XFOO\r\n')
    expect(await session.peer.until(/^b .*\r\n/mu)).toMatch(/^b BAD unknown command/mu)
    expect(session.upstream).toBe('a AUTHENTICATE PLAIN\r\n*\r\n')
  })

  it('a message of SASL ahead of its + is not read as a command', async () => {
    const session = await stage().greet()
    session.mark()
    await session.send(`a AUTHENTICATE PLAIN\r\n${other}\r\n`)
    expect(await session.peer.until(/^a .*\r\n/mu)).toMatch(/^a NO /mu)
    expect(session.upstream).toBe(`a AUTHENTICATE PLAIN\r\n${other}\r\n`)
  })

  it('a command behind a refused AUTHENTICATE is not read as SASL', async () => {
    const session = await stage().greet()
    session.mark()
    await session.send('a AUTHENTICATE X-NONE\r\nb XFOO\r\n')
    expect(await session.peer.until(/^b .*\r\n/mu)).toMatch(/^a (?:NO|BAD) [^]*^b BAD unknown command/mu)
    expect(session.upstream).not.toContain('XFOO')
  })

  it.each([
    'AUTHENTICATE PLAIN =A==',
    'AUTHENTICATE PLAIN AB==',
    'AUTHENTICATE PLAIN {4+}\r\nAAAA',
    'AUTHENTICATE "PLAIN" AAAA x',
  ])('%j has no initial response that all would read alike', async (command) => {
    const session = await stage().greet()
    session.mark()
    expect(await session.run(command)).toMatch(/^t\d+ (?:BAD|NO) /mu)
    expect(session.upstream).toBe('')
  })

  it('one longer than any token cuts the session', async () => {
    const session = await stage().greet()
    session.mark()
    await session.peer.send('a AUTHENTICATE PLAIN\r\n').until(/^\+.*\r\n/mu)
    session.peer.send('A'.repeat(200_000))
    await session.cut()
    expect(session.heard).toMatch(/^\* BYE /mu)
    expect(session.upstream).toBe('a AUTHENTICATE PLAIN\r\n')
  })
})
