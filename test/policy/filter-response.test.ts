import * as fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'

import { untaggedNames, writeResponse } from '../../src/imap/responses/index.ts'
import { asksForPlaces, filterResponse, readsWord } from '../../src/policy/filter-response.ts'
import type { UserView } from '../../src/policy/mailbox-view.ts'
import { responses } from '../imap/support/values/index.ts'
import { textOf } from '../imap/support/wire.ts'
import {
  command,
  firstAlias,
  grant,
  heard,
  hide,
  makeContext,
  response,
  sent,
  token,
} from './support/mailbox-world.ts'

const context = () => makeContext([hide('Secret', 'Secret/**', 'Parent/Secret', 'My Plans')])
const open = () => makeContext([])

const wordsToRead = (view: UserView, hasPlaces = true): ReadonlySet<string> =>
  new Set([...untaggedNames].filter((word) => readsWord(view, word, hasPlaces)))

describe('of a parent that is no mailbox', () => {
  test.each([
    ['\\NonExistent \\HasChildren', 'STATUS Parent (MESSAGES 5)'],
    ['\\Noselect', 'STATUS Parent (UIDVALIDITY 7)'],
    ['\\NonExistent', 'MYRIGHTS Parent lrs'],
    ['\\NonExistent', 'METADATA Parent (/private/comment "x")'],
  ])('listed as %s nothing is told that may be of what is hidden below: %s', (attributes, told) => {
    const facts = context()
    heard(`* LIST (${attributes}) "/" Parent`, facts)
    expect(heard(`* ${told}`, facts)).toBeUndefined()
  })

  test.each([
    ['is listed as one that is there', '* LIST () "/" Parent', '* STATUS Parent (MESSAGES 5)'],
    ['hides nothing', '* LIST (\\Noselect) "/" Work', '* STATUS Work (MESSAGES 5)'],
  ])('one that %s keeps its counts', (_, listed, told) => {
    const facts = context()
    heard(listed, facts)
    expect(heard(told, facts)).toBe(told)
  })

  test('and so does one that is listed as there behind that', () => {
    const facts = context()
    heard('* LIST (\\NonExistent) "/" Parent', facts)
    heard('* LIST () "/" Parent', facts)
    expect(heard('* STATUS Parent (MESSAGES 5)', facts)).toBe('* STATUS Parent (MESSAGES 5)')
  })
})

describe('of a mailbox that is not to be read', () => {
  test.each([
    '* STATUS Shown (MESSAGES 5)',
    '* METADATA Shown (/private/comment "x")',
    '* METADATA Shown /private/comment',
    '* ANNOTATION Shown "/comment" ("value.shared" "x")',
  ])('nothing is told: %s', (line) => {
    const facts = makeContext([grant(['Shown'], []), grant(['**'], ['read'])])
    const [word = ''] = line.slice(2).split(' ')
    expect(readsWord(facts.view, word, false)).toBe(true)
    expect(heard(line, facts)).toBeUndefined()
    expect(heard(line.replace('Shown', 'Work'), facts)).toBe(line.replace('Shown', 'Work'))
  })
})

