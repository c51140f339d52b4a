/** A hidden mailbox answers octet for octet as one that does not exist: ann has it, bob has not, and both hear the same of it. */

import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'

import { readCommand, writeCommand } from '../../src/imap/commands/index.ts'
import { strict } from '../../src/imap/cursor.ts'
import { concat, latin1 } from '../../src/imap/octets.ts'
import { readResponse, writeResponse } from '../../src/imap/responses/index.ts'
import type { RawMessage } from '../../src/imap/raw-message.ts'
import { substituteAlias } from '../../src/policy/alias.ts'
import { filterResponse, type FilterContext } from '../../src/policy/filter-response.ts'
import { rewriteCommand } from '../../src/policy/rewrite-command.ts'
import { requireCyrus, startCyrus } from '../support/cyrus.ts'
import { startDovecot } from '../support/dovecot.ts'
import { requireTool } from '../support/tools.ts'
import { TourClient, textOf } from '../support/tour/client.ts'
import { quote } from '../support/tour/stage.ts'
import { rawMessage } from '../imap/support/wire.ts'
import { command, grant, hide, makeContext } from '../policy/support/mailbox-world.ts'

const openssl = requireTool('openssl', { package: 'openssl' })
const dovecot = requireTool('dovecot', { package: 'dovecot-imapd' })

interface Server {
  readonly ports: { readonly imap: number }
  user(name: string): { readonly name: string; readonly password: string }
  stop(): Promise<void>
}

const users = ['ann', 'bob']
const message = 'Subject: canary\r\n\r\nsings\r\n'
/** Each as ann has it. */
const hidden = ['Secret', '"My Secret"', 'Secret&AOQ-', 'a&-Secret', 'Work/Secret', 'Secret/Sub']

describe.skipIf([dovecot, openssl].includes(undefined))('threats 30 and 41, with Dovecot', () => {
  testServer(() => startDovecot({ hasEveryExtension: true, tls: 'none', users }))
})

describe.skipIf([requireCyrus(), openssl].includes(undefined))('threats 30 and 41, with Cyrus', () => {
  testServer(() => startCyrus({ tls: 'none', users }))
})

