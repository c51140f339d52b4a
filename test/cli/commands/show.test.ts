/** imaptap show, lint and stats as a person runs them: captures in, text, trees, records and exit codes out. */

import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { writeHeader } from '../../../src/capture/header.ts'
import { RecordEncoder } from '../../../src/capture/record.ts'
import { runLint } from '../../../src/cli/commands/lint.ts'
import { runShow } from '../../../src/cli/commands/show.ts'
import { runStats } from '../../../src/cli/commands/stats.ts'
import { buildProgram, expandShorthand, type Actions } from '../../../src/cli/options.ts'
import type { ReadingWorld } from '../../../src/cli/reading/open-reading.ts'
import { ProgressBar } from '../../../src/cli/reading/progress-bar.ts'
import { report } from '../../../src/cli/report.ts'
import { actions } from '../../../src/cli/wiring.ts'
import { filterGuide } from '../../../src/filter/guide.ts'
import type { ObservedEvent } from '../../../src/findings/finding.ts'
import type { HoldRule } from '../../../src/relay/hold-rule.ts'
import type { Exchange } from '../../../src/session/exchanges.ts'
import { writeBigCapture } from '../../support/big-capture.ts'
import { LoggedDialogue } from '../../support/logged-dialogue.ts'
import { createTempFolder, type TempFolder } from '../../support/temp-folder.ts'
import { view } from '../../tui/support/events.ts'

const bin = fileURLToPath(new URL('../../../bin/imaptap.js', import.meta.url))
let folder: TempFolder

interface Ran {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** The words as a person types them, run in this process: a test of its own shows that a process does the same. */
async function imaptap(...words: string[]): Promise<Ran> {
  const out = new Collector()
  const err = new Collector()
  const world: ReadingWorld = { out, err, env: {} }
  const inFolder = (files: readonly string[]): readonly string[] => files.map((file) => folder.join(file))
  const inside: Actions = {
    ...actions,
    show: (files, flags) => runShow(inFolder(files), flags, world),
    lint: (files, { config, ...flags }) =>
      runLint(
        inFolder(files),
        { ...flags, ...(config !== undefined && { config: folder.join(config) }) },
        world,
      ),
    stats: (files, flags) => runStats(inFolder(files), flags, world),
  }
  let code = 0
  const done = (exitCode: number): void => {
    code = exitCode
  }
  const program = buildProgram({ actions: inside, version: '1', out, done })
  try {
    await program.parseAsync(expandShorthand(words), { from: 'user' })
  } catch (error) {
    code = report(error, { err, isDebug: false })
  }
  return { code, out: out.text, err: err.text.replaceAll(`${folder.path}/`, '') }
}

class Collector extends Writable {
  text = ''

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString('utf8')
    done()
  }
}

/** A dialogue in which a policy has its say about the latest command. */
class DecidedDialogue extends LoggedDialogue {
  readonly #tell: (event: ObservedEvent) => void

  constructor(...parts: ConstructorParameters<typeof LoggedDialogue>) {
    super(...parts)
    this.#tell = parts[0] as (event: ObservedEvent) => void
  }

  decide(decided: { rule: string; effect: 'allow' | 'deny'; why?: string }): this {
    const [session, at] = ['S1', this.now]
    const whole = { why: '', isDryRun: false, mailboxes: [], level: 'count', ...decided } as const
    this.#tell({ kind: 'decided', session, at, decided: whole, exchange: this.#latest(), view: view() })
    return this
  }

  /** Somebody is asked, and allows it. */
  ask(rule: string): this {
    const [session, at] = ['S1', this.now]
    const exchange = this.#latest()
    const { message } = exchange
    if (!message) throw new Error('no command')
    const about = {
      ticket: 1,
      side: 'client',
      message,
      exchange,
      hidesAll: false,
      isEditable: false,
    } as const
    const approval = { rule, otherwise: 'deny' } as const
    this.#tell({ kind: 'held', session, at, ...about, deadline: at + 1, approval })
    this.#tell({ kind: 'released', session, at, ticket: 1, how: 'forwarded', by: 'ann by imaptap approvals' })
    return this
  }

