/** Scenes of what servers have beside the standards: Cyrus's own commands, Dovecot's own items. */

import { type Scenes } from '../stage.ts'

export const vendor: Scenes = {
  async SCAN(stage) {
    await stage.mailbox(2)
    // With a pattern that matches many mailboxes imapd 3.6.1 ends the session with a segmentation fault.
    await stage.any('SCAN "" INBOX apples', 'SCAN "" INBOX "nothing at all"')
  },

  async XMOVE(stage) {
    await stage.mailbox(3)
    const other = await stage.empty()
    await stage.any(`XMOVE 1 ${other}`, `UID XMOVE 2 ${other}`)
  },

  async XCONVERSATIONS(stage) {
    const name = await stage.mailbox()
    const heard = await stage.any(
      'FETCH 1:* (CID)',
      'FETCH 1 (UID CID BASECID)',
      `STATUS ${name} (XCONVEXISTS XCONVUNSEEN XCONVMODSEQ)`,
    )
    const cid = /CID ([0-9a-f]{16})/u.exec(heard)?.[1] ?? '0123456789abcdef'
    await stage.any(
      'XCONVMETA (' + cid + ') (COUNT SENDERS FOLDERCOUNTS SUBJECT MODSEQ)',
      `XCONVFETCH (${cid}) 0 (UID CID FLAGS)`,
    )
    await stage.any(
      'XCONVSORT (REVERSE ARRIVAL) (POSITION (1 10)) UTF-8 ALL',
      'XCONVMULTISORT (REVERSE ARRIVAL) (POSITION (1 10)) UTF-8 ALL',
    )
    await stage.any(
      'XCONVUPDATES (REVERSE ARRIVAL) (CHANGEDSINCE (1 5)) UTF-8 ALL',
      `SEARCH CID ${cid}`,
      `SEARCH CONVFLAG \\Flagged`,
    )
    await stage.any(
      'XSNIPPETS (INBOX 1 (1)) UTF-8 TEXT apples',
      `XWARMUP ${name} (index conversations annotations folderstatus search)`,
    )
  },

  async 'X-REPLICATION'(stage) {
    if (!stage.server.admin) return
    const admin = await stage.login(stage.server.admin)
    await admin.run(`SYNCGET USER ${stage.server.login.user}`)
    await admin.run('SYNCRESTART')
  },

  async 'X-SIEVE-MAILBOX'(stage) {
    await stage.any('LIST "" "#sieve"', 'STATUS "#sieve" (MESSAGES)')
  },

  async NO_ATOMIC_RENAME(stage) {
    const name = await stage.empty()
    await stage.ok(`CREATE ${name}/a`, `RENAME ${name} ${name}-renamed`, `LIST "" ${name}*`)
  },

  /** Not announced: what Dovecot knows all the same. */
  async DOVECOT(stage) {
    const name = await stage.mailbox(3)
    await stage.any('FETCH 1:* (X-GUID X-MAILBOX X-REAL-UID X-SAVEDATE)', `STATUS ${name} (X-SIZE X-GUID)`)
    await stage.any(
      'SEARCH X-GUID nothing',
      'SEARCH X-MAILBOX INBOX',
      'SEARCH X-REAL-UID 1:2',
      'SEARCH X-SAVEDBEFORE 1-Jan-2026',
    )
    await stage.any(
      'SEARCH INTHREAD REFS 1',
      'SEARCH FUZZY BODY apples',
      'SEARCH MIMEPART (PARAM charset utf-8)',
      'SEARCH FILTER nothing',
    )
    await stage.any(
      'ID ("x-originating-ip" "192.0.2.1" "x-session-id" "abc" "x-proxy-ttl" "3" "x-forward-a" "b")',
    )
  },

  /** Not announced: what Cyrus knows all the same. */
  async CYRUS(stage) {
    const name = await stage.mailbox(3)
    await stage.any(
      'XAPPLEPUSHSERVICE aps-version 2 aps-account-id x aps-device-token y aps-subtopic com.apple.mobilemail mailboxes (INBOX)',
    )
    await stage.any(
      'LOCALCREATE nothing',
      'XMEID "nothing"',
      'XRUNANNOTATOR 1:*',
      'XSTATS',
      'XBACKUP alice',
      `LOCALDELETE ${name}/nothing`,
    )
    // Items that no capability announces.
    await stage.any(
      'FETCH 1 (FOLDER UIDVALIDITY BODY.PEEK[])',
      'FETCH 1 (RFC822.FILESIZE RFC822.SHA1)',
      'FETCH 1:* (UID LASTUPDATED)',
    )
    await stage.any(
      `STATUS ${name} (XCONVEXISTS MAILBOXID DELETED DELETED-STORAGE)`,
      `STATUS ${name} (UIDVALIDITY HIGHESTMODSEQ CREATEDMODSEQ)`,
    )
    await stage.any('SEARCH FOLDER INBOX', 'SEARCH SPAMABOVE 1')
    await stage.any(
      'ESEARCH IN (MAILBOXES (INBOX)) RETURN (COUNT) ALL',
      'NOTIFY NONE',
      'GETJMAPACCESS',
      'UIDBATCHES 100',
    )
    if (!stage.server.admin) return
    const admin = await stage.login(stage.server.admin)
    for (const command of [
      'LIST "" *',
      'RECONSTRUCT user/nobody',
      `DUMP user/${stage.server.login.user}`,
      'XFER user/nobody elsewhere',
      `GETACL user/${stage.server.login.user}`,
    ])
      await admin.run(command)
  },
}
