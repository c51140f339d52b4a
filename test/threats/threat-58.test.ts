/** Threat 58: capabilities that are hidden, used by a client that knows that the server has them. */

import { describe, expect, it } from 'vitest'

import { allowing, sayThen, useLegs } from './legs.ts'
import { describeThreat } from './support.ts'

/** Each with what a client says that needs it. */
const uses: readonly (readonly [capability: string, ...commands: string[]])[] = [
  ['ACL', 'GETACL Pub', 'MYRIGHTS Pub', 'SETACL Pub bob lr', 'DELETEACL Pub bob', 'LISTRIGHTS Pub bob'],
  [
    'BINARY',
    'FETCH 1 BINARY[1]',
    'FETCH 1 BINARY.PEEK[1]',
    'FETCH 1 BINARY.SIZE[1]',
    'APPEND Pub ~{3+}\r\nabc',
  ],
  ['COMPRESS=DEFLATE', 'COMPRESS DEFLATE', 'compress deflate'],
  [
    'CONDSTORE',
    'ENABLE CONDSTORE',
    'SELECT Pub (CONDSTORE)',
    'FETCH 1 (MODSEQ)',
    'FETCH 1 FLAGS (CHANGEDSINCE 1)',
    'STORE 1 (UNCHANGEDSINCE 1) +FLAGS (x)',
    'SEARCH MODSEQ 1',
    'STATUS Pub (HIGHESTMODSEQ)',
  ],
  ['CONTEXT=SEARCH', 'SEARCH RETURN (UPDATE) ALL', 'SEARCH RETURN (PARTIAL 1:2) ALL'],
  ['CREATE-SPECIAL-USE', 'CREATE New (USE (\\Sent))'],
  ['ENABLE', 'ENABLE QRESYNC'],
  ['ESEARCH', 'SEARCH RETURN (COUNT) ALL', 'UID SEARCH RETURN (MIN) ALL'],
  ['ESORT', 'SORT RETURN (COUNT) (DATE) UTF-8 ALL'],
  ['ID', 'ID NIL', 'ID ("name" "x")'],
  ['IDLE', 'IDLE'],
  ['LIST-EXTENDED', 'LIST (SUBSCRIBED) "" "*"', 'LIST "" ("*" "%")', 'LIST "" "*" RETURN (CHILDREN)'],
  ['LIST-STATUS', 'LIST "" "*" RETURN (STATUS (MESSAGES))'],
  ['METADATA', 'GETMETADATA Pub /private/comment', 'SETMETADATA Pub (/private/comment "x")'],
  ['MOVE', 'MOVE 1 Pub', 'UID MOVE 1 Pub'],
  ['MULTIAPPEND', 'APPEND Pub {1+}\r\na {1+}\r\nb'],
  ['NAMESPACE', 'NAMESPACE'],
  ['NOTIFY', 'NOTIFY NONE', 'NOTIFY SET (selected (MessageNew MessageExpunge))'],
  ['OBJECTID', 'FETCH 1 (EMAILID)', 'FETCH 1 (THREADID)', 'STATUS Pub (MAILBOXID)', 'SEARCH EMAILID x'],
  ['PREVIEW', 'FETCH 1 (PREVIEW)'],
  ['SNIPPET=FUZZY', 'FETCH 1 (SNIPPET)'],
  ['PREVIEW=FUZZY', 'FETCH 1 (FLAGS PREVIEW (LAZY))'],
  ['QRESYNC', 'ENABLE QRESYNC', 'SELECT Pub (QRESYNC (1 1))'],
  ['QUOTA', 'GETQUOTA ""', 'GETQUOTAROOT Pub'],
  ['REPLACE', 'REPLACE 1 Pub {3+}\r\nabc', 'UID REPLACE 1 Pub {3+}\r\nabc'],
  ['SAVEDATE', 'FETCH 1 (SAVEDATE)', 'SEARCH SAVEDSINCE 1-Jan-2020'],
  ['SEARCHRES', 'SEARCH RETURN (SAVE) ALL', 'FETCH $ FLAGS', 'COPY $ Pub', 'SEARCH UID $'],
  ['SORT', 'SORT (DATE) UTF-8 ALL', 'UID SORT (DATE) UTF-8 ALL'],
  ['SPECIAL-USE', 'LIST (SPECIAL-USE) "" "*"', 'LIST "" "*" RETURN (SPECIAL-USE)'],
  ['STATUS=SIZE', 'STATUS Pub (SIZE)'],
  ['THREAD=REFS', 'THREAD REFS UTF-8 ALL', 'UID THREAD REFS UTF-8 ALL'],
  ['UIDPLUS', 'UID EXPUNGE 1'],
  ['UNSELECT', 'UNSELECT'],
  ['URLAUTH', 'RESETKEY', 'GENURLAUTH "imap://ann@x/Pub/;UID=1;URLAUTH=anonymous" INTERNAL'],
  ['CATENATE', 'APPEND Pub CATENATE (TEXT {3+}\r\nabc)'],
  ['UTF8=ACCEPT', 'ENABLE UTF8=ACCEPT', 'ENABLE CONDSTORE UTF8=ACCEPT'],
  ['WITHIN', 'SEARCH YOUNGER 5', 'SEARCH NOT (OR OLDER 5 ALL)'],
  ['XLIST', 'XLIST "" "*"'],
]
const names = uses.map(([name]) => name)

