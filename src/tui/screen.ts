/** The terminal: alternate screen, keys, rows of cells; the only file that knows blessed. */

import blessed from 'blessed'
import type { Readable, Writable } from 'node:stream'
import { paint } from './paint.ts'
import { clipboardSequence } from './clipboard.ts'
import type { Line } from './span.ts'
import type { Theme } from './state.ts'

export interface TerminalInput extends Readable {
  readonly isTTY?: boolean
  setRawMode?(isRaw: boolean): unknown
}

export interface TerminalOutput extends Writable {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly rows?: number
}

export interface Mouse {
  readonly kind: 'click' | 'wheel-up' | 'wheel-down'
  readonly row: number
  readonly column: number
}

export interface ScreenOptions {
  readonly input: TerminalInput
  readonly output: TerminalOutput
  readonly env: NodeJS.ProcessEnv
  readonly onKey: (key: string) => void
  readonly onResize: () => void
  readonly onMouse: (mouse: Mouse) => void
  /** The terminal is gone: nothing can be drawn any more. */
  readonly onLost: () => void
}

export interface Screen {
  size(): { readonly columns: number; readonly rows: number }
  /** True while the terminal has not taken the last frames: better to skip one. */
  isBehind(): boolean
  draw(lines: readonly Line[], theme: Theme): void
  /** Puts text into the terminal's clipboard; false where it is too long for that. */
  copy(text: string): boolean
  /** The wheel and clicks; off unless somebody wants them, because then text cannot be selected as usual. */
  setMouse(isOn: boolean): void
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
  const hasColour = (env['NO_COLOR'] ?? '') === ''
  const mouse = mouseOf(screen, options.onMouse)
  waitForTerminal(output, false)
  /** The rows as the terminal shows them; empty: nothing is known of it. */
  let shown: string[] = []
  let isOpen = true

  const close = (): void => {
    if (!isOpen) return
    isOpen = false
    mouse.set(false)
    // What restores the terminal goes out at once, unless the terminal takes nothing: it would hold up the end, too.
    if (output.writableLength === 0) waitForTerminal(output, true)
    screen.destroy()
    input.off('end', onError)
    for (const stream of [output, input]) {
      stream.off('error', onError)
      keepQuiet(stream)
    }
  }
  const onError = (): void => {
    if (isOpen) options.onLost()
  }
  // Without a listener, a terminal that vanished would be an uncaught error and end the proxy.
  output.on('error', onError)
  input.on('error', onError)
  input.on('end', onError)
  screen.on('keypress', (character: unknown, key: unknown) => {
    const name = keyName(character, key)
    if (isOpen && name !== undefined) options.onKey(name)
  })
  screen.on('resize', () => {
    shown = []
    if (isOpen) options.onResize()
  })

  return {
    size: () => ({ columns: output.columns ?? 80, rows: output.rows ?? 24 }),
    isBehind: () => output.writableLength > BEHIND,
    draw(lines, theme) {
      if (!isOpen) return
      const painted = lines.map((line) => paint(line, hasColour ? theme : 'mono'))
      const changes = changedRows(painted, shown)
      shown = painted
      // What blessed still holds back may clear the screen: that goes before.
      screen.program.flush()
      if (changes !== '') output.write(changes)
    },
    copy(text) {
      const sequence = clipboardSequence(text, { isTmux: (env['TMUX'] ?? '') !== '' })
      if (isOpen && sequence !== undefined) output.write(sequence)
      return sequence !== undefined
    },
    setMouse: mouse.set,
    close,
  }
}

/**
 * Node writes to a terminal without letting anything else happen meanwhile: one that is slow, or was stopped by Ctrl-S,
 * would stop all traffic. There is no public way to change that; where there is none at all, it stays so.
 */
function waitForTerminal(output: TerminalOutput, isWaiting: boolean): void {
  const handle: unknown = Reflect.get(output, '_handle')
  if (typeof handle !== 'object' || handle === null) return
  const setBlocking: unknown = Reflect.get(handle, 'setBlocking')
  if (typeof setBlocking === 'function') Reflect.apply(setBlocking, handle, [isWaiting])
}

const ignored = (): void => undefined

/** A terminal that vanishes after the end is no error of anybody's. */
function keepQuiet(stream: TerminalInput | TerminalOutput): void {
  if (!stream.listeners('error').includes(ignored)) stream.on('error', ignored)
}

interface MouseSwitch {
  readonly set: (isOn: boolean) => void
}

/** blessed listens to the mouse from the first listener on, so there is none before it is wanted. */
function mouseOf(screen: blessed.Widgets.Screen, onMouse: ScreenOptions['onMouse']): MouseSwitch {
  const { program } = screen
  let isOn = false
  let isBound = false
  const hear = (data: unknown): void => {
    const heard = isOn ? mouseIn(data) : undefined
    if (heard) onMouse(heard)
  }
  return {
    set(isWanted) {
      if (isWanted === isOn) return
      isOn = isWanted
      if (!isBound) program.on('mouse', hear)
      isBound = true
      if (isWanted) program.enableMouse()
      else program.disableMouse()
    },
  }
}

const MOUSE_KINDS: Readonly<Record<string, Mouse['kind']>> = {
  mousedown: 'click',
  wheelup: 'wheel-up',
  wheeldown: 'wheel-down',
}

function mouseIn(data: unknown): Mouse | undefined {
  if (typeof data !== 'object' || data === null) return undefined
  const [action, row, column] = ['action', 'y', 'x'].map((name): unknown => Reflect.get(data, name))
  const kind = typeof action === 'string' ? MOUSE_KINDS[action] : undefined
  if (!kind || typeof row !== 'number' || typeof column !== 'number') return undefined
  return { kind, row, column }
}

function createScreen({ input, output, env }: ScreenOptions): blessed.Widgets.Screen {
  const terminal = (env['TERM'] ?? '').toLowerCase()
  return blessed.screen({
    // The type declarations have the two the wrong way round: blessed reads `input` and writes `output`.
    input: input as unknown as Writable,
    output: output as unknown as Readable,
    terminal: KNOWN_TERMINALS.has(terminal) ? terminal : DEFAULT_TERMINAL,
    fullUnicode: true,
    forceUnicode: true,
    resizeTimeout: RESIZE_TIMEOUT,
    warnings: false,
  })
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

/**
 * Each row that is not as it was, written whole at its place. blessed would compare every cell of the screen, which took
 * longer than all else in a frame; a row that is written whole cannot leave half of a wide character behind.
 */
function changedRows(painted: readonly string[], shown: readonly string[]): string {
  let changes = painted.length === shown.length ? '' : CLEAR
  const isKnown = changes === ''
  painted.forEach((row, at) => {
    if (!isKnown || row !== shown[at]) changes += `\x1b[${at + 1};1H${row}`
  })
  return changes
}

const CLEAR = '\x1b[0m\x1b[2J'

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
