/** imaptap policy test: recorded sessions before a policy that did not hold then. */

import { writeFileSync } from 'node:fs'
import { Writable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { writeHeader } from '../../../src/capture/header.ts'
import { RecordEncoder } from '../../../src/capture/record.ts'
import { runPolicyTest } from '../../../src/cli/commands/policy-test.ts'
import type { PolicyTestFlags } from '../../../src/cli/policy/trial-words.ts'
import type { ObservedEvent } from '../../../src/findings/finding.ts'
import { LoggedDialogue } from '../../support/logged-dialogue.ts'
import { createTempFolder, type TempFolder } from '../../support/temp-folder.ts'
import { FakeSession } from '../../tui/support/events.ts'

let folder: TempFolder

const policy = `
policy:
  default: deny
  mailboxes:
    - match: ["Secret"]
      hidden: true
  rules:
    - name: bob
      when: user == "bob" && command == "NOOP"
      deny: not bob
    - name: dry
      when: command == "SEARCH"
      deny: true
      dryRun: true
    - name: ask
      when: '"remove" in actions'
      hold: {for: 1m, otherwise: deny}
    - name: look-only
      when: command == "SELECT"
      rewrite: [examine]
    - name: no-archive
      when: mailbox == "Archive" && "flag" in actions
      deny: the archive stays as it is
    - name: no-insert
      when: size > 10
      deny: too large
    - name: rest
      when: '!("delete" in actions)'
      allow: true
`

class Collector extends Writable {
  text = ''

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString('utf8')
    done()
  }
}

function record(name: string, session: string, talk: (dialogue: LoggedDialogue) => unknown): void {
  const encoder = new RecordEncoder()
  const lines = [writeHeader({ run: name, created: 0, clock: 0, writer: 't', secrets: false, bodies: false })]
  const listen = (event: ObservedEvent): void => void lines.push(encoder.encode(event) ?? '')
  for (const event of new FakeSession(session).open(0)) listen(event)
  const dialogue = new LoggedDialogue(listen, { session, interests: { messages: true } })
  talk(dialogue.input({ kind: 'connected' }).server('* OK [CAPABILITY IMAP4rev1 MOVE AUTH=PLAIN] ready'))
  writeFileSync(folder.join(name), [...lines, ''].join('\n'))
}

beforeAll(async () => {
  folder = await createTempFolder('policy-test')
  writeFileSync(folder.join('p.yaml'), policy)
  record('ann.ndjson', 'S1', (talk) => {
    talk.client('a LOGIN ann hunter2').server('a OK done')
    talk.client('b SELECT Archive').server('* 3 EXISTS', 'b OK [READ-WRITE] done')
    talk.client('c STORE 1 +FLAGS (\\Seen)').server('c OK done')
    talk.client('d UID MOVE 5 Trash').server('d OK done')
    talk.client('e SEARCH ALL').server('* SEARCH 1', 'e OK done')
    talk.client('f DELETE Old').server('f OK done')
    talk.client('g APPEND Drafts {24+}', 'Subject: x\r\n\r\nhello body').server('g OK done')
    talk.client('h SELECT Secret').server('* 3 EXISTS', 'h OK done')
    talk.client('i NOOP').server('i OK done')
  })
  record('bob.ndjson', 'S2', (talk) => {
    talk.client('a AUTHENTICATE PLAIN').server('+ ').client('AGJvYgBwdw==').server('a OK done')
    talk.client('b NOOP').server('b OK done')
  })
})
afterAll(() => folder.remove())

async function run(
  files: readonly string[],
  flags: PolicyTestFlags = {},
): Promise<{ code: number; out: string }> {
  const out = new Collector()
  const paths = files.map((file) => folder.join(file))
  const code = await runPolicyTest(folder.join('p.yaml'), paths, flags, {
    out,
    err: new Collector(),
    env: {},
  })
  return { code, out: out.text }
}

async function tallied(
  files: readonly string[],
  flags: PolicyTestFlags = {},
): Promise<Record<string, unknown>> {
  return { ...JSON.parse((await run(files, { ...flags, json: true })).out) }
}

const tagsOf = (found: Record<string, unknown>, name: string): unknown => {
  const { rules } = found
  const all: { rule: string; examples: { tag: string }[] }[] = Array.isArray(rules) ? rules : []
  return all.find(({ rule }) => rule === name)?.examples.map(({ tag }) => tag)
}