function testServer(start: () => Promise<Server>): void {
  let server: Server
  let ann: TourClient
  let bob: TourClient
  let context: FilterContext

  beforeAll(async () => {
    server = await start()
    ann = await logIn('ann')
    bob = await logIn('bob')
    for (const client of [ann, bob]) {
      await client.run('CREATE Work')
      await client.run(`APPEND INBOX {${message.length}}\r\n${message}`)
    }
    for (const name of hidden) {
      await expectOk(ann.run(`CREATE ${name}`))
      await expectOk(ann.run(`SUBSCRIBE ${name}`))
      await expectOk(ann.run(`APPEND ${name} {${message.length}}\r\n${message}`))
      // So that the tags of both stay alike.
      for (let times = 0; times < 3; times++) await bob.run('NOOP')
    }
    const rules = hide('Secret', 'Secret/**', 'My Secret', 'Secretä', 'a&Secret', 'Work/Secret')
    context = makeContext([rules])
  })
  afterAll(async () => {
    ann?.close()
    bob?.close()
    await server?.stop()
  })

  async function logIn(name: string): Promise<TourClient> {
    const client = await TourClient.open({ port: server.ports.imap })
    await expectOk(client.run(`LOGIN ${name} ${quote(server.user(name).password)}`))
    return client
  }

  /** What ann hears through the aliases and the filter, and what bob hears. */
  async function hearBoth(line: string): Promise<{ readonly ann: string; readonly bob: string }> {
    const [throughFilter, direct] = [await ask(ann, upstream(line, context)), await ask(bob, line)]
    return {
      ann: neutral(throughFilter.map((raw) => filtered(raw, context)).join('')),
      bob: neutral(direct.map(textOf).join('')),
    }
  }

  describe.each(hidden)('%s', (name) => {
    const literal = `{${unquoted(name).length}}\r\n${unquoted(name)}`
    test.each(commandsOn(name).map((line) => [line.split('\r\n')[0] ?? '', line]))('%s', async (_, line) => {
      await Promise.all([ann.run('SELECT INBOX'), bob.run('SELECT INBOX')])
      const heard = await hearBoth(line)
      expect(heard.ann).toBe(heard.bob)
    })

    it('as a literal', async () => {
      const heard = await hearBoth(`STATUS ${literal} (MESSAGES)`)
      expect(heard.ann).toBe(heard.bob)
      expect(heard.ann).toContain(' NO ')
    })
  })

  test.each([
    'LIST "" *',
    'LIST "" %',
    'LIST "" "Secret*"',
    'LIST "Secret/" %',
    'LIST "Work/" %',
    'LSUB "" *',
    'LIST (SUBSCRIBED) "" *',
    'LIST "" * RETURN (SUBSCRIBED STATUS (MESSAGES UNSEEN))',
    'GETMETADATA "" (/shared/comment)',
  ])('%s is the same', async (line) => {
    const heard = await hearBoth(line)
    expect(heard.ann).toBe(heard.bob)
    expect(heard.ann).toContain(' OK ')
  })

  describe.each(['by its name', 'as all that is not granted'])(
    'threat 30: hidden %s, it is named in no answer to',
    (how) => {
      test.each([
        'LIST "" *',
        'LIST "" % RETURN (CHILDREN)',
        'LIST (SUBSCRIBED RECURSIVEMATCH) "" %',
        'LIST (SUBSCRIBED) "" * RETURN (STATUS (MESSAGES UNSEEN) MYRIGHTS METADATA (/private/comment))',
        'LIST (SPECIAL-USE) "" *',
        'LIST "Secre" "*"',
        'LIST "" ("S*" "W*" "%/%") RETURN (SUBSCRIBED)',
        'LSUB "" *',
        'LSUB "" %',
        'XLIST "" *',
        'RLIST "" *',
        'RLSUB "" *',
        'FIND MAILBOXES *',
        'GETQUOTAROOT INBOX',
        'GETQUOTA ""',
        'NAMESPACE',
        'NOTIFY SET STATUS (personal (MessageNew MessageExpunge MailboxName))',
        'ESEARCH IN (personal) RETURN (ALL) ALL',
        // Not MAILBOXID: Cyrus 3.6 tells it from memory that nobody has written, now readable, now not.
        'LIST "" "*" RETURN (STATUS (UIDVALIDITY SIZE HIGHESTMODSEQ))',
        'STATUS INBOX (MESSAGES)',
      ])('%s', async (line) => {
        const rules = how === 'by its name' ? context : onlyGranted()
        const answers = await ask(ann, upstream(line, rules))
        expect(answers.map((raw) => filtered(raw, rules)).join('')).not.toMatch(/secret/iu)
        expect(answers.length).toBeGreaterThan(0)
      })
    },
  )

  it('has what is hidden unchanged, unread and subscribed after all that', async () => {
    for (const name of hidden) {
      const { text } = await ann.run(`STATUS ${name} (MESSAGES UNSEEN)`)
      expect(text).toContain('(MESSAGES 1 UNSEEN 1)')
    }
    const { text } = await ann.run('LSUB "" *')
    for (const name of hidden) expect(text).toContain(unquoted(name))
    expect((await ann.run('GETACL Secret')).text).not.toMatch(/ bob /u)
  })

  describe('RFC822 is as good as BODY.PEEK[] in a mailbox opened by EXAMINE', () => {
    const fetch = 'FETCH 1 (FLAGS RFC822.TEXT BODY[] RFC822)'

    it('marks nothing there, and is refused where it would', async () => {
      await expectOk(bob.run('EXAMINE INBOX'))
      const said = command(`a ${fetch}`)
      const allowed = rewriteCommand(said, 'peek', { isReadOnly: true })
      if (allowed.kind !== 'forward') throw new Error('refused')
      const written = latin1(concat(writeCommand(allowed.command)))
        .slice(2)
        .trimEnd()
      expect((await bob.run(written)).text).toContain('RFC822 {')
      await expectOk(bob.run('SELECT INBOX'))
      expect((await bob.run('SEARCH SEEN')).text).toMatch(/^\* SEARCH\r\n/u)
      expect(rewriteCommand(said, 'peek', { isReadOnly: false }).kind).toBe('answer')
    })
  })
}

