/** Connects each command to the rooms that do its work, loaded only when it runs; it does not know flags or output forms. */

import type { Config } from '../config/config.ts'
import type { Dashboard, ProxyWorld } from './commands/proxy.ts'
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
    const { runDemo } = await import('../demo/demo-world.ts')
    return runDemo(options, openDashboard)
  },
  async parse(flags, file) {
    const { runParse } = await import('./commands/parse.ts')
    return runParse(flags, file, { stdin: process.stdin, out: process.stdout, err: process.stderr })
  },
  async encode(flags, file) {
    const { runEncode } = await import('./commands/encode.ts')
    return runEncode(flags, file, { stdin: process.stdin, out: process.stdout, err: process.stderr })
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
  openDashboard,
  onSignal: (signal, listener) => process.on(signal, listener),
  exit: (exitCode) => process.exit(exitCode),
}

async function openDashboard(proxy: RunningProxy, config: Config, quit: () => void): Promise<Dashboard> {
  const dashboard = await import('./open-dashboard.ts')
  return dashboard.openDashboard(proxy, config, quit)
}
