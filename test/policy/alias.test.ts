import * as fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'

import { readCommand, writeCommand } from '../../src/imap/commands/index.ts'
import { strict } from '../../src/imap/cursor.ts'
import { restoreAlias, substituteAlias } from '../../src/policy/alias.ts'
import { commands } from '../imap/support/values/index.ts'
import { rawMessage, textOf } from '../imap/support/wire.ts'
import {
  command,
  firstAlias,
  grant,
  heard,
  hide,
  makeContext,
  response,
  sent,
  slash,
  utf8,
} from './support/mailbox-world.ts'

const context = (how = slash) => makeContext([hide('Secret', 'Secret/**', 'Parent/Secret')], { how })

describe('a hidden name goes upstream as one that does not exist', () => {
  test.each([
    'SELECT Secret',
    'SELECT "Secret"',
    'SELECT {6}\r\nSecret',
    'EXAMINE Secret (CONDSTORE)',
    'STATUS Secret (MESSAGES)',
    'DELETE Secret',
    'RENAME Secret Pub',
    'XRENAME Secret Pub',
    'COPY 1:* Secret',
    'UID COPY 1:* Secret',
    'MOVE 1 Secret',
    'UID MOVE 1 Secret',
    'XMOVE 1 Secret',
    'APPEND Secret (\\Seen) {4}\r\nbody',
    'REPLACE 1 Secret {4}\r\nbody',
    'UID REPLACE 1 Secret {4}\r\nbody',
    'SUBSCRIBE Secret',
    'UNSUBSCRIBE Secret',
    'SUBSCRIBE MAILBOX Secret',
    'UNSUBSCRIBE BBOARD Secret',
    'BBOARD Secret',
    'GETACL Secret',
    'MYRIGHTS Secret',
    'LISTRIGHTS Secret ann',
    'SETACL Secret ann lr',
    'DELETEACL Secret ann',
    'GETQUOTAROOT Secret',
    'GETQUOTA Secret',
    'SETQUOTA Secret (STORAGE 5)',
    'GETMETADATA Secret (/private/comment)',
    'SETMETADATA Secret (/private/comment "x")',
    'GETANNOTATION Secret "/comment" "value.shared"',
    'SETANNOTATION Secret "/comment" ("value.shared" "x")',
    'XFER Secret other.example',
    'RESETKEY Secret',
    'XAPPLEPUSHSERVICE aps-version 2 mailboxes (INBOX Secret)',
    'NOTIFY SET (mailboxes (INBOX Secret) (MessageNew MessageExpunge))',
    'NOTIFY SET (subtree Secret NONE)',
    'ESEARCH IN (mailboxes Secret subtree Secret) RETURN (COUNT) UNSEEN',
    'SEARCH NOT (OR X-MAILBOX Secret FOLDER Secret)',
    'SEARCH X-GM-LABELS Secret',
    'SORT (DATE) UTF-8 FUZZY X-MAILBOX Secret',
    'THREAD REFERENCES UTF-8 INTHREAD REFS X-MAILBOX Secret',
    'ESEARCH RETURN () X-MAILBOX Secret',
  ])('%s', (line) => {
    const upstream = sent(`a ${line}`, context())
    expect(upstream).toContain(firstAlias)
    expect(upstream).not.toContain('Secret')
    const restored = new RegExp(firstAlias, 'gu')
    const same = textOf(writeCommand(command(`a ${line}`))).trimEnd()
    expect(upstream.replace(restored, 'Secret')).toBe(same)
  })

  test.each([
    'secret',
    'SECRET',
    'Secret/',
    'Secret//Sub',
    'INBOX/Secret',
    '#shared/Secret',
    'user/ann/Secret',
    'Secret.Sub',
  ])('spelled %s', (name) => expect(sent(`a SELECT "${name}"`, context())).toContain(firstAlias))

  test('in modified UTF-7 and in UTF-8', () => {
    const hidden = (how: typeof slash) => makeContext([hide('Geheim ä')], { how })
    expect(sent('a SELECT "Geheim &AOQ-"', hidden(slash))).toBe(`a SELECT "${firstAlias} &AOQ-"`)
    // The name is a literal for our writer, one UTF-16 unit for each octet of its UTF-8.
    expect(sent('a SELECT "Geheim \u00c3\u00a4"', hidden(utf8))).toBe(
      `a SELECT {${firstAlias.length + 3}}\r\n${firstAlias} \u00c3\u00a4`,
    )
  })
})