const onlyGranted = (): FilterContext =>
  makeContext([grant(['INBOX', 'Work'], ['read'])], { otherMailboxes: 'hidden' })

/** Without a RENAME, COPY or CREATE to an open name: those are not about the hidden one. */
function commandsOn(name: string): readonly string[] {
  return [
    `SELECT ${name}`,
    `EXAMINE ${name}`,
    `SELECT ${name} (CONDSTORE)`,
    `STATUS ${name} (MESSAGES UIDNEXT)`,
    `COPY 1 ${name}`,
    `UID COPY 1 ${name}`,
    `MOVE 1 ${name}`,
    `UID MOVE 1 ${name}`,
    `APPEND ${name} (\\Seen) {${message.length}}\r\n${message}`,
    `SUBSCRIBE ${name}`,
    `UNSUBSCRIBE ${name}`,
    `GETACL ${name}`,
    `MYRIGHTS ${name}`,
    `LISTRIGHTS ${name} bob`,
    `SETACL ${name} bob lr`,
    `DELETEACL ${name} bob`,
    `GETQUOTAROOT ${name}`,
    `GETMETADATA ${name} (/private/comment)`,
    `SETMETADATA ${name} (/private/comment "x")`,
    `GETANNOTATION ${name} "/comment" "value.shared"`,
    `RESETKEY ${name}`,
    // What ends a mailbox stands last: the others must have had it before them, were it not for the alias.
    `RENAME ${name} Elsewhere`,
    `DELETE ${name}`,
  ]
}

const unquoted = (name: string): string => name.replaceAll('"', '')

/** As upstream gets it under a policy, without its tag. */
function upstream(line: string, context: FilterContext): string {
  const read = readCommand(rawMessage('client', `a ${line}\r\n`), strict)
  if (!read.ok) throw new Error(`${read.fault.rule} in ${line}`)
  const substitution = substituteAlias(read.value, context)
  if (substitution.kind === 'refuse') throw new Error(`${substitution.answer.text} for ${line}`)
  const approved = substitution.kind === 'aliased' ? substitution.command : read.value
  return latin1(concat(writeCommand(approved))).slice(2, -2)
}

/** What comes between the command and its completion, both included. */
async function ask(client: TourClient, line: string): Promise<readonly RawMessage[]> {
  const before = client.record.length
  await client.run(line)
  return client.record.slice(before).flatMap(({ kind, raw }) => (kind === 'response' ? [raw] : []))
}

function filtered(raw: RawMessage, context: FilterContext): string {
  const read = readResponse(raw)
  if (!read.ok) throw new Error(`${read.fault.rule} in ${textOf(raw)}`)
  const action = filterResponse({ response: read.value }, context)
  if (action.kind === 'replace') return latin1(concat(writeResponse(action.response)))
  return action.kind === 'drop' ? '' : textOf(raw)
}

/**
 * Times, and what is ann's and not bob's whatever is hidden. Whether there are children is left out where hidden ones may
 * be; `+` says how the server asked for a literal, which only the writer of the command decides.
 */
function neutral(text: string): string {
  return text
    .replaceAll(/\(\d[\d.+ ]*secs[^)]*\)/gu, '(time)')
    .replaceAll(/(?:STORAGE|MESSAGE) \d+/gu, 'USED')
    .replaceAll(/ ?\\Has(?:No)?Children/gu, '')
    .replaceAll('( ', '(')
    .replaceAll(/^\+.*\r\n/gmu, '')
}

async function expectOk(reply: Promise<{ readonly status: string; readonly text: string }>): Promise<void> {
  const { status, text } = await reply
  expect(`${status} ${text}`).toMatch(/^OK/u)
}
