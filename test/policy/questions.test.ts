/** What is asked of the server before a command goes on, when, and what comes of the answers; as dialogues. */

import { describe, expect, it } from 'vitest'

import { openScene, selectScene } from './support/guarded-scene.ts'
import { firstAlias } from './support/mailbox-world.ts'

const allow = 'default: allow\n'
const small = `${allow}limits: {attachmentOctets: 1000}\n`
const structure = (octets: number): string => `("application" "pdf" NIL NIL NIL "base64" ${octets})`
const answer = (at: number, octets: number): string =>
  `* ${at} FETCH (UID ${at} BODYSTRUCTURE ${structure(octets)})`

describe('the separator', () => {
  it('is asked for once, before the first command that names a mailbox', () => {
    const { dialogue } = openScene(allow)
    dialogue.client('l LOGIN ann pw').server('l OK in').client('a NOOP').server('a OK done')
    dialogue.toServer('l LOGIN ann pw', 'a NOOP').toClient('l OK in', 'a OK done')
    dialogue.client('b STATUS Work (MESSAGES)').toServer('Q1 LIST "" ""')
    dialogue.server('* LIST (\\Noselect) "." ""', 'Q1 OK done', 'Q2 BAD what?')
    dialogue.toServer('Q2 NAMESPACE', 'b STATUS Work (MESSAGES)').server('b OK done').toClient('b OK done')
    dialogue.client('c STATUS Work.Old (MESSAGES)').toServer('c STATUS Work.Old (MESSAGES)')
  })

  it('that the server keeps to itself leaves names without levels', () => {
    const { dialogue } = openScene(allow)
    dialogue.client('l LOGIN ann pw').server('l OK in').client('a STATUS Work (MESSAGES)')
    dialogue.server('Q1 NO not today', 'Q2 NO nor this').take('server')
    dialogue.server('a OK done').take('client')
    dialogue.client('b STATUS Work/Old (MESSAGES)').toServer()
    dialogue.toClient('b NO [CANNOT] this name of a mailbox is not taken here')
  })
})

describe('namespaces', () => {
  const secret = `${allow}mailboxes: [{match: Payroll, hidden: true}, {match: '**', rights: all}]\n`
  const separator = ['* LIST (\\Noselect) "/" ""', 'Q1 OK done']

  it.each(['OK Logged in', 'OK [CAPABILITY IMAP4rev1] in', 'OK [CAPABILITY IMAP4rev1 NAMESPACE] in'])(
    'are asked for before the first command that names a mailbox, whatever is announced: %s',
    (login) => {
      const { dialogue } = openScene(secret)
      dialogue.client('l LOGIN ann pw').server(`l ${login}`).client('a SELECT Mail/Payroll')
      dialogue.server(...separator).toServer('l LOGIN ann pw', 'Q1 LIST "" ""', 'Q2 NAMESPACE')
      dialogue.server('* NAMESPACE (("Mail/" "/")) NIL NIL', 'Q2 OK done')
      dialogue.toServer(`a SELECT Mail/${firstAlias}`)
      dialogue.server('a NO none').take('client')
      dialogue.client('b SELECT Mail/Work').toServer('b SELECT Mail/Work')
    },
  )

  it('are asked for once nothing else is in flight, as all that is asked', () => {
    const { dialogue } = openScene(allow)
    dialogue.client('l LOGIN ann pw').server('l OK in')
    dialogue.client('b NOOP', 'c STATUS Work (MESSAGES)', 'd LIST "" *')
    dialogue.toServer('l LOGIN ann pw', 'b NOOP').server('b OK done', ...separator)
    dialogue.toServer('Q1 LIST "" ""', 'Q2 NAMESPACE').server('Q2 NO none')
    dialogue.toServer('c STATUS Work (MESSAGES)', 'd LIST "" *')
  })
})