  #latest(): Exchange {
    const opened = this.of('exchange-opened').at(-1)
    if (!opened) throw new Error('no command')
    return opened.exchange
  }
}

/** The real engine's events while this is said, as a capture. */
function record(name: string, talk: (dialogue: DecidedDialogue) => unknown, hold?: HoldRule): void {
  const encoder = new RecordEncoder()
  const lines = [
    writeHeader({ run: name, created: 0, clock: 0, writer: 'test', secrets: false, bodies: false }),
  ]
  const listen = (event: ObservedEvent): void => {
    // What is wrong with a conversation is found where it was heard from its beginning.
    if (lines.length === 1) lines.push(...openedBefore(event).map((before) => encoder.encode(before) ?? ''))
    lines.push(encoder.encode(event) ?? '')
  }
  talk(
    new DecidedDialogue(listen, { interests: { messages: true, ...(hold && { hold }) } })
      .input({ kind: 'connected' })
      .server('* OK ready'),
  )
  writeFileSync(folder.join(name), [...lines, ''].join('\n'))
}

const openedBefore = ({ session, at }: ObservedEvent): readonly ObservedEvent[] => [
  {
    kind: 'opened',
    session,
    at,
    address: { host: '127.0.0.1', port: 1 },
    listener: 'imaps://127.0.0.1:1993',
    upstream: 'imaps://127.0.0.1:993',
    view: view({ state: 'opening' }),
  },
  {
    kind: 'secured',
    session,
    at,
    side: 'client',
    tls: {
      version: 'TLSv1.3',
      cipher: 'AES',
      name: 'localhost',
      certificate: 'CN=localhost',
      isResumed: false,
    },
  },
]

/** Escapes, a change of direction and a space of no width, as octets of UTF-8. */
const hostile = Buffer.from('\u001b]0;x\u0007\u202e\u200b').toString('latin1')

beforeAll(async () => {
  folder = await createTempFolder('reading')
  record(
    'held.ndjson',
    (talk) => {
      talk.client('a LOGIN ann hunter2').server('a OK done').client('b NOOP')
      talk.now += 29_999
      talk.input({ kind: 'ruled', ticket: 1, ruling: { kind: 'forward' } }).server('b OK done')
    },
    { mayHold: ({ name }) => name === 'NOOP', hold: () => 60_000 },
  )
  record('policy.ndjson', (talk) => {
    talk.client('a LOGIN ann hunter2').decide({ rule: 'rest', effect: 'allow' }).server('a OK done')
    talk.client('b DELETE Trash').decide({ rule: 'no-delete', effect: 'deny', why: 'it destroys' })
    talk.server('b NO [NOPERM] no').client('c NOOP').ask('ask').server('c OK done')
  })
  record('clean.ndjson', (talk) =>
    talk
      .client('a LOGIN ann hunter2')
      .server('a OK [CAPABILITY IMAP4rev1] done')
      .client('b NOOP')
      .server('b OK done')
      .client('c LOGOUT')
      .server('* BYE bye', 'c OK done')
      .input({ kind: 'ended', side: 'server' })
      .input({ kind: 'ended', side: 'client' }),
  )
  record('faulty.ndjson', (talk) =>
    talk
      .client('a LOGIN ann hunter2')
      .server('a OK [CAPABILITY IMAP4rev1] done')
      .client('b FETCH 1 (FLAGS)')
      .server(`b BAD ${hostile} no mailbox`)
      .client('c SELECT INBOX')
      .server('* 3 EXISTS', 'c OK [READ-WRITE] done')
      .server('* 4 EXISTS'),
  )
  mkdirSync(folder.join('many'))
  writeFileSync(folder.join('many/a.ndjson.gz'), gzipSync(readFileSync(folder.join('faulty.ndjson'))))
  writeFileSync(folder.join('many/b.ndjson.zst'), zstdCompressSync(readFileSync(folder.join('clean.ndjson'))))
})

