/** What a session learns from responses under a policy, and what of them the client gets; as dialogues. */

import { describe, expect, it } from 'vitest'

import { enterScene, openScene, selectScene } from './support/guarded-scene.ts'
import { firstAlias } from './support/mailbox-world.ts'

const secret = "default: allow\nmailboxes: [{match: Secret, hidden: true}, {match: '**', rights: all}]\n"
const dropbox = "default: allow\nmailboxes: [{match: Drop, rights: insert}, {match: '**', rights: all}]\n"

describe('a hidden mailbox', () => {
  it('is in no answer', () => {
    const { dialogue } = enterScene(secret)
    dialogue.client('a LIST "" * RETURN (STATUS (MESSAGES))').take('server')
    dialogue.server(
      '* LIST () "/" INBOX',
      '* STATUS INBOX (MESSAGES 1)',
      '* LIST () "/" Secret',
      '* STATUS Secret (MESSAGES 2)',
      '* OK I have looked at Secret as well',
      'a OK done',
    )
    dialogue.toClient('* LIST () "/" INBOX', '* STATUS INBOX (MESSAGES 1)', '* OK Done.', 'a OK Completed.')
  })

  it('leaves no counts of what lies below a name that is no mailbox, and a mailbox its own', () => {
    const below =
      "default: allow\nmailboxes: [{match: Work/Secret, hidden: true}, {match: '**', rights: all}]\n"
    const { dialogue } = enterScene(below)
    dialogue.client('a LIST "" % RETURN (STATUS (MESSAGES))').take('server')
    dialogue.server('* LIST (\\Noselect) "/" Work', '* STATUS Work (MESSAGES 7)', 'a OK done')
    expect(dialogue.take('client')).not.toContain('MESSAGES')
    dialogue.client('b STATUS Work (MESSAGES)').server('* STATUS Work (MESSAGES 5)', 'b OK done')
    expect(dialogue.take('client')).toContain('* STATUS Work (MESSAGES 5)')
  })

  it.each([
    ['LSUB "" %', '* LSUB (\\Noselect) "/" Work'],
    ['XLIST "" %', '* XLIST (\\Noselect) "/" Work'],
  ])('takes no counts from a mailbox of which %s said that there is none', (command, listed) => {
    const below =
      "default: allow\nmailboxes: [{match: Work/Secret, hidden: true}, {match: '**', rights: all}]\n"
    const { dialogue } = enterScene(below)
    dialogue.client(`a ${command}`).server(listed, 'a OK done')
    dialogue.client('b STATUS Work (MESSAGES)').server('* STATUS Work (MESSAGES 5)', 'b OK done')
    expect(dialogue.take('client')).toContain('* STATUS Work (MESSAGES 5)')
  })

  it('counts again once a mailbox is there', () => {
    const below =
      "default: allow\nmailboxes: [{match: Work/Secret, hidden: true}, {match: '**', rights: all}]\n"
    const { dialogue } = enterScene(below)
    dialogue.server('* LIST (\\NonExistent) "/" Work', '* LIST () "/" Work', '* STATUS Work (MESSAGES 5)')
    expect(dialogue.take('client')).toContain('* STATUS Work (MESSAGES 5)')
    dialogue
      .server('* LIST (\\NonExistent) "/" Work')
      .client('a CREATE Work')
      .server('a OK made', '* STATUS Work (MESSAGES 0)')
    expect(dialogue.take('client')).toContain('* STATUS Work (MESSAGES 0)')
  })

  it("is nowhere in what observers are told of the client's side of an answer", () => {
    const { dialogue } = enterScene(secret)
    dialogue.client('a STATUS Secret (MESSAGES)').server(`a NO no such mailbox: ${firstAlias}`)
    const [completed] = dialogue.of('exchange-completed').slice(-1)
    expect(completed?.exchange.text).toBe('no such mailbox: Secret')
  })
})

describe('a mailbox that may not be read', () => {
  it('is listed, and its counts are not told, whoever asks for them', () => {
    const { dialogue } = enterScene(dropbox)
    dialogue
      .client('a LIST "" * RETURN (STATUS (MESSAGES))')
      .server('* LIST () "/" Drop', '* STATUS Drop (MESSAGES 2)')
    dialogue.toClient('* LIST () "/" Drop').server('a OK done').take('client')
    dialogue.client('b ESEARCH IN (personal) ALL').take('server')
    dialogue
      .server('* ESEARCH (TAG "b" MAILBOX "Drop" UIDVALIDITY 1) UID ALL 1', 'b OK done')
      .toClient('b OK Completed.')
    dialogue.client('c STATUS Drop (MESSAGES)').toServer().toClient('c NO [NOPERM] not permitted here: read')
  })
})

