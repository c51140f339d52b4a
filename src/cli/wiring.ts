/** Connects each command to the rooms that do its work, loaded only when it runs; it does not know flags or output forms. */

import type { ProxyWorld } from './commands/proxy.ts'
import type { RunningProxy } from './open-dashboard.ts'
import { exitCodes } from './exit-codes.ts'
import type { Actions } from './options.ts'

export const actions: Actions = {
  async proxy(flags) {
    const { runProxy } = await import('./commands/proxy.ts')
    return runProxy(flags, proxyWorld)
  },
  async checkConfig(file) {
    const { runCheckConfig } = await import('./commands/check-config.ts')
    runCheckConfig(file, process.env, process.stdout)
    return exitCodes.ok
  },
  async ca(action, { caDir = process.env['IMAPTAP_TLS__CA_DIR'] ?? '', der = false }) {
    const { runCa } = await import('./commands/ca.ts')
    return runCa(action, { ...(caDir === '' ? {} : { caDir }), der, out: process.stdout })
  },
  async demo(options) {
    const { runDemo } = await import('../demo/run-demo.ts')
    return runDemo(options)
  },
}

const proxyWorld: ProxyWorld<RunningProxy> = {
  env: process.env,
  err: process.stderr,
  isTerminal: process.stdin.isTTY && process.stdout.isTTY,
  async createProxy(config) {
    const app = await import('../app/create-proxy.ts')
    return app.createProxy(config)
  },
  async openDashboard(proxy, config, quit) {
    const { openDashboard } = await import('./open-dashboard.ts')
    return openDashboard(proxy, config, quit)
  },
  onSignal: (signal, listener) => process.on(signal, listener),
  exit: (exitCode) => process.exit(exitCode),
}
