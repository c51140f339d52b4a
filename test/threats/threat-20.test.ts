/** Threat 20: counts that a server with 32 bits, or with 64, takes for others. */

import { expect, it } from 'vitest'

import { cuts, describeThreat, expectCut } from './support.ts'

describeThreat('threat 20: count overflow', {}, (stage) => {
  it.each([
    '{4294967296}',
    '{4294967301}',
    '{4294967301+}',
    '{18446744073709551616}',
    '{18446744073709551621}',
    '{18446744073709551621+}',
    '{99999999999999999999999999999999}',
    `{${'9'.repeat(300)}+}`,
    '~{4294967301+}',
  ])('%s is refused, and the session cut', async (announcement) => {
    const session = await stage().enter()
    await expectCut(session, `a SELECT ${announcement}\r\nINBOX\r\nb DELETE Secret\r\n`)
    expect(session.heard).toMatch(/^a BAD /mu)
    expect(session.heard).not.toMatch(/^b /mu)
  })

  it.each(['{4294967301+}', '{18446744073709551621+}'])('so is a message of %s', async (announcement) => {
    const session = await stage().enter()
    await expectCut(session, `a APPEND INBOX ${announcement}\r\nINBOX\r\nb DELETE Secret\r\n`)
    expect(session.heard).not.toMatch(/^b /mu)
  })

  const whole = 'a SELECT {4294967301+}\r\nINBOX\r\nb DELETE Secret\r\n'
  it.each(cuts(whole))('so it is cut at %d', async (at) => {
    await expectCut(await stage().enter('ann', ''), whole, at)
  })

  it.each(['{4294967295+}', '{2147483648+}', '{1000000000+}'])(
    '%s can be counted, and is more than any command has',
    async (announcement) => {
      const session = await stage().enter()
      await expectCut(session, `a SELECT ${announcement}\r\nINBOX\r\nb DELETE Secret\r\n`)
      expect(session.heard).toMatch(/^a NO \[TOOBIG\] /mu)
    },
  )
})