afterAll(() => folder.remove())

describe('show', () => {
  it('prints a line for each command, with its findings below it, pushes and notes', async () => {
    const { code, out, err } = await imaptap('show', 'faulty.ndjson')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const lines = out.trimEnd().split('\n')
    expect(lines[3]).toMatch(
      /^00:00:00\.\d{3} S1 {4}a LOGIN ann ‹redacted 7› -> OK \[CAPABILITY\] {2}\S+ {2}/u,
    )
    expect(out).toMatch(/ b FETCH 1 \(FLAGS\) -> BAD .*no mailbox/u)
    expect(out).toMatch(/\n {19}error C01 command-in-wrong-state \(client\): /u)
    expect(out).toMatch(/ c SELECT INBOX -> OK \[READ-WRITE\] {2}1 untagged {2}/u)
    expect(out).toContain('<- * 4 EXISTS')
  })

  it('says how long a breakpoint held a command, beside what it took the server', async () => {
    expect((await imaptap('show', 'held.ndjson')).out).toMatch(/ b NOOP -> OK .* 1\.0ms {2}held 30\.00s\n/u)
    expect((await imaptap('stats', 'held.ndjson', '--json')).out).not.toMatch(/"max":\d{4}/u)
    expect((await imaptap('lint', 'held.ndjson')).out).not.toContain('P01')
  })

  it('says when a message was held, and how it went on', async () => {
    const { out } = await imaptap('show', 'held.ndjson')
    expect(out).toMatch(/-- held at a breakpoint: the command b NOOP\n.*-- released: it went on as it was\n/u)
    expect((await imaptap('show', 'held.ndjson', '--filter', '~c LOGIN')).out).not.toMatch(/held|released/u)
  })

  it('says what a policy refused, and who allowed what it held', async () => {
    const { out } = await imaptap('show', 'policy.ndjson')
    expect(out).toMatch(
      /-- policy: b DELETE: refused by rule no-delete: it destroys\n.* b DELETE Trash -> NO/u,
    )
    expect(out).toMatch(/-- waits for approval \(rule ask\): the command c NOOP\n/u)
    expect(out).toMatch(/-- approval by rule ask: it was allowed \(ann by imaptap approvals\)\n/u)
    expect(out).not.toContain('allowed by rule rest')
  })

  it('finds what a rule decided, also what it only let pass', async () => {
    const { out } = await imaptap('show', 'policy.ndjson', '--filter', '~rule rest')
    expect(out).toMatch(/-- policy: a LOGIN: allowed by rule rest/u)
    expect(out).toMatch(/ a LOGIN ann ‹redacted 7› -> OK/u)
    expect(out).not.toContain('DELETE')
    const denied = await imaptap('show', 'policy.ndjson', '--json', '--filter', '~e deny')
    const kinds = denied.out
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => Object(JSON.parse(line)).event)
    expect(kinds).toEqual(['exchange-opened', 'message', 'decided', 'message', 'exchange-completed'])
  })

  it('says which sessions there are where one is not there', async () => {
    for (const command of ['show', 'lint', 'stats']) {
      const { code, err } = await imaptap(command, 'faulty.ndjson', 'clean.ndjson', '--session', 's1,S3')
      expect(code).toBe(1)
      expect(err).toContain('no session S3; there are S1, S1@2\n')
    }
    expect((await imaptap('lint', 'faulty.ndjson', '--session', 's1')).err).toBe('')
  })

  it('knows the findings that are to be left out', async () => {
    for (const command of ['show', 'lint']) {
      const { code, err } = await imaptap(command, 'faulty.ndjson', '--ignore', 'C01,slow-comand')
      expect(code).toBe(2)
      expect(err).toContain('--ignore: no finding is called slow-comand, did you mean slow-command?')
    }
  })

  it('prints what fits the filter, and nothing where nothing does', async () => {
    expect((await imaptap('show', 'faulty.ndjson', '--filter', '~c SELECT')).out.split('\n')).toHaveLength(
      2 + 1,
    )
    expect(
      (await imaptap('show', 'faulty.ndjson', '--filter', '~s BAD & ~f C01', '--no-findings')).out,
    ).toContain('C01')
    expect(await imaptap('show', 'faulty.ndjson', '--filter', '~c MOVE')).toEqual({
      code: 0,
      out: '',
      err: 'imaptap: nothing fits the filter\n',
    })
    const typo = await imaptap('stats', 'faulty.ndjson', '--filter', '~c FTECH')
    expect(typo.err).toBe(
      'imaptap: nothing fits the filter: no command is called FTECH, did you mean FETCH?\n',
    )
    const quick = (await imaptap('show', 'faulty.ndjson', '--no-findings')).out
    expect(quick).not.toContain('C01')
    expect(quick.match(/<- .*/gu)).toEqual(['<- * OK ready', '<- * 4 EXISTS'])
    expect((await imaptap('show', 'faulty.ndjson', '--ignore', 'c01')).out).not.toContain('C01')
  })

  it('prints wire lines, whole exchanges where the filter asks for their end', async () => {
    const lines = (await imaptap('show', 'faulty.ndjson', '--wire', '--filter', '~s BAD')).out
      .trimEnd()
      .split('\n')
    expect(lines.map((line) => line.slice(19))).toEqual([
      'C b FETCH 1 (FLAGS)',
      'S b BAD \\x1b]0;x\\x07\\u{202e}\\u{200b} no mailbox',
    ])
    expect((await imaptap('show', 'faulty.ndjson', '--wire', '--filter', '~c LOGIN')).out).not.toContain(
      'hunter2',
    )
  })

  it('prints of an exchange only the messages that the filter means, once its end is known', async () => {
    const wire = async (filter: string): Promise<readonly string[]> => {
      const { out } = await imaptap('show', 'faulty.ndjson', '--wire', '--filter', filter)
      return out
        .trimEnd()
        .split('\n')
        .map((line) => line.slice(19, 24))
    }
    expect(await wire('~k response & ~s BAD')).toEqual(['S b B'])
    expect(await wire('~side client & ~s BAD')).toEqual(['C b F'])
    expect(await wire('~u ann & ~c LOGIN')).toEqual(['C a L', 'S a O'])
    expect((await imaptap('show', 'faulty.ndjson', '--filter', '~side client')).out).toContain(' a LOGIN ')
  })

  it('shows commands that were never answered', async () => {
    record('hung.ndjson', (talk) => talk.client('a NOOP').server('a OK done').client('b CAPABILITY'))
    for (const flags of [[], ['--no-findings'], ['--filter', '!~s OK']]) {
      expect((await imaptap('show', 'hung.ndjson', ...flags)).out).toMatch(
        / b CAPABILITY -> no answer {2}0\n/u,
      )
    }
    const { out } = await imaptap('show', 'hung.ndjson', '--wire', '--filter', '!~s OK & ~c CAPABILITY')
    expect(out).toMatch(/^\S+ S1 {4}C b CAPABILITY\n$/u)
    expect((await imaptap('show', 'hung.ndjson', '--json', '--filter', '!~s OK')).out).toContain(
      'b CAPABILITY',
    )
  })

  it('prints trees', async () => {
    const { out } = await imaptap('show', 'faulty.ndjson', '--tree', '--filter', '~c FETCH & ~side client')
    expect(out.split('\n').map((line) => line.trim())).toEqual(
      expect.arrayContaining(['name: FETCH', 'messages: 1', '- {"name":"FLAGS"}']),
    )
    expect((await imaptap('show', 'faulty.ndjson', '--tree')).out).not.toContain('xxxxxxx')
  })

  it('prints a capture that can be read again', async () => {
    const whole = await imaptap('show', 'faulty.ndjson', '--json')
    writeFileSync(folder.join('again.ndjson'), whole.out)
    expect((await imaptap('show', 'again.ndjson')).out).toBe((await imaptap('show', 'faulty.ndjson')).out)
    const part = await imaptap('show', 'faulty.ndjson', '--json', '--filter', '~s BAD')
    writeFileSync(folder.join('part.ndjson'), part.out)
    expect((await imaptap('show', 'part.ndjson', '--wire')).out.split('\n')).toHaveLength(2 + 1)
    expect((await imaptap('show', 'part.ndjson', '--filter', '~u ann')).out).toContain('b FETCH')
  })

  it('reads several files, folders and compressed ones', async () => {
    expect((await imaptap('show', 'many', '--filter', '~c LOGIN')).out.trimEnd().split('\n')).toHaveLength(2)
    expect((await imaptap('show', 'clean.ndjson', 'faulty.ndjson', '--filter', '~c LOGIN')).out).toMatch(
      /S1@2/u,
    )
  })

  it('never prints what moves a cursor', async () => {
    const said = readFileSync(folder.join('faulty.ndjson'), 'utf8')
    const edited = said.replaceAll('"S1"', '"S\\u001b[2J"').replaceAll('"INBOX"', '"\\u001b[3J\\u202e"')
    writeFileSync(folder.join('hostile.ndjson'), edited)
    for (const mode of ['--wire', '--tree', '--json', '--no-findings', '--findings']) {
      const { out } =
        mode === '--findings'
          ? await imaptap('lint', 'hostile.ndjson')
          : await imaptap('show', 'hostile.ndjson', mode)
      expect(out, mode).not.toBe('')
      // Everything but printable characters and line ends.
      expect(out.replaceAll('\n', ''), mode).not.toMatch(/[\p{Cc}\p{Cf}]/u)
    }
  })

  it('ends quietly when nobody reads on', async () => {
    writeBigCapture(folder.join('big.ndjson'), { exchanges: 3_000, sessions: 5 })
    const shell = `'${process.execPath}' '${bin}' show big.ndjson | head -1`
    expect(
      execFileSync('sh', ['-c', shell], { cwd: folder.path, encoding: 'utf8' }).split('\n'),
    ).toHaveLength(2)
  })
})

