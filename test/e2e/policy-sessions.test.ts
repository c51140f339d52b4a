/** Sessions under a policy on real servers, at edges of theirs: what they have selected is hidden by a reload, and tags that not every server reads. */

import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { loadPolicyFile } from '../../src/config/policy-settings.ts'
import { recordsIn } from '../audit/support/audits.ts'
import { Direct, quote } from '../oracle/direct.ts'
import { requireCyrus, startCyrus } from '../support/cyrus.ts'
import { startDovecot } from '../support/dovecot.ts'
import { startLiveProxy, type LiveProxy } from '../support/live-proxy.ts'
import { Peer } from '../support/peer.ts'
import { startProxy } from '../support/proxy.ts'
import { createTempFolder, type TempFolder } from '../support/temp-folder.ts'
import { requireTool } from '../support/tools.ts'

const open = 'default: allow\n'
const hiding = `${open}mailboxes: [{match: [Work, 'Work/**'], hidden: true}]\n`

const servers = [
  { kind: 'dovecot', isThere: requireTool('dovecot', { package: 'dovecot-imapd' }) !== undefined },
  { kind: 'cyrus', isThere: requireCyrus() !== undefined },
] as const

const start = (kind: 'dovecot' | 'cyrus') =>
  kind === 'cyrus'
    ? startCyrus({ tls: 'none', users: ['ann'] })
    : startDovecot({ tls: 'none', users: ['ann'] })

describe.skipIf(!servers[0].isThere)('a strict audit, before dovecot', () => {
  it('says whose an AUTHENTICATE is, in whatever form it comes, and shows no credential', async () => {
    const folder = await createTempFolder('audited')
    const dovecot = await startDovecot({ tls: 'none', users: ['ann'], mechanisms: ['plain', 'login'] })
    const file = folder.join('policy.yaml')
    writeFileSync(file, open)
    const upstream = `imap://127.0.0.1:${dovecot.ports.imap}`
    const proxy = await startProxy({ upstream, args: ['--policy', file, '--audit', folder.join('audit')] })
    try {
      const { password } = dovecot.user('ann')
      const base64 = (text: string): string => Buffer.from(text).toString('base64')
      const plain = base64(`\0ann\0${password}`)
      const dialogues = [
        ['AUTHENTICATE PLAIN', plain],
        [`AUTHENTICATE PLAIN ${plain}`],
        ['AUTHENTICATE LOGIN', base64('ann'), base64(password)],
        [`LOGIN ann ${quote(password)}`],
      ]
      for (const [command = '', ...lines] of dialogues) {
        const peer = await Peer.open(proxy.ports.imap)
        peer.send(`a ${command}\r\n`)
        for (const line of lines) {
          await peer.until(/^\+ .*\r\n/mu)
          peer.send(`${line}\r\n`)
        }
        expect(await peer.until(/^a .*\r\n/mu)).toMatch(/^a OK /mu)
        peer.close()
      }
      const text = readFileSync(folder.join('audit'), 'utf8')
      for (const secret of [password, plain, base64(password)]) expect(text).not.toContain(secret)
      const decisions = recordsIn(folder.join('audit')).filter(({ kind }) => kind === 'decision')
      expect(decisions.map(({ command, rule, user }) => [command, rule, user])).toEqual([
        ['AUTHENTICATE', 'default', undefined],
        ['AUTHENTICATE', 'login', 'ann'],
        ['AUTHENTICATE', 'default', 'ann'],
        ['AUTHENTICATE', 'login', 'ann'],
        ['AUTHENTICATE', 'default', undefined],
        ['AUTHENTICATE', 'login', 'ann'],
        ['LOGIN', 'default', 'ann'],
      ])
    } finally {
      await proxy.stop()
      await dovecot.stop()
      await folder.remove()
    }
  }, 60_000)
})

/** Whatever else Cyrus takes for ann is ann's, and sees no more than she does. */
describe.skipIf(!servers[1].isThere)('a name that cyrus takes for another', () => {
  it.each([
    ['imapmagicplus', { imapmagicplus: 'yes' }, ['ann', 'ANN', 'ann+', 'ann+x']],
    ['defaultdomain', { virtdomains: 'userid', defaultdomain: 'localhost' }, ['ann', 'ann@localhost']],
  ] as const)('by %s is bound by what is said of that other', async (_, settings, names) => {
    const folder = await createTempFolder('names')
    const file = folder.join('policy.yaml')
    writeFileSync(
      file,
      `${open}mailboxes: [{match: Work, users: ann, hidden: true}]\notherMailboxes: visible\n` +
        `rules: [{name: no, when: 'user == "ann" && command == "CREATE"', deny: true}]\n`,
    )
    const cyrus = await startCyrus({ tls: 'none', users: ['ann'], settings })
    const upstream = `imap://127.0.0.1:${cyrus.ports.imap}`
    const live = await startLiveProxy({ upstream, policy: loadPolicyFile(file) })
    try {
      const { password } = cyrus.user('ann')
      const direct = await Direct.open(cyrus.ports.imap, 'ann', password)
      expect((await direct.run('CREATE Work')).status).toBe('OK')
      direct.close()
      for (const name of names) {
        const past = await Direct.open(cyrus.ports.imap, name, password)
        expect((await past.run('SELECT Work')).status, `${name}, past the gateway`).toBe('OK')
        past.close()
        const peer = await Peer.open(live.imap)
        await peer.until(/^\* OK .*\r\n/mu)
        expect(await peer.run(`l LOGIN ${quote(name)} ${quote(password)}`)).toMatch(/^l OK /mu)
        expect(await peer.run('s SELECT Work')).toMatch(/^s NO Mailbox does not exist/mu)
        expect(await peer.run('c CREATE Mine')).toMatch(/^c NO \[NOPERM\]/mu)
        peer.close()
      }
    } finally {
      await live.stop()
      await cyrus.stop()
      await folder.remove()
    }
  })
})

