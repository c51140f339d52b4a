/** Runs the dashboard: events and keys in, frames out, a few times a second; knows neither blessed nor the proxy. */

import type { Message } from '../imap/message.ts'
import type { ProxyEvent, SessionId } from '../relay/event.ts'
import { renderFrame } from './frame.ts'
import { actionFor, type UiAction } from './keys.ts'
import { reduce } from './model.ts'
import { openScreen, type Screen, type TerminalInput, type TerminalOutput } from './screen.ts'
import { SPARK } from './panes/header.ts'
import { initialState, liveCount, type DashboardInfo, type Request, type State } from './state.ts'
import { guardTerminal } from './terminal-guard.ts'

/** All that the dashboard needs of the world around it. */
export interface DashboardPort {
  subscribe(listener: (event: ProxyEvent) => void, wants?: { readonly messages?: boolean }): () => void
  /** False when the session is no longer there. */
  kill(session: SessionId): boolean
  /** One printable, redacted line of a message. */
  describe(message: Message): string
  /** The user quit, or the terminal is gone; it is already restored. */
  onQuit(): void
  /** The clock of the events' times. */
  now(): number
  readonly info: DashboardInfo
  readonly input?: TerminalInput
  readonly output?: TerminalOutput
  readonly env?: NodeJS.ProcessEnv
}

export interface Dashboard {
  /** Restores the terminal, at once; may be called again. */
  stop(): void
}

/** Milliseconds between frames: about twelve a second. */
const FRAME = 83
/** Milliseconds between looks at running timers. */
const TICK = 1000
/** Milliseconds that a notice stays. */
const FLASH = 4000

export function startDashboard(port: DashboardPort): Dashboard {
  const dashboard = new RunningDashboard(port)
  return { stop: () => dashboard.stop() }
}

class RunningDashboard {
  readonly #port: DashboardPort
  readonly #state: State
  readonly #screen: Screen
  readonly #epoch: number
  readonly #endings: (() => void)[] = []
  #frame: NodeJS.Timeout | undefined
  #soon: NodeJS.Immediate | undefined
  #isStopped = false

  constructor(port: DashboardPort) {
    this.#port = port
    this.#epoch = Date.now() - port.now()
    this.#state = initialState(port.info)
    this.#screen = this.#openScreen()
    this.#resize()
    const ticking = setInterval(() => this.#tick(), TICK)
    ticking.unref()
    this.#endings.push(
      () => clearInterval(ticking),
      guardTerminal(() => this.stop()),
      port.subscribe((event) => this.#observe(event), { messages: true }),
    )
    this.#tick()
  }

  stop(): void {
    if (this.#isStopped) return
    this.#isStopped = true
    clearTimeout(this.#frame)
    clearImmediate(this.#soon)
    this.#screen.close()
    for (const end of this.#endings) end()
  }

  #openScreen(): Screen {
    return openScreen({
      input: this.#port.input ?? process.stdin,
      output: this.#port.output ?? process.stdout,
      env: this.#port.env ?? process.env,
      onKey: (key) => this.#press(key),
      onResize: () => this.#resize(),
      // As if the user had quit: nobody is left to see that the proxy runs on.
      onLost: () => this.#quit(),
    })
  }

  /** Called by the event bus: whatever goes wrong here must not reach the traffic. */
  #observe(event: ProxyEvent): void {
    if (this.#isStopped) return
    try {
      this.#reduce(event)
    } catch (error) {
      this.#flash(`The dashboard could not read an event (${event.kind}): ${String(error)}`)
    }
    this.#frame ??= setTimeout(() => this.#draw(), FRAME)
  }

  #reduce(input: ProxyEvent | UiAction): void {
    reduce(this.#state, input, (message) => this.#port.describe(message))
  }

  #press(key: string): void {
    const action = actionFor(key, this.#state.mode, this.#state.pane)
    if (action) this.#act(action)
  }

  #resize(): void {
    this.#act({ kind: 'resized', ...this.#screen.size() })
  }

  /** Nothing is drawn while nothing runs, moves or fades. */
  #tick(): void {
    const now = this.#port.now()
    const { commandRate, flash } = this.#state
    const isMoving = commandRate.lastSeconds(now, SPARK).some((count) => count > 0)
    const isFading = flash !== undefined && now < flash.until + 2 * TICK
    this.#reduce({ kind: 'tick', heapUsed: process.memoryUsage().heapUsed })
    if (isMoving || isFading || liveCount(this.#state) > 0) this.#drawSoon()
  }

  #act(action: UiAction): void {
    this.#reduce(action)
    for (const request of this.#state.requests.splice(0)) this.#fulfil(request)
    this.#drawSoon()
  }

  #fulfil(request: Request): void {
    if (request.kind === 'quit') return this.#quit()
    const wasThere = this.#port.kill(request.session)
    this.#flash(wasThere ? `${request.session} was killed.` : `${request.session} is already closed.`)
  }

  #quit(): void {
    if (this.#isStopped) return
    this.stop()
    this.#port.onQuit()
  }

  #flash(text: string): void {
    this.#reduce({ kind: 'flash', text, until: this.#port.now() + FLASH })
  }

  /** As soon as what waits now is done: many keys pasted at once make one frame. */
  #drawSoon(): void {
    if (this.#isStopped) return
    this.#soon ??= setImmediate(() => this.#draw())
  }

  #draw(): void {
    clearTimeout(this.#frame)
    clearImmediate(this.#soon)
    this.#frame = undefined
    this.#soon = undefined
    if (this.#isStopped) return
    if (this.#screen.isBehind()) {
      this.#frame = setTimeout(() => this.#draw(), FRAME)
      return
    }
    try {
      this.#screen.draw(renderFrame(this.#state, { now: this.#port.now(), epoch: this.#epoch }))
    } catch (error) {
      this.stop()
      process.stderr.write(`imaptap: the dashboard stopped (${String(error)}); traffic goes on\n`)
    }
  }
}