describe('policy test', () => {
  it('says per rule what it would have done, the refused first, with examples', async () => {
    const { code, out } = await run(['ann.ndjson'])
    expect(code).toBe(0)
    expect(out).toMatch(
      /^1 session, 9 commands: 3 allowed, 3 refused, 1 hidden, 1 held for approval, 1 rewritten\n/,
    )
    expect(out).toMatch(
      /\nno-archive {2}refused: 1 command; .*\n {4}\d\d:\d\d:\d\d\.\d{3} S1 {4}c STORE 1 \+FLAGS/,
    )
    expect(out).toMatch(/\ndry {2}dry run, would be refused: 1 command;/)
    expect(out.indexOf('no-archive')).toBeLessThan(out.indexOf('rest '))
  })

  it('has a person asked about a move into a hidden mailbox, as the proxy does', async () => {
    record('hidden.ndjson', 'S1', (talk) => {
      talk.client('a LOGIN ann hunter2').server('a OK done')
      talk.client('b SELECT INBOX').server('* 3 EXISTS', 'b OK [READ-WRITE] done')
      talk.client('c UID MOVE 5 Secret').server('c OK done')
      talk.client('d UID COPY 5 Secret').server('d OK done')
    })
    const found = await tallied(['hidden.ndjson'])
    expect(found['effects']).toMatchObject({ hold: 1, hide: 1 })
    expect([tagsOf(found, 'ask'), tagsOf(found, 'visibility')]).toEqual([['c'], ['d']])
  })

  it('knows which mailbox was selected, and who had logged in, however they did', async () => {
    const found = await tallied(['ann.ndjson', 'bob.ndjson'])
    expect(tagsOf(found, 'no-archive')).toEqual(['c'])
    expect(tagsOf(found, 'ask')).toEqual(['d'])
    expect(tagsOf(found, 'default')).toEqual(['f'])
    expect(tagsOf(found, 'visibility')).toEqual(['h'])
    expect(tagsOf(found, 'bob')).toEqual(['b'])
    expect(found).toMatchObject({ schema: 1, sessions: 2 })
  })

  it('knows the sizes of mails that were left out', async () => {
    const found = await tallied(['ann.ndjson'])
    expect(tagsOf(found, 'no-insert')).toEqual(['g'])
    expect(found).toMatchObject({ guesses: 1 })
  })

  it('guesses at what only the server could have told, and says so', async () => {
    writeFileSync(folder.join('small.yaml'), `${policy}  limits:\n    attachmentOctets: 1KiB\n`)
    const out = new Collector()
    const world = { out, err: new Collector(), env: {} }
    record('fetch.ndjson', 'S1', (talk) =>
      talk
        .client('a LOGIN ann hunter2')
        .server('a OK done')
        .client('b SELECT INBOX')
        .server('b OK done')
        .client('c FETCH 1 BODY[]')
        .server('c OK done'),
    )
    await runPolicyTest(folder.join('small.yaml'), [folder.join('fetch.ndjson')], {}, world)
    expect(out.text).toContain('not all was recorded of 1 command')
    expect(out.text).toMatch(/\nrest {2}allowed: 2 commands, 1 guessed at/)
  })

  it('shows no credential', async () => {
    expect((await run(['ann.ndjson', 'bob.ndjson'])).out).not.toMatch(/hunter2|AGJvYg/)
  })

  it('fails on what somebody would have missed, where that is asked for', async () => {
    const refused = { filter: '~c DELETE' }
    expect((await run(['ann.ndjson'], { ...refused, failOn: 'deny' })).code).toBe(1)
    expect((await run(['ann.ndjson'], refused)).code).toBe(0)
    const held = { filter: '~c MOVE' }
    expect((await run(['ann.ndjson'], { ...held, failOn: 'deny' })).code).toBe(0)
    expect((await run(['ann.ndjson'], { ...held, failOn: 'hold' })).code).toBe(1)
  })

  it('counts only what is chosen, though it hears all', async () => {
    const found = await tallied(['ann.ndjson', 'bob.ndjson'], { session: ['S1'], filter: '~c STORE' })
    expect(found).toMatchObject({ commands: 1, sessions: 1, effects: { deny: 1 } })
  })
})
