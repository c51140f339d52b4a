/** Plays all devices of the demo at once against one server or proxy, once or until told to stop; judges only answers. */

import { setTimeout as sleep } from 'node:timers/promises'
import { DeviceStopped, type Stage } from './client/device.ts'
import { playBackup, playDesk, playGuesser, playPhone, playRush, type Script } from './client/scripts.ts'
import { Tally, type TallySummary } from './client/tally.ts'
import { Random } from './random.ts'

export interface ScriptOptions {
  readonly host: string
  /** Where TLS begins with the first octet. */
  readonly tlsPort: number
  /** Where STARTTLS is offered. */
  readonly startTlsPort: number
  /** PEM of the authority to trust. */
  readonly ca: string
  /** The name that the certificates must carry. */
  readonly name: string
  /** One round without pauses; otherwise until `signal`. */
  readonly once: boolean
  readonly seed?: number
  readonly signal?: AbortSignal
}

/** With the seconds that a device rests between two of its sessions. */
const cast: readonly (readonly [script: Script, restSeconds: number])[] = [
  [playDesk, 3],
  [playPhone, 4],
  [playBackup, 8],
  [playGuesser, 20],
  [playRush, 6],
]

/** Resolves when every device has played its round, or after `signal`; never throws for what a server does. */
export async function playScript(options: ScriptOptions): Promise<TallySummary> {
  const tally = new Tally()
  const { seed = 1, signal = new AbortController().signal } = options
  await Promise.all(
    cast.map(async ([script, restSeconds], index) => {
      const stage = setStage(options, { tally, signal, random: new Random(seed * 100 + index) })
      await playOnce(script, stage)
      while (!stage.isOnce && !signal.aborted) {
        await rest(restSeconds * 1000, signal)
        await playOnce(script, stage)
      }
    }),
  )
  return tally.summary()
}

function setStage(options: ScriptOptions, own: Pick<Stage, 'tally' | 'signal' | 'random'>): Stage {
  const { host, ca, name } = options
  return {
    tls: { host, port: options.tlsPort, security: 'tls', ca, name },
    startTls: { host, port: options.startTlsPort, security: 'starttls', ca, name },
    isOnce: options.once,
    ...own,
  }
}

async function playOnce(script: Script, stage: Stage): Promise<void> {
  if (stage.signal.aborted) return
  try {
    await script(stage)
  } catch (error) {
    if (stage.signal.aborted || error instanceof DeviceStopped) return
    const reason = error instanceof Error ? error.message : 'something else was thrown'
    stage.tally.noteUnexpected(`A session ended early: ${reason}`)
  }
}

async function rest(milliseconds: number, signal: AbortSignal): Promise<void> {
  // Being told to stop is no failure of a rest.
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined)
}