describe('a pipe', () => {
  it.each(['faulty.ndjson', 'many/a.ndjson.gz', 'many/b.ndjson.zst'])('is read like a file: %s', (name) => {
    const input = readFileSync(folder.join(name))
    const run = (file: string): string =>
      execFileSync(process.execPath, [bin, 'show', file], { input, encoding: 'utf8' })
    expect(run('-')).toBe(run(folder.join(name)))
  })
})

describe('what cannot be read', () => {
  it.each(['show', 'lint', 'stats'])('is named by %s with its place, and what to do', async (command) => {
    expect(await imaptap(command, 'absent')).toMatchObject({
      code: 1,
      err: expect.stringContaining('absent: there is no'),
    })
    writeFileSync(folder.join('mail.txt'), 'Hello\n')
    expect(await imaptap(command, 'mail.txt')).toMatchObject({
      code: 1,
      err: expect.stringContaining('is no capture'),
    })
    const said = readFileSync(folder.join('clean.ndjson'), 'utf8')
    writeFileSync(folder.join('newer.ndjson'), said.replace('"version":1', '"version":2'))
    expect(await imaptap(command, 'newer.ndjson')).toMatchObject({
      code: 1,
      err: expect.stringContaining('version 2'),
    })
    writeFileSync(folder.join('broken.ndjson'), said.replace('\n{"event"', '\nnonsense\n{"event"'))
    expect(await imaptap(command, 'broken.ndjson')).toMatchObject({
      code: 1,
      err: expect.stringContaining('broken.ndjson:2'),
    })
    writeFileSync(folder.join('torn.ndjson'), said.slice(0, -20))
    const torn = await imaptap(command, 'torn.ndjson')
    expect(torn.err).toMatch(/^imaptap: torn\.ndjson:\d+: the end is missing; all before it was read\n$/u)
    expect(torn.code).toBe(0)
  })

  it('is the end of a file cut anywhere, and the lines before it are what they were', async () => {
    const octets = readFileSync(folder.join('clean.ndjson'))
    const whole = (await imaptap('show', 'clean.ndjson')).out
    const headerEnd = octets.indexOf('\n')
    for (let end = 1; end < octets.length; end += 13) {
      writeFileSync(folder.join('cut.ndjson'), octets.subarray(0, end))
      const { code, out, err } = await imaptap('show', 'cut.ndjson', '--no-findings')
      expect(code, `cut at ${end}`).toBe(0)
      expect(whole.startsWith(out.replace(/\S+ S1 .* -> no answer .*\n/u, '')), out).toBe(true)
      const isWhole = end > headerEnd && octets[end - 1] === 0x0a
      expect(err.includes('the end is missing')).toBe(!isWhole)
    }
  })

  it.each(['show', 'lint', 'stats'])('is refused by %s where the words are wrong', async (command) => {
    expect(await imaptap(command)).toMatchObject({ code: 2 })
    expect(await imaptap(command, 'clean.ndjson', '--filter', 'ann & (')).toMatchObject({
      code: 2,
      out: '',
      err: 'imaptap: --filter: at 8: something to look for is missing\n         see: imaptap help filter\n',
    })
    expect(await imaptap(command, 'clean.ndjson', '--session', 'S1,')).toMatchObject({ code: 2 })
  })
})

