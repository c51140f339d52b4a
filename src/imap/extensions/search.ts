/** Rows of the list of extensions: the family of SEARCH, SORT and THREAD, and what cuts results into pieces. */

import type { Extension } from './extension.ts'

const passes = 'Passes as it is; read and shown.'

export const search: readonly Extension[] = [
  {
    name: 'ESEARCH',
    source: 'RFC 4731, RFC 9051',
    reads: {
      'return option': ['MIN', 'MAX', 'ALL', 'COUNT'],
      untagged: ['ESEARCH'],
      'esearch item': ['MIN', 'MAX', 'ALL', 'COUNT', 'MODSEQ'],
    },
    alsoReads: 'an empty RETURN (); SEARCH in place of ESEARCH, and the reverse',
    proxy: passes,
  },
  {
    name: 'SEARCHRES',
    source: 'RFC 5182, RFC 9051',
    reads: { 'return option': ['SAVE'], code: ['NOTSAVED'] },
    alsoReads: '$ as a sequence set',
    proxy: 'Passes as it is; read and shown, the saved result itself is not followed.',
  },
  {
    name: 'WITHIN',
    source: 'RFC 5032',
    reads: { 'search key': ['OLDER', 'YOUNGER'] },
    proxy: passes,
  },
  {
    name: 'SEARCH=FUZZY',
    source: 'RFC 6203',
    reads: {
      'search key': ['FUZZY'],
      'return option': ['RELEVANCY'],
      'esearch item': ['RELEVANCY'],
      'sort key': ['RELEVANCY'],
    },
    proxy: passes,
  },
  {
    name: 'MULTISEARCH',
    source: 'RFC 7377, RFC 6237',
    reads: { command: ['ESEARCH'], untagged: ['ESEARCH'] },
    alsoReads: 'mailbox filters of RFC 5465; MAILBOX and UIDVALIDITY in the search correlator',
    proxy: passes,
  },
  {
    name: 'FILTERS',
    source: 'RFC 5466',
    reads: { 'search key': ['FILTER'], code: ['UNDEFINED-FILTER'] },
    proxy: passes,
  },
  {
    name: 'SORT',
    source: 'RFC 5256',
    reads: {
      command: ['SORT', 'UID SORT'],
      untagged: ['SORT'],
      'sort key': ['ARRIVAL', 'CC', 'DATE', 'FROM', 'REVERSE', 'SIZE', 'SUBJECT', 'TO'],
    },
    proxy: passes,
  },
  {
    name: 'THREAD=*',
    aliases: ['THREAD=ORDEREDSUBJECT', 'THREAD=REFERENCES'],
    source: 'RFC 5256',
    reads: { command: ['THREAD', 'UID THREAD'], untagged: ['THREAD'] },
    alsoReads: 'threads whose root is missing; what nests deeper than is read stays as it was written',
    proxy: passes,
  },
  {
    name: 'THREAD=REFS',
    source: 'draft-ietf-morg-inthread',
    reads: { command: ['THREAD', 'UID THREAD'], untagged: ['THREAD'] },
    alsoReads: 'the algorithm REFS, as any other',
    proxy: passes,
  },
  {
    name: 'SEARCH=INTHREAD',
    source: 'draft-ietf-morg-inthread',
    reads: { 'search key': ['INTHREAD', 'MESSAGEID', 'THREADLEAF', 'THREADROOT'] },
    proxy: passes,
  },
  {
    name: 'SEARCH=X-MIMEPART',
    aliases: ['SEARCH=MIMEPART'],
    source: 'vendor: Dovecot',
    reads: { 'search key': ['MIMEPART', 'X-MIMEPART'] },
    alsoReads: 'what a part must match, as values of any shape',
    proxy: passes,
  },
  {
    name: 'ESORT',
    source: 'RFC 5267',
    reads: {
      command: ['SORT', 'UID SORT'],
      'return option': ['MIN', 'MAX', 'ALL', 'COUNT'],
      untagged: ['ESEARCH'],
    },
    alsoReads: 'RETURN in SORT',
    proxy: passes,
  },
  {
    name: 'SORT=DISPLAY',
    source: 'RFC 5957',
    reads: { 'sort key': ['DISPLAYFROM', 'DISPLAYTO'] },
    proxy: passes,
  },
  {
    name: 'CONTEXT=SEARCH',
    source: 'RFC 5267',
    reads: {
      command: ['CANCELUPDATE'],
      'return option': ['CONTEXT', 'PARTIAL', 'UPDATE'],
      'esearch item': ['ADDTO', 'PARTIAL', 'REMOVEFROM'],
      code: ['NOUPDATE'],
    },
    proxy: 'Passes as it is; read and shown, also when an update comes after the command has completed.',
  },
  {
    name: 'CONTEXT=SORT',
    source: 'RFC 5267',
    reads: {
      command: ['CANCELUPDATE', 'SORT', 'UID SORT'],
      'return option': ['CONTEXT', 'PARTIAL', 'UPDATE'],
      'esearch item': ['ADDTO', 'PARTIAL', 'REMOVEFROM'],
      code: ['NOUPDATE'],
    },
    proxy: 'Passes as it is; read and shown, also when an update comes after the command has completed.',
  },
  {
    name: 'PARTIAL',
    source: 'RFC 9394',
    reads: { 'return option': ['PARTIAL'], 'esearch item': ['PARTIAL'], 'fetch modifier': ['PARTIAL'] },
    alsoReads: 'ranges that count from the end: -1:-100',
    proxy: passes,
  },
  {
    name: 'UIDBATCHES',
    source: 'RFC 10022',
    reads: { command: ['UIDBATCHES'], untagged: ['UIDBATCHES'], code: ['TOOFEW', 'TOOMANY'] },
    proxy: passes,
  },
  {
    name: 'I18NLEVEL=1',
    aliases: ['I18NLEVEL=2'],
    source: 'RFC 5255',
    reads: { command: ['COMPARATOR'], untagged: ['COMPARATOR'], code: ['BADCOMPARATOR'] },
    proxy: passes,
  },
]
