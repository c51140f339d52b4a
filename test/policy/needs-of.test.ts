/** What each command does, and to which mailboxes. */

import { describe, expect, it } from 'vitest'
import { readCommand } from '../../src/imap/commands/index.ts'
import { octetsOf } from '../../src/imap/octets.ts'
import { lineMessage } from '../../src/imap/raw-message.ts'
import { sampleCommands } from '../../src/policy/command-table.ts'
import { needsOf } from '../../src/policy/needs-of.ts'
import { actions as everyAction, reaches as everyReach, type Needs } from '../../src/policy/needs.ts'

function ask(line: string, selected: string | undefined = 'Here', isUtf8 = false): Needs {
  const read = readCommand(lineMessage('client', octetsOf(`a ${line}\r\n`)))
  if (!read.ok) throw new Error(read.fault.text)
  return needsOf(read.value, selected, isUtf8)
}

/** `source INBOX read` for each access. */
const accessesOf = (line: string, isUtf8 = false): string[] =>
  ask(line, 'Here', isUtf8).accesses.map(({ role, mailbox, rights }) => [role, mailbox, ...rights].join(' '))
const actionsOf = (line: string): string => ask(line).actions.join(' ')
const reachesOf = (line: string): string => ask(line).reaches.join(' ')

describe('reading', () => {
  it.each([
    ['FETCH 1 (FLAGS UID ENVELOPE BODY BODYSTRUCTURE RFC822.SIZE RFC822.HEADER)', 'read'],
    ['FETCH 1 ALL', 'read'],
    ['FETCH 1 BODY.PEEK[]', 'read'],
    ['FETCH 1 BINARY.PEEK[1]', 'read'],
    ['FETCH 1 BINARY.SIZE[1]', 'read'],
    ['FETCH 1 RFC822.PEEK', 'read'],
    ['FETCH 1 PREVIEW', 'read'],
    ['FETCH 1 BODY[]', 'read mark-seen'],
    ['UID FETCH 1 (FLAGS BODY[HEADER])', 'read mark-seen'],
    ['FETCH 1 (BODY.PEEK[HEADER] BODY[TEXT]<0.1>)', 'read mark-seen'],
    ['FETCH 1 BINARY[1]', 'read mark-seen'],
    ['FETCH 1 RFC822', 'read mark-seen'],
    ['FETCH 1 RFC822.TEXT', 'read mark-seen'],
    ['FETCH 1 X-NEW', 'read mark-seen unknown'],
    ['FETCH 1 FLAGS (CHANGEDSINCE 5)', 'read'],
    ['FETCH 1 FLAGS (X-NEW 5)', 'read unknown'],
    ['PARTIAL 1 RFC822 1 9', 'read mark-seen'],
    ['PARTIAL 1 BODY[TEXT] 1 9', 'read mark-seen'],
    ['PARTIAL 1 RFC822.HEADER 1 9', 'read'],
    ['PARTIAL 1 BODY.PEEK[1] 1 9', 'read'],
    ['UID CONVERT 1 ("text/plain") BINARY[1]', 'read mark-seen'],
    ['CONVERT 1 ("text/plain") BINARY.PEEK[1]', 'read'],
    ['SEARCH OR (NOT X-NEW) SEEN', 'read unknown'],
    ['SEARCH RETURN (SAVE) ALL', 'read'],
    ['SEARCH RETURN (X-NEW) ALL', 'read unknown'],
    ['SORT (X-NEW) UTF-8 ALL', 'read unknown'],
    ['UIDBATCHES 10', 'read'],
    ['NOTIFY SET (selected (MessageNew (BODY[])))', 'look read mark-seen'],
  ])('%s: %s', (line, actions) => {
    expect(actionsOf(line)).toBe(actions)
    expect(accessesOf(line)).toEqual(['selected Here read'])
  })

  it.each([
    ['FETCH 1 X-GM-LABELS', 'labels'],
    ['FETCH 1 (FLAGS X-MAILBOX)', 'labels'],
    ['UID SEARCH NOT (SEEN OR X-GM-RAW "label:x" SEEN)', 'labels'],
    ['SEARCH FUZZY X-GM-LABELS x', 'labels'],
    ['SEARCH INTHREAD REFS X-MAILBOX x', 'labels'],
    ['SEARCH CONVSEEN', 'all-mailboxes'],
    ['SORT (CONVSIZE FOLDER) UTF-8 ALL', 'all-mailboxes labels'],
    ['THREAD REFS UTF-8 X-MAILBOX x', 'labels'],
    ['SEARCH EMAILID M1', ''],
    ['FETCH 1 (EMAILID X-GM-MSGID)', ''],
    ['ESEARCH UNSEEN', ''],
    ['ESEARCH IN (personal) UNSEEN', 'all-mailboxes'],
    ['ESEARCH IN (subtree Work) UNSEEN', 'children'],
    ['ESEARCH IN (x-new) UNSEEN', 'all-mailboxes'],
  ])('%s reaches %j', (line, reaches) => {
    expect(reachesOf(line)).toBe(reaches)
  })

  it('of named sources needs each of them', () => {
    expect(accessesOf('ESEARCH IN (mailboxes (A B) selected) ALL')).toEqual([
      'source A read',
      'source B read',
      'selected Here read',
    ])
    expect(accessesOf('NOTIFY SET STATUS (subtree A (MessageNew MessageExpunge))')).toEqual(['source A read'])
  })

  it('without a selected mailbox names none', () => {
    expect(ask('FETCH 1 FLAGS', undefined).accesses).toEqual([
      { role: 'selected', mailbox: 'Here', rights: ['read'] },
    ])
    const read = readCommand(lineMessage('client', octetsOf('a FETCH 1 FLAGS\r\n')))
    expect(read.ok && needsOf(read.value, undefined).accesses).toEqual([])
  })
})

