/** A dialogue whose events go the way they go in the proxy: through records and pino into JSON lines. */

import { readFile } from 'node:fs/promises'

import { formatForPeople } from '../../src/log/format.ts'
import { createLogger, type Logger } from '../../src/log/logger.ts'
import type { ProxyEvent } from '../../src/relay/event.ts'
import { Dialogue, type PlayOptions } from './play.ts'
import { createTempFolder } from './temp-folder.ts'

export class LoggedDialogue extends Dialogue {
  readonly #listen: (event: ProxyEvent) => void
  #told = 0

  constructor(listen: (event: ProxyEvent) => void, options: PlayOptions = {}) {
    super(options)
    this.#listen = listen
  }

  /** Tells each event at once: exchanges and views are live, and look different later. */
  override input(input: Parameters<Dialogue['input']>[0]): this {
    super.input(input)
    for (; this.#told < this.events.length; this.#told++) {
      const event = this.events[this.#told]
      if (event) this.#listen(event)
    }
    return this
  }
}

export interface WrittenLog {
  /** The lines as they stand in the file, without their line ends. */
  readonly lines: readonly string[]
  readonly records: readonly Readonly<Record<string, unknown>>[]
  /** The same lines for people, without colours. */
  readonly human: string
}

/** Everything that `tell` tells the logger, as it ended up in a file. */
export async function logOf(tell: (logger: Logger) => void): Promise<WrittenLog> {
  const folder = await createTempFolder('log')
  const file = folder.join('log.jsonl')
  const logger = createLogger({ file, level: 'debug', wire: true })
  tell(logger)
  await logger.close()
  const lines = (await readFile(file, 'utf8')).split('\n')
  await folder.remove()
  if (lines.pop() !== '') throw new Error('the log does not end in a line end')
  return {
    lines,
    records: lines.map((line): Record<string, unknown> => ({ ...JSON.parse(line) })),
    human: lines.map((line) => formatForPeople(line, false)).join(''),
  }
}

/** Every string within a value, however deep. */
export function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => [key, ...stringsOf(inner)])
}
