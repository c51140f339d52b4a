/** Puts the dashboard before a running proxy; it does not know what the dashboard shows. */

import type { createProxy } from '../app/create-proxy.ts'
import type { Config } from '../config/config.ts'
import { writeListenUrl } from '../config/listen-url.ts'
import { writeUpstreamUrl } from '../config/upstream-url.ts'
import { describeMessage } from '../imap/redact.ts'
import { startDashboard, type Dashboard } from '../tui/dashboard.ts'
import { readVersion } from './version.ts'

export type RunningProxy = Awaited<ReturnType<typeof createProxy>>

/** Octets of a message that its one line shows. */
const shownOctets = 2_000

export function openDashboard(proxy: RunningProxy, config: Config, quit: () => void): Dashboard {
  return startDashboard({
    subscribe: (listener, wants) => proxy.bus.subscribe(listener, wants),
    kill: (session) => proxy.kill(session),
    describe: (message) =>
      describeMessage(message, { hidesAll: message.kind === 'sasl-data', limit: shownOctets }).join(' '),
    onQuit: quit,
    now: () => performance.now(),
    info: {
      version: readVersion(),
      listen: proxy.addresses.map(writeListenUrl),
      upstream: writeUpstreamUrl(config.upstream),
      caPath: proxy.caPath,
    },
  })
}