describe('a hidden mailbox is absent from', () => {
  test.each([
    '* LIST (\\HasNoChildren) "/" Secret',
    '* LIST () "/" {6}\r\nSecret',
    '* LIST (\\NonExistent \\Subscribed) "/" Secret',
    '* LIST (\\Subscribed) "/" Secret/Sub',
    '* LIST () "." INBOX.Secret',
    '* LIST (\\Noselect) "/" secret',
    '* LSUB () "/" Secret',
    '* XLIST (\\HasNoChildren) "/" Secret',
    '* STATUS Secret (MESSAGES 5)',
    '* STATUS "My Plans" (MESSAGES 5)',
    '* ESEARCH (TAG "a" MAILBOX Secret UIDVALIDITY 7) UID ALL 1:3',
    '* UIDBATCHES (TAG "a" MAILBOX Secret) 9:1',
    '* METADATA Secret (/private/comment "x")',
    '* METADATA Secret /private/comment',
    '* ANNOTATION Secret "/comment" ("value.shared" "x")',
    '* QUOTAROOT Secret ""',
    '* QUOTA Secret (STORAGE 1 5)',
    '* ACL Secret ann lrs',
    '* MYRIGHTS Secret lrs',
    '* LISTRIGHTS Secret ann "" l',
    '* MAILBOX Secret',
    '* BBOARD Secret',
    '* URLFETCH "imap://host/Secret/;UID=1" NIL',
    '* GENURLAUTH "imap://host/Secret/;UID=1;URLAUTH=anonymous:INTERNAL:0"',
    '* DUMP Secret {1}\r\nx',
    '* XNEW 5 (of ("Secret"))',
    '* 5 XNEW Secret',
    '* XNEW {6}\r\nSecret',
    '* 1 FETCH (X-MAILBOX Secret)',
    '* 1 FETCH (FOLDER Secret)',
    '* LIST () "/" Parent ("CHILDINFO" ("SUBSCRIBED"))',
  ])('%s', (line) => expect(heard(line, context())).toBeUndefined())

  test.each([
    ['* 1 FETCH (UID 5 X-GM-LABELS (Work Secret \\Inbox))', '* 1 FETCH (UID 5 X-GM-LABELS (Work \\Inbox))'],
    ['* 1 FETCH (UID 5 X-MAILBOX Secret)', '* 1 FETCH (UID 5)'],
    ['* 5 UIDFETCH (FLAGS () FOLDER Secret)', '* 5 UIDFETCH (FLAGS ())'],
    ['* 1 FETCH (UID 5 X-NEW (Secret 1))', '* 1 FETCH (UID 5)'],
    ['* QUOTAROOT INBOX "User quota" Secret', '* QUOTAROOT INBOX "User quota"'],
    ['* LIST () "/" Work ("OLDNAME" (Secret))', '* LIST () "/" Work'],
    ['* LIST () "/" Work ("OLDNAME" (Secret) "X-NEW" (1))', '* LIST () "/" Work ("X-NEW" (1))'],
    // Whether there is a child that may be seen nobody here knows.
    ['* LIST (\\HasChildren \\Marked) "/" Parent', '* LIST (\\Marked) "/" Parent'],
    ['* LIST (\\HasNoChildren) "/" Parent', '* LIST () "/" Parent'],
    ['* LIST (\\Subscribed) "/" Parent ("CHILDINFO" ("SUBSCRIBED"))', '* LIST (\\Subscribed) "/" Parent'],
    ['* 3 EXISTS* STATUS Secret (MESSAGES 5)', '* 3 EXISTS'],
    ['* STATUS Secret (MESSAGES 5)* 3 EXISTS', '* 3 EXISTS'],
    ['a OK [NEWNAME Work Secret] Renamed.', 'a OK Renamed.'],
    ['a NO [BADURL "/Secret/;UID=1"] No.', 'a NO No.'],
    ['a OK [XNEW Secret] Fine.', 'a OK Fine.'],
    ['a NO Mailbox Secret is busy', 'a NO This could not be done.'],
    ['* OK Looking at "Secret"...', '* OK Done.'],
    ['* NO [INUSE] Secret/Sub: locked', '* NO [INUSE] This could not be done.'],
    ['* BYE Secret is gone.', '* BYE Goodbye.'],
    ['a OK Copied to my plans.', 'a OK Done.'],
  ])('%s', (line, expected) => expect(heard(line, context())).toBe(expected))

  test('texts, once the server has told its name in this session', () => {
    const one = makeContext([grant(['Work'], ['read'])], { otherMailboxes: 'hidden' })
    expect(heard('* OK Canary sings', one)).toBe('* OK Canary sings')
    expect(heard('* LIST () "/" Canary', one)).toBeUndefined()
    expect(heard('* LIST () "/" "Blue Canary"', one)).toBeUndefined()
    expect(heard('* OK Canary, sings', one)).toBe('* OK Done.')
    expect(heard('* OK some blue canary', one)).toBe('* OK Done.')
  })

  test('a list of subscriptions where another session left its alias', () => {
    expect(heard(`* LSUB () "/" x${'f'.repeat(32)}n000001`, context())).toBeUndefined()
  })
})