describe('lint', () => {
  it('exits 1 from the level on that is asked for', async () => {
    expect((await imaptap('lint', 'faulty.ndjson')).code).toBe(1)
    expect((await imaptap('lint', 'faulty.ndjson', '--fail-on', 'never')).code).toBe(0)
    expect((await imaptap('lint', 'clean.ndjson')).code).toBe(0)
    expect((await imaptap('lint', 'clean.ndjson', '--fail-on', 'note')).code).toBe(0)
    expect((await imaptap('lint', 'clean.ndjson', '--fail-on', 'loudly')).code).toBe(2)
  })

  it('groups what it finds, with evidence, reference and advice', async () => {
    const { out } = await imaptap('lint', 'faulty.ndjson', '--filter', '~f C01')
    expect(out).toMatch(/^error C01 command-in-wrong-state {2}client, once\n/u)
    expect(out).toMatch(/\n {4}C b FETCH 1 \(FLAGS\)\n/u)
    expect(out).toMatch(
      /\n {2}see: RFC 9051 .*\n {2}do: {2}\S.*\n\n1 error, 0 warnings, 0 notes in 3 commands of /u,
    )
  })

  it('prints one object for programs', async () => {
    const told: unknown = JSON.parse(
      (await imaptap('lint', 'faulty.ndjson', '--json', '--filter', '~f C01')).out,
    )
    expect(told).toMatchObject({
      schema: 1,
      exchanges: 3,
      counts: { error: 1, warning: 0, note: 0 },
      findings: [{ id: 'C01', level: 'error', count: 1, examples: [{ session: 'S1', exchange: 2 }] }],
    })
  })

  it('tells of the commands that the filter wants', async () => {
    expect((await imaptap('lint', 'faulty.ndjson', '--filter', '~c FETCH')).out).toMatch(/^error C01 /u)
    expect((await imaptap('lint', 'faulty.ndjson', '--filter', '~c LOGOUT')).out).toMatch(/^0 errors, /u)
  })

  it('ignores what the configuration does', async () => {
    writeFileSync(folder.join('imaptap.yaml'), 'upstream: imaps://x.example\nfindings:\n  ignore: [C01]\n')
    expect((await imaptap('lint', 'faulty.ndjson', '--config', 'imaptap.yaml')).out).not.toContain('C01')
    expect((await imaptap('lint', 'faulty.ndjson', '--config', 'absent.yaml')).code).toBe(78)
  })
})