const policy = (hidden: readonly string[]): string =>
  `${allowing}  hideCapabilities: [${hidden.join(', ')}]\n`

describeThreat('threat 58: a hidden capability used anyway', { policy: policy(names) }, (stage) => {
  it('none of them is announced, before login or behind it', async () => {
    const session = await stage().greet()
    await session.run('CAPABILITY')
    const inside = await stage().enter()
    await inside.run('CAPABILITY')
    const announced = `${session.heard} ${inside.heard}`.toUpperCase().split(/[\s[\]]+/u)
    expect(announced).toContain('CAPABILITY')
    expect(names.filter((name) => announced.includes(name))).toEqual([])
  })

  it.each(uses.flatMap(([name, ...commands]) => commands.map((command) => [name, command] as const)))(
    '%s hidden: %j is refused, and upstream hears nothing',
    async (_name, command) => {
      const session = await stage().enter()
      await session.send(`a ${command}\r\n`)
      expect(await session.peer.until(/^a .*\r\n/mu)).toMatch(/^a (?:BAD|NO) /mu)
      await session.settle()
      expect(session.upstream).toBe('zz NOOP\r\n')
    },
  )
})

describe('threat 58: what belongs to the login', () => {
  const legs = useLegs({ policy: policy(['AUTH=PLAIN', 'SASL-IR', 'AUTH=LOGIN', 'AUTH=XOAUTH2']) })

  it.each(['AUTHENTICATE PLAIN', 'authenticate plain', 'AUTHENTICATE LOGIN AAAA', 'AUTHENTICATE XOAUTH2'])(
    '%s is refused',
    async (command) => {
      legs().serve(
        sayThen(
          '* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN AUTH=LOGIN SASL-IR] hi\r\n',
          (tag) => `${tag} OK done\r\n`,
        ),
      )
      const peer = await legs().open()
      expect(await peer.until(/^\* OK .*\r\n/mu)).not.toMatch(/AUTH=PLAIN|SASL-IR/u)
      expect(await peer.run(`a ${command}`)).toMatch(/^a (?:BAD|NO) /mu)
      expect(legs().received).toBe('')
    },
  )
})

describe('threat 58: STARTTLS hidden', () => {
  const legs = useLegs({ policy: policy(['STARTTLS']) })

  it('is refused', async () => {
    legs().serve(sayThen('* OK hi\r\n', (tag) => `* CAPABILITY IMAP4rev1 STARTTLS\r\n${tag} OK done\r\n`))
    const peer = await legs().greet()
    expect(await peer.run('a CAPABILITY')).not.toContain('STARTTLS')
    expect(await peer.run('b STARTTLS')).toMatch(/^b (?:BAD|NO) /mu)
  })
})

describe('threat 58: wherever a server announces', () => {
  const legs = useLegs({ policy: policy(['IDLE', 'X-HIDDEN', 'X-HIDDEN-*']) })
  const said = 'CAPABILITY IMAP4rev1 IDLE X-HIDDEN X-HIDDEN-TOO X-SHOWN'

  it.each([
    ['a greeting', (tag: string) => `* OK [${said}] hi\r\n${tag} OK done\r\n`],
    ['untagged', (tag: string) => `* ${said}\r\n${tag} OK done\r\n`],
    ['a completion', (tag: string) => `${tag} OK [${said}] done\r\n`],
    ['a refusal', (tag: string) => `${tag} NO [${said}] no\r\n`],
    ['small letters', (tag: string) => `* ${said.toLowerCase()}\r\n${tag} OK done\r\n`],
    ['behind another response', (tag: string) => `* 3 EXISTS* ${said}\r\n${tag} OK done\r\n`],
    ['an untagged NO', (tag: string) => `* NO [${said}] no\r\n${tag} OK done\r\n`],
    ['an untagged BYE', (tag: string) => `* BYE [${said}] no\r\n${tag} OK done\r\n`],
  ])('%s', async (_what, answer) => {
    legs().serve(sayThen('* OK hi\r\n', (tag) => answer(tag)))
    const peer = await legs().greet()
    const heard = await peer.run('a NOOP')
    expect(heard).not.toMatch(/IDLE|X-HIDDEN/iu)
  })
})
