/** A session under a policy as a whole: what comes before what, and what another policy changes on the way; as dialogues. */

import { describe, expect, it } from 'vitest'

import { enterScene, openScene, selectScene } from './support/guarded-scene.ts'

const allow = 'default: allow\n'
const secret = `${allow}mailboxes: [{match: Secret, hidden: true}, {match: '**', rights: all}]\n`

describe('before any rule', () => {
  it('limits are looked at, once for each command however often the guard is asked about it', () => {
    // Ten at once: a burst.
    const { dialogue } = openScene(`${allow}limits: {commandsPerSecond: 1}\n`)
    dialogue.client('l LOGIN ann pw').server('l OK in')
    dialogue
      .client('a STATUS INBOX (MESSAGES)')
      .server('Q1 OK done', 'Q2 OK done', 'a OK done')
      .take('client')
    for (let at = 2; at <= 10; at++) dialogue.client('b NOOP').server('b OK done').toClient('b OK done')
    dialogue.take('server')
    dialogue.client('c NOOP').toServer()
    expect(dialogue.take('client')).toMatch(/^c NO \[LIMIT\] /u)
  })

  it('a limit keeps nobody from leaving', () => {
    const { dialogue } = openScene(`${allow}limits: {commandsPerSecond: 1}\n`)
    for (let at = 0; at < 10; at++) dialogue.client('a NOOP').server('a OK done')
    dialogue.client('a NOOP')
    expect(dialogue.take('client')).toContain('a NO [LIMIT] ')
    dialogue.take('server')
    dialogue.client('b LOGOUT').toServer('b LOGOUT')
  })

  it('what nobody knows is refused, also where a rule allows everything', () => {
    const { dialogue, decided } = selectScene(`${allow}rules: [{name: all, allow: true}]\n`, 'INBOX')
    dialogue.client('a XFOO bar').toServer().toClient('a BAD unknown command')
    dialogue.client('b FETCH 1 (FLAGS XBODY)').toServer().toClient('b BAD unknown command')
    dialogue.client('c ENABLE CONDSTORE X-FROBNICATE').toServer().toClient('c BAD unknown command')
    expect(decided()).toEqual(['unknown-command deny', 'unknown-command deny', 'unknown-command deny'])
  })

  it('and goes on where the policy names it, or a rule speaks of what is unknown', () => {
    const named = `${allow}unknownCommands: [XFOO]\nrules: [{name: odd, when: '"unknown" in actions', allow: true}]\n`
    const { dialogue } = selectScene(named, 'INBOX')
    dialogue.client('a XFOO bar').toServer('a XFOO bar').server('a OK done')
    dialogue.client('b FETCH 1 (FLAGS XBODY)').toServer('b FETCH 1 (FLAGS XBODY)')
    const other = selectScene(
      `${allow}rules: [{name: it, when: 'client != "unknown-to-us"', allow: true}]\n`,
      'INBOX',
    )
    other.dialogue.client('b FETCH 1 (FLAGS XBODY)').toServer()
  })
})

