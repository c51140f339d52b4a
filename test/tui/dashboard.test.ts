import { afterEach, describe, expect, it, vi } from 'vitest'
import type { ObservedEvent } from '../../src/findings/finding.ts'
import type { PolicyStatus } from '../../src/relay/policy-status.ts'
import { startDashboard, type Dashboard, type DashboardPort } from '../../src/tui/dashboard.ts'
import { describe as describeMessage, FakeSession, mailbox, message } from './support/events.ts'
import { FakeInput, FakeOutput, until } from './support/terminal.ts'
import { scene, SCENE_NOW } from './support/world.ts'

interface Stage {
  readonly broken: unknown[]
  readonly saved: string[]
  readonly output: FakeOutput
  readonly input: FakeInput
  readonly dashboard: Dashboard
  readonly killed: string[]
  readonly quits: string[]
  emit(events: readonly ObservedEvent[]): void
  listenerCount(): number
}

/** A breakpoint that the world behind the port does not take. */
const REFUSED = '~c REFUSED'

const stages: Stage[] = []

afterEach(() => {
  for (const stage of stages.splice(0)) stage.dashboard.stop()
})

function stageAt(
  columns: number,
  rows: number,
  env: NodeJS.ProcessEnv = { TERM: 'screen-256color' },
  policy?: DashboardPort['policy'],
): Stage {
  const output = new FakeOutput(columns, rows)
  const input = new FakeInput()
  const listeners = new Set<(event: ObservedEvent) => void>()
  const killed: string[] = []
  const quits: string[] = []
  const broken: unknown[] = []
  const saved: string[] = []
  const dashboard = startDashboard({
    subscribe: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    kill: (session) => killed.push(session) > 0,
    describe: describeMessage,
    onQuit: () => void quits.push('quit'),
    now: () => SCENE_NOW,
    info: { version: '0.1.0', listen: ['imaps://127.0.0.1:1993'], upstream: 'imaps://x', caPath: undefined },
    breakpoints: {
      set: (filter, timeout) => {
        broken.push([filter, timeout])
        return filter === REFUSED ? 'this daemon holds nothing' : undefined
      },
      rule: (session, ticket, ruling) => void broken.push([session, ticket, ruling.kind]),
    },
    edit: async (text) => {
      output.write('EDITOR RUNS')
      expect(await output.isAlternate()).toBe(false)
      return text.replace('+FLAGS', '-FLAGS')
    },
    saveCopy: async (text) => {
      saved.push(text)
      return '/state/copied.txt'
    },
    input,
    output,
    env,
    ...(policy && { policy }),
  })
  const stage: Stage = {
    output,
    input,
    dashboard,
    killed,
    quits,
    broken,
    saved,
    emit: (events) => events.forEach((event) => listeners.forEach((listener) => listener(event))),
    listenerCount: () => listeners.size,
  }
  stages.push(stage)
  return stage
}

const sees =
  (wanted: string | RegExp) =>
  (lines: string[]): boolean =>
    lines.some((line) => (typeof wanted === 'string' ? line.includes(wanted) : wanted.test(line)))

/** Every number of every SGR sequence. */
function stylesIn(raw: string): number[] {
  const sequences = raw.split('\x1b[').flatMap((part) => /^([\d;]*)m/.exec(part)?.[1] ?? [])
  return sequences.flatMap((sequence) => sequence.split(';').map(Number))
}

async function see(stage: Stage, wanted: string | RegExp): Promise<string[]> {
  return until(() => stage.output.lines(), sees(wanted))
}

