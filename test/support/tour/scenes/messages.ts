/** Scenes of messages: what FETCH and STORE learned, modification sequences, identities, dates, previews. */

import { plainMessage } from '../mail.ts'
import { literal, literalPlus, pick, type Scene, type Scenes } from '../stage.ts'

const preview: Scene = async (stage) => {
  await stage.mailbox()
  await stage.ok('FETCH 1:* (UID PREVIEW)', 'FETCH 1 PREVIEW')
  await stage.any('FETCH 1:* (PREVIEW (LAZY))', 'UID FETCH 1 (FLAGS PREVIEW (LAZY))')
}

const urlauth: Scene = async (stage) => {
  const name = await stage.mailbox()
  const { user } = stage.server.login
  const rump = `imap://${user}@localhost/${name}/;uid=1;urlauth=user+${user}`
  const part = `imap://${user}@localhost/${name}/;uid=4/;section=1.1;expire=2036-01-01T00:00:00Z;urlauth=anonymous`
  const made = await stage.any(`GENURLAUTH "${rump}" INTERNAL`)
  const both = await stage.any(`GENURLAUTH "${rump}" INTERNAL ${literalPlus(part)} INTERNAL`)
  const urls = [...`${made}${both}`.matchAll(/"(imap:[^"]+:internal:[^"]+)"/giu)].map(([, url]) => url ?? '')
  for (const url of urls) {
    await stage.any(
      `URLFETCH "${url}"`,
      `URLFETCH ("${url}" BODYPARTSTRUCTURE BINARY)`,
      `URLFETCH ("${url}" BODY)`,
    )
  }
  await stage.any(`URLFETCH "${rump}:internal:00112233445566778899"`, `URLFETCH "${rump}" "nonsense"`)
  await stage.any(`RESETKEY ${name}`, `RESETKEY ${name} INTERNAL`, `RESETKEY ${name} NONSENSE`)
  await stage.any('GENURLAUTH "nonsense" INTERNAL', `GENURLAUTH "${rump}" NONSENSE`)
  await stage.broken('GENURLAUTH', 'URLFETCH')
  // Of another user: a Cyrus that has forgotten all keys makes no new ones.
  const other = await stage.login(stage.server.other)
  await other.run('RESETKEY')
}

