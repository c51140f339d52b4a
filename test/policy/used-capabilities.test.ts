import { describe, expect, test } from 'vitest'

import { capabilitiesUsedBy, isKnownCapability } from '../../src/policy/used-capabilities.ts'
import { command } from './support/mailbox-world.ts'

const used = (line: string): readonly string[] =>
  capabilitiesUsedBy(command(`a ${line}`)).map((alternatives) => alternatives[0] ?? '')

describe('what IMAP4rev1 has needs no capability', () => {
  test.each([
    'LOGIN a b',
    'SELECT Work',
    'LIST "" *',
    'STATUS Work (MESSAGES RECENT UIDNEXT UIDVALIDITY UNSEEN)',
    'APPEND Work (\\Seen) {1}\r\nx',
    'FETCH 1 (FLAGS UID BODY.PEEK[] RFC822 ENVELOPE)',
    'UID SEARCH NOT (OR SEEN KEYWORD a) SUBJECT b',
    'UID STORE 1 +FLAGS.SILENT (\\Seen)',
    'COPY 1 Work',
    'CREATE Work',
    'EXPUNGE',
    'LSUB "" *',
  ])('%s', (line) => expect(used(line)).toEqual([]))
})

test.each([
  ['IDLE', ['IDLE']],
  ['MOVE 1 Work', ['MOVE']],
  ['UID EXPUNGE 1', ['UIDPLUS']],
  ['UNSELECT', ['UNSELECT']],
  ['NAMESPACE', ['NAMESPACE']],
  ['ID NIL', ['ID']],
  ['ENABLE CONDSTORE UTF8=ACCEPT', ['ENABLE', 'CONDSTORE', 'UTF8=ACCEPT']],
  ['COMPRESS DEFLATE', ['COMPRESS=DEFLATE', 'COMPRESS']],
  ['STARTTLS', ['STARTTLS']],
  ['AUTHENTICATE PLAIN', ['AUTH=PLAIN']],
  ['AUTHENTICATE PLAIN dGVzdA==', ['AUTH=PLAIN', 'SASL-IR']],
  ['UNAUTHENTICATE', ['UNAUTHENTICATE']],
  ['GETACL Work', ['ACL']],
  ['GETQUOTA ""', ['QUOTA']],
  ['GETMETADATA Work (/private/comment)', ['METADATA', 'METADATA']],
  ['SETMETADATA "" (/shared/comment NIL)', ['METADATA', 'METADATA-SERVER']],
  ['GETANNOTATION Work "*" "value"', ['ANNOTATEMORE']],
  ['FETCH 1 (MODSEQ)', ['CONDSTORE']],
  ['FETCH 1 (FLAGS) (CHANGEDSINCE 5)', ['CONDSTORE']],
  ['UID FETCH 1 (FLAGS) (CHANGEDSINCE 5 VANISHED)', ['CONDSTORE', 'QRESYNC']],
  ['STORE 1 (UNCHANGEDSINCE 5) FLAGS (\\Seen)', ['CONDSTORE']],
  ['SELECT Work (CONDSTORE)', ['CONDSTORE']],
  ['SELECT Work (QRESYNC (1 2))', ['QRESYNC']],
  ['STATUS Work (HIGHESTMODSEQ)', ['CONDSTORE']],
  ['STATUS Work (SIZE)', ['STATUS=SIZE']],
  ['STATUS Work (APPENDLIMIT)', ['APPENDLIMIT']],
  ['STATUS Work (MAILBOXID)', ['OBJECTID']],
  ['SEARCH MODSEQ 5', ['CONDSTORE']],
  ['SEARCH NOT (OR SEEN YOUNGER 5)', ['WITHIN']],
  ['SEARCH FUZZY SUBJECT x', ['SEARCH=FUZZY']],
  ['SEARCH RETURN (COUNT) ALL', ['ESEARCH']],
  ['SEARCH RETURN (SAVE) ALL', ['SEARCHRES', 'ESEARCH']],
  ['SEARCH RETURN (PARTIAL 1:5) ALL', ['CONTEXT=SEARCH', 'ESEARCH']],
  ['SEARCH $', ['SEARCHRES']],
  ['UID FETCH $ (FLAGS)', ['SEARCHRES']],
  ['SORT (DATE) UTF-8 ALL', ['SORT', 'SORT', 'SORT']],
  ['SORT (DISPLAYFROM) UTF-8 ALL', ['SORT', 'SORT=DISPLAY']],
  ['SORT RETURN () (DATE) UTF-8 ALL', ['SORT', 'SORT', 'ESORT']],
  ['THREAD REFS UTF-8 ALL', ['THREAD=REFS', 'THREAD']],
  ['ESEARCH IN (personal) ALL', ['MULTISEARCH']],
  ['CANCELUPDATE "t"', ['CONTEXT=SEARCH']],
  ['FETCH 1 (BINARY.PEEK[1])', ['BINARY']],
  ['APPEND Work ~{1}\r\nx', ['BINARY']],
  ['APPEND Work {1}\r\nx {1}\r\ny', ['MULTIAPPEND']],
  ['APPEND Work CATENATE (TEXT {1}\r\nx)', ['CATENATE']],
  ['APPEND Work UTF8 (~{1}\r\nx)', ['UTF8=ACCEPT']],
  ['REPLACE 1 Work {1}\r\nx', ['REPLACE']],
  ['FETCH 1 (PREVIEW)', ['PREVIEW']],
  ['FETCH 1 (EMAILID)', ['OBJECTID']],
  ['FETCH 1 (SAVEDATE)', ['SAVEDATE']],
  ['FETCH 1 (X-GM-LABELS)', ['X-GM-EXT-1']],
  ['FETCH 1 (DIGEST.SHA1)', ['DIGEST=SHA1']],
  ['SORT (REVERSE MODSEQ) UTF-8 ALL', ['SORT', 'SORT=MODSEQ']],
  ['LIST (SUBSCRIBED) "" *', ['LIST-EXTENDED', 'LIST-EXTENDED']],
  ['LIST "" (a b)', ['LIST-EXTENDED']],
  ['LIST "" * RETURN (STATUS (MESSAGES SIZE))', ['LIST-STATUS', 'STATUS=SIZE', 'LIST-EXTENDED']],
  ['LIST "" * RETURN (SPECIAL-USE)', ['SPECIAL-USE', 'LIST-EXTENDED']],
  ['CREATE Work (USE (\\Sent))', ['CREATE-SPECIAL-USE']],
  ['XLIST "" *', ['XLIST']],
  ['RLIST "" *', ['MAILBOX-REFERRALS']],
  ['NOTIFY NONE', ['NOTIFY']],
  ['LANGUAGE de', ['LANGUAGE']],
  ['URLFETCH "imap://a/b"', ['URLAUTH']],
  ['URLFETCH ("imap://a/b" BINARY)', ['URLAUTH', 'URLAUTH=BINARY']],
  ['XYZZY', ['XYZZY']],
  ['XNEW 1', ['XNEW']],
])('%s needs %j', (line, expected) => {
  expect(new Set(used(line))).toEqual(new Set(expected))
})

test('a capability is known by its name, or by how its name begins where that goes on', () => {
  const known = 'CONDSTORE condstore UTF8=ONLY IMAP4rev2 METADATA-SERVER THREAD=REFERENCES APPENDLIMIT'
  expect(known.split(' ').filter((word) => !isKnownCapability(word))).toEqual([])
  const unknown = 'X-FROBNICATE CONDSTORE2 UTF8 * IMAP4rev3'
  expect(unknown.split(' ').filter(isKnownCapability)).toEqual([])
})
