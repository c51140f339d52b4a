/** Gives the terminal back however the process ends; decides nothing about whether or when it ends. */

const SIGNALS = ['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGQUIT'] as const
type Signal = (typeof SIGNALS)[number]

/** What is needed of `process`; tests bring their own. */
export interface GuardHost {
  on(event: string, listener: () => void): unknown
  off(event: string, listener: () => void): unknown
  listenerCount(event: string): number
  kill(pid: number, signal: Signal): unknown
  readonly pid: number
}

/** Calls `restore` on exit, signals that end the process and uncaught errors. Returns what ends the guard. */
export function guardTerminal(restore: () => void, host: GuardHost = process): () => void {
  const listeners = SIGNALS.map((signal) => [signal, () => onSignal(signal)] as const)
  const stop = (): void => {
    for (const [signal, listener] of listeners) host.off(signal, listener)
    host.off('exit', restore)
    host.off('uncaughtExceptionMonitor', restore)
  }
  const onSignal = (signal: Signal): void => {
    const isAlone = host.listenerCount(signal) === 1
    // Whoever listens reads something again, and goes on. That a terminal hung up its streams tell, too.
    if (signal === 'SIGHUP' && !isAlone) return
    restore()
    // Nobody else listens, so the signal must still do what it does by default.
    if (!isAlone) return
    stop()
    host.kill(host.pid, signal)
  }
  for (const [signal, listener] of listeners) host.on(signal, listener)
  host.on('exit', restore)
  host.on('uncaughtExceptionMonitor', restore)
  return stop
}
