/** Puts the dashboard before a running proxy; it does not know what the dashboard shows. */

import type { createProxy } from '../app/create-proxy.ts'
import type { Config } from '../config/config.ts'
import { writeListenUrl } from '../config/listen-url.ts'
import { writeUpstreamUrl } from '../config/upstream-url.ts'
import { describeMessage } from '../imap/redact.ts'
import { startDashboard, type Dashboard, type DashboardPort } from '../tui/dashboard.ts'
import { dashboardTools } from './dashboard-tools.ts'
import { lowerHelpers } from './helper-threads.ts'
import { nameOfUser } from './name-of-user.ts'
import { readVersion } from './version.ts'
import { writeWarnings } from './welcome.ts'

export type RunningProxy = Awaited<ReturnType<typeof createProxy>>

/** Octets of a message that its one line shows. */
const shownOctets = 2_000

/** The terminal is a port's, too, so that a test can stand in for it. */
type Terminal = Pick<DashboardPort, 'input' | 'output' | 'env'>

export function openDashboard(
  proxy: RunningProxy,
  config: Pick<Config, 'upstream' | 'listen' | 'tls' | 'capture'>,
  quit: () => void,
  terminal: Terminal = {},
): Dashboard {
  lowerHelpers()
  // Told apart by identity from other viewers, whose breakpoints are their own.
  const owner = {}
  const user = `${nameOfUser()} by the dashboard`
  const { policy } = proxy
  return startDashboard({
    ...terminal,
    subscribe: (listener, wants) => proxy.bus.subscribe(listener, wants),
    kill: (session) => proxy.kill(session),
    describe: (message) =>
      describeMessage(message, { hidesAll: message.kind === 'sasl-data', limit: shownOctets }).join(' '),
    onQuit: quit,
    breakpoints: {
      set: (filter, timeoutMillis) => {
        if (filter !== undefined) return proxy.breakAt(owner, { filter, timeoutMillis })
        proxy.breakpoints.drop(owner)
        return undefined
      },
      rule: (session, ticket, ruling) => {
        const answer = proxy.ruleHeld(session, ticket, ruling, user)
        return answer.ok ? undefined : answer.text
      },
    },
    ...(policy && {
      policy: { status: () => policy.status(), setDryRun: (rule, on) => policy.setDryRun(rule, on, user) },
    }),
    now: () => performance.now(),
    ...dashboardTools(process.env),
    info: {
      version: readVersion(),
      listen: proxy.addresses.map(writeListenUrl),
      upstream: writeUpstreamUrl(config.upstream),
      caPath: proxy.caPath,
      capture: config.capture?.path,
      warnings: writeWarnings(config, process.env),
    },
  })
}
