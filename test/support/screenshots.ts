/** Takes the README's screenshots: the real dashboard on a terminal emulator, with invented traffic and a clock that stands. */

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startDashboard } from '../../src/tui/dashboard.ts'
import { observe } from '../../src/tui/observe.ts'
import { initialState } from '../../src/tui/state.ts'
import { FakeInput, FakeOutput, until } from '../tui/support/terminal.ts'
import { SCENE_END, scenePolicy, tellApproval, tellScene } from './screenshot-scene.ts'

interface Shot {
  readonly title: string
  readonly rows: number
  /** Keys pressed, one after the other. */
  readonly keys: readonly string[]
  /** What is on the screen then. */
  readonly sees: string
}

const shots: readonly Shot[] = [
  {
    title: 'Sessions, and below them the transcript of one',
    rows: 36,
    keys: ['A', '\r', 'k', 'k'],
    sees: 'SESSIONS',
  },
  {
    title: 'A message as a tree, beside its octets (Enter)',
    rows: 30,
    keys: ['A', '\r', 'k', 'k', '\r', ...Array.from({ length: 7 }, () => 'j')],
    sees: 'TREE',
  },
  { title: 'Findings with their evidence (3)', rows: 24, keys: ['3', '\r'], sees: 'EVIDENCE' },
  { title: 'Which commands take the time (4)', rows: 20, keys: ['4'], sees: 'STATISTICS' },
  { title: 'The policy, and what waits for approval (7)', rows: 20, keys: ['7'], sees: 'ask-before-moving' },
]

const COLUMNS = 100
/** Noon of the day on which the scene begins. */
const EPOCH = Date.UTC(2026, 10, 21, 12)

/** Every screen as Markdown. */
export async function takeScreenshots(): Promise<string> {
  process.env['TZ'] = 'UTC'
  const taken: string[] = []
  for (const shot of shots) taken.push(`${shot.title}:\n\n\`\`\`text\n${await take(shot)}\n\`\`\`\n`)
  return taken.join('\n')
}

async function take({ rows, keys, sees }: Shot): Promise<string> {
  const input = new FakeInput()
  const output = new FakeOutput(COLUMNS, rows)
  const info = {
    version: '0.1.0',
    listen: ['imaps://127.0.0.1:1993'],
    upstream: 'imaps://imap.example.com',
    caPath: undefined,
  }
  const state = initialState(info)
  tellScene((event) => observe(state, event))
  // Not in the scene: what waits stands in the first line of every screen.
  if (keys.includes('7')) tellApproval((event) => observe(state, event))
  const dashboard = startDashboard({
    subscribe: () => () => undefined,
    kill: () => false,
    describe: state.describe,
    onQuit: () => undefined,
    now: () => SCENE_END,
    info,
    ready: { state, epoch: EPOCH },
    policy: { status: () => scenePolicy, setDryRun: () => undefined },
    input,
    output,
    env: { TERM: 'xterm' },
  })
  try {
    await see(output, 'imaptap')
    for (const key of keys) {
      input.press(key)
      await new Promise((done) => setImmediate(done))
    }
    return tidy(await see(output, sees))
  } finally {
    dashboard.stop()
  }
}

/** What stands there for two looks: the last key has been drawn. */
async function see(output: FakeOutput, wanted: string): Promise<readonly string[]> {
  let before = ''
  return until(
    () => output.lines(),
    (lines) => {
      const text = lines.join('\n')
      const isStill = text === before && text.includes(wanted)
      before = text
      return isStill
    },
  )
}

/** Memory differs from run to run. */
function tidy(lines: readonly string[]): string {
  return lines.map((line) => line.replace(/heap +\S+/, 'heap 42M').trimEnd()).join('\n')
}

const BEGIN = '<!-- screenshots: made by test/support/screenshots.ts -->'
const END = '<!-- screenshots: end -->'
const readmePath = join(import.meta.dirname, '../../README.md')

/** What the README has between its marks. */
export function readPublished(): string {
  const [, rest = ''] = readFileSync(readmePath, 'utf8').split(`${BEGIN}\n`)
  return rest.split(`${END}\n`)[0] ?? ''
}

function publish(text: string): void {
  const readme = readFileSync(readmePath, 'utf8')
  const [before = '', rest = ''] = readme.split(`${BEGIN}\n`)
  const [, after = ''] = rest.split(`${END}\n`)
  writeFileSync(readmePath, `${before}${BEGIN}\n${text}${END}\n${after}`)
}

if (import.meta.main) publish(await takeScreenshots())
