/** Threat 32: the verbs of servers that nobody thought of. */

import { describe, expect, it } from 'vitest'

import { commandNames } from '../../src/imap/commands/index.ts'
import { describeThreat, type Session, type Stage } from './support.ts'

/** What Dovecot 2.3 and its plugins register, and what the dispatcher of Cyrus 3 compares with, switched on or not. */
const dovecot =
  'APPEND AUTHENTICATE CANCELUPDATE CAPABILITY CHECK CLOSE COMPRESS COPY CREATE DELETE DELETEACL ENABLE EXAMINE EXPUNGE FETCH GENURLAUTH GETACL GETMETADATA GETQUOTA GETQUOTAROOT ID IDLE LIST LISTRIGHTS LOGIN LOGOUT LSUB MOVE MYRIGHTS NAMESPACE NOOP NOTIFY RENAME RESETKEY SEARCH SELECT SETACL SETMETADATA SETQUOTA SORT STARTTLS STATUS STORE SUBSCRIBE THREAD UNSELECT UNSUBSCRIBE URLFETCH X-CANCEL X-STATE XLIST XCLIENT'
const cyrus =
  'APPEND AUTHENTICATE CAPABILITY CHECK CLOSE COMPRESS COPY CREATE DELETE DELETEACL DUMP ENABLE ESEARCH EXAMINE EXPUNGE FETCH FIND GENURLAUTH GETACL GETANNOTATION GETJMAPACCESS GETMETADATA GETQUOTA GETQUOTAROOT ID IDLE LIST LISTRIGHTS LOCALAPPEND LOCALCREATE LOCALDELETE LOGIN LOGOUT LSUB MOVE MUPDATEPUSH MYRIGHTS NAMESPACE NOOP NOTIFY PARTIAL RECONSTRUCT RENAME REPLACE RESETKEY RLIST RLSUB SCAN SEARCH SELECT SETACL SETANNOTATION SETMETADATA SETQUOTA SORT STARTTLS STATUS STORE SUBSCRIBE SYNCAPPLY SYNCGET SYNCRESTART SYNCRESTORE THREAD UIDBATCHES UNAUTHENTICATE UNDUMP UNSELECT UNSUBSCRIBE URLFETCH X-UNAUTHENTICATE XAPPLEPUSHSERVICE XBACKUP XCONVFETCH XCONVMETA XCONVMULTISORT XCONVSORT XCONVUPDATES XFER XFOREVER XKILLMY XLIST XMEID XMOVE XRENAME XRUNANNOTATOR XSNIPPETS XSTATS XWARMUP'
const uid = 'COPY EXPUNGE FETCH MOVE REPLACE SEARCH SORT STORE THREAD XMOVE XFOO'
/** What others have. */
const others =
  'BBOARD CLIENTID COMPARATOR CONVERSIONS CONVERT GETJMAPACCESS LANGUAGE NETSCAPE PROXYAUTH SCAN UIDBATCHES X-MOVE XGWMOVE XYZZY XFOO'

const verbs = [
  ...new Set([
    ...`${dovecot} ${cyrus} ${others}`.split(' '),
    ...uid.split(' ').map((verb) => `UID ${verb}`),
    ...commandNames,
  ]),
].toSorted()

const allowed = ['NOOP', 'CAPABILITY', 'EXAMINE', 'UNSELECT', 'FETCH', 'UID FETCH', 'LIST', 'STATUS']
/** What describes a session needs no rule, and touches no mailbox. */
const session = 'AUTHENTICATE ID LOGIN LOGOUT'.split(' ')

const policy = `
  default: deny
  rules:
    - name: the-few
      when: command in ${JSON.stringify(allowed)}
      allow: true
`

/** Whatever a verb may take; the first that fits its grammar is decided about, and the others are refused for theirs. */
const argumentsOf = [
  '',
  ' INBOX',
  ' Pub Pub2',
  ' 1 Pub',
  ' 1 (FLAGS)',
  ' 1 +FLAGS (\\Deleted)',
  ' 1 Pub {14+}\r\nSubject: x\r\n\r\n',
  ' Pub {14+}\r\nSubject: x\r\n\r\n',
  ' "" "*"',
  ' Pub (MESSAGES)',
  ' Pub ann lrs',
  ' Pub (/private/comment "x")',
  ' Pub "/comment" ("value.priv" "x")',
  ' "" (STORAGE 1)',
  ' ALL',
  ' (DATE) UTF-8 ALL',
  ' REFERENCES UTF-8 ALL',
  ' DEFLATE',
  ' CONDSTORE',
  ' PLAIN AGFubgB4',
  ' ann x',
  ' ("name" "x")',
  ' NONE',
  ' SET (selected (MessageNew (FLAGS) MessageExpunge))',
  ' IN (personal) ALL',
  ' "imap://ann@localhost/INBOX/;UID=1;URLAUTH=user+ann" INTERNAL',
  ' MAILBOXES *',
  ' %',
  ' {4+}\r\nPub ',
] as const

describeThreat('threat 32: vendor verbs', { policy }, (stage) => {
  describe('a policy of eight commands lets nothing else of either table pass to a mailbox', () => {
    it.each(verbs.filter((verb) => !allowed.includes(verb) && !session.includes(verb)))(
      '%s',
      async (verb) => {
        const client = await enter(stage())
        for (const rest of argumentsOf) {
          client.mark()
          await client.send(`a ${verb}${rest}\r\n`)
          expect(await client.peer.until(/^a (?:OK|NO|BAD) .*\r\n/mu), rest).toMatch(/^a (?:NO|BAD) /mu)
          await client.settle()
          expect(client.upstream, rest).toBe('zz NOOP\r\n')
        }
      },
    )
  })

  it.each([
    'NOOP',
    'CAPABILITY',
    'EXAMINE INBOX',
    'FETCH 1 (FLAGS)',
    'UID FETCH 1 (FLAGS)',
    'LIST "" *',
    'STATUS Pub (MESSAGES)',
  ])('%s passes', async (command) => {
    const client = await enter(stage())
    await client.expectOk(command)
  })

  it.each(verbs)('in small letters %s is the same', async (verb) => {
    if (allowed.includes(verb) || session.includes(verb)) return
    const client = await enter(stage())
    await client.send(`a ${verb.toLowerCase()} INBOX\r\n`)
    expect(await client.peer.until(/^a (?:OK|NO|BAD) .*\r\n/mu)).toMatch(/^a (?:NO|BAD) /mu)
    await client.settle()
    expect(client.upstream).toBe('zz NOOP\r\n')
  })
})

async function enter(stage: Stage): Promise<Session> {
  const client = await stage.enter('ann', '')
  await client.expectOk('EXAMINE INBOX')
  client.mark()
  return client
}
