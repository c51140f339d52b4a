/** imaptap approvals before a control socket: what it lists, and what becomes of a word. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { runApprovals } from '../../../src/cli/commands/approvals.ts'
import { ControlServer, type ControlHost } from '../../../src/control/control-server.ts'
import type { ApprovalFacts } from '../../../src/control/protocol.ts'
import type { Ruling } from '../../../src/relay/hold-rule.ts'
import { createTempFolder, type TempFolder } from '../../support/temp-folder.ts'

let folder: TempFolder
let server: ControlServer
let waiting: ApprovalFacts[]
let ruled: unknown[]

const one = (ticket: number): ApprovalFacts => ({
  session: 'S1',
  ticket,
  user: 'ann',
  rule: 'ask-moves',
  otherwise: 'deny',
  leftMillis: 45_000,
  command: `A${ticket} UID MOVE 5 Tr\u001b[31mash`,
})

const rule = (session: string, ticket: number, ruling: Ruling, by?: string): string | undefined => {
  const isThere = waiting.some((facts) => facts.session === session && facts.ticket === ticket)
  waiting = waiting.filter((facts) => facts.ticket !== ticket)
  ruled.push([session, ticket, ruling.kind, by])
  return isThere ? undefined : 'gone'
}

beforeEach(async () => {
  folder = await createTempFolder('appr')
  waiting = [one(3), one(4)]
  ruled = []
  const host: ControlHost = {
    describe: () => ({ upstream: 'u', listen: [], caPath: undefined, hasFindings: false }),
    now: () => 0,
    makeEncoder: () => ({ encode: () => undefined }),
    subscribe: () => () => undefined,
    recall: () => [],
    sessions: () => [],
    kill: () => false,
    approvals: () => waiting,
    breakpoints: { set: () => undefined, drop: () => undefined, rule },
  }
  server = new ControlServer(host)
  await server.start({ path: folder.join('c.sock'), folder: 'given' })
})

afterEach(async () => {
  await server.stop()
  await folder.remove()
})

async function run(...words: string[]): Promise<string> {
  let text = ''
  const json = words.includes('--json')
  await runApprovals(
    words.filter((word) => word !== '--json'),
    { socket: folder.join('c.sock'), json },
    { env: {}, out: { write: (more) => (text += more) }, user: 'carol' },
  )
  return text
}

describe('approvals', () => {
  it('says beside the command what will come of it', async () => {
    waiting = [{ ...one(5), command: 'A5 UID MOVE 5 Secret', note: 'it is hidden' }]
    expect(await run()).toContain('A5 UID MOVE 5 Secret (it is hidden)')
  })

  it('says it of a long command as well', async () => {
    waiting = [{ ...one(5), command: `A5 MOVE ${'1,'.repeat(900)}2 Work`, note: 'about "INBOX", "Work"' }]
    expect(await run()).toMatch(/1,1,.*… \(about "INBOX", "Work"\)$/m)
  })

  it('says all of a note, however long', async () => {
    const names = Array.from({ length: 8 }, (_, at) => `${at}${'x'.repeat(60)}`).join(', ')
    waiting = [{ ...one(5), command: `A5 STORE ${'1,'.repeat(900)}2 +FLAGS (x)`, note: `about ${names}` }]
    expect(await run()).toMatch(/, 7x+\)$/m)
  })

  it('lists what waits, printable, and says when nothing does', async () => {
    const text = await run()
    expect(text.split('\n').slice(0, 2)).toEqual([
      expect.stringMatching(/^ID +LEFT +THEN +USER +RULE +COMMAND$/),
      expect.stringMatching(/^S1\/3 +45s +deny +ann +ask-moves +A3 UID MOVE 5 Tr/),
    ])
    expect(text).not.toContain('\u001b')
    waiting = []
    expect(await run('list')).toBe('nothing waits for approval\n')
  })

  it('lists as one JSON object, by the names that allow and deny take', async () => {
    expect(JSON.parse(await run('list', '--json'))).toMatchObject({
      schema: 1,
      approvals: [{ id: 'S1/3', rule: 'ask-moves', leftMillis: 45_000 }, { id: 'S1/4' }],
    })
  })

  it('allows and denies by name, and says who ruled', async () => {
    expect(await run('allow', 'S1/3')).toMatch(/^S1\/3 was allowed: A3 UID MOVE/)
    expect(await run('deny', 'S1/4')).toMatch(/^S1\/4 was refused: A4/)
    expect(ruled).toEqual([
      ['S1', 3, 'forward', 'carol by imaptap approvals'],
      ['S1', 4, 'answer', 'carol by imaptap approvals'],
    ])
  })

  it('rules on those that wait and says which do not; what else is held is not its business', async () => {
    await expect(run('allow', 'S1/9', 'S1/4')).rejects.toMatchObject({
      message: expect.stringContaining('nothing waits as S1/9'),
      exitCode: 1,
    })
    expect(ruled).toEqual([['S1', 4, 'forward', 'carol by imaptap approvals']])
  })

  it.each([
    [['alow', 'S1/3'], /no 'alow'.*allow/],
    [['allow'], /needs the name/],
    [['list', 'S1/3'], /takes no names/],
  ])('says what is wrong with its words: %j', async (words, message) => {
    await expect(run(...words)).rejects.toMatchObject({
      message: expect.stringMatching(message),
      exitCode: 2,
    })
  })
})
