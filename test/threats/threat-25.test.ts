/** Threat 25: names in a modified UTF-7 that some decoders take for other names. */

import { describe, expect, it } from 'vitest'

import { describeThreat, expectRefused } from './support.ts'

/** Each stands for a name that has another, proper spelling, or for none. */
const odd = [
  'S&AGU-cret',
  '&AFM-ecret',
  'Secret&-&-'.replace('&-&-', '&AAA-'),
  '&AAA-',
  '&U,BTFw-&ZeVnLIqe-',
  '&Jjo',
  '&Jjo!',
  '&',
  'Secret&',
  'Secre&AHQ-',
  'S&AOl-cret',
  'S&AOk=-cret',
  'S&2AE-cret',
  '&2D3eAA',
]

describeThreat('threat 25: non-canonical modified UTF-7', {}, (stage) => {
  describe.each(odd)('%s is refused in', (name) => {
    it.each([
      `SELECT "${name}"`,
      `EXAMINE {${name.length}+}\r\n${name}`,
      `STATUS "${name}" (MESSAGES)`,
      `CREATE "${name}"`,
      `DELETE "${name}"`,
      `RENAME "${name}" New`,
      `RENAME Pub "${name}"`,
      `SUBSCRIBE "${name}"`,
      `COPY 1 "${name}"`,
      `APPEND "${name}" {14+}\r\nSubject: x\r\n\r\n`,
    ])('%j', async (command) => {
      const session = await stage().enter()
      await expectRefused(session, `a ${command}\r\n`)
    })
  })

  it('what is canonical goes on as it is', async () => {
    const session = await stage().enter()
    await session.send('a STATUS "&ZeVnLIqe- &- x" (MESSAGES)\r\n')
    await session.settle()
    expect(session.upstream).toBe('a STATUS "&ZeVnLIqe- &- x" (MESSAGES)\r\nzz NOOP\r\n')
  })
})
