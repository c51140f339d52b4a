import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { ImapFlow } from 'imapflow'
import { afterEach, describe, expect, it } from 'vitest'
import {
  startImapServer,
  type ImapServerOptions,
  type RunningImapServer,
} from '../../src/demo/imap-server.ts'
import { passwordOf } from '../../src/demo/mailbox.ts'
import { requireTool } from '../support/tools.ts'
import { mintForTest, type TestCertificates } from './certificates.ts'
import { RawClient } from './raw-client.ts'

const curlPath = requireTool('curl', { package: 'curl' })

const toStop: (() => unknown)[] = []

afterEach(async () => {
  for (const stop of toStop.splice(0).toReversed()) await stop()
})

async function start(options: ImapServerOptions = {}): Promise<RunningImapServer> {
  const server = await startImapServer({ slowMs: 0, ...options })
  toStop.push(() => server.stop())
  return server
}

async function connect(options: ImapServerOptions = {}): Promise<RawClient> {
  const server = await start(options)
  return join(server)
}

async function mint(): Promise<TestCertificates> {
  const certificates = await mintForTest()
  toStop.push(() => certificates.remove())
  return certificates
}

async function join(server: RunningImapServer): Promise<RawClient> {
  const client = await RawClient.open(server.port)
  toStop.push(() => client.close())
  return client
}

async function selected(mailbox = 'INBOX', options: ImapServerOptions = {}): Promise<RawClient> {
  const client = await connect(options)
  await client.run(`l LOGIN ann "${passwordOf('ann')}"`)
  await client.run(`s SELECT ${mailbox}`)
  return client
}

