/** Threat 8: a server that says that nobody needs to log in, before TLS could stand. */

import { describe, expect, it } from 'vitest'

import { sayThen, useLegs } from './legs.ts'

describe('threat 8: PREAUTH on a cleartext leg that needs STARTTLS', () => {
  const legs = useLegs({ protocol: 'imap+starttls' })

  it.each([
    '* PREAUTH hi\r\n',
    '* preauth [CAPABILITY IMAP4rev1] hi\r\n',
    '* PREAUTH\r\n',
    '* BYE hi\r\n',
    '+ OK hi\r\n',
    '* NO hi\r\n',
    'T OK hi\r\n',
    '* OKAY\r\n',
    '*  OK hi\r\n',
    '* OK\0 hi\r\n',
  ])('%j is cut, and is told nothing', async (greeting) => {
    legs().serve(sayThen(greeting, (tag) => `${tag} OK done\r\n`))
    const peer = await legs().open()
    const heard = await peer.send('a CREATE x\r\n').end()
    expect(heard).toMatch(/^\* BYE \[UNAVAILABLE\] /u)
    expect(heard).not.toContain('PREAUTH hi')
    expect(legs().received).toBe('')
  })
})
