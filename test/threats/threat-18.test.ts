/** Threat 18: a command that the server refuses while its literal is still on the way. */

import { expect, it } from 'vitest'

import { cuts, describeThreat, type Session } from './support.ts'

describeThreat('threat 18: literal desync on an error path', {}, (stage) => {
  const smuggled = 'a REPLACE 999999 INBOX {17+}\r\nb DELETE Secret\r\n\r\n'

  it.each(cuts(smuggled))('the literal of a REPLACE is never a command, cut at %d', async (at) => {
    const session = await stage().enter()
    await session.send(smuggled, at)
    await session.settle()
    expectNoCommand(session, 'a REPLACE 999999 INBOX {17}')
  })

  it.each(['APPEND Nowhere', 'APPEND Nowhere (\\Seen)', 'REPLACE 999999 Nowhere', 'APPEND Secret'])(
    'nor that of %s, which may be refused before it comes',
    async (command) => {
      const session = await stage().enter()
      await session.send(`a ${command} {17+}\r\nb DELETE Secret\r\n\r\n`)
      await session.settle()
      expect(session.heard).toMatch(/^a (?:NO|BAD) /mu)
      expect(session.heard).not.toMatch(/^b /mu)
      expect(withoutLiterals(session.upstream)).not.toMatch(/^b |Secret/mu)
    },
  )

  it.each([100_000, 300_000])('nor that of a message of %d octets that streams', async (size) => {
    const session = await stage().enter()
    const body = 'b DELETE Secret\r\n'.repeat(size / 17 + 1).slice(0, size)
    await session.send(`a APPEND Nowhere {${size}+}\r\n${body}\r\n`)
    await session.settle()
    expect(session.heard).toMatch(/^a NO /mu)
    expect(session.heard).not.toMatch(/^b /mu)
    expect(withoutLiterals(session.upstream)).toBe(`a APPEND Nowhere {${size}}\r\nzz NOOP\r\n`)
  })

  /** The server asked for the literal and got it, or got nothing but the head. */
  function expectNoCommand(session: Session, head: string): void {
    expect(session.heard).toMatch(/^a (?:NO|BAD) .*\r\nzz OK /mu)
    expect(session.heard).not.toMatch(/^b /mu)
    expect([`${head}\r\nzz NOOP\r\n`, `${head}\r\nb DELETE Secret\r\n\r\nzz NOOP\r\n`]).toContain(
      session.upstream,
    )
  }
})

/** Whoever reads the wire as the grammar says takes these for lines. */
function withoutLiterals(octets: string): string {
  const found = /\{(\d+)\}\r\n/u.exec(octets)
  if (!found) return octets
  const start = found.index + found[0].length
  const size = Number(found[1])
  const isThere = octets.slice(start).startsWith('b DELETE Secret')
  const rest = octets.slice(isThere ? start + size : start)
  return octets.slice(0, start) + withoutLiterals(isThere ? rest.replace(/^\r\n/u, '') : rest)
}