for (const { kind, isThere } of servers)
  describe.skipIf(!isThere)(`under a policy, before ${kind}`, () => {
    let server: Awaited<ReturnType<typeof start>>
    let folder: TempFolder
    let live: LiveProxy
    let direct: Direct
    const peers: Peer[] = []

    beforeAll(async () => {
      folder = await createTempFolder('sessions')
      writeFileSync(folder.join('policy.yaml'), open)
      server = await start(kind)
      live = await startLiveProxy({
        upstream: `imap://127.0.0.1:${server.ports.imap}`,
        policy: loadPolicyFile(folder.join('policy.yaml')),
      })
      direct = await Direct.open(server.ports.imap, 'ann', server.user('ann').password)
      await direct.run('CREATE Work')
    })
    afterAll(async () => {
      for (const peer of peers) peer.close()
      direct.close()
      await live.stop()
      await server.stop()
      await folder.remove()
    })

    const greet = async (): Promise<Peer> => {
      const peer = await Peer.open(live.imap)
      peers.push(peer)
      await peer.until(/^\* OK .*\r\n/mu)
      return peer
    }
    const enter = async (mailbox: string): Promise<Peer> => {
      const peer = await greet()
      await peer.run(`l LOGIN ann ${quote(server.user('ann').password)}`)
      expect(await peer.run(`s SELECT ${mailbox}`)).toMatch(/^s OK /mu)
      return peer
    }

    it('whoever has selected what a reload hides hears BYE at once, and of no message that comes', async () => {
      const idling = await enter('Work')
      await idling.send('i IDLE\r\n').until(/^\+ .*\r\n/mu)
      const still = await enter('Work')
      const other = await enter('INBOX')
      await other.send('i IDLE\r\n').until(/^\+ .*\r\n/mu)

      writeFileSync(folder.join('policy.yaml'), hiding)
      live.proxy.reload?.()
      const bye = '* BYE [UNAVAILABLE] imaptap: the selected mailbox is not there any more\r\n'
      expect(await idling.end()).toMatch(new RegExp(`(?:^|\\n)${bye.replaceAll(/[*[\]]/gu, '\\$&')}$`, 'u'))
      expect(await still.end()).toBe(bye)
      const message = 'Subject: x\r\n\r\nx\r\n'
      await direct.run(`APPEND Work {${message.length}+}\r\n${message}`)
      await direct.run(`APPEND INBOX {${message.length}+}\r\n${message}`)

      expect(await other.until(/^\* \d+ EXISTS\r\n/mu)).toContain('EXISTS')
      expect(await other.send('DONE\r\n').run('n NOOP')).not.toContain('BYE')
      expect(await other.run('w SELECT Work')).toMatch(/^w NO /mu)
      const closed = live.of('decided').map(({ decided }) => `${decided.rule} ${decided.effect}`)
      expect(closed.filter((each) => each === 'visibility close')).toHaveLength(2)
    })

    it('every tag of the grammar is answered, before the login and behind it', async () => {
      const signs = Array.from({ length: 94 }, (_, at) => String.fromCodePoint(at + 33))
      const tags = [...signs.filter((sign) => !'(){%*"\\+'.includes(sign)), ']]', 'a]', 'a'.repeat(200)]
      for (const peer of [await greet(), await enter('INBOX')]) {
        peer.send(tags.map((tag) => `${tag} NOOP\r\n`).join(''))
        const heard = await peer.run('end NOOP')
        const answered = heard.split('\r\n').map((line) => line.split(' ').slice(0, 2).join(' '))
        const expected = tags.map((tag) => `${tag} ${tag.includes(']') || tag.length > 100 ? 'BAD' : 'OK'}`)
        // What is refused here need not wait for the server.
        const completions = answered.filter((words) => words !== '' && !words.startsWith('* '))
        expect(completions.toSorted()).toEqual([...expected, 'end OK'].toSorted())
      }
    })
  })
