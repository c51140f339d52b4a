/** Rows of the list of extensions: mailboxes, accounts, and what is told of them. */

import type { Extension } from './extension.ts'

const passes = 'Passes as it is; read and shown.'

export const mailbox: readonly Extension[] = [
  {
    name: 'UNSELECT',
    source: 'RFC 3691',
    reads: { command: ['UNSELECT'] },
    proxy: 'Passes as it is; the session then has no mailbox.',
  },
  {
    name: 'QRESYNC',
    source: 'RFC 7162, RFC 5162',
    reads: {
      untagged: ['VANISHED'],
      code: ['CLOSED'],
      'fetch modifier': ['VANISHED'],
      'select parameter': ['CONDSTORE', 'QRESYNC'],
      'status item': ['HIGHESTMODSEQ'],
    },
    alsoReads: 'sets of UIDs as text, never expanded',
    proxy: passes,
  },
  {
    name: 'APPENDLIMIT',
    source: 'RFC 7889',
    reads: { 'status item': ['APPENDLIMIT'] },
    proxy: passes,
  },
  {
    name: 'STATUS=SIZE',
    source: 'RFC 8438',
    reads: { 'status item': ['SIZE'] },
    alsoReads: 'sizes of 63 bits, exactly',
    proxy: passes,
  },
  {
    name: 'QUOTA',
    aliases: [
      'QUOTA=RES-STORAGE',
      'QUOTA=RES-MESSAGE',
      'QUOTA=RES-MAILBOX',
      'QUOTA=RES-ANNOTATION-STORAGE',
      'QUOTASET',
      'QUOTA=SET',
    ],
    source: 'RFC 9208, RFC 2087',
    reads: {
      command: ['GETQUOTA', 'GETQUOTAROOT', 'SETQUOTA'],
      untagged: ['QUOTA', 'QUOTAROOT'],
      code: ['OVERQUOTA'],
      'status item': ['DELETED', 'DELETED-STORAGE'],
    },
    proxy: passes,
  },
  {
    name: 'ACL',
    aliases: ['RIGHTS='],
    source: 'RFC 4314, RFC 2086',
    reads: {
      command: ['SETACL', 'DELETEACL', 'GETACL', 'LISTRIGHTS', 'MYRIGHTS'],
      untagged: ['ACL', 'LISTRIGHTS', 'MYRIGHTS'],
    },
    proxy: passes,
  },
  {
    name: 'METADATA',
    aliases: ['METADATA-SERVER'],
    source: 'RFC 5464',
    reads: {
      command: ['GETMETADATA', 'SETMETADATA'],
      untagged: ['METADATA'],
      code: ['METADATA'],
    },
    alsoReads: 'options before or behind the mailbox, values as literal8',
    proxy: passes,
  },
  {
    name: 'ANNOTATEMORE',
    aliases: ['ANNOTATEMORE2'],
    source: 'draft-daboo-imap-annotatemore',
    reads: { command: ['GETANNOTATION', 'SETANNOTATION'], untagged: ['ANNOTATION'] },
    proxy: passes,
  },
  {
    name: 'ID',
    source: 'RFC 2971',
    reads: { command: ['ID'], untagged: ['ID'] },
    proxy: 'Passes as it is; names of client and server are shown with the session.',
  },
  {
    name: 'JMAPACCESS',
    source: 'RFC 9698',
    reads: { command: ['GETJMAPACCESS'], untagged: ['JMAPACCESS'] },
    proxy: 'Passes as it is; the address that it gives leads around the proxy.',
  },
  {
    name: 'IMAPSIEVE=',
    source: 'RFC 6785',
    reads: {},
    alsoReads: 'the capability, and the entry /shared/imapsieve/script of METADATA',
    proxy: passes,
  },
  {
    name: 'NAMESPACE',
    source: 'RFC 2342, RFC 5255',
    reads: { command: ['NAMESPACE'], untagged: ['NAMESPACE'] },
    alsoReads: 'TRANSLATION',
    proxy: passes,
  },
  {
    name: 'LANGUAGE',
    source: 'RFC 5255',
    reads: { command: ['LANGUAGE'], untagged: ['LANGUAGE'] },
    proxy: passes,
  },
  {
    name: 'CHILDREN',
    source: 'RFC 3348',
    reads: { 'list option': ['CHILDREN'] },
    alsoReads: '\\HasChildren, \\HasNoChildren',
    proxy: passes,
  },
  {
    name: 'LIST-EXTENDED',
    source: 'RFC 5258, RFC 9051',
    reads: {
      'list option': ['SUBSCRIBED', 'REMOTE', 'RECURSIVEMATCH'],
      'list data': ['CHILDINFO', 'OLDNAME'],
    },
    alsoReads: 'several patterns, \\Subscribed, \\NonExistent, \\Remote',
    proxy: passes,
  },
  {
    name: 'LIST-STATUS',
    source: 'RFC 5819',
    reads: { 'list option': ['STATUS'] },
    proxy: passes,
  },
  {
    name: 'LIST-MYRIGHTS',
    source: 'RFC 8440',
    reads: { 'list option': ['MYRIGHTS'] },
    proxy: passes,
  },
  {
    name: 'LIST-METADATA',
    source: 'RFC 9590',
    reads: { 'list option': ['METADATA'] },
    proxy: passes,
  },
  {
    name: 'SPECIAL-USE',
    source: 'RFC 6154, RFC 8457',
    reads: { 'list option': ['SPECIAL-USE'] },
    alsoReads: '\\All, \\Archive, \\Drafts, \\Flagged, \\Important, \\Junk, \\Sent, \\Trash',
    proxy: passes,
  },
  {
    name: 'CREATE-SPECIAL-USE',
    source: 'RFC 6154',
    reads: { command: ['CREATE'], code: ['USEATTR'], 'create parameter': ['USE'] },
    proxy: passes,
  },
  {
    name: 'MAILBOX-REFERRALS',
    source: 'RFC 2193',
    reads: { command: ['RLIST', 'RLSUB'], code: ['REFERRAL'] },
    proxy: 'Passes as it is; a client that follows a referral leaves the proxy.',
  },
  {
    name: 'NOTIFY',
    source: 'RFC 5465',
    reads: { command: ['NOTIFY'], code: ['BADEVENT', 'NOTIFICATIONOVERFLOW'] },
    alsoReads: 'filters of mailboxes, events, and what FETCH shall tell of new messages',
    proxy: 'Passes as it is; what the server tells unasked is shown as such.',
  },
  {
    name: 'Keywords registry',
    source: 'RFC 5788, RFC 3503, RFC 8457, RFC 9979',
    reads: {},
    alsoReads: 'keywords and attributes as they are written',
    proxy: passes,
  },
]