describe('stats', () => {
  it('ranks commands, users and clients', async () => {
    const { code, out } = await imaptap('stats', 'faulty.ndjson', '--sort', 'errors')
    expect(code).toBe(0)
    const lines = out.trimEnd().split('\n')
    expect(lines[0]).toMatch(/^ *count +errors +total +wait +p50 +p95 +max +in +out +command$/u)
    expect(lines[1]).toMatch(/^ *1 +1 +\S+ .* FETCH \? \(FLAGS\)$/u)
    expect(lines.at(-2)).toMatch(/^ *3 +1 .* all$/u)
    expect((await imaptap('stats', 'faulty.ndjson', '--by', 'user')).out).toMatch(/^ *3 .* ann$/mu)
    expect((await imaptap('stats', 'faulty.ndjson', '--by', 'client')).out).toMatch(/^ *3 .* -$/mu)
  })

  it('adds up what fits the filter', async () => {
    expect((await imaptap('stats', 'faulty.ndjson', '--filter', '~s BAD')).out).toMatch(/^ *1 +1 .* all$/mu)
    expect((await imaptap('stats', 'faulty.ndjson', '--filter', '~f C01')).out).toMatch(/^ *1 +1 .* all$/mu)
  })

  it('prints one object for programs', async () => {
    const told: unknown = JSON.parse((await imaptap('stats', 'faulty.ndjson', '--json', '--top', '1')).out)
    expect(told).toMatchObject({ schema: 1, by: 'command', all: { count: 3, errors: 1 } })
    expect(told).toHaveProperty('rows.length', 1)
  })
})

