/** Runs the dashboard: events and keys in, frames out, a few times a second; knows neither blessed nor the proxy. */

import type { ObservedEvent } from '../findings/finding.ts'
import { renderFrame } from './frame.ts'
import { actionFor } from './key-table.ts'
import type { UiAction } from './keys.ts'
import { reduce } from './model.ts'
import type { DashboardPort } from './port.ts'
import { openScreen, type Mouse, type Screen } from './screen.ts'
import type { SessionId } from '../relay/event.ts'
import type { PolicyStatus } from '../relay/policy-status.ts'
import { unreachable } from '../imap/fault.ts'
import type { Copied } from './copy.ts'
import { eventsOfAll } from './known-events.ts'
import { SPARK } from './panes/header.ts'
import { keepStart } from './screens/log-state.ts'
import { isSwitchedBetween } from './screens/policy-state.ts'
import { initialState, liveCount, type Request, type State, type Theme } from './state.ts'
import { guardTerminal } from './terminal-guard.ts'

export type { DashboardPort } from './port.ts'

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
  #screen: Screen
  readonly #epoch: number
  readonly #endings: (() => void)[] = []
  #frame: NodeJS.Timeout | undefined
  #soon: NodeJS.Immediate | undefined
  /** The filter that holds, as far as it was accepted. */
  #breakpoint: string | undefined
  /** Looks at the policy without an answer yet: a daemon that was stopped must not be asked ever more. */
  #looks = 0
  #isStopped = false
  /** An editor has the terminal. */
  #isSuspended = false

  constructor(port: DashboardPort) {
    this.#port = port
    this.#epoch = port.ready?.epoch ?? Date.now() - port.now()
    this.#state =
      port.ready?.state ??
      initialState(port.info, {
        describe: (message) => port.describe(message),
        canHold: port.breakpoints !== undefined,
      })
    this.#state.canWrite = port.capture !== undefined
    this.#state.theme = themeOf(port.env ?? process.env)
    this.#screen = this.#openScreen()
    this.#resize()
    this.#warn()
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
    // Nobody is left to rule: what is held goes on.
    if (this.#state.intercept.source !== undefined) void this.#port.breakpoints?.set(undefined, 0)
    clearTimeout(this.#frame)
    clearImmediate(this.#soon)
    this.#screen.close()
    for (const end of this.#endings) end()
  }

  /** What stands on the terminal itself cannot be seen any more. */
  #warn(): void {
    const { info } = this.#port
    keepStart(this.#state.log, info, this.#port.now())
    const [first, ...others] = info.warnings ?? []
    if (first === undefined) return
    const more = others.length === 0 ? '' : ` (${others.length} more: 5)`
    this.#flash(`Warning: ${first}${more}`)
  }

  #openScreen(): Screen {
    return openScreen({
      input: this.#port.input ?? process.stdin,
      output: this.#port.output ?? process.stdout,
      env: this.#port.env ?? process.env,
      onKey: (key) => this.#press(key),
      onResize: () => this.#resize(),
      onMouse: (mouse) => this.#act(mouseAction(mouse)),
      // As if the user had quit: nobody is left to see that the proxy runs on.
      onLost: () => this.#quit(),
    })
  }

  /** Called by the event bus: whatever goes wrong here must not reach the traffic. */
  #observe(event: ObservedEvent): void {
    if (this.#isStopped) return
    try {
      this.#reduce(event)
    } catch (error) {
      this.#flash(`The dashboard could not read an event (${event.kind}): ${String(error)}`)
    }
    this.#frame ??= setTimeout(() => this.#draw(), FRAME)
  }

  #reduce(input: ObservedEvent | UiAction): void {
    reduce(this.#state, input)
  }

  #press(key: string): void {
    const action = actionFor(key, this.#state)
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
    if (this.#looks === 0) void this.#lookAtPolicy()
    if (isMoving || isFading || liveCount(this.#state) > 0) this.#drawSoon()
  }

  #act(action: UiAction): void {
    this.#reduce(action)
    for (const request of this.#state.requests.splice(0)) this.#fulfil(request)
    this.#drawSoon()
  }

  #fulfil(request: Request): void {
    const { breakpoints } = this.#port
    switch (request.kind) {
      case 'quit':
        return this.#quit()
      case 'tell':
        return this.#flash(request.text)
      case 'kill':
        return this.#kill(request.session)
      case 'break':
        return void this.#break(request)
      case 'rule':
        return void this.#ask(
          breakpoints?.rule(request.session, request.ticket, request.ruling),
          request.done,
        )
      case 'look-at-policy':
        return void this.#lookAtPolicy()
      case 'dry-run':
        return void this.#setDryRun(request)
      case 'edit':
        return void this.#edit(request)
      case 'copy':
        return void this.#copy(request.copied)
      case 'write':
        return void this.#write(request.sessions)
      default:
        return unreachable(request)
    }
  }

  /** What could not be done is told, and where it is said how, what was. */
  async #ask(answer: string | undefined | Promise<string | undefined>, done?: string): Promise<void> {
    const told = await this.#attempt(async () => (await answer) ?? done)
    if (told !== undefined) this.#flash(told)
  }

  async #lookAtPolicy(): Promise<void> {
    const { policy } = this.#port
    if (!policy) return
    this.#looks += 1
    try {
      const status = await policy.status()
      if (this.#isStopped) return
      if (this.#state.screen === 'policy' || isNews(this.#state.policy.status, status))
        this.#act({ kind: 'policy', status })
    } catch (error) {
      // Elsewhere nobody has asked.
      if (this.#state.screen === 'policy') this.#flash(`The policy is not known: ${String(error)}`)
    } finally {
      this.#looks -= 1
    }
  }

  async #setDryRun({ rule, on }: Extract<Request, { kind: 'dry-run' }>): Promise<void> {
    await this.#ask(this.#port.policy?.setDryRun(rule, on))
    await this.#lookAtPolicy()
  }

  /** Where it was refused, what held before holds on, and the screen must not say otherwise. */
  async #break({ filter, timeoutMillis }: Extract<Request, { kind: 'break' }>): Promise<void> {
    const problem = await this.#attempt(async () => this.#port.breakpoints?.set(filter, timeoutMillis))
    if (problem === undefined) {
      this.#breakpoint = filter
      return
    }
    this.#state.intercept.source = this.#breakpoint
    this.#flash(problem)
  }

  #kill(session: SessionId): void {
    const wasThere = this.#port.kill(session)
    this.#flash(wasThere ? `${session} was killed.` : `${session} is already closed.`)
  }

  /** The screen is the editor's meanwhile; events are still heard, and deadlines still pass. */
  async #edit({ session, ticket, text }: Extract<Request, { kind: 'edit' }>): Promise<void> {
    if (!this.#port.edit || this.#isSuspended)
      return this.#flash('Here no editor can be opened: e edits in place.')
    this.#isSuspended = true
    this.#screen.close()
    const edited = await this.#attempt(async () => this.#port.edit?.(text))
    if (this.#isStopped) return
    this.#isSuspended = false
    this.#screen = this.#openScreen()
    this.#resize()
    if (edited !== undefined && edited !== text)
      this.#act({ kind: 'edited', held: { session, ticket }, text: edited })
  }

  async #copy({ text, extension, name }: Copied): Promise<void> {
    const isCopied = this.#screen.copy(text)
    const path = await this.#attempt(async () => this.#port.saveCopy?.(text, extension))
    const places = [...(isCopied ? ['to the clipboard'] : []), ...(path === undefined ? [] : [`to ${path}`])]
    if (places.length > 0) this.#flash(`Copied ${name} ${places.join(' and ')}.`)
    else this.#flash(`${name} is too long for the clipboard.`)
  }

  async #write(sessions: readonly SessionId[]): Promise<void> {
    const events = eventsOfAll(sessions.flatMap((id) => this.#state.sessions.get(id) ?? []))
    const clock = this.#port.now()
    const path = await this.#attempt(async () =>
      this.#port.capture?.write(events, { clock, wall: clock + this.#epoch }),
    )
    if (path !== undefined) this.#flash(`Written to ${path}.`)
  }

  /** What fails is told; the dashboard goes on. */
  async #attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work()
    } catch (error) {
      this.#flash(`That failed: ${error instanceof Error ? error.message : String(error)}`)
      return undefined
    }
  }

  #quit(): void {
    if (this.#isStopped) return
    this.stop()
    this.#port.onQuit()
  }

  #flash(text: string): void {
    this.#reduce({ kind: 'flash', text, until: this.#port.now() + FLASH })
    this.#drawSoon()
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
    if (this.#isStopped || this.#isSuspended) return
    if (this.#screen.isBehind()) {
      this.#frame = setTimeout(() => this.#draw(), FRAME)
      return
    }
    try {
      this.#screen.setMouse(this.#state.hasMouse)
      const clock = { now: this.#port.now(), epoch: this.#epoch }
      this.#screen.draw(renderFrame(this.#state, clock), this.#state.theme)
    } catch (error) {
      this.stop()
      process.stderr.write(`imaptap: the dashboard stopped (${String(error)}); traffic goes on\n`)
    }
  }
}

/** What screens other than its own tell of a policy; hits are none of it. */
function isNews(before: PolicyStatus | undefined, now: PolicyStatus | undefined): boolean {
  if (!before || !now) return before !== now
  const isSame =
    before.mode === now.mode && before.loadedAt === now.loadedAt && before.problem === now.problem
  return !isSame || isSwitchedBetween(before, now)
}

/** Lines that one step of the wheel moves. */
const WHEEL = 3

function mouseAction({ kind, row, column }: Mouse): UiAction {
  if (kind === 'click') return { kind: 'click', row, column }
  return { kind: 'move', by: kind === 'wheel-up' ? -WHEEL : WHEEL }
}

/** Terminals that tell their colours do it so: `15` and `7` stand for a light ground. */
function themeOf(env: NodeJS.ProcessEnv): Theme {
  if ((env['NO_COLOR'] ?? '') !== '') return 'mono'
  return /;(?:7|15)$/.test(env['COLORFGBG'] ?? '') ? 'light' : 'dark'
}
