/** Which mailboxes a command may touch, and how: names that mean two, what is hidden, and rights; as dialogues. */

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { Right } from '../../src/config/policy-document.ts'
import { writeCommand } from '../../src/imap/commands/index.ts'
import { passMailboxes } from '../../src/policy/mailbox-gate.ts'
import { needsOf } from '../../src/policy/needs-of.ts'
import { textOf } from '../imap/support/wire.ts'
import { enterScene, selectScene } from './support/guarded-scene.ts'
import { command, firstAlias, grant, hide, makeContext } from './support/mailbox-world.ts'

const policy = (...rows: readonly string[]): string =>
  `default: allow\nmailboxes:\n${rows.map((row) => `  - ${row}\n`).join('')}`
const secret = policy('{match: Secret, hidden: true}', "{match: '**', rights: all}")
const archive = policy('{match: Archive, rights: read}', "{match: '**', rights: all}")

describe('a name', () => {
  const odd = ['a//b', '/a', '"a "', '"Se%cret"', 'a/../b']

  it.each(odd)('that could mean two mailboxes is refused alike whether one is hidden or not: %s', (name) => {
    const { dialogue } = enterScene(secret)
    dialogue.client(`a STATUS ${name} (MESSAGES)`).toServer()
    dialogue.toClient('a NO [CANNOT] this name of a mailbox is not taken here')
  })
})

describe('a hidden mailbox', () => {
  it.each(['SELECT $', 'STATUS $ (MESSAGES)', 'DELETE $', 'SUBSCRIBE $', 'RENAME $ Other', 'GETQUOTAROOT $'])(
    'is put to the server as one that does not exist: %s',
    (form) => {
      const { dialogue, decided } = enterScene(secret)
      const line = `a ${form.replace('$', 'Secret')}`
      dialogue.client(line).toServer(line.replace('Secret', firstAlias))
      expect(decided()).toEqual(['visibility hide', 'default allow'])
      dialogue.server(`a NO [NONEXISTENT] Mailbox doesn't exist: ${firstAlias}`)
      dialogue.toClient("a NO [NONEXISTENT] Mailbox doesn't exist: Secret")
    },
  )

  it('is made by nobody', () => {
    const { dialogue } = enterScene(secret)
    dialogue.client('a CREATE Secret').toServer()
    dialogue.toClient('a NO [CANNOT] this mailbox name cannot be used here')
  })
})

describe('a right', () => {
  it.each([
    ['STORE 1 +FLAGS (x)', 'flag'],
    ['STORE 1 +FLAGS (\\Deleted)', 'flag, delete'],
    ['EXPUNGE', 'delete'],
    ['UID EXPUNGE 1', 'delete'],
    ['CLOSE', 'delete'],
    ['UID MOVE 1 INBOX', 'delete'],
    ['COPY 1 Archive', 'insert'],
    ['APPEND Archive {1+}\r\nx', 'insert'],
    ['DELETE Archive', 'delete'],
    ['RENAME Archive Other', 'delete'],
    ['RENAME Work Archive', 'create, insert'],
    ['SETACL Archive bob lrs', 'create, delete'],
    ['SETMETADATA Archive (/private/comment "x")', 'create, delete'],
  ])('that is not granted is missed: %s', (line, missing) => {
    const { dialogue } = selectScene(archive, 'Archive')
    dialogue.client(`a ${line}`).toServer().toClient(`a NO [NOPERM] not permitted here: ${missing}`)
  })

  it('of the mailbox before is all that there is where a SELECT was refused', () => {
    const { dialogue } = selectScene(archive, 'Archive')
    dialogue.client('a SELECT Nothing').server('a NO no such mailbox').take('client')
    dialogue.take('server')
    // A server that did not let go of Archive would do it.
    dialogue.client('b STORE 1 +FLAGS (x)').toServer().toClient('b NO [NOPERM] not permitted here: flag')
    dialogue.client('c SELECT INBOX').server('c OK in').take('client')
    dialogue.take('server')
    dialogue.client('d STORE 1 +FLAGS (x)').toServer('d STORE 1 +FLAGS (x)')
  })

  it('of the mailbox that is selected counts, whichever came before', () => {
    const { dialogue } = selectScene(archive, 'INBOX')
    dialogue.client('a EXAMINE Archive', 'b SELECT INBOX', 'c STORE 1 +FLAGS (x)')
    dialogue.toServer('a EXAMINE Archive').server('a OK [READ-ONLY] in')
    dialogue.toServer('b SELECT INBOX').server('b BAD not now')
    dialogue.toClient('a OK [READ-ONLY] in', 'b BAD not now', 'c NO [NOPERM] not permitted here: flag')
  })

  it('to expunge is nothing that CLOSE needs where the mailbox is read-only, and only there', () => {
    const { dialogue } = selectScene(archive, 'INBOX')
    dialogue.client('a EXAMINE Archive').server('a OK [READ-ONLY] in').take('server')
    dialogue.client('b CLOSE').toServer('b CLOSE').server('b OK done')
    dialogue.client('c SELECT Archive').server('c OK [READ-WRITE] in').take('server')
    dialogue.take('client')
    dialogue.client('d CLOSE').toServer().toClient('d NO [NOPERM] not permitted here: delete')
  })

  it('to flag is needed to be marked as seen: reading without it leaves no mark', () => {
    const { dialogue } = selectScene(archive, 'Archive')
    dialogue.client('a FETCH 1 (FLAGS BODY[])').toServer('a FETCH 1 (FLAGS BODY.PEEK[])').server('a OK done')
    dialogue.take('client')
    dialogue.client('b FETCH 1 RFC822').toServer()
    expect(dialogue.take('client')).toMatch(/^b NO \[CANNOT\] this would mark messages as seen/u)
    const whole = selectScene(archive, 'INBOX')
    whole.dialogue.client('a FETCH 1 BODY[]').toServer('a FETCH 1 BODY[]')
  })
})

