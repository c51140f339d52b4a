/** Threat 19: announcements of a literal that servers count in different ways. */

import { expect, it } from 'vitest'

import { cuts, describeThreat, expectCut } from './support.ts'

describeThreat('threat 19: count forms', {}, (stage) => {
  const odd = [
    '{}',
    '{+5}',
    '{5 }',
    '{-1}',
    '{5++}',
    '{ 5}',
    '{5} ',
    '{5}\t',
    '{0x5}',
    '{5-}',
    '{1e1}',
    '{5.0}',
    '{+}',
    '{,}',
    '~{}',
    '~{5 }',
  ]
  it.each(odd)('%s is refused, and the session cut', async (announcement) => {
    const session = await stage().enter()
    await expectCut(session, `a SELECT ${announcement}\r\nINBOX\r\nb DELETE Secret\r\n`)
    expect(session.heard).toMatch(/^a BAD /mu)
    expect(session.heard).not.toMatch(/^b /mu)
  })

  const cut = 'a SELECT {5 }\r\nINBOX\r\nb DELETE Secret\r\n'
  it.each(cuts(cut))('so it is cut at %d', async (at) => {
    await expectCut(await stage().enter('ann', ''), cut, at)
  })

  it.each(['{5}\n', '{5+}\n', '{5}\r', '{5}\r\r\n'])(
    'so is a line end that is none: %j',
    async (announcement) => {
      const session = await stage().enter()
      await expectCut(session, `a SELECT ${announcement}INBOX\r\nb DELETE Secret\r\n`)
      expect(session.heard).not.toMatch(/^b /mu)
    },
  )

  it.each(['{}', '{5 }', '{-1}'])('%s is refused before a login', async (announcement) => {
    const session = await stage().greet()
    await expectCut(session, `a LOGIN ${announcement}\r\nann x\r\n`)
  })

  it.each(['{018}', '{0000000018+}'])('%s is of the grammar, and goes on as {18}', async (announcement) => {
    const session = await stage().enter()
    await session.send(`a APPEND INBOX ${announcement}\r\n`)
    if (!announcement.includes('+')) await session.peer.until(/^\+ .*\r\n/mu)
    await session.send('Subject: zeros\r\n\r\n\r\n')
    await session.peer.until(/^a OK .*\r\n/mu)
    expect(session.upstream).toBe('a APPEND INBOX {18}\r\nSubject: zeros\r\n\r\n\r\n')
  })
})