export const messages: Scenes = {
  PREVIEW: preview,
  URLAUTH: urlauth,

  async 'PREVIEW=FUZZY'(stage) {
    await stage.mailbox()
    await stage.ok('FETCH 1:* (PREVIEW (FUZZY))', 'FETCH 1 (PREVIEW (LAZY=FUZZY))')
  },

  async 'SNIPPET=FUZZY'(stage) {
    await stage.mailbox()
    await stage.ok('FETCH 1:* (SNIPPET)', 'FETCH 1 (SNIPPET (FUZZY))', 'FETCH 2 (SNIPPET (LAZY=FUZZY))')
  },

  async 'URLAUTH=BINARY'(stage) {
    const name = await stage.mailbox()
    const { user } = stage.server.login
    const rump = `imap://${user}@localhost/${name}/;uid=4/;section=2;urlauth=user+${user}`
    const url = pick(await stage.ok(`GENURLAUTH "${rump}" INTERNAL`), /GENURLAUTH "?([^"\r\s]+)/u)
    await stage.any(
      `URLFETCH ("${url}" BINARY)`,
      `URLFETCH ("${url}" BODYPARTSTRUCTURE)`,
      `URLFETCH ("${url}" BODY BINARY)`,
    )
  },

  async CONDSTORE(stage) {
    const name = await stage.mailbox()
    const modseq = pick(await stage.ok(`SELECT ${name} (CONDSTORE)`), /HIGHESTMODSEQ (\d+)/u)
    await stage.ok(
      `STATUS ${name} (HIGHESTMODSEQ MESSAGES)`,
      'FETCH 1:* (MODSEQ)',
      'FETCH 1:* (UID FLAGS MODSEQ)',
    )
    await stage.ok(`FETCH 1:* (FLAGS) (CHANGEDSINCE ${modseq})`, 'FETCH 1:* (FLAGS) (CHANGEDSINCE 1)')
    await stage.ok(String.raw`STORE 1 (UNCHANGEDSINCE ${modseq}) +FLAGS (\Flagged)`)
    await stage.ok(String.raw`STORE 2:3 (UNCHANGEDSINCE ${modseq}) +FLAGS.SILENT (\Flagged)`)
    await stage.any(String.raw`STORE 1:3 (UNCHANGEDSINCE 1) -FLAGS (\Flagged)`)
    await stage.any(String.raw`UID STORE 1:* (UNCHANGEDSINCE ${modseq}) FLAGS.SILENT (\Seen)`)
    await stage.any('STORE 1 (UNCHANGEDSINCE 0) +FLAGS (Impossible)')
    await stage.ok(`SEARCH MODSEQ ${modseq}`, 'UID SEARCH MODSEQ 1 UNSEEN', 'SEARCH OR MODSEQ 1 SEEN')
    await stage.any(
      String.raw`SEARCH MODSEQ "/flags/\\seen" all 1`,
      String.raw`SEARCH MODSEQ "/flags/\\draft" shared 1`,
    )
    await stage.ok(
      'SEARCH MODSEQ 9223372036854775807',
      'FETCH 1:* (FLAGS) (CHANGEDSINCE 9223372036854775807)',
    )
    await stage.ok(`EXAMINE ${name} (CONDSTORE)`)
    await stage.broken(`SELECT ${name} (CONDSTORE`, 'FETCH 1 FLAGS (CHANGEDSINCE)', 'SEARCH MODSEQ')
  },

  async QRESYNC(stage) {
    const name = await stage.mailbox()
    const heard = await stage.ok(`SELECT ${name} (CONDSTORE)`)
    const validity = pick(heard, /UIDVALIDITY (\d+)/u)
    const modseq = pick(heard, /HIGHESTMODSEQ (\d+)/u)
    await stage.ok('ENABLE QRESYNC', String.raw`STORE 2:3 +FLAGS (\Deleted)`, 'EXPUNGE')
    await stage.ok(
      `UID FETCH 1:* (FLAGS) (CHANGEDSINCE ${modseq} VANISHED)`,
      'UID FETCH 1:* (FLAGS) (CHANGEDSINCE 1 VANISHED)',
    )
    await stage.ok(`SELECT ${name} (QRESYNC (${validity} ${modseq}))`)
    await stage.ok(`SELECT ${name} (QRESYNC (${validity} ${modseq} 1:5))`)
    await stage.ok(
      `SELECT ${name} (QRESYNC (${validity} 1 1:5 (1,2 1,4)))`,
      `EXAMINE ${name} (QRESYNC (${validity} 1 1:5))`,
    )
    await stage.ok(`SELECT ${name} (QRESYNC (1 ${modseq} 1:5))`)
    const other = await stage.empty()
    await stage.ok(`SELECT ${name}`, `UID MOVE 1 ${other}`, `SELECT ${other}`)
    await stage.any('FETCH 1:* (FLAGS) (CHANGEDSINCE 1 VANISHED)', 'FETCH 1 (MODSEQ)')
    await stage.broken(`SELECT ${name} (QRESYNC (0 0))`, `SELECT ${name} (QRESYNC)`)
    await stage.ok(`SELECT ${name}`)
    await stage.ok('CLOSE')
  },

  async SAVEDATE(stage) {
    await stage.mailbox()
    await stage.ok('FETCH 1:* SAVEDATE', 'FETCH 1 (UID SAVEDATE)', 'SEARCH SAVEDATESUPPORTED')
    await stage.ok(
      'SEARCH SAVEDSINCE 1-Jan-2026',
      'SEARCH SAVEDBEFORE 1-Jan-2026',
      'SEARCH SAVEDON "01-Jan-2026"',
    )
  },

  async OBJECTID(stage) {
    const name = await stage.mailbox()
    // Not of another mailbox than the selected one: Cyrus 3.6.1 prints freed memory then, which can be anything.
    await stage.ok(`STATUS ${name} (MAILBOXID)`, `CREATE ${name}/id`, `SELECT ${name}/id`, `SELECT ${name}`)
    const heard = await stage.ok('FETCH 1:* (EMAILID THREADID)', 'FETCH 1 EMAILID')
    const email = pick(heard, /EMAILID \(([^)]+)\)/u)
    await stage.ok(`SEARCH EMAILID ${email}`, 'SEARCH EMAILID M0000')
    const thread = pick(heard, /THREADID \(?([^) ]+)/u)
    await stage.ok(`SEARCH THREADID ${thread === 'NIL' ? 'T0000' : thread}`)
  },

  async 'ANNOTATE-EXPERIMENT-1'(stage) {
    const name = await stage.mailbox(3)
    await stage.ok(`SELECT ${name} (ANNOTATE)`)
    await stage.any(
      'STORE 1 ANNOTATION (/comment (value.priv "mine"))',
      'STORE 1 ANNOTATION (/altsubject (value.shared "other" value.priv "x"))',
    )
    await stage.any(
      'FETCH 1 (ANNOTATION (/comment value.priv))',
      'FETCH 1:* (UID ANNOTATION (/* (value size)))',
    )
    await stage.any('FETCH 1 (ANNOTATION ((/comment /altsubject) (value.priv value.shared size.priv)))')
    await stage.any('SEARCH ANNOTATION /comment value.priv "mine"', 'SEARCH ANNOTATION /comment value "m"')
    await stage.any('SORT (ANNOTATION /altsubject value.shared) UTF-8 ALL')
    await stage.any(
      `APPEND ${name} (\\Seen) ANNOTATION (/comment (value.priv "appended")) ${literal(plainMessage)}`,
    )
    await stage.any(
      'STORE 1 ANNOTATION (/comment (value.priv NIL))',
      'STORE 1 ANNOTATION (/nonsense (value.priv "x"))',
    )
  },

  async 'DIGEST=SHA1'(stage) {
    await stage.mailbox(2)
    await stage.any('FETCH 1:* (DIGEST.SHA1)', 'FETCH 1:* (DIGEST.SHA1 RFC822.SIZE)')
  },

  async 'X-CREATEDMODSEQ'(stage) {
    const name = await stage.mailbox(2)
    await stage.any('FETCH 1:* (CREATEDMODSEQ)', `STATUS ${name} (CREATEDMODSEQ)`)
  },
}