describe('a mailbox that is not named by its name', () => {
  it.each(['SELECT INBOX (OBJECTID (MAILBOXID abc))', 'EXAMINE INBOX (OBJECTID (MAILBOXID abc))'])(
    'is not taken where not everything is allowed everywhere: %s',
    (line) => {
      const { dialogue } = enterScene(archive)
      dialogue.client(`a ${line}`).toServer().toClient('a NO [CANNOT] a mailbox is named by its name here')
    },
  )
})

describe('threat 41: whoever lacks a right hears the same of a hidden name as of one that nobody has', () => {
  const everything: readonly Right[] = ['read', 'flag', 'insert', 'create', 'delete']
  /** Both of one parent. */
  const pairs = [
    ['Payroll', 'Nothing'],
    ['Payroll/Sub', 'Nothing/Sub'],
    ['Shared/Payroll', 'Shared/Nothing'],
    ['payroll', 'nothing'],
    ['"Payroll/"', '"Nothing/"'],
  ] as const
  const asks = [
    'SELECT $',
    'EXAMINE $ (CONDSTORE)',
    'STATUS $ (MESSAGES)',
    'DELETE $',
    'RENAME $ Elsewhere',
    'RENAME $ INBOX/Elsewhere',
    'XRENAME $ Elsewhere',
    'COPY 1 $',
    'UID MOVE 1 $',
    'XMOVE 1 $',
    'APPEND $ (\\Seen) {4}\r\nbody',
    'UID REPLACE 1 $ {4}\r\nbody',
    'SUBSCRIBE $',
    'UNSUBSCRIBE $',
    'BBOARD $',
    'GETACL $',
    'MYRIGHTS $',
    'LISTRIGHTS $ ann',
    'SETACL $ ann lr',
    'DELETEACL $ ann',
    'GETQUOTAROOT $',
    'SETQUOTA $ (STORAGE 5)',
    'GETMETADATA $ (/private/comment)',
    'SETMETADATA $ (/private/comment "x")',
    'GETANNOTATION $ "/comment" "value.shared"',
    'SETANNOTATION $ "/comment" ("value.shared" "x")',
    'XFER $ other.example',
    'RESETKEY $',
    'XAPPLEPUSHSERVICE aps-version 2 mailboxes (INBOX $)',
    'NOTIFY SET (mailboxes (INBOX $) (MessageNew MessageExpunge))',
    'NOTIFY SET (subtree $ NONE)',
    'ESEARCH IN (mailboxes $ subtree INBOX) RETURN (COUNT) UNSEEN',
    'SEARCH NOT (OR X-MAILBOX $ FOLDER $)',
    'LIST "" $',
  ] as const
  /** Of these one is made, where nothing is lacking: a name cannot be taken and free. */
  const makes = [
    'CREATE $',
    'CREATE $ (USE (\\Trash))',
    'RENAME Elsewhere $',
    'XRENAME Elsewhere $',
    'STORE 1 +X-GM-LABELS ($)',
    'STORE 1 -X-GM-LABELS ($)',
    'STORE 1 X-GM-LABELS ($)',
  ] as const

  interface World {
    readonly rights: readonly Right[]
    readonly inbox: readonly Right[]
    readonly shared: readonly Right[]
    readonly hidesOthers: boolean
  }
  const worlds: fc.Arbitrary<World> = fc.record({
    rights: fc.subarray([...everything]),
    inbox: fc.subarray([...everything]),
    shared: fc.subarray([...everything]),
    hidesOthers: fc.boolean(),
  })

  /** Who decided and what is answered, or what upstream gets, with the client's name as `NAME`. */
  function hear(line: string, name: string, { rights, inbox, shared, hidesOthers }: World): string {
    const rules = [
      hide('Payroll', 'Shared/Payroll'),
      grant(['INBOX', 'INBOX/**'], inbox),
      grant(['Shared/**'], shared),
      ...(hidesOthers ? [] : [grant(['**'], rights)]),
    ]
    const facts = makeContext(rules, { otherMailboxes: hidesOthers ? 'hidden' : 'visible' })
    const said = command(`a ${line.replaceAll('$', () => name)}`)
    const passage = passMailboxes({
      command: said,
      needs: needsOf(said, 'INBOX'),
      ...facts,
      isReadOnly: false,
    })
    const plain = name.replaceAll('"', '')
    if (passage.kind === 'pass')
      return facts.book.restore(textOf(writeCommand(passage.command))).replaceAll(plain, () => 'NAME')
    const { action, decided } = passage.verdict
    return JSON.stringify([action, decided.map(({ rule, why }) => [rule, why])])
  }

  it('whatever is asked of it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...asks),
        fc.constantFrom(...pairs),
        worlds,
        (line, [hidden, absent], world) => {
          expect(hear(line, hidden, world)).toBe(hear(line, absent, world))
        },
      ),
      { numRuns: 3000 },
    )
  })

  it('also where it would be made, as long as one right is lacking', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...makes),
        fc.constantFrom(...pairs),
        worlds,
        (line, [hidden, absent], world) => {
          const heard = hear(line, absent, world)
          if (heard.startsWith('[')) expect(hear(line, hidden, world)).toBe(heard)
          else expect(hear(line, hidden, world)).toMatch(/^\[.*"code":"CANNOT"/u)
        },
      ),
      { numRuns: 1000 },
    )
  })
})

