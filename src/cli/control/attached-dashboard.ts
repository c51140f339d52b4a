/** Puts the dashboard before a daemon's socket as if the proxy were here; it does not know what the dashboard shows. */

import { RecordDecoder } from '../../capture/decode.ts'
import type { ControlClient } from '../../control/control-client.ts'
import { FindingsEngine } from '../../findings/engine.ts'
import type { FindingEvent, ObservedEvent } from '../../findings/finding.ts'
import { describeMessage } from '../../imap/redact.ts'
import type { SessionId } from '../../relay/event.ts'
import { startDashboard, type Dashboard } from '../../tui/dashboard.ts'
import type { DashboardPort } from '../../tui/port.ts'
import { dashboardTools } from '../dashboard-tools.ts'
import { nameOfUser } from '../name-of-user.ts'
import { readVersion } from '../version.ts'

/** Octets of a message that its one line shows. */
const shownOctets = 2_000

/** The terminal is a port's, too, so that a test can stand in for it. */
export type Terminal = Pick<DashboardPort, 'input' | 'output' | 'env'>

export async function openAttachedDashboard(
  client: ControlClient,
  quit: () => void,
  terminal: Terminal = {},
): Promise<Dashboard> {
  const { upstream, listen, caPath, hasFindings, capture } = client.hello
  const user = `${nameOfUser()} by imaptap attach`
  const feed = new EventFeed()
  const engine = hasFindings ? undefined : new LateFindings()
  const dashboard = startDashboard({
    ...terminal,
    subscribe: (listener) => feed.listen(listener),
    kill: (session) => {
      if (!feed.isLive(session)) return false
      // Whether it was there still, its end will tell.
      client.kill(session).catch(() => undefined)
      return true
    },
    describe: (message) =>
      describeMessage(message, { hidesAll: message.kind === 'sasl-data', limit: shownOctets }).join(' '),
    onQuit: quit,
    breakpoints: {
      set: (filter, timeoutMillis) => client.break(filter, timeoutMillis).catch(explain),
      rule: (session, ticket, ruling) => client.rule(session, ticket, ruling, user).catch(explain),
    },
    policy: {
      status: () => client.policy(),
      setDryRun: (rule, on) => client.setDryRun(rule, on, user).catch(explain),
    },
    ...dashboardTools(process.env),
    now: () => client.now(),
    info: { version: readVersion(), listen, upstream, caPath, capture, isOnlooker: true },
  })
  try {
    await client.subscribe({
      messages: true,
      makeDecoder: () => new RecordDecoder(),
      onEvent: (event, when) => {
        feed.tell(event)
        for (const found of engine?.observe(event, when) ?? []) feed.tell(found)
      },
    })
    return dashboard
  } catch (error) {
    dashboard.stop()
    throw error
  }
}

/** The words without the name of their class. */
const explain = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Passes events on to the dashboard, and knows which sessions live. */
class EventFeed {
  readonly #live = new Set<SessionId>()
  readonly #listeners = new Set<(event: ObservedEvent) => void>()

  tell(event: ObservedEvent): void {
    if (event.kind === 'closed') this.#live.delete(event.session)
    else this.#live.add(event.session)
    for (const listener of this.#listeners) listener(event)
  }

  isLive(session: SessionId): boolean {
    return this.#live.has(session)
  }

  listen(listener: (event: ObservedEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }
}

/** Findings that a daemon without them costs the viewer: of sessions that it has heard from their beginning. */
class LateFindings {
  readonly #engine = new FindingsEngine()
  readonly #halfHeard = new Set<SessionId>()

  /** What was said before nobody here knows, and half a conversation looks wrong where it is right. */
  observe(event: ObservedEvent, when: 'recalled' | 'live'): readonly FindingEvent[] {
    if (when === 'recalled') this.#halfHeard.add(event.session)
    if (event.kind === 'finding') return []
    if (this.#halfHeard.has(event.session)) {
      if (event.kind === 'closed') this.#halfHeard.delete(event.session)
      return []
    }
    return this.#engine.observe(event)
  }
}
