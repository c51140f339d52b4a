/** Connects the demo to the terminal and the proxy, loaded only when it is needed; it does not know the dashboard. */

import type { createProxy } from '../app/create-proxy.ts'
import { playDemo, type DemoOptions, type DemoWorld } from './run-demo.ts'

type Proxy = Awaited<ReturnType<typeof createProxy>>
type World = DemoWorld<Proxy>

/** Returns the exit code. The dashboard is handed in by whoever has one: the demo knows the proxy only. */
export function runDemo(options: DemoOptions, openDashboard: World['openDashboard']): Promise<number> {
  return playDemo(options, { ...demoWorld, openDashboard })
}

export const demoWorld: Omit<World, 'openDashboard'> = {
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
