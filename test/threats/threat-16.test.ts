/** Threat 16: a literal that waits for nobody, before a server that may not have that extension. */

import { describe, expect, it } from 'vitest'

import { cuts, describeThreat, token } from './support.ts'

describeThreat('threat 16: a non-synchronizing literal, upstream without it', {}, (stage) => {
  const select = 'a SELECT {5+}\r\nINBOX\r\n'

  it.each(cuts(select))('is never announced so to the server, cut at %d', async (at) => {
    const session = await stage().enter('ann', '')
    await session.send(select, at)
    expect(await session.peer.until(/^a .*\r\n/mu)).toMatch(/^a OK /mu)
    expect(session.upstream).toBe('a SELECT INBOX\r\n')
  })

  it('waits for the server’s + where a literal stays one', async () => {
    const session = await stage().enter()
    const text = 'S\u00fcbject: x\r\n\r\n'
    await session.send(`a APPEND INBOX {${text.length}+}\r\n${text}\r\n`)
    expect(await session.peer.until(/^a .*\r\n/mu)).toMatch(/^a OK /mu)
    expect(session.upstream).toBe(`a APPEND INBOX {${text.length}}\r\n${text}\r\n`)
    expect(session.heard).not.toContain('\r\n+')
  })

  describe('what the literal names is decided as if it stood in the line', () => {
    it.each(['SELECT {6+}\r\nSecret', 'EXAMINE {6+}\r\nsecret', 'STATUS {6+}\r\nSecret (MESSAGES)'])(
      '%j',
      async (command) => {
        const session = await stage().enter()
        await session.send(`a ${command}\r\n`)
        expect(await session.peer.until(/^a .*\r\n/mu)).toMatch(/^a NO /mu)
        expect(session.upstream).not.toMatch(/secret|\+\}/iu)
        expect(session.heard).not.toContain(token)
      },
    )
  })
})
