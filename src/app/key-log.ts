/** The file of TLS secrets of both legs, for Wireshark; it does not know what they open. */

import { appendFileSync, closeSync, openSync } from 'node:fs'

import type { Config } from '../config/config.ts'
import type { Logger } from '../log/logger.ts'

export interface KeyLog {
  readonly write: (line: Buffer) => void
  readonly close: () => void
}

/** The NSS key log: whoever has it can read the recorded traffic, so it is for its owner alone. */
export function openKeyLog({ tls }: Config, logger: Logger): KeyLog | undefined {
  const path = tls.keyLog ?? process.env['SSLKEYLOGFILE']
  if (path === undefined || path === '') return undefined
  const file = openSync(path, 'a', 0o600)
  let isOpen = true
  const close = (): void => {
    if (isOpen) closeSync(file)
    isOpen = false
  }
  const write = (line: Buffer): void => {
    if (!isOpen) return
    try {
      appendFileSync(file, line)
    } catch (error) {
      // A full disk costs the keys, and no session.
      logger.fault(error)
      close()
    }
  }
  return { write, close }
}
