/** Threat 30: what names mailboxes without being asked for them. */

import { describe, expect, it } from 'vitest'

import { describeThreat, token } from './support.ts'

const commands = [
  'LIST "" "*"',
  'LIST "" "%"',
  'LIST "" "%/%"',
  'LIST "" "S*"',
  'LIST "Secre" "*"',
  'LIST "Parent/" "%"',
  'LIST "" ("S*" "Parent/*" "%")',
  'LIST (SUBSCRIBED) "" "*"',
  'LIST (SUBSCRIBED RECURSIVEMATCH) "" "%"',
  'LIST (REMOTE) "" "*"',
  'LIST (SPECIAL-USE) "" "*"',
  'LIST "" "*" RETURN (CHILDREN SUBSCRIBED)',
  'LIST "" "*" RETURN (STATUS (MESSAGES UNSEEN UIDNEXT UIDVALIDITY))',
  'LIST "" "*" RETURN (STATUS (SIZE HIGHESTMODSEQ MAILBOXID))',
  'LIST "" "*" RETURN (MYRIGHTS)',
  'LIST "" "*" RETURN (METADATA (/private/comment))',
  'LIST (SUBSCRIBED) "" "*" RETURN (STATUS (MESSAGES))',
  'LSUB "" "*"',
  'LSUB "" "%"',
  'LSUB "Parent/" "%"',
  'XLIST "" "*"',
  'RLIST "" "*"',
  'RLSUB "" "*"',
  'SCAN "" "*" "sings"',
  'FIND MAILBOXES "*"',
  'FIND ALL.MAILBOXES "*"',
  'NAMESPACE',
  'GETQUOTA ""',
  'GETQUOTAROOT INBOX',
  'GETQUOTAROOT Parent',
  'GETMETADATA "" (/shared/comment /private/comment)',
  'GETMETADATA (DEPTH infinity) "" (/private)',
  'GETMETADATA "*" (/private/comment)',
  'GETANNOTATION "*" "*" "value.priv"',
  'SCAN "" "Secret" "sings"',
  'GETANNOTATION "%" "/comment" ("value.priv" "value.shared")',
  'ESEARCH IN (personal) ALL',
  'ESEARCH IN (subtree "") RETURN (ALL COUNT) SUBJECT canary',
  'ESEARCH IN (mailboxes (INBOX Secret)) ALL',
  'ESEARCH IN (subscribed) RETURN (COUNT) ALL',
  'ESEARCH IN (inboxes subtree Parent) ALL',
  'NOTIFY SET STATUS (personal (MessageNew MessageExpunge MailboxName SubscriptionChange))',
  'NOTIFY SET STATUS (subtree Parent (MessageNew MessageExpunge))',
  'NOTIFY SET (subscribed (MessageNew MessageExpunge))',
  'SEARCH ALL',
  'SEARCH TEXT quetzal',
  'FETCH 1:* (X-MAILBOX X-GUID X-SAVEDATE)',
  'FETCH 1:* (X-GM-LABELS)',
  'FETCH 1:* (MAILBOXID EMAILID THREADID)',
  'STATUS Parent (MESSAGES)',
  'XCONVMULTISORT (REVERSE DATE) (CONVERSATIONS POSITION (1 10)) UTF-8 ALL',
  'XCONVUPDATES (DATE) (CHANGEDSINCE (1 1)) UTF-8 ALL',
]

describeThreat('threat 30: commands and data that name many', {}, (stage) => {
  it.each(commands)('%s', async (command) => {
    const session = await stage().enter()
    await session.send(`a ${command}\r\n`)
    // Cyrus says MAILBOXIDs in LIST that are no text: then the gateway has cut both off.
    const isAnswered = await session.peer.until(/^a (?:OK|NO|BAD) .*\r\n/mu).then(
      () => true,
      () => session.peer.hasEnded,
    )
    expect(isAnswered).toBe(true)
    if (!session.peer.hasEnded) await session.settle()
    expectSilent(session.heard, command)
  })

  it('a session that watches everything hears nothing of changes there', async () => {
    const session = await stage().enter()
    for (const command of [
      'NOTIFY SET STATUS (selected (MessageNew MessageExpunge)) (personal (MessageNew MessageExpunge MailboxName SubscriptionChange MailboxMetadataChange))',
      'ENABLE CONDSTORE',
    ])
      await session.run(command)
    await session.send('i IDLE\r\n')
    await session.peer.until(/^\+ .*\r\n/mu)
    // What happens in a mailbox that is hidden as well, so that the canaries stay as they are.
    const { ann } = stage()
    await ann.runAll([
      'CREATE Secret/Watched',
      'SUBSCRIBE Secret/Watched',
      'APPEND Secret/Watched {14+}\r\nSubject: x\r\n\r\n',
      'SETMETADATA Secret/Watched (/private/comment "x")',
      'DELETE Secret/Watched',
      'UNSUBSCRIBE Secret/Watched',
      'APPEND INBOX {14+}\r\nSubject: x\r\n\r\n',
    ])
    // The last of them is heard of, and so was everything before.
    await session.peer.until(/^\* \d+ EXISTS\r\n/mu)
    await session.send('DONE\r\n')
    await session.peer.until(/^i OK .*\r\n/mu)
    await session.settle()
    expectSilent(session.heard, '')
  })

  describe('a session that lists twice', () => {
    it('hears the same of it: nothing', async () => {
      const session = await stage().enter()
      const first = await session.run('LIST "" "*" RETURN (CHILDREN)')
      expect(first).toContain('Parent')
      expect(first).not.toMatch(/secret/iu)
    })
  })
})

function expectSilent(heard: string, command: string): void {
  const others = heard.split('\r\n').filter((line) => !/secret/iu.test(command) || !line.includes('Secret"'))
  expect(others.join('\n')).not.toMatch(new RegExp(`s(?:e|&AOk-|\u00c3\u00a9)cret|${token}`, 'iu'))
}
