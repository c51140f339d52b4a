/** Connects the demo to the terminal, the proxy and its dashboard, each loaded only when it is needed. */

import type { createProxy } from '../app/create-proxy.ts'
import type { DemoWorld } from './run-demo.ts'

type Proxy = Awaited<ReturnType<typeof createProxy>>

export const demoWorld: DemoWorld<Proxy> = {
  out: process.stdout,
  isTerminal: process.stdin.isTTY && process.stdout.isTTY,
  async createProxy(config) {
    const app = await import('../app/create-proxy.ts')
    return app.createProxy(config)
  },
  async mint(caDir, name) {
    const { Authority } = await import('../net/authority.ts')
    const authority = await Authority.open({ dir: caDir, leafKey: 'ecdsa' })
    return { tls: { secureContext: authority.contextFor(name) }, authority: authority.certificatePem }
  },
  async openDashboard(proxy, config, quit) {
    // The same dashboard that the proxy command opens, wired in one place.
    const cli = await import('../cli/open-dashboard.ts')
    return cli.openDashboard(proxy, config, quit)
  },
  onInterrupt(listener) {
    // Once: a second Ctrl-C finds no listener and ends the process at once.
    process.once('SIGINT', listener)
    process.once('SIGTERM', listener)
    return () => {
      process.off('SIGINT', listener)
      process.off('SIGTERM', listener)
    }
  },
}
