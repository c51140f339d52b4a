/** Rows of the list of extensions: what FETCH, STORE and CONVERT gained. */

import type { Extension } from './extension.ts'

export const fetch: readonly Extension[] = [
  {
    name: 'BINARY',
    source: 'RFC 3516',
    reads: {
      'fetch attribute': ['BINARY[]', 'BINARY.PEEK[]', 'BINARY.SIZE[]'],
      'fetch item': ['BINARY[]', 'BINARY.SIZE[]'],
      code: ['UNKNOWN-CTE'],
    },
    alsoReads: 'literal8, ~{n} and ~{n+}, wherever a literal may stand',
    proxy: 'Frames literal8 in both directions, NULs included; passes as it is.',
  },
  {
    name: 'CONDSTORE',
    source: 'RFC 7162',
    reads: {
      'fetch attribute': ['MODSEQ'],
      'fetch item': ['MODSEQ'],
      'fetch modifier': ['CHANGEDSINCE'],
      'store modifier': ['UNCHANGEDSINCE'],
      'select parameter': ['CONDSTORE'],
      'status item': ['HIGHESTMODSEQ'],
      'search key': ['MODSEQ'],
      'esearch item': ['MODSEQ'],
      code: ['HIGHESTMODSEQ', 'NOMODSEQ', 'MODIFIED'],
    },
    alsoReads: 'the mod-sequence at the end of SEARCH and SORT responses',
    proxy: 'Passes as it is; read and shown, with all 63 bits.',
  },
  {
    name: 'OBJECTID',
    source: 'RFC 8474',
    reads: {
      'fetch attribute': ['EMAILID', 'THREADID'],
      'fetch item': ['EMAILID', 'THREADID'],
      'search key': ['EMAILID', 'THREADID'],
      'status item': ['MAILBOXID'],
      code: ['MAILBOXID'],
    },
    proxy: 'Passes as it is; read and shown.',
  },
  {
    name: 'OBJECTID+',
    source: 'draft-ietf-mailmaint-imap-objectid-bis',
    reads: {
      'fetch attribute': ['OBJECTID'],
      'fetch item': ['OBJECTID'],
      'select parameter': ['OBJECTID'],
      'status item': ['OBJECTID'],
      code: ['OBJECTID'],
    },
    proxy: 'Passes as it is; read and shown.',
  },
  {
    name: 'SAVEDATE',
    source: 'RFC 8514',
    reads: {
      'fetch attribute': ['SAVEDATE'],
      'fetch item': ['SAVEDATE'],
      'search key': ['SAVEDBEFORE', 'SAVEDON', 'SAVEDSINCE', 'SAVEDATESUPPORTED'],
    },
    proxy: 'Passes as it is; read and shown.',
  },
  {
    name: 'PREVIEW',
    source: 'RFC 8970',
    reads: { 'fetch attribute': ['PREVIEW'], 'fetch item': ['PREVIEW'] },
    proxy: 'Passes as it is; read and shown.',
  },
  {
    name: 'ANNOTATE-EXPERIMENT-1',
    source: 'RFC 5257',
    reads: {
      'fetch attribute': ['ANNOTATION'],
      'fetch item': ['ANNOTATION'],
      'store item': ['ANNOTATION'],
      'append data': ['ANNOTATION'],
      'select parameter': ['ANNOTATE'],
      'search key': ['ANNOTATION'],
      'sort key': ['ANNOTATION'],
      code: ['ANNOTATIONS', 'ANNOTATE'],
    },
    proxy: 'Passes as it is; read and shown.',
  },
  {
    name: 'CONVERT',
    source: 'RFC 5259',
    reads: {
      command: ['CONVERT', 'UID CONVERT', 'CONVERSIONS'],
      untagged: ['CONVERTED', 'CONVERSION'],
      'fetch attribute': ['BODYPARTSTRUCTURE[]', 'AVAILABLECONVERSIONS[]'],
      'fetch item': ['BODYPARTSTRUCTURE[]', 'AVAILABLECONVERSIONS[]'],
      code: ['TEMPFAIL', 'MAXCONVERTMESSAGES', 'MAXCONVERTPARTS'],
    },
    proxy: 'Passes as it is; read and shown, the errors of single parts too.',
  },
  {
    name: 'UIDONLY',
    source: 'RFC 9586',
    reads: { untagged: ['UIDFETCH'], code: ['UIDREQUIRED'] },
    proxy: 'Passes as it is; the number before UIDFETCH is shown as a UID.',
  },
]
