/** The errand of curl, imaplib and imapflow before a real Cyrus, under the two profiles that people will use most. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { requireCyrus, startCyrus, type Cyrus } from '../support/cyrus.ts'
import { requireTool } from '../support/tools.ts'
import { curlErrand } from './support/curl-errand.ts'
import { tellsOf, wordsOf, type Words } from './support/expected-words.ts'
import { furnish, openGateway, readTruth, type Gateway } from './support/gateway.ts'
import { imapflowErrand } from './support/imapflow-errand.ts'
import { imaplibErrand } from './support/imaplib-errand.ts'

const tools = [
  requireCyrus(),
  requireTool('openssl', { package: 'openssl' }),
  requireTool('curl', { package: 'curl' }),
  requireTool('python3', { package: 'python3' }),
]
const errands = [curlErrand, imaplibErrand, imapflowErrand]
const profiles = ['read-only', 'organise'] as const

describe.skipIf(tools.includes(undefined))('real clients with Cyrus behind', () => {
  let cyrus: Cyrus
  beforeAll(async () => {
    const users = profiles.flatMap((profile) => errands.map(({ name }) => `${name}-${profile}`))
    cyrus = await startCyrus({ tls: 'none', users })
    for (const user of users) await furnish(cyrus, user)
  })
  afterAll(() => cyrus?.stop())

  describe.each(profiles)('under %s', (profile) => {
    let gateway: Gateway
    beforeAll(async () => {
      gateway = await openGateway(cyrus, profile)
    })
    afterAll(() => gateway?.close())

    test.each(errands)('$name hears what is refused, goes on, and leaves in order', async ({ name, run }) => {
      const user = `${name}-${profile}`
      const before = await readTruth(cyrus, user)

      const told = await run(gateway.login(user))

      const words = { ...wordsOf[profile], list: 'Drafts INBOX Sent Trash Work' } as Words
      expect(told).toEqual(tellsOf(name, words))
      const after = await readTruth(cyrus, user)
      if (profile === 'read-only') return expect(after).toEqual(before)
      const digests = after.map(digestOf)
      for (const line of before.slice(2)) expect(digests).toContain(digestOf(line))
      expect(after.join('\n')).not.toContain(String.raw`\Deleted`)
    })
  })
})

const digestOf = (line: string): string => line.slice(line.lastIndexOf(' ') + 1)