test('how many mailboxes the server looked at is not told', () => {
  const said = 'a OK Completed (0.000 secs 10 calls)'
  expect(heard(said, context())).toBe('a OK Completed (0.000 secs)')
  expect(filterResponse({ response: response(said) }, open())).toEqual({ kind: 'forward' })
})

describe('stays as it is', () => {
  test.each([
    '* LIST (\\HasChildren) "/" Work',
    '* LIST (\\Noselect) "/" ""',
    '* STATUS Work (MESSAGES 5)',
    '* NAMESPACE (("" "/")) (("Secret/" "/")) NIL',
    '* METADATA "" (/shared/comment "x")',
    '* QUOTA "User quota" (STORAGE 1 5)',
    '* ESEARCH (TAG "a") ALL 1:3',
    '* FLAGS (Secret)',
    '* 1 FETCH (FLAGS (Secret) X-GM-LABELS (Work))',
    '* OK [ALERT] Secret is full: call me',
    '* OK [COPYUID 1 2 3] Done',
    '* OK [MAILBOXID (F1)] Ok',
    '* OK [NOTIFICATIONOVERFLOW] x',
    '* OK [PERMANENTFLAGS (Secret \\*)] x',
    'a NO [TRYCREATE] Mailbox does not exist: Secretary',
    '+ Secret',
    '* ID ("name" "Secret")',
    '* XNEW (1 "Other")',
  ])('%s', (line) => {
    expect(filterResponse({ response: response(line) }, context())).toEqual({ kind: 'forward' })
  })

  test('whatever it is, where nothing is hidden', () => {
    const leads = ['REFERRAL', 'JMAPACCESS']
    for (const any of Object.values(responses)) {
      fc.assert(
        fc.property(any, (one) => {
          const written = textOf(writeResponse(one))
          if (leads.some((word) => written.includes(word))) return
          expect(filterResponse({ response: one }, open())).toEqual({ kind: 'forward' })
        }),
        { numRuns: 40 },
      )
    }
  })
})

describe('threat 12: what leads around the proxy is taken out, hidden mailboxes or not', () => {
  test.each([
    ['a NO [REFERRAL imap://evil/] Try there', 'a NO Try there'],
    ['a NO  [REFERRAL imap://evil/] Try there', 'a NO Try there'],
    ['a NO [NOPERM] [REFERRAL imap://evil/] x', 'a NO [NOPERM] This could not be done.'],
    ['a OK [REFERRAL\timap://evil/] x', 'a OK Done.'],
    ['* OK [REFERRAL imap://evil/Work imap://worse/Work] x', '* OK x'],
    ['* BYE [REFERRAL imap://evil/] moved', '* BYE moved'],
    ['* JMAPACCESS "https://evil/"', undefined],
  ])('%s', (line, expected) => expect(heard(line, open())).toBe(expected))
})

describe('an alias', () => {
  it('is put back before it reaches the client, also where all others are hidden', () => {
    const one = makeContext([grant(['Work'], ['read'])], { otherMailboxes: 'hidden' })
    sent('a SELECT Canary', one)
    expect(heard(`a NO Mailbox doesn't exist: ${firstAlias}`, one)).toBe("a NO Mailbox doesn't exist: Canary")
    expect(heard(`* MYRIGHTS ${firstAlias} lr`, one)).toBe('* MYRIGHTS Canary lr')
    expect(heard(`* QUOTAROOT ${firstAlias} "User quota"`, one)).toBe('* QUOTAROOT Canary "User quota"')
  })

  it('is told in no note', () => {
    const one = context()
    sent('a SELECT Secret', one)
    const action = filterResponse({ response: response(`a NO No ${firstAlias}`) }, one)
    expect(action).toMatchObject({ kind: 'replace' })
    expect(JSON.stringify('notes' in action && action.notes)).not.toContain(token)
  })
})

