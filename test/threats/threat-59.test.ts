/** Threat 59: lengths in responses that two readers would take for two different things. */

import { describe, expect, it } from 'vitest'

import { sayThen, useLegs } from './legs.ts'

/** Behind the announcement of a literal a BYE would be content: then there is none. */
const cut = /^(?:\* BYE [^\r\n]*\r\n)?$/u

describe.each([
  ['nothing hidden', '  default: allow\n'],
  ['mailboxes hidden', '  default: allow\n  mailboxes:\n    - match: Secret\n      hidden: true\n'],
])('threat 59: hostile response lengths, with %s', (_what, policy) => {
  const legs = useLegs({ policy })
  const spoof = '* LIST () "/" SPOOFED\r\nb OK SPOOFED\r\n'

  async function hear(response: string): Promise<string> {
    legs().serve(
      sayThen('* OK hi\r\n', (tag, line) =>
        line.startsWith('b ') ? `${response}${spoof}` : `${tag} OK done\r\n`,
      ),
    )
    const peer = await legs().greet()
    await peer.run('a LOGIN ann hush')
    return peer.send('b FETCH 1 BODY[]\r\n').end()
  }

  it.each([
    '{-1}',
    '{+1}',
    '{5+}',
    '{ 5}',
    '{5 }',
    '{}',
    '{0x5}',
    '{4294967296}',
    '{9223372036854775808}',
    '{18446744073709551621}',
    '{99999999999999999999999999}',
    '~{5+}',
    '~{-1}',
    '{5} ',
    '{5}\t',
    '{５}',
  ])('BODY[] %s cuts the session, and what is behind it is not heard', async (announced) => {
    const heard = await hear(`* 1 FETCH (BODY[] ${Buffer.from(announced).toString('latin1')}\r\n`)
    expect(heard).not.toMatch(/SPOOFED|FETCH/u)
    expect(heard).toMatch(cut)
    expect(legs().received).toMatch(/b FETCH 1 BODY\[\]\r\n$/u)
  })

  it.each([
    '* 1 FETCH (BODY[] {5}\nhello)\r\n',
    '* 1 FETCH (BODY[] {5}\rhello)\r\n',
    '* 1 FETCH (BODY[] {5}\0\r\nhello)\r\n',
    '* LIST () "/" {6}\nSecret\r\n',
    '* LIST () "/" {-6}\r\nSecret\r\n',
    '* STATUS {6+}\r\nSecret (MESSAGES 1)\r\n',
  ])('%j cuts it as well', async (response) => {
    const heard = await hear(response)
    expect(heard).not.toMatch(/SPOOFED|FETCH|Secret/u)
    expect(heard).toMatch(cut)
  })

  it('what is sound goes on, octet for octet', async () => {
    const fetched = '* 1 FETCH (BODY[] {7}\r\na\r\nb OK)\r\n'
    legs().serve(
      sayThen('* OK hi\r\n', (tag, line) => `${line.startsWith('b ') ? fetched : ''}${tag} OK done\r\n`),
    )
    const peer = await legs().greet()
    await peer.run('a LOGIN ann hush')
    expect(await peer.send('b FETCH 1 BODY[]\r\n').until(/b OK done\r\n/u)).toBe(`${fetched}b OK done\r\n`)
  })
})