describe('where the client is told to the server', () => {
  const told = `${allow}id: {forwardAddress: true}\n`

  it('is told before each login that may be to another upstream, and once to each', () => {
    const { dialogue } = openScene(told, { isClientSecure: false })
    dialogue.client('a LOGIN ann pw')
    expect(dialogue.take('server')).toMatch(/^Q1 ID \("x-originating-ip" "192\.0\.2\.1"/u)
    dialogue.server('Q1 OK done').toServer('a LOGIN ann pw').server('a NO wrong')
    dialogue.client('b LOGIN ann pw').toServer('b LOGIN ann pw').server('b NO wrong')
    dialogue.client('c STARTTLS').input({ kind: 'connected' }).server('* OK again')
    dialogue.input({ kind: 'secured', side: 'client' }).client('d LOGIN ann pw')
    // What the first upstream was told the second does not know.
    expect(dialogue.take('server')).toMatch(/^Q\d ID \("x-originating-ip" "192\.0\.2\.1"/u)
  })
})

describe('large attachments', () => {
  it('are looked for before content is given out', () => {
    const { dialogue, decided } = selectScene(small, 'INBOX')
    dialogue.client('a FETCH 1:2 BODY[]').toServer('Q3 FETCH 1:2 (UID RFC822.SIZE BODYSTRUCTURE)')
    dialogue.server(answer(1, 10), answer(2, 5000), 'Q3 OK done').toServer()
    dialogue.toClient('a NO [LIMIT] a message has an attachment that is too large')
    expect(decided()).toEqual(['limit deny'])
    dialogue.client('b FETCH 1 BODY[]').server(answer(1, 10), 'Q4 OK done')
    dialogue.toServer('Q4 FETCH 1 (UID RFC822.SIZE BODYSTRUCTURE)', 'b FETCH 1 BODY[]')
  })

  it('of a message that comes in between are not given out with it', () => {
    const { dialogue } = selectScene(small, 'INBOX')
    dialogue.client('a FETCH 2:* BODY[]').take('server')
    dialogue.server(answer(2, 10), answer(3, 10), '* 4 EXISTS', 'Q3 OK done').toServer('a FETCH 2:3 BODY[]')
    dialogue.toClient('* 4 EXISTS')
  })

  it('are not looked for where rules or rights refuse the command: nothing of it reaches the server', () => {
    const denied = `${small}rules: [{name: it, when: 'command == "FETCH"', deny: true}]\n`
    const { dialogue } = selectScene(denied, 'INBOX')
    dialogue.client('a FETCH 1:* BODY[]').toServer().toClient('a NO [NOPERM] this is not allowed here')
  })

  it('in a structure that nobody can read are not given out, whatever else is readable', () => {
    const { dialogue } = selectScene(small, 'INBOX')
    const deep = `${'('.repeat(150)}${structure(9000)}${' "mixed")'.repeat(150)}`
    dialogue.client('a FETCH 1:2 BODY[1]').take('server')
    dialogue.server(`* 1 FETCH (UID 1 BODYSTRUCTURE ${deep})`, answer(2, 10), 'Q3 OK done').toServer()
    dialogue.toClient('a NO [LIMIT] the server did not say how large the attachments of these messages are')
  })

  it('are asked for once, also where the server refuses to say', () => {
    const { dialogue } = selectScene(small, 'INBOX')
    dialogue.client('a FETCH 99 BODY[]').toServer('Q3 FETCH 99 (UID RFC822.SIZE BODYSTRUCTURE)')
    dialogue.server('Q3 BAD no such message').toServer()
    dialogue.toClient('a NO [LIMIT] the server did not say how large the attachments of these messages are')
  })

  it('do not come by another way than FETCH', () => {
    const { dialogue } = selectScene(small, 'INBOX')
    dialogue.client('a NOTIFY SET (SELECTED (MessageNew (UID BODY.PEEK[]) MessageExpunge))').toServer()
    expect(dialogue.take('client')).toMatch(/^a NO \[CANNOT\] /u)
    dialogue.client('b NOTIFY SET (SELECTED (MessageNew (UID FLAGS) MessageExpunge))')
    expect(dialogue.take('server')).toMatch(/^b NOTIFY /u)
  })

  it('are not taken in: a message that could hold one is refused', () => {
    const { dialogue } = selectScene(small, 'INBOX')
    dialogue.client(`a APPEND INBOX {1001+}\r\n${'x'.repeat(1001)}`).toServer()
    dialogue.toClient('a NO [LIMIT] a message this large may have an attachment that is too large')
    dialogue.client(`b APPEND INBOX {1000+}\r\n${'x'.repeat(1000)}`).toServer('b APPEND INBOX {1000}')
  })

  it('count a rule once for a command, however often it is asked about', () => {
    const { dialogue, policy } = selectScene(`${small}rules: [{name: all, allow: true}]\n`, 'INBOX')
    const before = policy().hits.of('all').count
    dialogue.client('a FETCH 1 BODY[]').server(answer(1, 10), 'Q3 OK done')
    expect(dialogue.take('server')).toContain('a FETCH 1 BODY[]')
    expect(policy().hits.of('all').count).toBe(before + 1)
  })
})