describe('on a real terminal', () => {
  it.each([
    [80, 24],
    [160, 45],
  ])(
    'aligns every row at %d columns and %d rows, with wide names and emoji among them',
    async (columns, rows) => {
      const stage = stageAt(columns, rows)
      stage.emit(scene())
      const lines = await see(stage, 'UID SEARCH')
      const heading = await stage.output.columnOf(2, 'MBOX')
      expect(heading).toBeGreaterThan(0)
      const rowOf = (id: string): number => lines.findIndex((line) => line.includes(id))
      expect(await stage.output.columnOf(rowOf('S42'), 'INBOX')).toBe(heading)
      expect(await stage.output.columnOf(rowOf('S40'), 'INBOX')).toBe(heading)
      expect(await stage.output.columnOf(rowOf('S41'), '受信箱')).toBe(heading)
      const ages = ['AGE', '50s', '10s'].map((age, at) =>
        stage.output.columnOf([2, rowOf('S41'), rowOf('S42')][at] ?? 0, age),
      )
      expect(new Set(await Promise.all(ages)).size).toBe(1)
    },
  )

  it('stays aligned when a line is full of combining marks', async () => {
    const stage = stageAt(80, 24)
    const fake = new FakeSession('S1')
    stage.emit([
      ...fake.open(1),
      ...fake.become(2, { user: 'q\u0307'.repeat(40), mailbox: mailbox('q\u0323'.repeat(40)) }),
    ])
    const lines = await see(stage, '…')
    const row = lines.findIndex((line) => line.includes('>S1'))
    expect(await stage.output.columnOf(row, '1m')).toBe((await stage.output.columnOf(2, 'AGE')) + 1)
  })

  it('writes no octet of hostile text as it came', async () => {
    const stage = stageAt(160, 45)
    const hostile = '\x1b]52;c;aGk=\x07\x1b[31mX\u202e{red-fg}\u200b\x9b'
    const fake = new FakeSession('S1')
    const command = fake.command(3, 'SELECT', hostile)
    stage.emit([
      ...fake.open(1),
      ...fake.become(2, { user: hostile, client: hostile, mailbox: mailbox(hostile) }),
      ...command.events,
      fake.untagged(4, `* OK ${hostile}`, command.exchange),
      ...fake.complete(command.exchange, { after: 3, text: hostile }),
    ])
    await see(stage, '{red-fg}')
    expect(stage.output.raw).not.toContain('\x1b]')
    expect(stage.output.raw).not.toContain('\x1b[31mX')
    for (const actor of ['\u0007', '\u009b', '\u202e', '\u200b'])
      expect(stage.output.raw).not.toContain(actor)
  })

  it('draws itself anew at another size', async () => {
    const stage = stageAt(80, 24)
    stage.emit(scene())
    await see(stage, 'S42')
    stage.output.resize(120, 30)
    await see(stage, 'UPSTREAM')
    stage.output.resize(40, 10)
    const lines = await until(
      () => stage.output.lines(),
      (seen) => !sees('UPSTREAM')(seen) && sees('S42')(seen) && sees('q quit')(seen),
    )
    expect(lines.every((line) => line.length <= 40)).toBe(true)
    expect(lines.at(-1)).toContain('quit')
  })

  it('uses no colours under NO_COLOR, but still shows the selection', async () => {
    const stage = stageAt(80, 24, { TERM: 'xterm-256color', NO_COLOR: '1' })
    stage.emit(scene())
    await see(stage, 'S42')
    const codes = stylesIn(stage.output.raw)
    expect(codes.filter((code) => code >= 30 && code < 110)).toEqual([])
    expect(codes).toContain(7)
  })

  it('never turns the mouse on', async () => {
    const stage = stageAt(80, 24)
    await see(stage, 'Waiting for the first client')
    const modes = stage.output.raw.split('\x1b[?').map((part) => /^[\d;]+h/.exec(part)?.[0])
    expect(modes.filter((mode) => mode !== undefined && /^(9|100\d|1015)h$/.test(mode))).toEqual([])
    expect(modes).toContain('1049h')
  })
})

describe('keys', () => {
  it('open a transcript, filter it, and go back', async () => {
    const stage = stageAt(80, 24)
    stage.emit(scene())
    await see(stage, '>S42')
    stage.input.press('\r')
    await see(stage, '4 213 × FETCH')
    stage.input.press('/noperm')
    await see(stage, /S42 .*\/noperm/)
    stage.input.press('\r')
    await until(
      () => stage.output.lines(),
      (lines) => !sees('4 213')(lines) && sees('[NOPERM]')(lines),
    )
    stage.input.press('\x1b')
    await see(stage, '4 213 × FETCH')
    stage.input.press('\x1b')
    await see(stage, 'SESSIONS')
  })

  it('kill a session after a yes', async () => {
    const stage = stageAt(80, 24)
    stage.emit(scene())
    await see(stage, '>S42')
    stage.input.press('\x1b[B')
    await see(stage, '>S41')
    stage.input.press('K')
    await see(stage, 'Kill S41')
    expect(stage.killed).toEqual([])
    stage.input.press('y')
    await see(stage, 'S41 was killed')
    expect(stage.killed).toEqual(['S41'])
  })

  it('quit after a yes while sessions are live, with the terminal restored first', async () => {
    const stage = stageAt(80, 24)
    stage.emit(scene())
    await see(stage, 'S42')
    stage.input.press('q')
    await see(stage, /Quit and close 3 live sessions/)
    expect(stage.quits).toEqual([])
    stage.input.press('y')
    await until(
      async () => stage.quits.length,
      (count) => count === 1,
    )
    expect(await stage.output.isAlternate()).toBe(false)
  })

  it('force an end with Ctrl-C twice', async () => {
    const stage = stageAt(80, 24)
    stage.emit(scene())
    await see(stage, 'S42')
    stage.input.press('\x03\x03')
    await until(
      async () => stage.quits.length,
      (count) => count === 1,
    )
  })
})

