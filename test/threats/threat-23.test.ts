/** Threat 23: a NUL, which ends a name for some readers. */

import { expect, it } from 'vitest'

import { cuts, describeThreat, expectCut, expectRefused } from './support.ts'

describeThreat('threat 23: NUL', {}, (stage) => {
  const quoted = 'a SELECT "Secret\0x"\r\n'
  it.each(cuts(quoted))('in a quoted string is refused, cut at %d', async (at) => {
    await expectCut(await stage().enter('ann', ''), quoted, at)
  })

  it.each([
    'a SELECT Secret\0\r\n',
    'a\0 SELECT INBOX\r\n',
    'a SELECT\0 INBOX\r\n',
    '\0\r\n',
    'a LOGIN ann\0bob x\r\n',
    'a SELECT INBOX\r\0\n',
  ])('%j is refused', async (octets) => {
    await expectCut(await stage().enter(), octets)
  })

  it.each([
    'SELECT {8+}\r\nSecret\0x',
    'STATUS {8+}\r\nSecret\0x (MESSAGES)',
    'CREATE {8+}\r\nNew\0name',
    'DELETE {7+}\r\nSecret\0',
    'RENAME Pub {8+}\r\nNew\0name',
    'COPY 1 {7+}\r\nSecret\0',
    'SEARCH SUBJECT {3+}\r\na\0b',
    'APPEND {7+}\r\nSecret\0 {3+}\r\na\r\n',
    'APPEND INBOX {3+}\r\na\0b',
    'APPEND INBOX (\\Seen) {3+}\r\na\0b',
    'APPEND INBOX CATENATE (TEXT {3+}\r\na\0b)',
    'SETMETADATA INBOX (/private/comment {3+}\r\na\0b)',
    'LIST "" {2+}\r\n*\0',
    'ID ("name" {3+}\r\na\0b)',
  ])('%j is refused', async (command) => {
    const session = await stage().enter()
    await expectRefused(session, `a ${command}\r\n`)
    expect(session.heard).not.toContain('\0')
  })

  it('is refused in the middle of a message that streams, and nothing of that is kept', async () => {
    const size = 200_000
    const session = await stage().enter()
    const body = `Subject: nul\r\n\r\n${'x'.repeat(size)}`.slice(0, size - 1)
    await session.send(`a APPEND Pub {${size}+}\r\n${body}\0\r\n`)
    await session.cut()
    expect(session.heard).not.toMatch(/^a OK /mu)
    expect(session.upstream).not.toContain('\0')
    const { data } = await stage().ann.run('STATUS Pub (MESSAGES)')
    expect(data).toContain('(MESSAGES 0)')
  })

  it('passes in a literal8', async () => {
    const session = await stage().enter()
    await session.send('a APPEND INBOX ~{5+}\r\na\r\n\0b\r\n')
    await session.settle()
    expect(session.upstream).toBe('a APPEND INBOX ~{5}\r\na\r\n\0b\r\nzz NOOP\r\n')
  })

  it('is refused in a name of LOGIN', async () => {
    await expectRefused(await stage().greet(), 'a LOGIN {7+}\r\nann\0bob x\r\n')
  })
})