describe('changing messages', () => {
  it.each([
    ['STORE 1 +FLAGS (\\Seen)', 'flag', ['selected Here flag']],
    ['STORE 1 -FLAGS (\\Deleted)', 'flag', ['selected Here flag']],
    ['STORE 1 +FLAGS.SILENT \\dELETED', 'flag delete-flag', ['selected Here flag delete']],
    ['UID STORE 1 FLAGS (\\Seen \\Deleted)', 'flag delete-flag', ['selected Here flag delete']],
    ['STORE 1 FLAGS ()', 'flag', ['selected Here flag']],
    ['STORE 1 (UNCHANGEDSINCE 5) +FLAGS (x)', 'flag', ['selected Here flag']],
    ['STORE 1 +X-NEW (x)', 'flag unknown', ['selected Here flag delete']],
    ['STORE 1 +X-GM-LABELS (Work)', 'insert', ['selected Here flag', 'destination Work insert']],
    ['STORE 1 -X-GM-LABELS (\\Inbox)', 'remove', ['selected Here flag', 'source INBOX delete']],
    [
      'STORE 1 +X-GM-LABELS (\\Trash)',
      'delete-flag insert',
      ['selected Here flag', 'destination [Gmail]/Trash insert'],
    ],
    ['STORE 1 X-GM-LABELS (Work)', 'insert remove', ['selected Here flag delete', 'destination Work insert']],
    ['STORE 1 X-GM-LABELS ()', 'insert remove', ['selected Here flag delete']],
    ['EXPUNGE', 'expunge', ['selected Here delete']],
    ['UID EXPUNGE 1', 'expunge', ['selected Here delete']],
    ['CLOSE', 'expunge', ['selected Here delete']],
    ['UNSELECT', 'look', ['selected Here']],
    ['COPY 1 Pub', 'insert', ['selected Here read', 'destination Pub insert']],
    ['UID MOVE 1 Pub', 'insert remove', ['selected Here read delete', 'destination Pub insert']],
    ['XGWMOVE 1 Pub', 'insert remove', ['selected Here read delete', 'destination Pub insert']],
    ['APPEND Pub (\\Draft) ""', 'insert', ['destination Pub insert']],
  ])('%s: %s', (line, actions, accesses) => {
    const needs = ask(line.replace('""', 'X-DATA (x)'))
    expect(
      needs.actions.filter((action) => !(line.startsWith('APPEND') && action === 'unknown')).join(' '),
    ).toBe(actions)
    expect(accessesOf(line.replace('""', 'X-DATA (x)'))).toEqual(accesses)
  })
})

describe('threat 28: source, destination and children are named', () => {
  it.each([
    ['RENAME Parent Pub', ['source Parent delete', 'destination Pub create insert'], 'children'],
    ['XRENAME Parent Pub', ['source Parent delete', 'destination Pub create insert'], ''],
    ['CREATE New', ['destination New create'], ''],
    ['DELETE Old', ['source Old delete'], ''],
    ['COPY 1 Secret', ['selected Here read', 'destination Secret insert'], ''],
    ['XFER Work elsewhere', ['source Work delete'], 'children other-server'],
  ])('%s', (line, accesses, reaches) => {
    expect(accessesOf(line)).toEqual(accesses)
    expect(reachesOf(line)).toBe(reaches)
  })

  it('REPLACE destroys here and inserts there', () => {
    const replace = sampleCommands().find(({ name }) => name === 'UID REPLACE')
    expect(replace && needsOf(replace.command, 'Here')).toEqual({
      actions: ['insert', 'expunge'],
      accesses: [
        { mailbox: 'Here', role: 'selected', rights: ['delete'] },
        { mailbox: 'Drafts', role: 'destination', rights: ['insert'] },
      ],
      reaches: [],
    })
  })
})

