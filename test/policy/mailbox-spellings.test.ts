/** What a server takes for a mailbox is hidden with it: real servers are asked about many spellings of its name. */

import { describe, expect, it } from 'vitest'
import { encodeMailboxName } from '../../src/imap/mailbox.ts'
import { decodeText, encodeText } from '../../src/imap/utf8.ts'
import { compileGlob } from '../../src/policy/mailbox-glob.ts'
import { resolveMailbox, type NameHow } from '../../src/policy/mailbox-name.ts'
import { spellingsOf } from '../../src/policy/mailbox-spellings.ts'
import { requireCyrus, startCyrus } from '../support/cyrus.ts'
import { startDovecot } from '../support/dovecot.ts'
import { Peer } from '../support/peer.ts'
import { requireTool } from '../support/tools.ts'

const hidden = ['Secret', 'Pläne', 'Secret/Ünter']

/** Modified UTF-7 of each letter, whether it needs it or not. */
function shiftAll(text: string): string {
  return Array.from(text, (unit) => {
    const code = unit.charCodeAt(0)
    const base64 = Buffer.from([code >> 8, code & 0xff]).toString('base64')
    return unit === '/' || unit === '.' ? unit : `&${base64.replaceAll('=', '').replaceAll('/', ',')}-`
  }).join('')
}

const changes: readonly ((name: string) => string)[] = [
  (name) => name,
  (name) => name.toUpperCase(),
  (name) => name.toLowerCase(),
  (name) => name.normalize('NFD'),
  (name) => `${name}/`,
  (name) => `${name}//`,
  (name) => `/${name}`,
  (name) => `./${name}`,
  (name) => `INBOX/../${name}`,
  (name) => `INBOX/${name}`,
  (name) => `inbox/${name}`,
  (name) => `user/alice/${name}`,
  (name) => `user/${name}`,
  (name) => `Other Users/alice/${name}`,
  (name) => `Other Users/${name}`,
  (name) => `Shared Folders/${name}`,
  (name) => `#user/alice/${name}`,
  (name) => `~alice/${name}`,
  (name) => `~/${name}`,
  (name) => `${name}@localhost`,
  (name) => `user/alice/${name}@localhost`,
  (name) => ` ${name}`,
  (name) => `${name} `,
  (name) => `${name}\u200b`,
  (name) => name.replace('e', '\u00ade'),
  (name) => name.replaceAll('/', '//'),
  (name) => name.replaceAll('/', '\\'),
  (name) => name.replaceAll('/', '^'),
  (name) => name.replace('S', '\uff33'),
]
const encodings: readonly ((name: string) => string)[] = [
  encodeMailboxName,
  encodeText,
  shiftAll,
  (name) => Buffer.from(name, 'utf8').toString('latin1').normalize('NFC'),
  (name) => encodeMailboxName(name).replaceAll('-', ''),
]

/** Octet strings, each once; levels by this separator, and by the other ones that servers have. */
function spell(name: string, separator: string): readonly string[] {
  const spelled = changes.flatMap((change) =>
    encodings.flatMap((encode) =>
      [separator, '/', '.'].map((one) => encode(change(name).replaceAll('/', one))),
    ),
  )
  return [...new Set(spelled)].filter((octets) => !/[\0\r\n\u0100-\uffff]/u.test(octets))
}

/** Those that the server opens. */
async function findTaken(peer: Peer, names: readonly string[]): Promise<readonly string[]> {
  const taken: string[] = []
  for (const [at, name] of names.entries()) {
    peer.send(`q${at} STATUS {${name.length}+}\r\n${name} (MESSAGES)\r\n`)
    const said = await peer.until(new RegExp(`^q${at} (?:OK|NO|BAD).*\r\n`, 'mu'))
    if (said.includes(`q${at} OK`)) taken.push(name)
    // A server that has heard too many odd commands in a row hangs up.
    await peer.run(`z${at} NOOP`)
  }
  return taken
}

async function check(
  port: number,
  login: { readonly user: string; readonly password: string },
): Promise<void> {
  const peer = await Peer.open(port)
  await peer.until(/^\* OK .*\r\n/mu)
  const quoted = (text: string): string => `"${text.replaceAll(/["\\]/gu, String.raw`\$&`)}"`
  await peer.run(`a LOGIN ${quoted(login.user)} ${quoted(login.password)}`)
  const separator = /^\* LIST \([^)]*\) "(.)"/mu.exec(await peer.run('b LIST "" ""'))?.[1] ?? '/'
  const how: NameHow = { isUtf8: false, separator }
  for (const name of hidden)
    expect(await peer.run(`c CREATE "${encodeMailboxName(name).replaceAll('/', separator)}"`)).toMatch(
      /^c OK/mu,
    )
  await checkSpellings(peer, how)
  peer.close()
}

async function checkSpellings(peer: Peer, how: NameHow): Promise<void> {
  const separator = how.separator ?? '/'
  for (const name of hidden) {
    const taken = await findTaken(peer, spell(name, separator))
    const canonical = encodeMailboxName(name.replaceAll('/', separator))
    expect(taken).toContain(canonical)
    for (const octets of taken) {
      const wire = decodeText(octets)
      expect({ octets, isHidden: compileGlob(name).hides(wire, how) }).toEqual({ octets, isHidden: true })
      const resolved = resolveMailbox(wire, how)
      // A grant for the name is for its one spelling.
      if (resolved.ok) expect(resolved.name === name).toBe(octets === canonical)
    }
  }
}

describe.skipIf(requireTool('dovecot', { package: 'dovecot-imapd' }) === undefined)('Dovecot', () => {
  it('opens no spelling of a hidden mailbox that is not hidden', async () => {
    const dovecot = await startDovecot({ users: ['alice'], tls: 'none' })
    const { name: user, password } = dovecot.user('alice')
    await check(dovecot.ports.imap, { user, password }).finally(() => dovecot.stop())
  }, 60_000)
})

describe.skipIf(requireCyrus() === undefined)('Cyrus', () => {
  it('opens no spelling of a hidden mailbox that is not hidden', async () => {
    const cyrus = await startCyrus({ users: ['alice'], tls: 'none' })
    const { name: user, password } = cyrus.user('alice')
    await check(cyrus.ports.imap, { user, password }).finally(() => cyrus.stop())
  }, 60_000)
})

describe('spellings', () => {
  it('are one for a plain name, and none for no name', () => {
    const how: NameHow = { isUtf8: false, separator: '/' }
    expect(spellingsOf('Work/Old', how).keys).toEqual(['work/old'])
    expect(spellingsOf('', how).keys).toEqual([])
  })

  it('do not grow without end with a name of many prefixes', () => {
    const { keys } = spellingsOf('user/#a/@shared/&AGE-/'.repeat(500), { isUtf8: false, separator: '/' })
    expect(keys.length).toBeLessThan(50)
  })
})
