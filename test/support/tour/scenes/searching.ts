/** Scenes of SEARCH, SORT and THREAD, and of what watches a mailbox: contexts and notifications. */

import { plainMessage } from '../mail.ts'
import { expectStatus, literal, type Scene, type Scenes } from '../stage.ts'

const sort: Scene = async (stage) => {
  await stage.mailbox()
  for (const key of ['ARRIVAL', 'CC', 'DATE', 'FROM', 'SIZE', 'SUBJECT', 'TO', 'REVERSE DATE'])
    await stage.ok(`SORT (${key}) UTF-8 ALL`)
  await stage.ok(
    'UID SORT (SUBJECT REVERSE DATE) US-ASCII UNDELETED',
    'SORT (DATE) UTF-8 SUBJECT "nothing at all"',
  )
  await stage.ok(`UID SORT (REVERSE SIZE) UTF-8 OR SUBJECT ${literal('Köln')} FROM "ann"`)
  await stage.any('SORT (DATE) X-NOBODY ALL')
  await stage.broken('SORT (DATE) UTF-8', 'SORT () UTF-8 ALL', 'SORT DATE UTF-8 ALL')
}

const thread =
  (algorithm: string): Scene =>
  async (stage) => {
    await stage.mailbox()
    await stage.ok(`THREAD ${algorithm} UTF-8 ALL`, `UID THREAD ${algorithm} US-ASCII UNDELETED`)
    await stage.ok(
      `THREAD ${algorithm} UTF-8 SUBJECT "nothing at all"`,
      `UID THREAD ${algorithm} UTF-8 1:3 NOT DRAFT`,
    )
    await stage.any('THREAD X-NONSENSE UTF-8 ALL')
  }

const context: Scene = async (stage) => {
  const name = await stage.mailbox()
  const other = await stage.login()
  await stage.any(
    'SEARCH RETURN (CONTEXT COUNT) ALL',
    'SEARCH RETURN (PARTIAL 1:2) ALL',
    'UID SEARCH RETURN (PARTIAL 2:4 COUNT) ALL',
  )
  await stage.any('SEARCH RETURN (PARTIAL 100:200) ALL')
  const heard = await stage.any(
    'SEARCH RETURN (UPDATE COUNT) SEEN',
    'UID SEARCH RETURN (UPDATE CONTEXT ALL) FLAGGED',
  )
  await other.run(`SELECT ${name}`)
  await other.run(String.raw`STORE 1,3 +FLAGS (\Seen)`)
  await other.run(String.raw`STORE 2 -FLAGS (\Seen)`)
  await other.run(String.raw`STORE 1 +FLAGS (\Flagged)`)
  await stage.any('NOOP')
  const tags = [...heard.matchAll(/^(t\d+) OK/gmu)].map(([, tag]) => `"${tag}"`)
  if (tags.length > 0) await stage.any(`CANCELUPDATE ${tags.join(' ')}`, `CANCELUPDATE ${tags[0]}`)
  await stage.any('CANCELUPDATE "nothing"', 'SORT RETURN (UPDATE COUNT) (DATE) UTF-8 ALL')
}

