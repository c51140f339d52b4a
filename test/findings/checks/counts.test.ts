/** Of more commands in progress than are followed nobody is blamed; what belongs to which is not known any more. */

import { expect, it } from 'vitest'

import { WORK_KEPT } from '../../../src/findings/model/session-model.ts'
import { playFindings } from '../support/play-trace.ts'

const selected = `
S: * OK [CAPABILITY IMAP4rev1] ready
C: a LOGIN ann pw
S: a OK [CAPABILITY IMAP4rev1 IDLE] welcome
C: b SELECT INBOX
S: * FLAGS (\\Seen \\Deleted)
S: * OK [PERMANENTFLAGS (\\Seen \\Deleted)] kept
S: * 3 EXISTS
S: * 0 RECENT
S: * OK [UIDVALIDITY 7] valid
S: * OK [UIDNEXT 12] next
S: b OK [READ-WRITE] done
`

/** So many NOOPs at once, of which all but one are answered before the EXPUNGE. */
function play(commands: number): readonly string[] {
  const numbers = Array.from({ length: commands }, (_, at) => at)
  const asked = numbers.map((number) => `C: n${number} NOOP`)
  const answered = numbers.slice(1).map((number) => `S: n${number - 1} OK done`)
  const { found } = playFindings([selected, ...asked, ...answered, 'S: * 2 EXPUNGE', ''].join('\n'))
  return found.filter(({ finding }) => finding.level === 'error').map(({ finding }) => finding.text)
}

it('a server that answers the last of many commands is not blamed', () => {
  expect(play(WORK_KEPT)).toEqual([])
  expect(play(WORK_KEPT + 1)).toEqual([])
})
