/** Which mailboxes a command may touch, and how: names that mean two, what is hidden, and rights; as dialogues. */

import { describe, expect, it } from 'vitest'

import { enterScene, selectScene } from './support/guarded-scene.ts'
import { firstAlias } from './support/mailbox-world.ts'

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
    ['RENAME Work Archive', 'create'],
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
