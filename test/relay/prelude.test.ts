import { describe, expect, it } from 'vitest'

import { limits } from '../../src/imap/limits.ts'
import { latin1, octetsOf } from '../../src/imap/octets.ts'
import { Prelude } from '../../src/relay/prelude.ts'

const steps = (texts: readonly string[], startsTls = true): string[] => {
  const prelude = new Prelude('T', startsTls)
  return texts.map((text) => {
    const step = prelude.receive(octetsOf(text))
    if (step.kind === 'send') return `send ${latin1(step.octets)}`
    return step.kind === 'failed' ? `failed: ${step.reason}` : step.kind
  })
}

describe('the prelude', () => {
  it('sends STARTTLS behind the greeting, and secures the leg behind the answer', () => {
    expect(steps(['* OK hi\r\n', 'T OK go\r\n'])).toEqual(['send T STARTTLS\r\n', 'secure'])
  })

  it('takes its lines in any pieces', () => {
    const taken = steps('* OK\r\nT ok\r\n'.split(''))
    expect(taken.filter((step) => step !== 'more')).toEqual(['send T STARTTLS\r\n', 'secure'])
  })

  it('only reads the greeting where TLS stands already', () => {
    expect(steps(['* OK hi\r\n'], false)).toEqual(['ready'])
  })

  it('passes over what is untagged before the answer', () => {
    expect(steps(['* OK hi\r\n', '* CAPABILITY IMAP4rev1\r\n\r\n', 'T OK\r\n']).at(-1)).toBe('secure')
  })

  it.each([
    ['* PREAUTH hi\r\n', 'upstream greets with PREAUTH, where TLS or a login must come first'],
    ['* BYE no\r\n', 'upstream greets with BYE'],
    ['220 ESMTP\r\n', 'upstream speaks SMTP, not IMAP'],
    ['* OKAY\r\n', 'upstream did not greet as an IMAP server does'],
    ['T OK\r\n', 'upstream did not greet as an IMAP server does'],
    ['x'.repeat(limits.preludeOctets + 1), 'upstream sent too much before TLS'],
    ['* OK hi\r\nT OK go\r\n', 'upstream answered STARTTLS before it was sent'],
  ])('fails at the greeting %j', (greeting, reason) => {
    expect(steps([greeting])).toEqual([`failed: ${reason}`])
  })

  it.each([
    ['T NO no\r\n', 'upstream refuses STARTTLS'],
    ['T BAD what\r\n', 'upstream refuses STARTTLS'],
    ['T\r\n', 'upstream refuses STARTTLS'],
    ['t OK go\r\n', 'upstream answered a command that was never sent'],
    ['* BYE no\r\n', 'upstream said BYE before TLS'],
    ['T OK go\r\n* CAPABILITY X\r\n', 'upstream sent octets in the clear behind its STARTTLS answer'],
    ['T OK go\r\nx', 'upstream sent octets in the clear behind its STARTTLS answer'],
  ])('fails at the answer %j', (answer, reason) => {
    expect(steps(['* OK hi\r\n', answer]).at(-1)).toBe(`failed: ${reason}`)
  })
})