it('leaves out a FETCH response whose body streamed past where an item of it would have to go', () => {
  const streamed = response('* 1 FETCH (X-MAILBOX Secret)')
  if (streamed.kind !== 'untagged' || streamed.data.name !== 'FETCH') throw new Error('no FETCH')
  const items = [
    ...streamed.data.items,
    { name: 'RFC822' as const, data: { kind: 'streamed' as const, size: 9, isBinary: false } },
  ]
  const data = { ...streamed.data, items }
  expect(filterResponse({ response: { kind: 'untagged', data } }, context())).toMatchObject({ kind: 'drop' })
})

it('of any response that names what is hidden nothing that is written names it', () => {
  const hidesAll = () => makeContext([hide('**')])
  for (const any of Object.values(responses)) {
    fc.assert(
      fc.property(any, (one) => {
        const action = filterResponse({ response: one }, hidesAll())
        expect(['forward', 'replace', 'drop']).toContain(action.kind)
        if (action.kind === 'replace') writeResponse(action.response)
      }),
      { numRuns: 40 },
    )
  }
})

describe('what has to be read', () => {
  it('is what may lead away, where nothing is hidden', () => {
    expect([...wordsToRead(open().view)].toSorted()).toEqual([
      'BAD',
      'BYE',
      'JMAPACCESS',
      'NO',
      'OK',
      'PREAUTH',
    ])
  })

  it('is every word that may name a mailbox, and every word that nobody knows', () => {
    const words = wordsToRead(context().view)
    for (const word of [
      'LIST',
      'LSUB',
      'XLIST',
      'STATUS',
      'ESEARCH',
      'METADATA',
      'FETCH',
      'MAILBOX',
      'QUOTA',
    ])
      expect(words).toContain(word)
    expect(readsWord(context().view, 'XNEW', false)).toBe(true)
    for (const word of ['EXISTS', 'SEARCH', 'FLAGS']) expect(words).not.toContain(word)
  })

  it('is no FETCH response as long as nothing asks for labels: bodies stream past', () => {
    expect(wordsToRead(context().view, false)).not.toContain('FETCH')
  })

  it('is every word whose response can change', () => {
    const changed = new Set<string>()
    const hidesAll = () => makeContext([], { otherMailboxes: 'hidden' })
    for (const any of Object.values(responses)) {
      fc.assert(
        fc.property(any, (one) => {
          if (one.kind !== 'untagged' || one.data.name === 'unknown') return
          if (filterResponse({ response: one }, hidesAll()).kind !== 'forward') changed.add(one.data.name)
        }),
        { numRuns: 200 },
      )
    }
    const read = wordsToRead(hidesAll().view)
    expect([...changed].filter((word) => untaggedNames.has(word) && !read.has(word))).toEqual([])
  })
})

test.each([
  ['FETCH 1 (UID X-GM-LABELS)', true],
  ['FETCH 1 (X-MAILBOX)', true],
  ['FETCH 1 (FOLDER)', true],
  ['FETCH 1 (XNEW)', true],
  ['STORE 1 +X-GM-LABELS (a)', true],
  ['NOTIFY SET (selected (MessageNew (X-GM-LABELS) MessageExpunge))', true],
  ['FETCH 1 (UID BODY.PEEK[])', false],
  ['STORE 1 +FLAGS (\\Seen)', false],
  ['NOOP', false],
])('%s asks for places: %s', (line, expected) => {
  expect(asksForPlaces(command(`a ${line}`))).toBe(expected)
})
