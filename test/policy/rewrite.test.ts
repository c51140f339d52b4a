import { describe, expect, it } from 'vitest'

import { Message } from '../../src/imap/message.ts'
import { writeResponse, type Response } from '../../src/imap/responses/index.ts'
import { capabilitiesOf } from '../../src/imap/announced-capabilities.ts'
import { withCapabilities } from '../../src/policy/rewrite.ts'
import { server, textOf } from '../imap/support/wire.ts'

function read(line: string): Response {
  const response = new Message(server(line), 'response').response()
  if (!response.ok) throw new Error(`unreadable: ${line}`)
  return response.value
}

describe('capabilities', () => {
  it.each([
    ['* CAPABILITY A B', '* CAPABILITY X Y'],
    ['* OK [CAPABILITY A B] hello there', '* OK [CAPABILITY X Y] hello there'],
    ['* PREAUTH [CAPABILITY A B] hi', '* PREAUTH [CAPABILITY X Y] hi'],
    ['a1 OK [CAPABILITY A B] in', 'a1 OK [CAPABILITY X Y] in'],
    ['a1 NO [CAPABILITY A B] no', 'a1 NO [CAPABILITY X Y] no'],
  ])('of %j change, and nothing else does', (line, changed) => {
    const response = read(line)
    expect(capabilitiesOf(response)).toEqual(['A', 'B'])
    expect(textOf(writeResponse(withCapabilities(response, ['X', 'Y'])))).toBe(`${changed}\r\n`)
    expect(textOf(writeResponse(response))).toBe(`${line}\r\n`)
  })

  it.each([
    '* 3 EXISTS',
    '* OK hi',
    '* OK [ALERT] CAPABILITY',
    'a OK done',
    '+ CAPABILITY',
    '* NO [CAPABILITY A] x',
  ])('are not in %j', (line) => {
    expect(capabilitiesOf(read(line))).toBeUndefined()
  })

  it.each(['* 3 EXISTS', '+ go'])('cannot be put into %j', (line) => {
    const response = read(line)
    expect(withCapabilities(response, ['X'])).toBe(response)
  })
})