describe('threat 29: URLs are read as RFC 5092 has them, or by nobody', () => {
  it.each([
    ['/INBOX/;UID=1', 'source INBOX read'],
    ['/INBOX;UIDVALIDITY=5/;UID=1/;SECTION=HEADER', 'source INBOX read'],
    ['/Sec%72et/;UID=1', 'source Secret read'],
    ['/%53%45%43RET;UIDVALIDITY=5/;UID=1', 'source SECRET read'],
    ['/Work/Old/;UID=1', 'source Work/Old read'],
    ['/;UID=1', 'selected Here read'],
    [';UID=1', 'selected Here read'],
  ])('%s', (url, access) => {
    const line = `APPEND Pub CATENATE (URL "${url}")`
    expect(accessesOf(line)).toEqual(['destination Pub insert', access])
    expect(reachesOf(line)).toBe('url')
    expect(actionsOf(line)).toBe('read insert')
  })

  it('with a server may be about another', () => {
    const url =
      'imap://ann;AUTH=*@mail.example.org:143/Secret;UIDVALIDITY=5/;UID=1/;SECTION=1;URLAUTH=anonymous'
    expect(accessesOf(`GENURLAUTH "${url}" INTERNAL`)).toEqual(['source Secret read'])
    expect(reachesOf(`GENURLAUTH "${url}" INTERNAL`)).toBe('url other-server')
    expect(actionsOf(`URLFETCH "${url}:INTERNAL:00"`)).toBe('read identity')
  })

  it.each(['/Entw%C3%BCrfe/;UID=1'])('%s has its mailbox in the words of the session', (url) => {
    expect(accessesOf(`APPEND Pub CATENATE (URL "${url}")`)[1]).toBe('source Entw&APw-rfe read')
    expect(accessesOf(`APPEND Pub CATENATE (URL "${url}")`, true)[1]).toBe('source Entwürfe read')
  })

  it.each([
    '',
    'INBOX',
    '/INBOX',
    'INBOX/;UID=1',
    '../Secret/;UID=1',
    '//evil/INBOX/;UID=1',
    'http://evil/INBOX/;UID=1',
    'imap:INBOX/;UID=1',
    '/a%2Fb/;UID=1',
    '/a%zz/;UID=1',
    '/a%/;UID=1',
    '/%FF/;UID=1',
    '/%00/;UID=1',
    '/S%26AGU-cret/;UID=1',
    '/S&AGU-cret/;UID=1',
    '/Entwu%CC%88rfe/;UID=1',
    '/a b/;UID=1',
    '/a\\\\b/;UID=1',
    '/INBOX/;UID=1/;UID=2',
    '/INBOX;UID=1;MAILBOX=Secret',
    '/INBOX?SUBJECT%20x',
    'imap://host/;UID=1',
  ])('%j nobody can be sure of', (url) => {
    expect(reachesOf(`APPEND Pub CATENATE (URL "${url}")`)).toBe('url unreadable-url')
    expect(accessesOf(`APPEND Pub CATENATE (URL "${url}")`)).toEqual(['destination Pub insert'])
  })
})

