/** Threat 10: a completion that comes before its command, so that TLS seems agreed on. */

import { describe, expect, it } from 'vitest'

import { sayThen, useLegs } from './legs.ts'

describe('threat 10: an early tagged OK', () => {
  const legs = useLegs({ protocol: 'imap+starttls' })

  it.each(['T1 OK go\r\n', 'A1 OK go\r\n', 'a OK go\r\n', '. OK go\r\n', '* OK go\r\nT OK go\r\n'])(
    '%j before our command cuts the session',
    async (early) => {
      legs().serve(sayThen(`* OK hi\r\n${early}`, () => ''))
      const peer = await legs().open()
      expect(await peer.send('a LOGIN ann hush\r\n').end()).toMatch(/^\* BYE \[UNAVAILABLE\] /u)
      expect(legs().received).toMatch(/^(?:T[0-9a-f]{18} STARTTLS\r\n)?$/u)
    },
  )

  it('our tags cannot be foretold', async () => {
    legs().serve(sayThen('* OK hi\r\n', (tag) => `${tag} NO no\r\n`))
    for (let round = 0; round < 8; round++) {
      const peer = await legs().open()
      await peer.end()
    }
    const tags = legs().raw.map((line) => line.split(' ')[0] ?? '')
    expect(new Set(tags).size).toBe(8)
    // 72 bits of hex: the same prefix for all, and nothing that counts up.
    expect(tags.every((tag) => /^T[0-9a-f]{18}$/u.test(tag))).toBe(true)
  })
})