describe('the world around', () => {
  it('gets what is copied, in the clipboard and in a file', async () => {
    const stage = stageAt(80, 24, { TERM: 'tmux-256color', TMUX: '/tmp/tmux,1,0' })
    stage.emit(scene())
    await see(stage, '>S42')
    stage.input.press('\ry')
    await see(stage, 'Copy: w wire text')
    stage.input.press('w')
    await see(stage, 'to the clipboard and to /state/copied.txt')
    expect(stage.saved[0]).toContain('C: A4 UID SEARCH')
    expect(stage.output.raw).toContain('\x1bPtmux;\x1b\x1b]52;c;')
  })

  it('is asked for an editor, with the terminal given back meanwhile', async () => {
    const stage = stageAt(80, 24)
    stage.emit(scene())
    stage.input.press('6')
    await see(stage, 'D7 UID STORE 5 +FLAGS')
    stage.input.press('E')
    await see(stage, /edited, parses ok/)
    expect(await stage.output.isAlternate()).toBe(true)
    stage.input.press('F')
    await until(
      async () => stage.broken,
      (seen) => seen.length === 1,
    )
    expect(stage.broken).toEqual([['S41', 1, 'replace']])
  })

  it('says that a breakpoint was refused, and shows the one that holds', async () => {
    const stage = stageAt(100, 24)
    stage.input.press(`i${REFUSED}\r`)
    await see(stage, 'this daemon holds nothing')
    stage.input.press('6')
    await see(stage, 'i sets a breakpoint')
  })

  it('hears of a breakpoint', async () => {
    const stage = stageAt(80, 24)
    stage.input.press('i~c STORE\r')
    await see(stage, 'Held from now on: ~c STORE')
    expect(stage.broken).toEqual([['~c STORE', 60_000]])
  })

  it('has its mouse taken only when that is wanted, and given back at the end', async () => {
    const stage = stageAt(80, 24)
    stage.emit(scene())
    await see(stage, '>S42')
    expect(stage.output.raw).not.toMatch(/\x1b\[\?1000h/)
    stage.input.press(':mouse\r')
    await until(
      async () => stage.output.raw,
      (raw) => /\x1b\[\?100[0-3]h/.test(raw),
    )
    stage.input.press('\x1b[<0;5;5M\x1b[<0;5;5m')
    await see(stage, '>S41')
    stage.dashboard.stop()
    expect(stage.output.raw).toMatch(/\x1b\[\?100[0-3]l/)
  })
})

describe('at the end', () => {
  it('leaves the alternate screen, shows the cursor, and lets go of everything', async () => {
    const before = process.eventNames().map((name) => [name, process.listenerCount(name)])
    const stage = stageAt(80, 24)
    await see(stage, 'Waiting')
    expect(await stage.output.isAlternate()).toBe(true)
    expect(stage.input.isRaw).toBe(true)
    stage.dashboard.stop()
    stage.dashboard.stop()
    expect(await stage.output.isAlternate()).toBe(false)
    expect(stage.output.raw.lastIndexOf('\x1b[?25h')).toBeGreaterThan(
      stage.output.raw.lastIndexOf('\x1b[?25l'),
    )
    expect(stage.input.isRaw).toBe(false)
    expect(stage.listenerCount()).toBe(0)
    for (const [name, count] of before)
      expect([name, process.listenerCount(String(name))]).toEqual([name, count])
  })

  it.each([
    ['cannot be written', (stage: Stage) => void stage.output.emit('error', new Error('EIO'))],
    ['has hung up', (stage: Stage) => void stage.input.emit('end')],
  ])('takes a terminal that %s as a wish to quit', async (_, lose) => {
    const stage = stageAt(80, 24)
    await see(stage, 'Waiting')
    lose(stage)
    stage.emit(scene())
    expect(stage.listenerCount()).toBe(0)
    expect(stage.quits).toEqual(['quit'])
  })
})

it('throws nothing into the bus, whatever an event does to it', async () => {
  const stage = stageAt(80, 24)
  const fake = new FakeSession('S1')
  stage.emit(fake.open(1))
  const broken = fake.untagged(2, '* OK')
  Object.defineProperty(broken, 'message', {
    get: () => {
      throw new Error('broken')
    },
  })
  expect(() => stage.emit([broken])).not.toThrow()
  await see(stage, /could not read an event/)
})

it('says what was allowed, in place of what was told before', async () => {
  const stage = stageAt(100, 24)
  const fake = new FakeSession('S1')
  stage.emit([...fake.open(1), ...fake.become(2, { user: 'ann' })])
  for (const ticket of [1, 2]) {
    const { events, exchange } = fake.command(3, 'UID MOVE', `${ticket} Trash`)
    const approval = { rule: 'ask-move', otherwise: 'deny' as const }
    const held = { kind: 'held', session: 'S1', at: 4, ticket, side: 'client', exchange, approval } as const
    const rest = {
      message: message('client', `A${ticket} UID MOVE ${ticket} Trash`, 'command'),
      hidesAll: false,
      isEditable: false,
      deadline: SCENE_NOW + 60_000,
    }
    stage.emit([...events, { ...held, ...rest }])
  }
  stage.input.press('7')
  await see(stage, 'WAITING FOR APPROVAL  2')
  stage.emit([{ kind: 'released', session: 'S1', at: 5, ticket: 1, how: 'forwarded' }])
  stage.input.press('a')
  await see(stage, 'Choose a command that waits')
  stage.input.press('ja')
  const lines = await see(stage, 'allowed: UID MOVE of ann')
  expect(lines.join('\n')).not.toContain('Choose a command')
  expect(stage.broken).toEqual([['S1', 2, 'forward']])
})

describe('the policy behind it', () => {
  const status: PolicyStatus = { mode: 'enforce', default: 'deny', files: [], loadedAt: 0, rules: [] }
  const second = (): void => void vi.advanceTimersByTime(1_000)

  afterEach(() => void vi.useRealTimers())

  function watch(look: () => Promise<PolicyStatus>): Stage {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    return stageAt(80, 24, undefined, { status: look, setDryRun: () => undefined })
  }

  it('is not asked again before it has answered', async () => {
    const asked: PromiseWithResolvers<PolicyStatus>[] = []
    watch(() => {
      const question = Promise.withResolvers<PolicyStatus>()
      asked.push(question)
      return question.promise
    })
    for (let n = 0; n < 5; n++) second()
    expect(asked).toHaveLength(1)
    asked[0]?.reject(new Error('it is gone'))
    await new Promise(setImmediate)
    for (let n = 0; n < 5; n++) second()
    expect(asked).toHaveLength(2)
  })

  it('tells on every screen that another rule was switched for one', async () => {
    const switched = (rule: string): PolicyStatus => ({
      ...status,
      switched: [{ rule, isDryRun: true, at: 1, by: 'bob' }],
    })
    let now = switched('one')
    const stage = watch(async () => now)
    await new Promise(setImmediate)
    expect(stage.output.raw).not.toContain('by hand')
    now = switched('another')
    second()
    await see(stage, 'A rule was switched by hand (7).')
  })
})

it('draws a few frames a second, however many events come', async () => {
  const stage = stageAt(80, 24)
  const fake = new FakeSession('S1')
  stage.emit(fake.open(1))
  await see(stage, 'S1')
  // The row of the session, which counts its commands, is written anew in each.
  const frames = (): number => stage.output.raw.split('\x1b[4;1H').length
  const before = frames()
  const from = Date.now()
  while (Date.now() - from < 600) {
    for (let n = 0; n < 20; n++) stage.emit(fake.command(n, 'NOOP').events)
    await new Promise((done) => setTimeout(done, 5))
  }
  expect(frames() - before).toBeGreaterThan(2)
  expect(frames() - before).toBeLessThan(10)
})
