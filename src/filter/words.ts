/** The table of filter words: what each is called, wants and looks at; parsing, completion, help and README follow it. */

import { subjectKinds, type Said, type Subject } from './subject.ts'

interface WordNames {
  /** Behind `~`, and in front of a colon: `~u ann`, `~user ann` and `user:ann` are the same. */
  readonly names: readonly [short: string, ...longer: string[]]
  /** What stands behind it in the help. */
  readonly value: string
  readonly example: string
  /** What it asks, in one line. */
  readonly help: string
  /** What Tab offers. */
  readonly offers?: readonly string[]
}

/** How a value is compared: `name` as a whole word, `text` as a part, both without regard to case. */
export type FilterWord = WordNames &
  (
    | { readonly wants: 'name'; readonly look: (subject: Subject) => readonly Said[] }
    | { readonly wants: 'text'; readonly look: (subject: Subject) => readonly (string | undefined)[] }
    | { readonly wants: 'time' | 'size'; readonly look: (subject: Subject) => number | undefined }
    | { readonly wants: 'pattern'; readonly look: (subject: Subject) => string }
  )

/** The commands that Tab offers: those that people look for. */
const commands =
  'APPEND AUTHENTICATE CAPABILITY CHECK CLOSE COMPRESS COPY CREATE DELETE ENABLE EXAMINE EXPUNGE FETCH GETQUOTA ' +
  'GETQUOTAROOT ID IDLE LIST LOGIN LOGOUT LSUB MOVE NAMESPACE NOOP NOTIFY RENAME SEARCH SELECT SORT STARTTLS ' +
  'STATUS STORE SUBSCRIBE THREAD UID UNSELECT UNSUBSCRIBE'

const codes =
  'ALERT ALREADYEXISTS APPENDUID AUTHENTICATIONFAILED AUTHORIZATIONFAILED BADCHARSET CANNOT CAPABILITY CLIENTBUG ' +
  'CLOSED CONTACTADMIN COPYUID CORRUPTION EXPIRED HIGHESTMODSEQ INUSE LIMIT MODIFIED NONEXISTENT NOPERM OVERQUOTA ' +
  'PARSE READ-ONLY READ-WRITE SERVERBUG TRYCREATE UNAVAILABLE'

export const filterWords: readonly FilterWord[] = [
  {
    names: ['c', 'command', 'cmd'],
    wants: 'name',
    value: 'NAME',
    example: '~c FETCH',
    help: 'the command; UID FETCH is a FETCH too',
    offers: commands.split(' '),
    look: ({ command }) => [command],
  },
  {
    names: ['u', 'user'],
    wants: 'text',
    value: 'TEXT',
    example: '~u ann',
    help: 'the user, also one whose login failed',
    look: ({ user }) => [user],
  },
  {
    names: ['m', 'mailbox', 'mbox'],
    wants: 'text',
    value: 'TEXT',
    example: '~m INBOX',
    help: 'the selected mailbox, decoded; of a decision also those that the command names',
    offers: ['INBOX'],
    look: ({ mailbox, decided }) =>
      decided ? [mailbox, ...decided.flatMap((one) => one.mailboxes)] : [mailbox],
  },
  {
    names: ['t', 'time'],
    wants: 'time',
    value: '>TIME',
    example: '~t >200ms',
    help: 'how long the command took: >, >=, < or <= and us, ms, s, m, h; ms without a unit',
    offers: ['>200ms', '>1s'],
    look: ({ millis }) => millis,
  },
  {
    names: ['s', 'status', 'state'],
    wants: 'name',
    value: 'NAME',
    example: '~s NO',
    help: 'OK, NO, BAD or aborted; or a state of the session, such as selected',
    offers: [
      'OK',
      'NO',
      'BAD',
      'aborted',
      'opening',
      'not-authenticated',
      'authenticated',
      'selected',
      'logout',
      'idle',
      'held',
      'closed',
    ],
    look: ({ status, state }) => [status, state],
  },
  {
    names: ['f', 'finding'],
    wants: 'name',
    value: 'NAME',
    example: '~f error',
    help: 'has a finding: error, warning or note, its id or its name; ~f * is any',
    offers: ['error', 'warning', 'note', '*'],
    look: ({ findings }) => findings?.flatMap(({ id, name, level }) => [id, name, level]) ?? [],
  },
  {
    names: ['rule'],
    wants: 'name',
    value: 'NAME',
    example: '~rule no-delete',
    help: 'a policy decided by this rule; ~rule * is any',
    offers: ['*'],
    look: ({ decided }) => decided?.map(({ rule }) => rule) ?? [],
  },
  {
    names: ['e', 'effect'],
    wants: 'name',
    value: 'NAME',
    example: '~e deny',
    help: 'what a policy did: allow, deny, rewrite, hide, hold, delay, close, record; or dry-run',
    offers: ['allow', 'deny', 'rewrite', 'hide', 'hold', 'delay', 'close', 'record', 'dry-run'],
    look: ({ decided }) => decided?.flatMap(({ effects }) => effects) ?? [],
  },
  {
    names: ['id', 'session'],
    wants: 'name',
    value: 'ID',
    example: '~id S11',
    help: 'the session',
    look: ({ session }) => [session],
  },
  {
    names: ['client'],
    wants: 'text',
    value: 'TEXT',
    example: '~client Thunderbird',
    help: "the client's name and version (ID), or its address",
    look: ({ client, address }) => [client, address],
  },
  {
    names: ['up', 'upstream'],
    wants: 'text',
    value: 'TEXT',
    example: '~up imap.example.com',
    help: 'the server',
    look: ({ upstream }) => [upstream],
  },
  {
    names: ['tag'],
    wants: 'name',
    value: 'TAG',
    example: '~tag A17',
    help: 'the tag of the command',
    look: ({ tag }) => [tag],
  },
  {
    names: ['code'],
    wants: 'name',
    value: 'NAME',
    example: '~code TRYCREATE',
    help: 'the response code of the completion',
    offers: codes.split(' '),
    look: ({ code }) => [code],
  },
  {
    names: ['o', 'octets'],
    wants: 'size',
    value: '>SIZE',
    example: '~o >1M',
    help: 'octets both ways: >, >=, < or <= and K, M, G',
    offers: ['>64K', '>1M'],
    look: ({ octets }) => octets,
  },
  {
    names: ['side'],
    wants: 'name',
    value: 'NAME',
    example: '~side server',
    help: 'who said it: client or server',
    offers: ['client', 'server'],
    look: ({ side }) => [side],
  },
  {
    names: ['k', 'kind'],
    wants: 'name',
    value: 'NAME',
    example: '~k push',
    help: `what it is: ${subjectKinds.join(', ')}`,
    offers: subjectKinds,
    look: ({ kind }) => [kind],
  },
  {
    names: ['x', 'regex'],
    wants: 'pattern',
    value: 'PATTERN',
    example: '~x /BODY\\[.*HEADER/',
    help: 'a regular expression (RE2) for the text; /PATTERN/ alone is the same',
    look: (subject) => subject.text(),
  },
]

const byName = new Map(filterWords.flatMap((word) => word.names.map((name) => [name, word] as const)))

export const findWord = (name: string): FilterWord | undefined => byName.get(name.toLowerCase())