it('shows on a terminal how far it is, once it takes its time, and leaves no trace', () => {
  const err = new Collector()
  let now = 0
  const bar = new ProgressBar(err, () => now)
  bar.show(10, 100)
  expect(err.text).toBe('')
  for (now = 1_000; now < 1_100; now++) bar.show(50_000_000, 100_000_000)
  expect(err.text).toBe(`\r${'█'.repeat(15)}${'░'.repeat(15)} 50%  50 MB/s `)
  bar.clear()
  bar.clear()
  expect(err.text.endsWith(' \r\u001b[K')).toBe(true)
})

it('takes the findings that a recording of tail has, and looks for no others', async () => {
  const found: ObservedEvent = {
    kind: 'finding',
    session: 'S1',
    at: 1,
    finding: {
      id: 'S07',
      name: 'some-thing',
      level: 'warning',
      side: 'server',
      text: 'it was odd',
      reference: 'RFC 9051',
      advice: 'do not',
      evidence: ['S * odd'],
      exchange: undefined,
    },
  }
  const header = writeHeader({
    run: 'x',
    created: 0,
    clock: 0,
    writer: 'test',
    secrets: false,
    bodies: false,
  })
  writeFileSync(folder.join('told.ndjson'), `${header}\n${new RecordEncoder().encode(found) ?? ''}\n`)
  expect((await imaptap('show', 'told.ndjson')).out).toContain('warning S07 some-thing (server): it was odd')
  expect((await imaptap('lint', 'told.ndjson', '--fail-on', 'warning')).code).toBe(1)
  expect((await imaptap('lint', 'told.ndjson', '--ignore', 'S07')).out).toBe(
    '0 errors, 0 warnings, 0 notes in 0 commands of 0 sessions\n',
  )
})

it('has a page for the filter language', async () => {
  expect((await imaptap('help', 'filter')).out).toBe(filterGuide)
  expect((await imaptap('filter')).out).toBe(filterGuide)
})
