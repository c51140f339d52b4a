/** mbsync under every profile: what it pulls is octet for octet what it pulls directly, and what it says when it may not push. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { profileNames } from '../../src/config/policy-file.ts'
import { startDovecot, type Dovecot } from '../support/dovecot.ts'
import { requireTool } from '../support/tools.ts'
import { furnish, loginDirectly, openGateway, readTruth, type Gateway } from './support/gateway.ts'
import { mbsyncTool, openSync, type SyncRun } from './support/mbsync-errand.ts'

const tools = [
  requireTool('dovecot', { package: 'dovecot-imapd' }),
  requireTool('openssl', { package: 'openssl' }),
  requireTool(mbsyncTool.program, mbsyncTool),
]
const profiles = profileNames()

const failed = (command: string, answer: string): string =>
  `IMAP command '${command}' returned an error: NO ${answer}`
const flagging = String.raw`UID STORE 1 +FLAGS.SILENT (\Flagged)`
const deleting = String.raw`UID STORE 2 +FLAGS.SILENT (\Deleted)`
const appending = 'APPEND "INBOX" "now" '
const keptHere = 'Warning: far side refuses to store message 7 from near side.'
const byPolicy = '[NOPERM] not permitted by the policy'
const byNobody = '[NOPERM] nobody has agreed to this'

/** Of a sync in both directions, after a flag, a deletion and a new message on its own side. */
const saidOfPush: Readonly<Record<string, readonly string[]>> = {
  'read-only': [
    failed(flagging, byPolicy),
    failed(deleting, byPolicy),
    failed(appending, byPolicy),
    keptHere,
  ],
  organise: [
    failed(deleting, String.raw`[NOPERM] messages are not destroyed here: \Deleted is not set`),
    failed(appending, '[NOPERM] only drafts are added here'),
    keptHere,
  ],
  'no-attachments-above': [],
  'legacy-device': [
    failed(flagging, '[NOPERM] not permitted here: flag'),
    failed(deleting, '[NOPERM] not permitted here: flag, delete'),
    failed(appending, '[NOPERM] not permitted here: insert'),
    keptHere,
  ],
  agent: [failed(flagging, byNobody), failed(deleting, byNobody), failed(appending, byNobody), keptHere],
}

describe.skipIf(tools.includes(undefined))('mbsync with Dovecot behind', () => {
  let dovecot: Dovecot
  let direct: ReadonlyMap<string, string>

  beforeAll(async () => {
    const users = ['direct', ...profiles]
    dovecot = await startDovecot({ tls: 'none', users })
    for (const user of users) await furnish(dovecot, user)
    const run = await openSync(loginDirectly(dovecot, 'direct'))
    direct = (await run.sync('Pull')).files
    await run.close()
  })
  afterAll(() => dovecot?.stop())

  it('pulls four mailboxes with seven messages where nothing is in between', () => {
    expect(mailboxesIn(direct)).toEqual(['Drafts', 'INBOX', 'Trash', 'Work'])
    expect([...direct.keys()].filter((path) => path.includes(',U='))).toHaveLength(7)
  })

  describe.each(profiles)('under %s', (profile) => {
    let gateway: Gateway
    let run: SyncRun
    beforeAll(async () => {
      gateway = await openGateway(dovecot, profile)
      gateway.answerApprovals('deny')
      run = await openSync(gateway.login(profile))
    })
    afterAll(async () => {
      await run?.close()
      await gateway?.close()
    })

    it('pulls what there is for it, and leaves no trace of that on the server', async () => {
      const before = await readTruth(dovecot, profile)

      const pulled = await run.sync('Pull')

      if (profile === 'append-only') {
        const refusals = ['UID FETCH 1:6 (UID FLAGS)', 'UID FETCH 1:1 (UID FLAGS)']
        expect(pulled.said).toEqual(refusals.map((command) => failed(command, byPolicy)))
        expect([...pulled.files.keys()].filter((path) => path.includes(',U='))).toEqual([])
      } else {
        expect(pulled).toEqual({ files: visibleOf(direct, profile), code: 0, said: [] })
      }
      expect(await readTruth(dovecot, profile)).toEqual(before)
    })

    // Whoever may not read cannot be synchronised.
    if (profile === 'append-only') return

    it('says what may not be pushed, keeps it, and ends in order', async () => {
      const before = await readTruth(dovecot, profile)
      await run.changeLocally()

      const synced = await run.sync('All', { patterns: 'INBOX' })

      expect(synced).toMatchObject({ code: 0, said: saidOfPush[profile] })
      expect(synced.files.get('INBOX/new/*,U=7')).toContain('Subject: a draft')
      const after = await readTruth(dovecot, profile)
      const added = after.filter((line) => !before.includes(line)).map((line) => line.replace(/ \w+$/u, ''))
      expect(added).toEqual(pushedUnder[profile] ?? [])
    })

    if (profile !== 'organise') return

    it('hears that CLOSE would expunge when it is set to, and fails because of that', async () => {
      const synced = await run.sync('All', { patterns: 'INBOX', isExpunging: true })
      expect(synced.code).toBe(1)
      expect(synced.said.at(-1)).toBe(failed('CLOSE', '[NOPERM] CLOSE would expunge; UNSELECT does not'))
      expect((await readTruth(dovecot, profile)).filter((line) => line.startsWith('INBOX '))).toHaveLength(6)
    })
  })
})

/** Its new message has been marked as deleted nowhere: it is only itself that is new. */
const pushedUnder: Readonly<Record<string, readonly string[]>> = {
  organise: [String.raw`INBOX 1 (\Flagged)`],
  'no-attachments-above': [String.raw`INBOX 1 (\Flagged)`, String.raw`INBOX 2 (\Deleted)`, 'INBOX 7 ()'],
}

/** Those profiles have INBOX alone. */
function visibleOf(direct: ReadonlyMap<string, string>, profile: string): ReadonlyMap<string, string> {
  if (profile !== 'agent' && profile !== 'legacy-device') return direct
  return new Map([...direct].filter(([path]) => path.startsWith('INBOX/')))
}

function mailboxesIn(files: ReadonlyMap<string, string>): readonly string[] {
  return [...files.keys()].filter((path) => /^[^/]+\/$/u.test(path)).map((path) => path.slice(0, -1))
}