describe('another policy', () => {
  it('holds from the next command on', () => {
    const { dialogue, reload } = enterScene(allow)
    reload(`default: deny\nrules: [{name: noop, when: 'command == "NOOP"', allow: true}]\n`)
    dialogue.client('a STATUS INBOX (MESSAGES)').toServer()
    dialogue.toClient('a NO [NOPERM] not permitted by the policy')
  })

  it.each(['FETCH 1 BODY[]', 'NOOP', 'STORE 1 +FLAGS (x)', 'UID MOVE 1 INBOX', 'IDLE', 'SELECT INBOX'])(
    'that hides the selected mailbox ends the session at its next command: %s',
    (line) => {
      const { dialogue, reload, decided } = selectScene(allow, 'Secret')
      reload(secret)
      dialogue.client(`a ${line}`).toServer()
      dialogue.toClient('* BYE [UNAVAILABLE] imaptap: the selected mailbox is not there any more')
      expect(decided()).toEqual(['visibility close'])
    },
  )

  const gone = '* BYE [UNAVAILABLE] imaptap: the selected mailbox is not there any more'

  it.each(['', 'IDLE'])(
    'that hides the selected mailbox ends the session at once, and says so: %s',
    (idle) => {
      const { dialogue, reload, decided } = selectScene(allow, 'Secret')
      if (idle !== '') dialogue.client('a IDLE').server('+ idling').take('client')
      decided()
      reload(secret)
      dialogue.input({ kind: 'reconsidered' }).server('* 4 EXISTS').toClient(gone)
      expect(dialogue.of('warning').map(({ reason, advice }) => [reason, advice])).toEqual([
        [
          'the policy hides the mailbox that is selected',
          'the session was ended by the policy (rule visibility)',
        ],
      ])
      expect(decided()).toEqual(['visibility close'])
      expect(dialogue.acts).toContain('close')
    },
  )

  it('that hides something else ends nobody', () => {
    const { dialogue, reload } = selectScene(allow, 'INBOX')
    reload(secret)
    dialogue.input({ kind: 'reconsidered' }).server('* 4 EXISTS').toClient('* 4 EXISTS')
    const greeted = openScene(allow)
    greeted.reload(secret)
    greeted.dialogue.input({ kind: 'reconsidered' }).client('a NOOP').toServer('a NOOP')
  })

  it('that hides a mailbox while it is being opened ends the session with the answer', () => {
    const { dialogue, reload } = enterScene(allow)
    dialogue.client('a SELECT Secret').toServer('a SELECT Secret')
    reload(secret)
    dialogue.input({ kind: 'reconsidered' }).server('a OK [READ-WRITE] done').toClient(gone)
  })

  it('lets the client leave such a mailbox by LOGOUT', () => {
    const { dialogue, reload } = selectScene(allow, 'Secret')
    reload(secret)
    dialogue.client('a LOGOUT').toServer('a LOGOUT')
  })

  it('takes what it hides out of answers that are on their way', () => {
    const { dialogue, reload } = enterScene(allow)
    dialogue.client('a STATUS Secret (MESSAGES)').toServer('a STATUS Secret (MESSAGES)')
    reload(secret)
    dialogue.server('* STATUS Secret (MESSAGES 3)')
    expect(dialogue.take('client')).toBe('')
  })
})

describe('a dry run', () => {
  const dry = `mode: dry-run\n${secret}`
  const plain = Buffer.from('\0ann\0pw').toString('base64')

  it('lets everything pass, and tells what would have been', () => {
    const { dialogue } = enterScene(`${dry}rules: [{name: no, when: 'command == "CREATE"', deny: true}]\n`)
    dialogue.client('a CREATE x').toServer('a CREATE x')
    expect(dialogue.of('decided').map(({ decided: { rule, isDryRun } }) => [rule, isDryRun])).toEqual([
      ['no', true],
    ])
  })

  it('that began behind the login ends the session when the policy holds again: what was done then nobody looked at', () => {
    const { dialogue, reload } = enterScene(secret)
    reload(dry)
    dialogue.client('a SELECT Secret').toServer('a SELECT Secret').server('a OK in').take('client')
    reload(secret)
    dialogue.client('b FETCH 1 BODY[]').toServer()
    dialogue.toClient('* BYE [UNAVAILABLE] imaptap: the policy is enforced from now on: log in again')
  })

  it('ends such a session at once where it says nothing, as in IDLE', () => {
    const { dialogue, reload, decided } = enterScene(secret)
    reload(dry)
    dialogue.client('a SELECT Secret').server('a OK in').client('b IDLE').server('+ idling').take('client')
    decided()
    reload(secret)
    dialogue.input({ kind: 'reconsidered' }).server('* 4 EXISTS')
    dialogue.toClient('* BYE [UNAVAILABLE] imaptap: the policy is enforced from now on: log in again')
    expect(decided()).toEqual(['enforced close'])
  })

  it('in which only the login fell ends the session as well: nobody read whose it is', () => {
    const { dialogue, reload } = openScene(secret)
    reload(dry)
    dialogue.client('a AUTHENTICATE PLAIN').server('+ ').client(plain)
    reload(secret)
    dialogue.server('a OK in').take('client')
    dialogue.take('server')
    dialogue.client('b NOOP').toServer()
  })
})

describe('a question before a command', () => {
  it('is not put for a command that is refused anyway', () => {
    const { dialogue } = openScene(`${allow}hideCapabilities: [ACL]\n`)
    dialogue.client('l LOGIN ann pw').server('l OK in').client('a GETACL INBOX').toServer('l LOGIN ann pw')
  })
})
