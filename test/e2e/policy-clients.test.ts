/** curl, imaplib and imapflow on one errand under every profile: what each was told, and the truth on the server afterwards. */

import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'

import { profileNames } from '../../src/config/policy-file.ts'
import { startDovecot, type Dovecot } from '../support/dovecot.ts'
import { requireTool } from '../support/tools.ts'
import { curlErrand } from './support/curl-errand.ts'
import type { Errand } from './support/errand.ts'
import { tellsOf, unrestricted, wordsOf } from './support/expected-words.ts'
import { furnish, loginDirectly, openGateway, readTruth, type Gateway } from './support/gateway.ts'
import { imapflowErrand } from './support/imapflow-errand.ts'
import { imaplibErrand } from './support/imaplib-errand.ts'

const errands: readonly Errand[] = [curlErrand, imaplibErrand, imapflowErrand]
const tools = [
  requireTool('dovecot', { package: 'dovecot-imapd' }),
  requireTool('openssl', { package: 'openssl' }),
  ...errands.flatMap(({ tool }) => (tool ? [requireTool(tool.program, tool)] : [])),
]
const profiles = profileNames()

describe.skipIf(tools.includes(undefined))('real clients with Dovecot behind', () => {
  let dovecot: Dovecot

  beforeAll(async () => {
    const users = ['direct', 'agreed', ...profiles].flatMap((profile) =>
      errands.map(({ name }) => userOf(name, profile)),
    )
    dovecot = await startDovecot({ tls: 'none', users })
    for (const user of users) await furnish(dovecot, user)
  })
  afterAll(() => dovecot?.stop())

  test.each(errands)('$name may do everything without a policy', async (errand) => {
    const told = await errand.run(loginDirectly(dovecot, userOf(errand.name, 'direct')))
    expect(told).toEqual(tellsOf(errand.name, unrestricted))
  })

  describe.each(profiles)('under %s', (profile) => {
    let gateway: Gateway
    beforeAll(async () => {
      gateway = await openGateway(dovecot, profile)
      gateway.answerApprovals('deny')
    })
    afterAll(() => gateway?.close())

    test.each(errands)('$name hears what is refused, goes on, and leaves in order', async ({ name, run }) => {
      const user = userOf(name, profile)
      const before = await readTruth(dovecot, user)

      const told = await run(gateway.login(user))

      const words = wordsOf[profile]
      if (!words) throw new Error(`${profile} has no words`)
      expect(told).toEqual(tellsOf(name, words))
      const after = await readTruth(dovecot, user)
      expectTruth(profile, { before, after, unrestricted: await readTruth(dovecot, userOf(name, 'direct')) })
      const troubles = gateway.proxy
        .logRecords()
        .filter(({ event }) => ['unreadable', 'warning'].includes(event))
      expect(troubles).toEqual([])
    })
  })

  describe('under agent, when a person agrees to everything', () => {
    let gateway: Gateway
    beforeAll(async () => {
      gateway = await openGateway(dovecot, 'agent')
      gateway.answerApprovals('allow')
    })
    afterAll(() => gateway?.close())

    it.each(errands)('$name changes INBOX, and still has no other mailbox', async ({ name, run }) => {
      const user = userOf(name, 'agreed')
      const others = (lines: readonly string[]): readonly string[] =>
        lines.filter((line) => !/^(?:INBOX|subscribed:) /u.test(line))
      const before = await readTruth(dovecot, user)

      const told = await run(gateway.login(user))

      expect(told).toMatchObject({
        list: 'INBOX',
        flag: 'OK',
        'mark deleted': 'OK',
        expunge: 'OK',
        append: 'OK',
      })
      for (const step of ['copy', 'move', 'draft', 'delete'] as const)
        expect(told[step]).toMatch(
          /^(?:error |false )?NO \[(?:TRYCREATE|NONEXISTENT)\] Mailbox doesn't exist: (?:Work|Drafts)/u,
        )
      const after = await readTruth(dovecot, user)
      expect(others(after)).toEqual(others(before))
      expect(after.some((line) => /^INBOX 1 \(.*\\Flagged/u.test(line))).toBe(true)
      expect(after.some((line) => line.startsWith('INBOX 2 '))).toBe(false)
    })
  })
})

const userOf = (client: string, profile: string): string => `${client}-${profile}`

interface Truths {
  readonly before: readonly string[]
  readonly after: readonly string[]
  /** What the client makes of it where nothing is refused. */
  readonly unrestricted: readonly string[]
}

const draftDigest = '5aec430cf0ee963b'

function expectTruth(profile: string, { before, after, unrestricted: free }: Truths): void {
  const added = after.filter((line) => !before.includes(line))
  const gone = before.filter((line) => !after.includes(line))
  if (profile === 'no-attachments-above') return expect(after).toEqual(free)
  if (profile === 'append-only') {
    expect(gone).toEqual([])
    return expect(added.map(withoutFlags)).toEqual([`Drafts 1 ${draftDigest}`, `INBOX 7 ${draftDigest}`])
  }
  if (profile !== 'organise') return expect(after).toEqual(before)
  const digests = after.map(digestOf)
  for (const line of before.filter(isMessage)) expect(digests).toContain(digestOf(line))
  expect(after.join('\n')).not.toContain(String.raw`\Deleted`)
  expect(after[0]).toBe('mailboxes: Drafts INBOX New Trash Work')
  expect(added.filter((line) => line.endsWith(draftDigest)).map(withoutFlags)).toEqual([
    `Drafts 1 ${draftDigest}`,
  ])
}

const isMessage = (line: string): boolean => !/^(?:mailboxes|subscribed):/u.test(line)
const digestOf = (line: string): string => line.slice(line.lastIndexOf(' ') + 1)
const withoutFlags = (line: string): string => line.replace(/ \([^)]*\)/u, '')
