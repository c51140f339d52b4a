/** Connects each command to the rooms that do its work, loaded only when it runs; it does not know flags or output forms. */

import { writeFileSync } from 'node:fs'
import type { Config } from '../config/config.ts'
import type { AttachWorld } from './commands/attach.ts'
import type { ViewWorld } from './commands/view.ts'
import type { Dashboard, ProxyWorld } from './commands/proxy.ts'
import type { RunningProxy } from './open-dashboard.ts'
import { exitCodes } from './exit-codes.ts'
import type { Actions } from './options.ts'
import { nameOfUser } from './name-of-user.ts'

export const actions: Actions = {
  async proxy(flags) {
    const { runProxy } = await import('./commands/proxy.ts')
    return runProxy(flags, proxyWorld)
  },
  async checkConfig(file) {
    const { runCheckConfig } = await import('./commands/check-config.ts')
    await runCheckConfig(file, process.env, process.stdout)
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
  async attach(flags) {
    const { runAttach } = await import('./commands/attach.ts')
    return runAttach(flags, attachWorld)
  },
  async sessions(flags) {
    const { runSessions } = await import('./commands/sessions.ts')
    return runSessions(flags, { env: process.env, out: process.stdout })
  },
  async kill(sessions, flags) {
    const { runKill } = await import('./commands/kill.ts')
    return runKill(sessions, flags, { env: process.env, out: process.stdout })
  },
  async approvals(words, flags) {
    const { runApprovals } = await import('./commands/approvals.ts')
    return runApprovals(words, flags, { env: process.env, out: process.stdout, user: nameOfUser() })
  },
  async tail(flags) {
    const { runTail } = await import('./commands/tail.ts')
    const hasColour = process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === ''
    return runTail(flags, { env: process.env, out: process.stdout, hasColour })
  },
  async show(files, flags) {
    const { runShow } = await import('./commands/show.ts')
    await keepHeapSmall()
    return runShow(files, flags, readingWorld)
  },
  async lint(files, flags) {
    const { runLint } = await import('./commands/lint.ts')
    await keepHeapSmall()
    return runLint(files, flags, readingWorld)
  },
  async stats(files, flags) {
    const { runStats } = await import('./commands/stats.ts')
    return runStats(files, flags, readingWorld)
  },
  async view(files, flags) {
    const { runView } = await import('./commands/view.ts')
    return runView(files, flags, viewWorld)
  },
  async auditVerify(files, flags) {
    const { runAuditVerify } = await import('./commands/audit-verify.ts')
    return runAuditVerify(files, flags, process.stdout)
  },
  async policyCheck(file) {
    const { runPolicyCheck } = await import('./commands/policy-check.ts')
    runPolicyCheck(file, process.stdout)
    return exitCodes.ok
  },
  async policyExplain(file, flags) {
    const { runPolicyExplain } = await import('./commands/policy-explain.ts')
    return runPolicyExplain(file, flags, { ...readingWorld, now: () => new Date() })
  },
  async policyTest(file, captures, flags) {
    const { runPolicyTest } = await import('./commands/policy-test.ts')
    return runPolicyTest(file, captures, flags, readingWorld)
  },
  async policyTable(file, flags) {
    const { runPolicyTable } = await import('./commands/policy-table.ts')
    return runPolicyTable(file, flags, process.stdout)
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

/** Records of a large capture are garbage at once, and findings keep what they know of every mailbox meanwhile. */
async function keepHeapSmall(): Promise<void> {
  const heap = await import('./view/small-heap.ts')
  heap.keepHeapSmall()
}

const proxyWorld: ProxyWorld<RunningProxy> = {
  env: process.env,
  err: process.stderr,
  isTerminal: process.stdin.isTTY && process.stdout.isTTY,
  async createProxy(config) {
    const app = await import('../app/create-proxy.ts')
    return app.createProxy({ ...config, control: config.control ?? { socket: undefined } })
  },
  openDashboard,
  onSignal: (signal, listener) => process.on(signal, listener),
  nameProcess,
  exit: (exitCode) => process.exit(exitCode),
}

/** Where there is a file for the name, `ps` shows the arguments as before. */
function nameProcess(name: string): void {
  try {
    writeFileSync('/proc/self/comm', name)
  } catch {
    process.title = name
  }
}

const readingWorld = { out: process.stdout, err: process.stderr, env: process.env }

const viewWorld: ViewWorld = {
  env: process.env,
  isTerminal: process.stdin.isTTY && process.stdout.isTTY,
  async read(files, flags) {
    const { readForView } = await import('./view/ready-capture.ts')
    return readForView(files, flags, { err: process.stderr })
  },
}

const attachWorld: AttachWorld = {
  env: process.env,
  isTerminal: process.stdin.isTTY && process.stdout.isTTY,
  async openDashboard(client, quit) {
    const { openAttachedDashboard } = await import('./control/attached-dashboard.ts')
    return openAttachedDashboard(client, quit)
  },
}

async function openDashboard(proxy: RunningProxy, config: Config, quit: () => void): Promise<Dashboard> {
  const dashboard = await import('./open-dashboard.ts')
  return dashboard.openDashboard(proxy, config, quit)
}