describe('a label of the system is the mailbox that Gmail shows it as', () => {
  const trash = () => makeContext([hide('[Gmail]/Trash'), hide('INBOX')])
  const others = () => makeContext([grant(['INBOX'], ['read', 'flag'])], { otherMailboxes: 'hidden' })

  test.each([
    'STORE 1 +X-GM-LABELS (\\Trash)',
    'STORE 1 -X-GM-LABELS (\\tRASH)',
    'STORE 1 X-GM-LABELS (\\Trash)',
  ])('and hidden with it: %s', (line) => {
    for (const one of [trash(), others()])
      expect(sent(`a ${line}`, one)).toBe('refused: NO [CANNOT] this label cannot be given here')
  })

  test('and nobody finds it: SEARCH X-GM-LABELS \\Trash', () => {
    for (const one of [trash(), others()])
      expect(sent('a SEARCH X-GM-LABELS \\Trash', one)).toBe(`a SEARCH X-GM-LABELS \\${firstAlias}`)
  })

  test('and seen with it', () => {
    expect(sent('a STORE 1 +X-GM-LABELS (\\Starred)', trash())).toBe('a STORE 1 +X-GM-LABELS (\\Starred)')
    expect(sent('a STORE 1 -X-GM-LABELS (\\Inbox)', others())).toBe('a STORE 1 -X-GM-LABELS (\\Inbox)')
    expect(sent('a STORE 1 -X-GM-LABELS (\\Inbox)', trash())).toMatch(/^refused: /u)
  })

  test('in answers too', () => {
    const line = '* 1 FETCH (UID 5 X-GM-LABELS (\\Inbox \\Trash Work))'
    expect(heard(line, trash())).toBe('* 1 FETCH (UID 5 X-GM-LABELS (Work))')
    expect(heard(line, others())).toBe('* 1 FETCH (UID 5 X-GM-LABELS (\\Inbox))')
  })
})