describe('an answer that says OK', () => {
  it('is one, whatever its code: nobody is selected or logged in behind the back of the policy', () => {
    const archive =
      "default: allow\nmailboxes: [{match: Archive, rights: read}, {match: '**', rights: all}]\n"
    const { dialogue } = selectScene(archive, 'INBOX')
    dialogue.client('a SELECT Archive').server('a OK [UNAVAILABLE] in').take('client')
    dialogue.take('server')
    dialogue.client('b STORE 1 +FLAGS (x)').toServer().toClient('b NO [NOPERM] not permitted here: flag')
    const other = openScene(
      `default: allow\nrules: [{name: ann, when: 'command == "NOOP" && user == "ann"', deny: known}]\n`,
    )
    const login = Buffer.from('\0ann\0pw').toString('base64')
    other.dialogue.client(`a AUTHENTICATE PLAIN ${login}`).server('a OK [UNAVAILABLE] in').take('client')
    other.dialogue.client('b NOOP').toClient('b NO [NOPERM] known')
  })
})

describe('capabilities', () => {
  const hiding = 'default: allow\nhideCapabilities: [IDLE]\n'

  it('are announced without what is hidden, and a hidden one is refused', () => {
    const { dialogue } = enterScene(hiding)
    dialogue.client('a CAPABILITY').server('* CAPABILITY IMAP4rev1 IDLE UIDPLUS', 'a OK done')
    dialogue.toClient('* CAPABILITY IMAP4rev1 UIDPLUS', 'a OK done').take('server')
    dialogue.client('b IDLE').toServer().toClient('b BAD this is not available here')
  })

  it('are hidden from a user only by rules that fit', () => {
    const { dialogue } = enterScene(
      `default: allow\nrules: [{name: h, when: 'user == "bob"', hide: [IDLE]}]\n`,
    )
    dialogue.client('a CAPABILITY').server('* CAPABILITY IMAP4rev1 IDLE', 'a OK done')
    dialogue.toClient('* CAPABILITY IMAP4rev1 IDLE', 'a OK done')
  })
})

describe('a code without the status before it', () => {
  it.each([
    ['* [CAPABILITY IMAP4rev1 IDLE UIDPLUS] more', '* OK [CAPABILITY IMAP4rev1 UIDPLUS] more'],
    ['* [REFERRAL imap://elsewhere/] try there', '* OK try there'],
    ['* [referral imap://elsewhere/] try there', '* OK try there'],
    ['* [UIDNEXT 5] as before', '* [UIDNEXT 5] as before'],
  ])('is read as if it had one, also where no mailbox is hidden: %s', (line, heard) => {
    const { dialogue } = enterScene('default: allow\nhideCapabilities: [IDLE]\n')
    dialogue.client('a NOOP').server(line).toClient(heard)
  })

  it.each(['* [ REFERRAL imap://elsewhere/] there', '* [CAPABILITY IMAP4rev1 IDLE more'])(
    'goes to nobody where it cannot be read: %s',
    (line) => {
      const { dialogue } = enterScene('default: allow\n')
      dialogue.client('a NOOP').server(line)
      expect(dialogue.take('client')).toMatch(/^\* BYE \[UNAVAILABLE\] [^[]*$/u)
    },
  )
})

describe('a session too many of a user', () => {
  it('ends at its login, and takes up no place', () => {
    const { dialogue, decided, ledger } = openScene('default: allow\nlimits: {sessionsPerUser: 1}\n')
    const other = ledger.openSession({ address: '192.0.2.9', at: 0 })
    if (!('noteUser' in other)) throw new Error('not let in')
    other.noteUser('ann', 0)
    dialogue.client('a LOGIN ann pw').server('a OK in')
    expect(dialogue.take('client')).toMatch(/^\* BYE \[LIMIT\] /u)
    expect(dialogue.of('warning').map(({ reason, advice }) => `${reason}; ${advice}`)).toEqual([
      expect.stringMatching(/^sessionsPerUser: .*; the session was ended by the policy \(rule limit\)$/u),
    ])
    expect(decided()).toContain('limit close')
    other.close(1)
    expect(ledger.kept).toMatchObject({ addresses: 0 })
  })
})

describe('a text', () => {
  it('of more than anybody reads is looked at no further than that', () => {
    const many = Array.from({ length: 50 }, (_, at) => `{match: '**/Secret${at}/**', hidden: true}`)
    const { dialogue } = enterScene(
      `default: allow\nmailboxes: [${many.join(', ')}, {match: '**', rights: all}]\n`,
    )
    dialogue
      .client('a NOOP')
      .server(`* OK ${'b'.repeat(5000)}`, '* OK short')
      .toClient('* OK Done.', '* OK short')
  })

  it('that repeats an alias is put back once for all', () => {
    const { dialogue } = enterScene(secret)
    dialogue
      .client('a STATUS Secret (MESSAGES)')
      .server(`a NO [X-SAID ${firstAlias}] ${firstAlias} ${firstAlias}`)
    dialogue.toClient('a NO [X-SAID Secret] Secret Secret')
  })
})
