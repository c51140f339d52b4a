/** The terminal: alternate screen, keys, rows of cells; the only file that knows blessed. */

import blessed from 'blessed'
import type { Readable, Writable } from 'node:stream'
import { paint, type Paint } from './paint.ts'
import type { Line } from './span.ts'

export interface TerminalInput extends Readable {
  readonly isTTY?: boolean
  setRawMode?(isRaw: boolean): unknown
}

export interface TerminalOutput extends Writable {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly rows?: number
}

export interface ScreenOptions {
  readonly input: TerminalInput
  readonly output: TerminalOutput
  readonly env: NodeJS.ProcessEnv
  readonly onKey: (key: string) => void
  readonly onResize: () => void
  /** The terminal is gone: nothing can be drawn any more. */
  readonly onLost: () => void
}

export interface Screen {
  size(): { readonly columns: number; readonly rows: number }
  /** True while the terminal has not taken the last frames: better to skip one. */
  isBehind(): boolean
  draw(lines: readonly Line[]): void
  /** Leaves the alternate screen at once, synchronously; may be called again. */
  close(): void
}

/** Terminals whose description blessed can read; for all others this one fits: tmux's own prints an error. */
const KNOWN_TERMINALS = new Set(['xterm', 'xterm-256color', 'linux'])
const DEFAULT_TERMINAL = 'xterm-256color'
/** Milliseconds without a further change of size before the screen is drawn anew. */
const RESIZE_TIMEOUT = 60
/** Octets waiting for the terminal above which frames are skipped. */
const BEHIND = 64 * 1024

export function openScreen(options: ScreenOptions): Screen {
  const { input, output, env } = options
  const screen = withoutHandlers(() => createScreen(options))
  const look: Paint = { hasColour: (env['NO_COLOR'] ?? '') === '', escape: blessed.escape }
  let rows: Row[] = []
  let isOpen = true

  const close = (): void => {
    if (!isOpen) return
    isOpen = false
    screen.destroy()
  }
  const onError = (): void => {
    if (isOpen) options.onLost()
  }
  // Without a listener, a terminal that vanished would be an uncaught error and end the proxy.
  output.on('error', onError)
  input.on('error', onError)
  screen.on('keypress', (character: unknown, key: unknown) => {
    const name = keyName(character, key)
    if (isOpen && name !== undefined) options.onKey(name)
  })
  screen.on('resize', () => {
    if (isOpen) options.onResize()
  })

  return {
    size: () => ({ columns: output.columns ?? 80, rows: output.rows ?? 24 }),
    isBehind: () => output.writableLength > BEHIND,
    draw(lines) {
      if (!isOpen) return
      rows = rowsFor(screen, { rows, count: lines.length, columns: output.columns ?? 80 })
      lines.forEach((line, at) => rows[at]?.set(paint(line, look)))
      screen.render()
    },
    close,
  }
}

function createScreen({ input, output, env }: ScreenOptions): blessed.Widgets.Screen {
  const terminal = (env['TERM'] ?? '').toLowerCase()
  const screen = blessed.screen({
    // The type declarations have the two the wrong way round: blessed reads `input` and writes `output`.
    input: input as unknown as Writable,
    output: output as unknown as Readable,
    terminal: KNOWN_TERMINALS.has(terminal) ? terminal : DEFAULT_TERMINAL,
    fullUnicode: true,
    forceUnicode: true,
    resizeTimeout: RESIZE_TIMEOUT,
    warnings: false,
  })
  // Lines and dots go out as the Unicode they are, not by way of a second character set.
  const tput: unknown = Reflect.get(screen.program, 'tput')
  if (typeof tput === 'object' && tput !== null) Reflect.set(tput, 'brokenACS', true)
  return screen
}

const HANDLED = ['uncaughtException', 'SIGTERM', 'SIGINT', 'SIGQUIT'] as const

/** blessed ends the process on signals and errors; that is for the command line to decide (`terminal-guard.ts`). */
function withoutHandlers<T>(create: () => T): T {
  const before = new Map(HANDLED.map((name) => [name, new Set(process.rawListeners(name))]))
  const created = create()
  for (const name of HANDLED) {
    for (const listener of process.rawListeners(name)) {
      // Node types raw listeners as bare functions; each came from the emitter, so it is a listener.
      if (!before.get(name)?.has(listener)) process.removeListener(name, listener as () => void)
    }
  }
  return created
}

interface Row {
  set(content: string): void
  drop(): void
  readonly columns: number
}

/** One box for each line: what did not change is not parsed again, and no line can spill into the next. */
function rowsFor(
  screen: blessed.Widgets.Screen,
  wanted: { rows: readonly Row[]; count: number; columns: number },
): Row[] {
  const fits = wanted.rows.length === wanted.count && wanted.rows[0]?.columns === wanted.columns
  if (fits) return [...wanted.rows]
  for (const row of wanted.rows) row.drop()
  return Array.from({ length: wanted.count }, (_, top) => createRow(screen, top, wanted.columns))
}

function createRow(screen: blessed.Widgets.Screen, top: number, columns: number): Row {
  // Wider than the screen, because blessed counts combining marks as columns when it cuts a line; it clips the rest.
  const box = blessed.box({
    parent: screen,
    top,
    left: 0,
    width: columns * 3,
    height: 1,
    tags: true,
    wrap: false,
  })
  let shown = ''
  return {
    columns,
    set(content) {
      if (content === shown) return
      shown = content
      box.setContent(content)
    },
    drop: () => box.destroy(),
  }
}

/** The character for what can be typed, else blessed's name: `up`, `enter`, `C-c`, `S-tab`. */
function keyName(character: unknown, key: unknown): string | undefined {
  const full = fullName(key)
  // blessed reports Enter twice, as `return` and as `enter`.
  if (full === 'return') return undefined
  if (full === 'linefeed') return 'enter'
  if (typeof character === 'string' && /^[^\p{C}]$/u.test(character)) return character
  return full
}

function fullName(key: unknown): string | undefined {
  if (typeof key !== 'object' || key === null || !('full' in key)) return undefined
  return typeof key.full === 'string' ? key.full : undefined
}
