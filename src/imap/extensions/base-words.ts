/** Words that IMAP4rev1 lists by the dozen: what a message has, and how it is searched for; knows no extension. */

/** What FETCH asks for and answers under the same name. */
export const messageItems = [
  'BODY',
  'BODYSTRUCTURE',
  'BODY[]',
  'ENVELOPE',
  'FLAGS',
  'INTERNALDATE',
  'RFC822',
  'RFC822.HEADER',
  'RFC822.SIZE',
  'RFC822.TEXT',
  'UID',
] as const

/** Search keys about flags. */
export const flags = [
  'ANSWERED',
  'DELETED',
  'DRAFT',
  'FLAGGED',
  'KEYWORD',
  'NEW',
  'OLD',
  'RECENT',
  'SEEN',
  'UNANSWERED',
  'UNDELETED',
  'UNDRAFT',
  'UNFLAGGED',
  'UNKEYWORD',
  'UNSEEN',
] as const

/** Search keys about everything else. */
export const keys = [
  'ALL',
  'BCC',
  'BEFORE',
  'BODY',
  'CC',
  'FROM',
  'HEADER',
  'LARGER',
  'NOT',
  'ON',
  'OR',
  'SENTBEFORE',
  'SENTON',
  'SENTSINCE',
  'SINCE',
  'SMALLER',
  'SUBJECT',
  'TEXT',
  'TO',
  'UID',
] as const
