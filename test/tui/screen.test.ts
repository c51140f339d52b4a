import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { requireTool } from '../support/tools.ts'
import { until } from './support/terminal.ts'

const tmuxPath = requireTool('tmux', { package: 'tmux' })
const generator = fileURLToPath(new URL('support/generator.ts', import.meta.url))
const program = fileURLToPath(new URL('../../bin/imaptap.js', import.meta.url))
const folders: string[] = []

interface Pane {
  press(...keys: string[]): void
  kill(signal: string): void
  closeTerminal(): void
  isRunning(): boolean
  /** As `pgrep -x` has it. */
  name(): string
  lines(): string[]
  flags(): string
}

function paneAt(columns: number, rows: number, script = [generator, '8', '40']): Pane {
  const folder = mkdtempSync(join(tmpdir(), 'imaptap-tmux-'))
  folders.push(folder)
  const tmux = (...words: string[]): string =>
    execFileSync('tmux', ['-S', join(folder, 'socket'), '-u', '-f', '/dev/null', ...words], {
      encoding: 'utf8',
    })
  const pidFile = join(folder, 'pid')
  const command = `sh -c 'echo $$ >${pidFile}; exec ${process.execPath} ${script.join(' ')}'; echo ENDED; exec cat`
  tmux('new-session', '-d', '-x', String(columns), '-y', String(rows), command)
  return {
    press: (...keys) => void tmux('send-keys', ...keys),
    closeTerminal: () => void tmux('kill-server'),
    isRunning: () => isRunning(Number(readFileSync(pidFile, 'utf8'))),
    name: () => readFileSync(`/proc/${readFileSync(pidFile, 'utf8').trim()}/comm`, 'utf8').trim(),
    kill: (signal) => process.kill(Number(readFileSync(pidFile, 'utf8')), signal),
    lines: () => tmux('capture-pane', '-p').split('\n'),
    flags: () => tmux('display-message', '-p', '#{alternate_on} #{mouse_any_flag} #{cursor_flag}').trim(),
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

afterEach(() => {
  for (const folder of folders.splice(0)) {
    spawnSync('tmux', ['-S', join(folder, 'socket'), 'kill-server'])
    rmSync(folder, { recursive: true, force: true })
  }
})

/** The real program with a policy that it reads again. */
function gatewayPane(): Pane {
  const folder = mkdtempSync(join(tmpdir(), 'imaptap-tmux-'))
  folders.push(folder)
  const policy = join(folder, 'policy.yaml')
  writeFileSync(policy, 'default: allow\n')
  const places = ['--ca-dir', join(folder, 'ca'), '--no-control', '--policy', policy]
  const servers = ['--listen', 'imap://127.0.0.1:0', '--upstream', 'imap://127.0.0.1:9']
  return paneAt(100, 24, [program, 'proxy', ...places, ...servers])
}

async function see(pane: Pane, wanted: RegExp): Promise<void> {
  await until(
    async () => pane.lines(),
    (seen) => seen.some((line) => wanted.test(line)),
  )
}

describe.skipIf(tmuxPath === undefined)('in tmux', () => {
  it('ends when the terminal is closed', async () => {
    const pane = paneAt(80, 24)
    await until(
      async () => pane.lines(),
      (seen) => seen.some((line) => line.includes('S107')),
    )
    pane.closeTerminal()
    await until(
      async () => pane.isRunning(),
      (isAlive) => !isAlive,
    )
  })

  it('goes on after a SIGHUP that has the policy read again, and takes keys as before', async () => {
    const pane = gatewayPane()
    await see(pane, /Waiting for the first client/)
    pane.press('7')
    await see(pane, /POLICY enforced/)
    pane.kill('SIGHUP')
    await see(pane, /The policy was read again/)
    pane.kill('SIGHUP')
    pane.press('1')
    await see(pane, /Waiting for the first client/)
    expect(pane.flags()).toBe('1 0 0')
    pane.press('q')
    await see(pane, /ENDED/)
    expect(pane.flags()).toBe('0 0 1')
  })

  it('ends when the terminal of one that takes SIGHUP is closed', async () => {
    const pane = gatewayPane()
    await see(pane, /Waiting for the first client/)
    pane.closeTerminal()
    await until(
      async () => pane.isRunning(),
      (isAlive) => !isAlive,
    )
  })

  it.skipIf(!existsSync('/proc/self/comm'))('has the name by which logrotate finds it', async () => {
    const pane = gatewayPane()
    await see(pane, /Waiting for the first client/)
    expect(pane.name()).toBe('imaptap')
  })

  it.each([
    [80, 24],
    [160, 45],
  ])('fills %d columns and %d rows without a wrapped line', async (columns, rows) => {
    const pane = paneAt(columns, rows)
    const lines = await until(
      async () => pane.lines(),
      // tmux may be asked in the middle of a frame.
      (seen) => seen.some((line) => line.includes('S107')) && seen.some((line) => line.endsWith('q quit')),
    )
    expect(lines[0]).toMatch(/^ imaptap │ \d+ live/)
    expect(lines[1]).toMatch(/^─ SESSIONS/)
    expect(lines[rows - 1]).toMatch(/^ Enter open .* q quit$/)
    expect(pane.flags()).toMatch(/^1 0 /)
  })

  it('goes from screen to screen by keys and by names, and back', async () => {
    const pane = paneAt(100, 30)
    await see(pane, /S107/)
    const ways = [
      ['3', /^─ FINDINGS/],
      ['4', /^─ STATISTICS/],
      ['5', /^─ LOG/],
      ['6', /^─ INTERCEPT/],
      [':', /^ :/],
      ['tree', /^ :tree/],
      ['Enter', /^─ TREE/],
      ['?', /^─ HELP/],
      ['?', /^─ TREE/],
      ['1', /^─ SESSIONS/],
      ['Enter', /^─ S\d+ /],
    ] as const
    for (const [key, title] of ways) {
      pane.press(key)
      await see(pane, title)
    }
  })

  it.each(['SIGTERM', 'SIGHUP', 'SIGUSR2'])('gives the terminal back after %s', async (signal) => {
    const pane = paneAt(80, 24)
    await until(
      async () => pane.lines(),
      (seen) => seen.some((line) => line.includes('S107')),
    )
    pane.kill(signal)
    await until(
      async () => pane.lines(),
      (seen) => seen.some((line) => line.includes('ENDED')),
    )
    expect(pane.flags()).toBe('0 0 1')
  })
})