export const searching: Scenes = {
  SORT: sort,
  'CONTEXT=SEARCH': context,
  'THREAD=REFERENCES': thread('REFERENCES'),
  'THREAD=REFS': thread('REFS'),
  'THREAD=ORDEREDSUBJECT': thread('ORDEREDSUBJECT'),

  async ESEARCH(stage) {
    await stage.mailbox()
    for (const options of ['', 'MIN', 'MAX', 'ALL', 'COUNT', 'MIN MAX', 'MIN MAX ALL COUNT', 'COUNT ALL']) {
      await stage.ok(
        `SEARCH RETURN (${options}) UNDELETED`,
        `UID SEARCH RETURN (${options}) SUBJECT "nothing at all"`,
      )
    }
    await stage.ok(
      `UID SEARCH RETURN (ALL) CHARSET UTF-8 SUBJECT ${literal('Köln')}`,
      'SEARCH RETURN (MIN) MODSEQ 1',
    )
    await stage.ok('SEARCH RETURN (ALL COUNT) MODSEQ 1')
    await stage.unknown('SEARCH RETURN (NONSENSE) ALL')
    await stage.broken('SEARCH RETURN (ALL', 'SEARCH RETURN (ALL)')
  },

  async ESORT(stage) {
    await stage.mailbox()
    for (const options of ['', 'MIN', 'MAX', 'ALL', 'COUNT', 'MIN MAX ALL COUNT'])
      await stage.ok(`SORT RETURN (${options}) (REVERSE DATE) UTF-8 ALL`)
    await stage.ok(
      'UID SORT RETURN (ALL COUNT) (SUBJECT) UTF-8 UNDELETED',
      'UID SORT RETURN (ALL) (DATE) UTF-8 LARGER 999999',
    )
    await stage.any('UID SORT RETURN (PARTIAL 1:2) (DATE) UTF-8 ALL')
  },

  async SEARCHRES(stage) {
    const name = await stage.mailbox()
    await stage.ok(
      'SEARCH RETURN (SAVE) SEEN',
      'FETCH $ (FLAGS)',
      'UID FETCH $ (UID)',
      'SEARCH $',
      'UID SEARCH UID $',
    )
    await stage.ok(
      'SEARCH RETURN (SAVE COUNT) FLAGGED',
      String.raw`STORE $ +FLAGS ($Saved)`,
      `COPY $ ${name}`,
    )
    await stage.ok(
      'SEARCH RETURN (MIN SAVE) ALL',
      'SEARCH OR $ 2',
      'SEARCH RETURN (SAVE) SUBJECT "nothing at all"',
      'FETCH $ FLAGS',
    )
    await stage.any(
      'SEARCH RETURN (SAVE) CHARSET X-NOBODY ALL',
      'FETCH $ FLAGS',
      'UID SEARCH RETURN (SAVE ALL) UID $',
    )
    await stage.broken('UID SEARCH RETURN (SAVE ALL) UID $,1', 'SEARCH CHARSET UTF-8 RETURN (SAVE) ALL')
  },

  async WITHIN(stage) {
    await stage.mailbox(2)
    await stage.ok(
      'SEARCH OLDER 86400',
      'SEARCH YOUNGER 86400',
      'UID SEARCH OR OLDER 1 NOT YOUNGER 4294967295',
    )
    await stage.broken('SEARCH OLDER', 'SEARCH YOUNGER x')
  },

  async 'SORT=DISPLAY'(stage) {
    await stage.mailbox()
    await stage.ok('SORT (DISPLAYFROM) UTF-8 ALL', 'UID SORT (REVERSE DISPLAYTO DISPLAYFROM) UTF-8 ALL')
  },

  async 'SORT=MODSEQ'(stage) {
    await stage.mailbox()
    await stage.any('SORT (MODSEQ) UTF-8 ALL', 'UID SORT (REVERSE MODSEQ) UTF-8 MODSEQ 1')
  },

  async 'SORT=UID'(stage) {
    await stage.mailbox()
    await stage.any('SORT (UID) UTF-8 ALL', 'UID SORT (REVERSE UID) UTF-8 ALL')
  },

  async 'SEARCH=FUZZY'(stage) {
    await stage.mailbox()
    await stage.any(
      'SEARCH FUZZY BODY "aples"',
      'SEARCH FUZZY (SUBJECT plain FROM ann)',
      'SEARCH RETURN (RELEVANCY ALL) FUZZY TEXT "plain"',
    )
    await stage.any(
      'SORT (RELEVANCY) UTF-8 FUZZY TEXT "plain"',
      'UID SORT (REVERSE RELEVANCY DATE) UTF-8 FUZZY SUBJECT plain',
    )
  },

  async 'I18NLEVEL=1'(stage) {
    await stage.mailbox(3)
    await stage.ok(
      `SEARCH CHARSET UTF-8 SUBJECT ${literal('GRÜSSE')}`,
      `SEARCH CHARSET UTF-8 FROM ${literal('jürgen')}`,
    )
    await stage.any('COMPARATOR', 'COMPARATOR "i;unicode-casemap" i;octet')
  },

  /** Played by the other user, who has few mailboxes: changes in every one of them are told. */
  async NOTIFY(stage) {
    const { server } = stage
    const watcher = await stage.login(server.other)
    const other = await stage.login(server.other)
    const name = 'Watched'
    const message = literal(plainMessage)
    await expectStatus(other, 'OK', [`CREATE ${name}`, 'CREATE "&ZeVnLIqe-"', `APPEND ${name} ${message}`])
    await expectStatus(other, 'OK', [`SELECT ${name}`])
    await expectStatus(watcher, 'OK', [`SELECT ${name}`])
    await expectStatus(watcher, 'OK', [
      'NOTIFY SET (SELECTED (MessageNew (UID FLAGS) MessageExpunge FlagChange)) (PERSONAL (MessageNew MessageExpunge))',
    ])
    await expectStatus(other, 'OK', [`APPEND ${name} ${message}`])
    // Dovecot keeps changes of the selected mailbox back until somebody asks or idles.
    await expectStatus(watcher, 'OK', ['NOOP'])
    await watcher.idle(async () => {
      await expectStatus(other, 'OK', [String.raw`STORE 1 +FLAGS (\Deleted)`, 'EXPUNGE'])
      await watcher.hear(/^\* 1 EXPUNGE/u)
    })
    await expectStatus(watcher, 'OK', [
      'NOTIFY SET STATUS (SELECTED (MessageNew MessageExpunge)) (PERSONAL (MailboxName SubscriptionChange MessageNew MessageExpunge FlagChange))',
    ])
    const noticed = `${name}/noticed`
    await expectStatus(other, 'OK', [
      `CREATE ${noticed}`,
      `SUBSCRIBE ${noticed}`,
      `APPEND ${noticed} ${message}`,
    ])
    await watcher.hear(/^\* STATUS \S*noticed/u)
    await expectStatus(other, 'OK', [`RENAME ${noticed} ${name}/renamed`])
    await expectStatus(watcher, 'OK', ['NOOP'])
    await expectStatus(watcher, 'OK', [`NOTIFY SET (MAILBOXES (INBOX ${name}) (MessageNew MessageExpunge))`])
    for (const command of notifyCommands) await watcher.run(command)
    await watcher.run('NOTIFY SET (PERSONAL (Nonsense))', 'unknown')
    await watcher.run('NOTIFY SET (SELECTED)', 'broken')
    await expectStatus(watcher, 'OK', ['NOTIFY NONE'])
  },
}

const notifyCommands: readonly string[] = [
  'NOTIFY SET (SUBTREE Watched (MailboxName))',
  'NOTIFY SET (SELECTED-DELAYED (MessageNew MessageExpunge))',
  'NOTIFY SET (SUBSCRIBED NONE) (INBOXES (MessageNew MessageExpunge))',
  'NOTIFY SET (PERSONAL (MailboxMetadataChange ServerMetadataChange))',
  'NOTIFY SET (SELECTED (FlagChange))',
]
