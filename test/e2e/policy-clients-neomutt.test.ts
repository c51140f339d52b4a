/** neomutt under every profile: it opens INBOX, reads a message, flags it, and says what it could not do. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { profileNames } from '../../src/config/policy-file.ts'
import { startDovecot, type Dovecot } from '../support/dovecot.ts'
import { requireTool } from '../support/tools.ts'
import { furnish, loginDirectly, openGateway, readTruth, type Gateway } from './support/gateway.ts'
import { neomuttTools, runNeomutt } from './support/neomutt-errand.ts'

const tools = [
  requireTool('dovecot', { package: 'dovecot-imapd' }),
  requireTool('openssl', { package: 'openssl' }),
  ...neomuttTools.map((tool) => requireTool(tool.program, tool)),
]
const keys = '<first-entry><display-message><exit><flag-message><sync-mailbox>'

const byPolicy = 'NO [NOPERM] not permitted by the policy'
const byNobody = 'NO [NOPERM] nobody has agreed to this'

const troubles: Readonly<Record<string, readonly string[]>> = {
  'read-only': ['Mailbox is read-only'],
  'legacy-device': ['Mailbox is read-only'],
  'no-attachments-above': [],
  // It expunges whenever it writes flags, and closes whatever it opened to write; the flags are written all the same.
  organise: [
    `IMAP command failed: a0009 ${byPolicy}`,
    `imap_sync_mailbox: EXPUNGE failed [a0009 ${byPolicy}]`,
    'IMAP command failed: a0011 NO [NOPERM] CLOSE would expunge; UNSELECT does not',
  ],
  // Flagged, seen, and CLOSE.
  agent: [
    `IMAP command failed: a0007 ${byNobody}`,
    `IMAP command failed: a0008 ${byNobody}`,
    'Error saving flags',
    `IMAP command failed: a0010 ${byNobody}`,
  ],
  'append-only': [`IMAP command failed: a0005 ${byPolicy}`, 'Error opening mailbox', 'No entries'],
}
/** What it did to the first message; it reads with PEEK, and tells of \Seen when it writes flags. */
const marked = [String.raw`INBOX 1 (\Flagged \Seen)`]
const markedUnder: Readonly<Record<string, readonly string[]>> = {
  'no-attachments-above': marked,
  organise: marked,
}

describe.skipIf(tools.includes(undefined))('neomutt with Dovecot behind', () => {
  let dovecot: Dovecot
  const users = ['direct', ...profileNames()]
  beforeAll(async () => {
    dovecot = await startDovecot({ tls: 'none', users })
    for (const user of users) await furnish(dovecot, user)
  })
  afterAll(() => dovecot?.stop())

  it('has no trouble where nothing is in between', async () => {
    const { code, told } = await runNeomutt(loginDirectly(dovecot, 'direct'), keys)
    expect({ code, troubles: told.filter(isTrouble) }).toEqual({ code: 0, troubles: [] })
    expect(told).toContain('Fetching message...')
  })

  describe.each(profileNames())('under %s', (profile) => {
    let gateway: Gateway
    beforeAll(async () => {
      gateway = await openGateway(dovecot, profile)
      gateway.answerApprovals('deny')
    })
    afterAll(() => gateway?.close())

    it('says what it could not do, and leaves in order', async () => {
      const before = await readTruth(dovecot, profile)

      const { code, told } = await runNeomutt(gateway.login(profile), keys)

      expect({ code, troubles: told.filter(isTrouble) }).toEqual({ code: 0, troubles: troubles[profile] })
      const after = await readTruth(dovecot, profile)
      const changed = after.filter((line) => !before.includes(line)).map((line) => line.replace(/ \w+$/u, ''))
      expect(changed).toEqual(markedUnder[profile] ?? [])
      expect(after).toHaveLength(before.length)
    })
  })
})

const isTrouble = (line: string): boolean =>
  /\bNO\b|\bBAD\b|read-only$|failed|error|fatal|closed/iu.test(line) && !line.startsWith('Reading ')