describe('threat 30: what lists, tells and describes', () => {
  it.each([
    ['LIST "a/" (b c*)', 'look', ['listed a/b', 'listed a/c*'], ''],
    ['LIST "" "*" RETURN (MYRIGHTS METADATA (/shared/comment))', 'look metadata rights', ['listed *'], ''],
    ['LIST (REMOTE) "" "*" RETURN (STATUS (MESSAGES))', 'look', ['listed *'], 'other-server'],
    ['LIST (X-NEW) "" "*"', 'look unknown', ['listed *'], ''],
    ['LIST "" "*" RETURN (STATUS (X-NEW))', 'look unknown', ['listed *'], ''],
    ['XLIST "" "%"', 'look', ['listed %'], ''],
    ['RLSUB "" "%"', 'look', ['listed %'], 'other-server'],
    ['FIND ALL.MAILBOXES *', 'look', ['listed *'], ''],
    ['SCAN "" "*" x', 'look read', ['listed * read'], 'all-mailboxes'],
    ['STATUS A (MESSAGES)', 'look', ['source A read'], ''],
    ['STATUS A (X-NEW)', 'look unknown', ['source A read'], ''],
    ['SELECT A (QRESYNC (1 2))', 'look read', ['source A read'], ''],
    ['SELECT A (CONDSTORE)', 'look', ['source A read'], ''],
    ['EXAMINE A (X-NEW 1)', 'look unknown', ['source A read'], ''],
    ['SELECT A (OBJECTID (MAILBOXID F1))', 'look', ['source A read'], 'mailbox-id'],
    ['NOTIFY SET (personal (MailboxName))', 'look', [], 'all-mailboxes'],
    ['ENABLE condstore QRESYNC UTF8=ACCEPT UIDONLY IMAP4rev2 OBJECTID', 'look', [], ''],
    ['ENABLE CONDSTORE X-FROBNICATE', 'look unknown', [], ''],
    ['NOTIFY SET (mailboxes A (MailboxMetadataChange))', 'look metadata', ['source A read'], ''],
    ['NOTIFY NONE', 'look', [], ''],
    ['CREATE A', 'create', ['destination A create'], ''],
    ['CREATE A (USE (\\Trash))', 'create set-metadata', ['destination A create delete'], ''],
    ['CREATE A (X-NEW 1)', 'create unknown', ['destination A create'], ''],
    ['SUBSCRIBE A', 'subscribe', ['source A'], ''],
    ['GETMETADATA A /shared/comment', 'metadata', ['source A read'], ''],
    ['GETMETADATA "" /shared/comment', 'metadata', [], ''],
    ['SETMETADATA A (/shared/comment "x")', 'set-metadata', ['source A create delete'], ''],
    ['SETMETADATA "" (/shared/comment "x")', 'set-metadata', [], ''],
    ['GETANNOTATION A /comment value', 'metadata', ['source A read'], ''],
    ['GETANNOTATION * /comment value', 'metadata', ['listed * read'], 'all-mailboxes'],
    ['SETANNOTATION A /comment (value.priv "x")', 'set-metadata', ['source A create delete'], ''],
    [
      'SETANNOTATION A* /comment (value.priv "x")',
      'set-metadata',
      ['source A* create delete'],
      'all-mailboxes',
    ],
    ['GETACL A', 'rights', ['source A'], ''],
    ['LISTRIGHTS A bob', 'rights', ['source A'], ''],
    ['SETACL A bob lrs', 'set-rights', ['source A create delete'], ''],
    ['DELETEACL A bob', 'set-rights', ['source A create delete'], ''],
    ['GETQUOTAROOT A', 'rights', ['source A'], ''],
    ['GETQUOTA A', 'rights', [], 'quota-root'],
    ['SETQUOTA A (STORAGE 1)', 'set-rights', [], 'quota-root'],
    ['RESETKEY', 'identity', [], 'all-mailboxes'],
    ['RESETKEY A', 'identity', ['source A read'], ''],
  ])('%s', (line, actions, accesses, reaches) => {
    expect(actionsOf(line)).toBe(actions)
    expect(accessesOf(line)).toEqual(accesses)
    expect(reachesOf(line)).toBe(reaches)
  })
})

describe('what changes mailboxes that it does not name', () => {
  it.each([
    ['STORE 1 X-GM-LABELS (Work)', ['delete'], 'all-mailboxes labels'],
    ['SETMETADATA "" (/shared/comment "x")', ['create', 'delete'], ''],
    ['SETANNOTATION "" /comment (value.priv "x")', ['create', 'delete'], ''],
    ['SETQUOTA "" (STORAGE 1)', ['create', 'delete'], 'quota-root'],
    ['STORE 1 +X-GM-LABELS (Work)', undefined, 'labels'],
    ['STORE 1 -X-GM-LABELS (Work)', undefined, 'labels'],
    ['GETMETADATA "" /shared/comment', undefined, ''],
  ])('%s takes rights in all of them: %j', (line, rights, reaches) => {
    expect(ask(line).everywhere).toEqual(rights)
    expect(reachesOf(line)).toBe(reaches)
  })
})

describe('threats 31, 32 and 38: who is somebody else, and what nobody knows', () => {
  it.each([
    ['LOGIN ann x', 'session'],
    ['LOGIN ann*master x', 'session identity'],
    ['PROXYAUTH bob', 'identity'],
    ['UNAUTHENTICATE', 'identity'],
    ['CLIENTID UUID x', 'identity'],
    ['COMPRESS DEFLATE', 'compress'],
    ['XFOO Secret', 'unknown'],
    ['UID XFOO Secret', 'unknown'],
    ['DUMP Secret', 'unknown'],
    ['ID NIL', 'session'],
    ['IDLE', 'look'],
  ])('%s: %s', (line, actions) => {
    expect(actionsOf(line)).toBe(actions)
  })

  it('what nobody knows may reach anything', () => {
    expect(reachesOf('XFOO Secret')).toBe('all-mailboxes')
  })
})

it('every command does something, and says it once and in order', () => {
  for (const { command } of sampleCommands()) {
    const needs = needsOf(command, 'Here')
    expect(needs.actions.length).toBeGreaterThan(0)
    expect(everyAction.filter((action) => needs.actions.includes(action))).toEqual(needs.actions)
    expect(everyReach.filter((reach) => needs.reaches.includes(reach))).toEqual(needs.reaches)
  }
})
