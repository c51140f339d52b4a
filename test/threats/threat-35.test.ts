/** Threat 35: the end of IDLE, which a server may see in any line, and a gateway in DONE alone. */

import { describe, expect, it } from 'vitest'

import { sayThen, useLegs } from './legs.ts'
import { describeThreat, hiding, type Stage, type Session } from './support.ts'

const policy = `${hiding}  rules:
    - name: no-delete
      when: '"delete" in actions'
      deny: nothing is deleted here
`

/** What the gateway asks for itself. */
const questions = /^T\w+ (?:LIST "" ""|NAMESPACE)\r\n/gmu

async function idle(stage: Stage): Promise<Session> {
  const session = await stage.enter()
  await session.peer.send('i IDLE\r\n').until(/^\+ .*\r\n/mu)
  return session
}

describeThreat('threat 35: the boundary of IDLE', { policy }, (stage) => {
  it.each([
    ['DONE \r\nb DELETE Secret\r\n', 'BAD'],
    ['DONE\t\r\nb DELETE Pub\r\n', 'BAD'],
    ['\r\nb DELETE Pub\r\n', 'BAD'],
    ['b DELETE Pub\r\nb DELETE Pub\r\n', 'BAD'],
    ['DONE {13+}\r\nb DELETE Pub\r\n', 'BAD'],
    ['x DONE\r\nb DELETE Pub\r\n', 'BAD'],
    ['DONE\0\r\nb DELETE Pub\r\n', 'BAD'],
    ['done\r\nb DELETE Pub\r\n', 'OK'],
    ['DONE\r\nb DELETE Pub\r\n', 'OK'],
  ])('%j ends it once on both legs, and what is behind it is a command', async (text, status) => {
    const session = await idle(stage())
    await session.send(text)
    const heard = await session.peer.until(/^b .*\r\n/mu)
    expect(heard).toMatch(new RegExp(`^i ${status} `, 'mu'))
    expect(heard).toMatch(/^b NO /mu)
    expect(session.upstream).toBe('i IDLE\r\nDONE\r\n')
  })

  it('a line end of LF alone, which some servers take, ends nothing but the session', async () => {
    const session = await idle(stage())
    await session.send('DONE\nb DELETE Pub\r\nc DELETE Pub\r\n')
    const heard = await session.peer.until(/^c .*\r\n/mu).catch(() => session.heard)
    expect(heard).not.toMatch(/^[bc] OK/mu)
    expect(session.upstream).toBe('i IDLE\r\nDONE\r\n')
  })

  it.each([1, 3, 4, 5, 6])('the same cut at %i', async (at) => {
    const session = await idle(stage())
    await session.send('DONE \r\nb DELETE Pub\r\n', at)
    expect(await session.peer.until(/^b .*\r\n/mu)).toMatch(/^b NO /mu)
    expect(session.upstream).toBe('i IDLE\r\nDONE\r\n')
  })

  it('what comes with IDLE, before the server idles, is read as what it is', async () => {
    const session = await stage().enter()
    await session.send('i IDLE\r\nDONE\r\nb DELETE Pub\r\n')
    expect(await session.peer.until(/^b .*\r\n/mu)).toMatch(/^i OK [^]*^b NO /mu)
    expect(session.upstream).toBe('i IDLE\r\nDONE\r\n')
  })
})

describe('threat 35: a server that ends IDLE by itself', () => {
  const legs = useLegs({ policy })

  it.each(['DONE\r\n', 'b DELETE Pub\r\n', 'DONE\r\nb DELETE Pub\r\n'])(
    '%j behind that is no end of it, and goes nowhere',
    async (text) => {
      legs().serve(
        sayThen('* OK hi\r\n', (tag, line) =>
          line.includes('IDLE') ? `+ idling\r\n${tag} OK enough\r\n` : `${tag} OK done\r\n`,
        ),
      )
      const peer = await legs().greet()
      await peer.run('a LOGIN ann hush')
      await peer.send('i IDLE\r\n').until(/^i OK .*\r\n/mu)
      peer.send(text)
      const heard = await peer.run('c NOOP')
      expect(heard).not.toMatch(/^b OK/mu)
      expect(legs().received.replace(questions, '')).toBe('a LOGIN ann hush\r\ni IDLE\r\nc NOOP\r\n')
    },
  )
})