describe('a quota root that may be a hidden mailbox', () => {
  const others = () => makeContext([grant(['INBOX', 'Work/**'], ['read'])], { otherMailboxes: 'hidden' })
  const all = () => makeContext([grant(['INBOX'], ['read']), hide('**')])

  test.each(['GETQUOTA Secret', 'SETQUOTA Secret (STORAGE 5)', 'GETQUOTA user/ann', 'GETQUOTA "User quota"'])(
    'is asked of under a name that nobody has: %s',
    (line) => {
      for (const one of [others(), all()]) {
        expect(sent(`a ${line}`, one)).toContain(firstAlias)
        expect(sent(`a ${line}`, one)).not.toMatch(/QUOTA (?:Secret|user|"User)/u)
      }
    },
  )

  test.each(['GETQUOTA ""', 'GETQUOTA INBOX'])('is neither of these: %s', (line) => {
    expect(sent(`a ${line}`, others())).toBe(`a ${line}`)
  })

  test('is known once the server has named it for a mailbox that is visible', () => {
    const one = others()
    expect(heard('* QUOTA "User quota" (STORAGE 1 5)', one)).toBeUndefined()
    expect(heard('* QUOTAROOT INBOX "User quota"', one)).toBe('* QUOTAROOT INBOX "User quota"')
    expect(heard('* QUOTA "User quota" (STORAGE 1 5)', one)).toBe('* QUOTA "User quota" (STORAGE 1 5)')
    expect(sent('a GETQUOTA "User quota"', one)).toBe('a GETQUOTA "User quota"')
    expect(sent('a GETQUOTA Secret', one)).toContain(firstAlias)
  })

  test('is not known for what the server says of a name that nobody has', () => {
    const one = others()
    sent('a GETQUOTAROOT Secret', one)
    expect(heard(`* QUOTAROOT ${firstAlias} Secret`, one)).toBe('* QUOTAROOT Secret Secret')
    expect(sent('a GETQUOTA Secret', one)).toContain(firstAlias)
  })

  test('stays hidden where a rule names it', () => {
    const one = makeContext([hide('Secret'), grant(['**'], ['read'])])
    expect(heard('* QUOTAROOT INBOX Secret', one)).toBe('* QUOTAROOT INBOX')
    expect(sent('a GETQUOTA Secret', one)).toContain(firstAlias)
  })
})

describe('is refused, since no other name does', () => {
  test.each([
    'CREATE Secret',
    'CREATE secret/Sub/',
    'RENAME Work Secret',
    'XRENAME Work Secret',
    // What is hidden below would go along.
    'RENAME Parent Pub',
    'RENAME Pub Parent',
    'XFER Parent other.example',
    // It is refused, or leaves a shell, where something lies below.
    'DELETE Parent',
    'SCAN "" "*" "x"',
    'SELECT Work (OBJECTID (MAILBOXID F123))',
    'SETANNOTATION "Se*" "/comment" ("value.shared" "x")',
    'GETANNOTATION "*" "/comment" "value.shared"',
    'APPEND Work CATENATE (URL "/Sec%72et/;UID=1" TEXT {2}\r\nhi)',
    'URLFETCH "imap://ann@host/Secret/;UID=1;URLAUTH=anonymous:INTERNAL:0123"',
    'GENURLAUTH "imap://ann@host/Work/;UID=1;URLAUTH=anonymous" INTERNAL',
    'STORE 1 +X-GM-LABELS (Secret)',
    'SEARCH X-GM-RAW "in:secret"',
    'SEARCH X-MAILBOX "Sec*"',
    'SEARCH XNEW "Secret"',
    'XWARMUP Secret INDEX',
    'UNDUMP Work (Other {1}\r\nx)',
    'XCONVFETCH (1) 1 (FOLDER)',
    'UID XRUNANNOTATOR 1',
    'XBACKUP',
    'XFOO (1 ("Secret"))',
    'XFOO {6}\r\nSecret',
  ])('%s', (line) => {
    const one = context()
    expect(sent(`a ${line}`, one)).toMatch(/^refused: NO \[CANNOT\] /u)
    expect(sent(`a ${line}`, one)).not.toMatch(/secret|exist/iu)
  })
})

describe('what is hidden in a place where more may be hidden below is refused in the same words as any other', () => {
  test.each(['DELETE', 'RENAME Pub', 'XFER'])('%s', (verb) => {
    const hear = (name: string): string => {
      const to = verb === 'XFER' ? ' other.example' : verb === 'DELETE' ? '' : ` ${name}`
      return sent(verb.includes(' ') ? `a ${verb}${to}` : `a ${verb} ${name}${to}`, context())
    }
    expect(hear('"Shared Folders/Other"')).toMatch(/^refused: /u)
    expect(hear('"Shared Folders/Secret"')).toBe(hear('"Shared Folders/Other"'))
  })
})

describe('goes upstream as it is', () => {
  test.each([
    'SELECT Work',
    'CREATE Parent/Other',
    'RENAME Work Pub',
    'LIST "" Secret',
    'LIST (SUBSCRIBED) "" (Secret "%") RETURN (STATUS (MESSAGES))',
    'LSUB Secret *',
    'GETMETADATA "" (/shared/comment)',
    'GETQUOTA ""',
    'GETQUOTA "User quota"',
    'STORE 1 +X-GM-LABELS (Work \\Inbox)',
    'SEARCH SUBJECT Secret',
    'XFOO Other',
    'FETCH 1 (X-MAILBOX BODY.PEEK[])',
    'LOGIN Secret Secret',
  ])('%s', (line) => {
    expect(substituteAlias(command(`a ${line}`), context())).toEqual({ kind: 'same' })
  })

  test('anything where nothing is hidden', () => {
    expect(substituteAlias(command('a CREATE Secret'), makeContext([]))).toEqual({ kind: 'same' })
  })
})

it('is never half written: of any command what upstream gets reads as the tree it was written from', () => {
  for (const family of Object.values(commands)) {
    fc.assert(
      fc.property(family, (any) => {
        const all = makeContext([], { otherMailboxes: 'hidden' })
        const substitution = substituteAlias(any, all)
        if (substitution.kind !== 'aliased') return
        const written = textOf(writeCommand(substitution.command))
        const again = readCommand(rawMessage('client', written), strict)
        // What was not readable by the strict reading before is none of ours.
        if (!readCommand(rawMessage('client', textOf(writeCommand(any))), strict).ok) return
        expect(again.ok).toBe(true)
        if (again.ok) expect(textOf(writeCommand(again.value))).toBe(written)
      }),
      { numRuns: 100 },
    )
  }
})

describe('the answer has the name as the client wrote it', () => {
  test.each([
    [`a NO Mailbox doesn't exist: ${firstAlias}`, "a NO Mailbox doesn't exist: Secret"],
    [`a NO [TRYCREATE] ${firstAlias}/Sub?`, 'a NO [TRYCREATE] Secret/Sub?'],
    [`* MYRIGHTS ${firstAlias} lrs`, '* MYRIGHTS Secret lrs'],
    [`* QUOTAROOT ${firstAlias} "User quota"`, '* QUOTAROOT Secret "User quota"'],
    [`* LIST (\\NonExistent) "/" ${firstAlias}`, '* LIST (\\NonExistent) "/" Secret'],
    [`* XNEW (${firstAlias} 1) "${firstAlias}"`, '* XNEW (Secret 1) "Secret"'],
    [`* XNEW {${firstAlias.length}}\r\n${firstAlias}`, '* XNEW {6}\r\nSecret'],
    [`* OK [NEWNAME ${firstAlias} Work] x`, '* OK [NEWNAME Secret Work] x'],
    [`* OK [XNEW ${firstAlias}] x`, '* OK [XNEW Secret] x'],
    [`* 1 EXISTS* STATUS ${firstAlias} (MESSAGES 1)`, '* 1 EXISTS* STATUS Secret (MESSAGES 1)'],
  ])('%s', (line, expected) => {
    const one = context()
    sent('a SELECT Secret', one)
    const restored = restoreAlias(response(line), one.book)
    expect(restored).toEqual(response(expected))
  })

  test('and is the same object where no alias stands', () => {
    const one = context()
    sent('a SELECT Secret', one)
    const other = response('* LIST () "/" Work')
    expect(restoreAlias(other, one.book)).toBe(other)
  })
})
