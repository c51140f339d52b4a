/** Threat 37: the octet from which on a stream is compressed. */

import { deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'

import { describeThreat } from './support.ts'
import { sayThen, useLegs } from './legs.ts'

describeThreat('threat 37: COMPRESS switch', {}, (stage, kind) => {
  const compress = 'c COMPRESS DEFLATE\r\n'

  it.each([
    ['a command', 'b NOOP\r\n'],
    ['half a command', 'b'],
    ['a line end', '\r\n'],
    ['octets as of DEFLATE', deflateRawSync('b NOOP\r\n').toString('latin1')],
  ])('%s in the same segment cuts both legs, and upstream gets neither', async (_what, behind) => {
    const session = await stage().enter()
    session.peer.send(`${compress}${behind}`)
    await session.cut()
    expect(session.heard).not.toMatch(/^[bc] OK/mu)
    expect(session.upstream).toBe('')
  })

  it('octets that come before the answer cut both legs as well', async () => {
    const session = await stage().enter()
    await session.send(`${compress}b NOOP\r\n`, compress.length)
    await session.cut()
    expect(session.heard).not.toMatch(/^b /mu)
    expect(session.upstream.replace(compress, '')).not.toContain('NOOP')
  })

  it('plaintext behind the answer is no command', async () => {
    const session = await stage().enter()
    await session.peer.send(compress).until(/^c OK .*\r\n/mu)
    await session.send('b DELETE Pub\r\nd DELETE Pub\r\n')
    await session.cut()
    // Upstream's leg is DEFLATE by now, and an empty stream but for its ends.
    expect(session.upstream.slice(compress.length).length).toBeLessThan(8)
  })

  it('arguments that nobody reads alike begin nothing', async () => {
    const session = await stage().enter()
    for (const argument of ['', ' LZ4', ' DEFLATE X', ' "DEFLATE"', ' {7+}\r\nDEFLATE'])
      expect(await session.run(`COMPRESS${argument}`), kind).toMatch(/^t\d+ (?:BAD|NO) /mu)
    expect(session.upstream).toBe('')
  })
})

describe.each(['client', 'both'] as const)(
  'threat 37: where imaptap compresses by itself (%s)',
  (compress) => {
    const legs = useLegs({ compress })

    it('plaintext in the same segment cuts the session', async () => {
      legs().serve(sayThen('* OK hi\r\n', (tag) => `${tag} OK done\r\n`))
      const peer = await legs().greet()
      await peer.run('a LOGIN ann hush')
      const heard = await peer.send('c COMPRESS DEFLATE\r\nb DELETE Pub\r\n').end()
      expect(heard).not.toMatch(/^[bc] OK/mu)
      expect(legs().received).toBe('a LOGIN ann hush\r\n')
    })
  },
)

describe('threat 37: a server that has more to say in the clear', () => {
  const legs = useLegs()

  it.each(['* 1 EXISTS\r\n', 'xxxxxxxx\r\n', '* OK [ALERT] spoofed\r\n'])(
    '%j behind its OK is taken for DEFLATE, and cuts the session',
    async (surplus) => {
      legs().serve(
        sayThen(
          '* OK hi\r\n',
          (tag, line) => `${tag} OK done\r\n${line.includes('COMPRESS') ? surplus : ''}`,
        ),
      )
      const peer = await legs().greet()
      await peer.run('a LOGIN ann hush')
      const heard = await peer.send('c COMPRESS DEFLATE\r\n').end()
      expect(heard).not.toMatch(/EXISTS|spoofed/u)
    },
  )
})
