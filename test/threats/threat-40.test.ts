/** Threat 40: continuation requests and completions that nobody waits for, so that the two ends count differently. */

import { describe, expect, it } from 'vitest'

import { sayThen, useLegs } from './legs.ts'

describe('threat 40: stray + and unknown tag', () => {
  const legs = useLegs({
    policy: `
  default: allow
  rules:
    - name: no-delete
      when: '"delete" in actions'
      deny: nothing is deleted here
`,
  })

  /** What the client hears when the server says this behind the answer to NOOP, until the end. */
  async function hearCut(stray: string): Promise<string> {
    legs().serve(
      sayThen('* OK hi\r\n', (tag, line) =>
        line.includes('NOOP') ? `${tag} OK done\r\n${stray}` : `${tag} OK done\r\n`,
      ),
    )
    const peer = await legs().greet()
    await peer.run('a LOGIN ann hush')
    return peer.send('b NOOP\r\n').end()
  }

  it.each([
    '+ x\r\n',
    '+\r\n',
    '+ \r\n',
    'zz OK done\r\n',
    'b OK again\r\n',
    'a OK again\r\n',
    'zz NO no\r\n',
    'zz BAD no\r\n',
    '* PREAUTH hi\r\n',
    'hello\r\n',
    '\r\n',
    '*\r\n',
    '* \r\n',
    '250 OK\r\n',
    '+OK done\r\n',
  ])('%j cuts the session, and the client hears none of it', async (stray) => {
    const heard = await hearCut(stray)
    expect(heard.replace(/^b OK done\r\n/u, '')).toMatch(/^\* BYE \[UNAVAILABLE\] imaptap: [^\r\n]*\r\n$/u)
    await expect.poll(() => legs().raw.at(-1)).toBe('a LOGIN ann hush\r\nb NOOP\r\n')
  })

  it('a + ahead of a literal makes no room for octets that were not approved', async () => {
    legs().serve(
      sayThen('* OK hi\r\n', (tag, line) =>
        line.includes('NOOP') ? `+ go\r\n${tag} OK done\r\n` : `${tag} OK done\r\n`,
      ),
    )
    const peer = await legs().greet()
    await peer.run('a LOGIN ann hush')
    const heard = await peer.send('b NOOP\r\nc APPEND x {12}\r\nd DELETE Pub\r\n').end()
    expect(heard).not.toMatch(/^d OK/mu)
    expect(legs().received).not.toContain('DELETE')
  })

  it('a completion ahead of its command is nobody’s', async () => {
    legs().serve(
      sayThen('* OK hi\r\n', (tag, line) =>
        line.includes('SELECT') ? `c OK done\r\n` : `${tag} OK done\r\n`,
      ),
    )
    const peer = await legs().greet()
    await peer.run('a LOGIN ann hush')
    const heard = await peer.send('b SELECT INBOX\r\nc DELETE Pub\r\n').end()
    expect(heard).not.toMatch(/^c OK/mu)
    expect(legs().received).not.toContain('DELETE')
  })

  it('a + for a command that has no literal is stray, and one for IDLE is not', async () => {
    legs().serve(
      sayThen('* OK hi\r\n', (tag, line) =>
        line.includes('IDLE') ? '+ idling\r\n' : `${tag === 'DONE' ? 'i' : tag} OK done\r\n`,
      ),
    )
    const peer = await legs().greet()
    await peer.run('a LOGIN ann hush')
    await peer.send('i IDLE\r\n').until(/^\+ .*\r\n/mu)
    expect(await peer.send('DONE\r\n').until(/^i .*\r\n/mu)).toMatch(/^i OK /mu)
    expect(legs().received).toBe('a LOGIN ann hush\r\ni IDLE\r\nDONE\r\n')
  })
})