describe('the demo server, logging in', () => {
  it('refuses a wrong password with the code for it', async () => {
    const client = await connect()
    expect(await client.run('a LOGIN ann nope')).toMatch(/^a NO \[AUTHENTICATIONFAILED\]/m)
    expect(await client.run('b SELECT INBOX')).toBe('b BAD Not now\r\n')
  })

  it('takes a password as quoted string, as literal and without waiting', async () => {
    const client = await connect()
    const quoted = passwordOf('bob').replaceAll(/["\\]/g, String.raw`\$&`)
    expect(await client.run(`a LOGIN bob "${quoted}"`)).toMatch(/^a OK/m)
    const second = await connect()
    const password = passwordOf('cleo')
    const size = Buffer.byteLength(password)
    second.send(`b LOGIN {4}\r\n`)
    await second.until(/^\+ .*\r\n/m)
    second.send(`cleo {${size}+}\r\n${password}\r\n`)
    expect(await second.until(/^b .*\r\n/m)).toMatch(/^b OK .*Welcome aboard\r\n/)
  })

  it('takes AUTHENTICATE PLAIN with and without initial response, and a cancellation', async () => {
    const response = Buffer.from(`\0ann\0${passwordOf('ann')}`).toString('base64')
    expect(await (await connect()).run(`a AUTHENTICATE PLAIN ${response}`)).toMatch(/^a OK/m)
    const client = await connect()
    client.send('b AUTHENTICATE PLAIN\r\n')
    await client.until(/^\+ \r\n/m)
    client.send('*\r\n')
    expect(await client.until(/^b .*\r\n/m)).toMatch(/^b BAD/)
    client.send('c AUTHENTICATE PLAIN\r\n')
    await client.until(/^\+ \r\n/m)
    client.send(`${response}\r\n`)
    expect(await client.until(/^c .*\r\n/m)).toMatch(/^c OK/)
  })

  it('understands a dialogue that arrives one octet at a time', async () => {
    const client = await connect()
    await client.sendSlowly(
      `a LOGIN ann {${passwordOf('ann').length}+}\r\n${passwordOf('ann')}\r\nb STATUS Drafts (MESSAGES)\r\n`,
    )
    expect(await client.until(/^b OK.*\r\n/m)).toContain('* STATUS "Drafts" (MESSAGES 0)\r\n')
  })

  it('offers no login before STARTTLS where STARTTLS is offered', async () => {
    const { tls } = await mint()
    const client = await connect({ tls, startTls: true })
    expect(await client.run('a CAPABILITY')).toContain(' STARTTLS LOGINDISABLED ')
    expect(await client.run(`b LOGIN ann "${passwordOf('ann')}"`)).toMatch(/^b NO \[PRIVACYREQUIRED\]/m)
  })

  it('hangs up on commands that were sent ahead of the TLS handshake', async () => {
    const { tls } = await mint()
    const client = await connect({ tls, startTls: true })
    client.send('a STARTTLS\r\nb NOOP\r\n')
    await expect(client.until(/^b /m)).rejects.toThrow('closed while waiting')
  })
})

describe('the demo server, mailboxes', () => {
  it('lists names in modified UTF-7 with their special uses', async () => {
    const client = await selected()
    const list = await client.run('a LIST "" "*"')
    expect(list).toContain(String.raw`* LIST (\HasNoChildren \Sent) "/" "Sent"`)
    expect(list).toContain('"Entw&APw-rfe &- Ideen"')
    expect(await client.run('b LIST "" "%"')).not.toContain('Archive/2024')
    expect(await client.run('c LSUB "" "*"')).not.toContain('Junk')
    expect(await client.run('d SELECT "Entw&APw-rfe &- Ideen"')).toContain('* 3 EXISTS')
  })

  it('leaves nothing selected after a SELECT that failed', async () => {
    const client = await selected()
    expect(await client.run('a SELECT Attic')).toMatch(/^a NO \[NONEXISTENT\]/m)
    expect(await client.run('b FETCH 1 FLAGS')).toBe('b BAD Not now\r\n')
  })

  it('appends, tells the UID, flags and expunges', async () => {
    const client = await selected('Drafts')
    const mail = 'Subject: x\r\n\r\nhello\r\n'
    client.send(`a APPEND Drafts (\\Draft) "07-Mar-2025 09:05:00 +0000" {${mail.length}+}\r\n${mail}\r\n`)
    const answer = await client.until(/^a .*\r\n/m)
    expect(answer).toContain('* 1 EXISTS\r\n')
    expect(answer).toMatch(/^a OK \[APPENDUID \d+ 1\]/m)
    const fetched = await client.run('b UID FETCH 1 (FLAGS INTERNALDATE BODY.PEEK[])')
    expect(fetched).toBe(
      `* 1 FETCH (UID 1 FLAGS (\\Draft) INTERNALDATE "07-Mar-2025 09:05:00 +0000" BODY[] {${mail.length}}\r\n${mail})\r\nb OK FETCH completed\r\n`,
    )
    expect(await client.run(String.raw`c STORE 1 +FLAGS (\Deleted)`)).toContain(
      String.raw`* 1 FETCH (FLAGS (\Draft \Deleted))`,
    )
    expect(await client.run('d EXPUNGE')).toBe('* 1 EXPUNGE\r\nd OK EXPUNGE completed\r\n')
  })

  it('says TRYCREATE for a mailbox that is not there', async () => {
    const client = await selected()
    expect(await client.run('a COPY 1 Attic')).toMatch(/^a NO \[TRYCREATE\]/m)
  })

  it('moves messages: COPYUID first, then one EXPUNGE for each', async () => {
    const client = await selected('Archive')
    const moved = await client.run('a UID MOVE 2:3 Trash')
    expect(moved).toMatch(/^\* OK \[COPYUID \d+ 2:3 1:2\] Moved\r\n\* 3 EXPUNGE\r\n\* 2 EXPUNGE\r\na OK/)
    expect(await client.run('b STATUS Trash (MESSAGES)')).toContain('(MESSAGES 2)')
  })
})

describe('the demo server, messages', () => {
  it('fetches sections and parts of them', async () => {
    const client = await selected()
    const uid = /\* SEARCH (\d+)\r\n/.exec(await client.run('a UID SEARCH SUBJECT "Regatta"'))?.[1]
    const fetched = await client.run(
      `b UID FETCH ${uid} (BODY.PEEK[1] BODY.PEEK[2.MIME] BODY.PEEK[1]<4.7> BODY.PEEK[9])`,
    )
    expect(fetched).toContain('BODY[1] {28}\r\nThe regatta starts at ten.\r\n ')
    expect(fetched).toContain('BODY[2.MIME] {78}\r\nContent-Type: text/html')
    expect(fetched).toContain('BODY[1]<4> {7}\r\nregatta ')
    expect(fetched).toContain(' BODY[9] NIL)')
  })

  it('reads header fields by name and by exclusion', async () => {
    const client = await selected()
    const chosen = await client.run('a FETCH 1 BODY.PEEK[HEADER.FIELDS (SUBJECT x-none)]')
    expect(chosen).toContain('\r\nSubject: Welcome to Harbour Mail\r\n\r\n)')
    const others = await client.run('b FETCH 1 BODY.PEEK[HEADER.FIELDS.NOT (SUBJECT)]')
    expect(others).toContain('Message-ID:')
    expect(others).not.toContain('Subject:')
  })

  it('marks as seen what is fetched without PEEK, but not in an examined mailbox', async () => {
    const client = await selected()
    expect(await client.run('a FETCH 3 BODY[TEXT]')).toContain(String.raw`FLAGS (\Flagged \Seen)`)
    await client.run('b EXAMINE INBOX')
    expect(await client.run('c FETCH 6 BODY[TEXT]')).not.toContain('FLAGS')
    expect(await client.run(String.raw`d STORE 6 +FLAGS (\Seen)`)).toMatch(/^d NO \[READ-ONLY\]/m)
  })

  it('describes a mail within a mail, groups of addresses and mails without subject', async () => {
    const client = await selected()
    const all = await client.run('a FETCH 1:* (ENVELOPE BODYSTRUCTURE)')
    expect(all).toContain('("message" "rfc822" NIL NIL NIL "7bit"')
    expect(all).toContain('((NIL NIL "Crew" NIL)(NIL NIL "mara" "harbour.example")')
    expect(all).toContain('ENVELOPE ("')
    expect(all).toMatch(/" NIL \(\("=\?utf-8/)
  })

  it('searches by flags, headers, dates, sizes and combinations', async () => {
    const client = await selected()
    const search = async (keys: string) => /\* SEARCH(.*)\r\n/.exec(await client.run(`a SEARCH ${keys}`))?.[1]
    expect(await search('FLAGGED')).toBe(' 3')
    expect(await search('LARGER 200000')).toBe(' 11')
    expect(await search('BODY "needle"')).toBe(' 6')
    expect(await search('OR FLAGGED (SUBJECT "Keys" NOT ANSWERED)')).toBe(' 2 3')
    expect(await search('SENTSINCE 1-Jan-2020 BEFORE 1-Jan-2020')).toBe('')
    expect(await search('CHARSET UTF-8 SUBJECT {7+}\r\nGrüße')).toBe(' 19')
    expect(await client.run('b SEARCH COLOUR blue')).toBe('b BAD Unknown search key\r\n')
  })

  it('answers an extended search in one ESEARCH', async () => {
    const client = await selected()
    const answer = await client.run('a UID SEARCH RETURN (MIN MAX COUNT ALL) UID 2:4,9')
    expect(answer).toBe('* ESEARCH (TAG "a") UID MIN 2 MAX 9 COUNT 4 ALL 2:4,9\r\na OK SEARCH completed\r\n')
  })

  it('takes its time for a search through bodies only', async () => {
    const client = await selected('INBOX', { slowMs: 300 })
    const timed = async (keys: string) => {
      const before = performance.now()
      await client.run(`a SEARCH ${keys}`)
      return performance.now() - before
    }
    expect(await timed('TEXT x')).toBeGreaterThan(280)
    expect(await timed('UNSEEN')).toBeLessThan(280)
  })

  it('refuses what it cannot read and stays usable', async () => {
    const client = await selected()
    for (const bad of [
      'FETCH 1',
      'FETCH x FLAGS',
      'FETCH 999 FLAGS',
      'FETCH 1 BODY[',
      'STORE 1 FLOGS x',
      'UID NOOP',
      'XYZZY',
    ]) {
      expect(await client.run(`a ${bad}`)).toMatch(/^a BAD/)
    }
    expect(await client.run('b NOOP')).toBe('b OK NOOP completed\r\n')
  })
})

describe('the demo server, pushing', () => {
  it('tells an idling client of new mail, and ends IDLE on DONE', async () => {
    const client = await selected('INBOX', { newMailEveryMs: 30 })
    client.send('a IDLE\r\n')
    await client.until(/^\+ idling\r\n/m)
    await client.until(/^\* \d+ EXISTS\r\n/m)
    client.send('DONE\r\n')
    expect(await client.until(/^a .*\r\n/m)).toMatch(/^a OK/m)
  })

  it('tells one client of the flags that another sets, and hides expunges during FETCH', async () => {
    const server = await start()
    const [one, other] = [await join(server), await join(server)]
    for (const client of [one, other]) {
      await client.run(`l LOGIN ann "${passwordOf('ann')}"`)
      await client.run('s SELECT Archive')
    }
    await one.run(String.raw`a STORE 2 +FLAGS (\Deleted)`)
    expect(await other.run('b NOOP')).toMatch(/^\* 2 FETCH \(UID 2 FLAGS \(.*\\Deleted\)\)\r\n/)
    await one.run('c EXPUNGE')
    expect(await other.run('d FETCH 3 UID')).toBe('* 3 FETCH (UID 3)\r\nd OK FETCH completed\r\n')
    expect(await other.run('e NOOP')).toBe('* 2 EXPUNGE\r\ne OK NOOP completed\r\n')
  })
})

describe('the demo server with clients of others', () => {
  it('serves imapflow: list, select, fetch, append, search, new mail', async () => {
    const { tls, authority } = await mint()
    const { port } = await start({ tls, startTls: true, newMailEveryMs: 100 })
    const auth = { user: 'cleo', pass: passwordOf('cleo') }
    const flow = new ImapFlow({
      host: 'localhost',
      port,
      secure: false,
      auth,
      tls: { ca: authority },
      logger: false,
    })
    await flow.connect()
    const mailboxes = await flow.list()
    expect(mailboxes.map((mailbox) => mailbox.path)).toContain('Entwürfe & Ideen')
    expect(mailboxes.find((mailbox) => mailbox.path === 'Sent')?.specialUse).toBe('\\Sent')
    const opened = await flow.mailboxOpen('INBOX')
    const grown = new Promise<number>((resolve) =>
      flow.once('exists', ({ count }: { count: number }) => resolve(count)),
    )
    const subjects: string[] = []
    for await (const message of flow.fetch('1:*', { envelope: true, bodyStructure: true, size: true })) {
      subjects.push(message.envelope?.subject ?? '')
    }
    expect(subjects).toContain('⛵️ Sail day 🎉👩‍✈️ — all aboard! 🐟🐟🐟')
    expect(await flow.search({ subject: 'Grüße' }, { uid: true })).toEqual([19])
    const appended = await flow.append('Drafts', 'Subject: y\r\n\r\nz\r\n', ['\\Draft'])
    expect(appended).toMatchObject({ destination: 'Drafts', uid: 1 })
    void flow.idle()
    expect(await grown).toBeGreaterThan(opened.exists - 1)
    await flow.logout()
  })

  it.skipIf(curlPath === undefined)('serves curl over imaps', async () => {
    const { tls, file } = await mint()
    const { port } = await start({ tls })
    const url = `imaps://localhost:${port}/INBOX;UID=1`
    const login = `ann:${passwordOf('ann')}`
    const { stdout } = await promisify(execFile)('curl', ['-sS', '--cacert', file, '--user', login, url])
    expect(stdout).toContain('Subject: Welcome to Harbour Mail')
    expect(stdout).toContain('Your berth is ready.')
  })
})
