/** Opens a capture for a running proxy, and tells log and listeners when it ends early; it does not know the format. */

import { randomBytes } from 'node:crypto'

import type { CaptureFault } from '../capture/capture-fault.ts'
import type { FileSystem } from '../capture/file-system.ts'
import { CaptureWriter } from '../capture/writer.ts'
import type { CaptureConfig } from '../config/config.ts'
import type { Kept } from '../imap/assembler.ts'
import { limits } from '../imap/limits.ts'
import type { EventBus } from './event-bus.ts'

export interface CaptureHost {
  readonly bus: EventBus
  /** For the log. */
  readonly onProblem: (problem: string) => void
  /** The real ones when undefined. */
  readonly files?: FileSystem
}

/** Octets of one body that are kept with `--capture-bodies`; a larger one is known by size and hash. */
const bodyKept = 16 * 1024 * 1024

/** What sessions keep of a message for a capture; undefined where that is what readers need anyway. */
export const keptFor = (config: CaptureConfig | undefined): Kept | undefined =>
  config?.bodies === true
    ? { literalKept: bodyKept, messageOctets: bodyKept + limits.messageOctets }
    : undefined

/** Throws CaptureFault when it cannot be begun. */
export function openCapture(config: CaptureConfig, { bus, onProblem, files }: CaptureHost): OpenCapture {
  const { path, maxSize, maxAge, quota, compress, secrets, bodies } = config
  const onFailure = (fault: CaptureFault, session: string): void => {
    onProblem(`the capture ends here: ${fault.message}; ${fault.advice}; the traffic goes on`)
    if (session === '') return
    const reason = `the capture ends here: ${fault.message}`
    bus.publish({ kind: 'warning', session, at: performance.now(), reason, advice: fault.advice })
  }
  const writer = new CaptureWriter(
    { path, maxSize, maxAge, quota, compress, keeping: { secrets, bodies } },
    {
      run: randomBytes(4).toString('hex'),
      writer: 'imaptap',
      now: () => performance.now(),
      wallNow: () => Date.now(),
      onFailure,
      ...(files && { files }),
    },
  )
  return new OpenCapture(writer, bus)
}

export class OpenCapture {
  readonly #writer: CaptureWriter
  readonly #unsubscribe: () => void
  /** A process that is ended at once writes what waits. */
  readonly #onExit = (): void => this.#writer.flush()

  constructor(writer: CaptureWriter, bus: EventBus) {
    this.#writer = writer
    this.#unsubscribe = bus.subscribe(writer.listen, { messages: true })
    process.on('exit', this.#onExit)
  }

  /** The file that is written to. */
  get path(): string {
    return this.#writer.path
  }

  async close(): Promise<void> {
    this.#unsubscribe()
    process.off('exit', this.#onExit)
    await this.#writer.close()
  }

  /** The proxy did not start: a file without a record is of no use. */
  async discard(): Promise<void> {
    this.#writer.discard()
    await this.close()
  }
}