describe('what comes along', () => {
  const team = policy("{match: 'Team/**', rights: read}", "{match: '**', rights: all}")

  it.each(['RENAME Tmp Team', 'RENAME Tmp Team/New'])('goes nowhere that it may not: %s', (line) => {
    const { dialogue } = enterScene(team)
    dialogue.client(`a ${line}`).toServer().toClient('a NO [NOPERM] not permitted here: create, insert')
  })

  it('goes where it may', () => {
    const { dialogue } = enterScene(team)
    dialogue.client('a RENAME Tmp Other').toServer('a RENAME Tmp Other')
  })

  it('is messages as well', () => {
    const { dialogue } = enterScene(policy('{match: Made, rights: [create]}', "{match: '**', rights: all}"))
    dialogue.client('a RENAME Tmp Made').toServer().toClient('a NO [NOPERM] not permitted here: insert')
  })
})

describe('what is changed without being named', () => {
  const limited = policy('{match: INBOX, rights: all}', "{match: '**', rights: [read, flag]}")

  it.each([
    ['STORE 1 X-GM-LABELS ()', 'delete'],
    ['SETMETADATA "" (/shared/comment "x")', 'create, delete'],
    ['SETANNOTATION "" "/comment" ("value.shared" "x")', 'create, delete'],
    ['SETQUOTA "" (STORAGE 1)', 'create, delete'],
    ['SETQUOTA INBOX (STORAGE 1)', 'create, delete'],
  ])('takes the right everywhere: %s', (line, missing) => {
    const { dialogue } = selectScene(limited, 'INBOX')
    dialogue.client(`a ${line}`).toServer().toClient(`a NO [NOPERM] not permitted here: ${missing}`)
    const hiding = selectScene(policy('{match: Secret, hidden: true}', "{match: '**', rights: all}"), 'INBOX')
    hiding.dialogue.client(`a ${line}`).toServer().toClient(`a NO [NOPERM] not permitted here: ${missing}`)
    const whole = selectScene(policy("{match: '**', rights: all}"), 'INBOX')
    whole.dialogue.client(`a ${line}`)
    expect(whole.dialogue.take('server')).toMatch(/^a S/u)
  })

  it('takes it of the mailbox that is selected', () => {
    const { dialogue } = selectScene(policy("{match: '**', rights: [read, flag]}"), 'INBOX')
    dialogue
      .client('a STORE 1 X-GM-LABELS ()')
      .toServer()
      .toClient('a NO [NOPERM] not permitted here: delete')
  })
})

it('NOTIFY marks nothing in a mailbox that is selected later', () => {
  const line = 'NOTIFY SET (selected (MessageNew (BODY[]) MessageExpunge))'
  const peeking = 'a NOTIFY SET (SELECTED (MESSAGENEW (BODY.PEEK[]) MESSAGEEXPUNGE))'
  const none = enterScene(policy("{match: '**', rights: read}"))
  none.dialogue.client(`a ${line}`).toServer(peeking)
  // Of INBOX it may, and it may come to Archive.
  const other = selectScene(archive, 'INBOX')
  other.dialogue.client(`a ${line}`).toServer(peeking)
  const marking = enterScene(archive).dialogue.client(`a ${line.replace('BODY[]', 'RFC822')}`)
  marking.toServer()
  expect(marking.take('client')).toMatch(/^a NO \[CANNOT\] this would mark messages as seen/u)
  const whole = enterScene(policy("{match: '**', rights: all}"))
  whole.dialogue.client(`a ${line}`).toServer('a NOTIFY SET (SELECTED (MESSAGENEW (BODY[]) MESSAGEEXPUNGE))')
})

it.each(['GETMETADATA Archive (/private/comment)', 'GETANNOTATION Archive "/comment" "value.shared"'])(
  'what is only shown to be there tells nothing: %s',
  (line) => {
    const { dialogue } = enterScene(policy('{match: Archive, rights: []}', "{match: '**', rights: all}"))
    dialogue.client(`a ${line}`).toServer().toClient('a NO [NOPERM] not permitted here: read')
  },
)
