import { chmod, readFile, stat } from 'node:fs/promises'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import type { LogConfig } from '../../src/config/config.ts'
import { createLogger } from '../../src/log/logger.ts'
import type { ProxyEvent } from '../../src/relay/event.ts'
import { playLoggedIn } from '../support/play.ts'
import { createTempFolder, type TempFolder } from '../support/temp-folder.ts'

const warning = (reason: string): ProxyEvent => ({
  kind: 'warning',
  session: 'S1',
  at: 0,
  reason,
  advice: 'a',
})
const rewrite: ProxyEvent = { kind: 'rewritten', session: 'S1', at: 0, side: 'server', rule: 'r', note: 'n' }

let folder: TempFolder
beforeEach(async () => {
  folder = await createTempFolder('logger')
})
afterEach(() => folder.remove())

const config = (level: LogConfig['level'] = 'info'): LogConfig => ({
  file: folder.join('log'),
  level,
  wire: false,
})

async function records(): Promise<Record<string, unknown>[]> {
  const lines = (await readFile(folder.join('log'), 'utf8')).trimEnd().split('\n')
  return lines.filter(Boolean).map((line): Record<string, unknown> => ({ ...JSON.parse(line) }))
}

describe('the log', () => {
  it('is one JSON record per line, each with its level and the time at which it was told', async () => {
    const before = Date.now()
    const logger = createLogger(config())
    logger.listen(warning('one'))
    const after = Date.now()
    await new Promise((resolve) => setTimeout(resolve, 60))
    logger.listen(rewrite)
    await logger.close()
    const [first, second] = await records()
    expect(first).toMatchObject({ level: 'warn', event: 'warning', session: 'S1', reason: 'one' })
    expect(second).toMatchObject({ level: 'info', event: 'rewrite' })
    const time = Date.parse(String(first?.['time']))
    expect(time).toBeGreaterThanOrEqual(before)
    expect(time).toBeLessThanOrEqual(after)
  })

  it('holds every record when it is closed, in their order', async () => {
    const logger = createLogger(config())
    for (let at = 0; at < 3_000; at++) logger.listen(warning(`w${at}`))
    await logger.close()
    expect((await records()).map(({ reason }) => reason)).toEqual(
      Array.from({ length: 3_000 }, (_, at) => `w${at}`),
    )
  })

  it('is written while the sessions go on', async () => {
    const logger = createLogger(config())
    logger.listen(warning('soon'))
    await expect.poll(records, { timeout: 5_000 }).toHaveLength(1)
    await logger.close()
  })

  it('leaves out what is below its level', async () => {
    const logger = createLogger(config('warn'))
    logger.listen(rewrite)
    logger.listen(warning('kept'))
    logger.fault(new Error('kept too'))
    await logger.close()
    expect((await records()).map(({ level }) => level)).toEqual(['warn', 'error'])
  })

  it('has the wire as one record per line', async () => {
    const logger = createLogger(config())
    for (const event of playLoggedIn({ messages: true }).client('a NOOP').server('a OK').of('message'))
      logger.listen(event)
    await logger.close()
    expect((await records()).map(({ line }) => line)).toEqual(['a NOOP', 'a OK'])
  })

  it('is appended to, and nobody else may read it', async () => {
    for (const reason of ['one', 'two']) {
      const logger = createLogger(config())
      logger.listen(warning(reason))
      await logger.close()
    }
    expect((await records()).map(({ reason }) => reason)).toEqual(['one', 'two'])
    expect((await stat(folder.join('log'))).mode & 0o777).toBe(0o600)
  })

  it('that cannot be written is known at once', async () => {
    await chmod(folder.path, 0o755)
    expect(() => createLogger({ ...config(), file: folder.join('missing', 'log') })).toThrow(/ENOENT/)
  })

  it('is nothing when it is silent', async () => {
    const logger = createLogger(config('silent'))
    logger.listen(warning('unheard'))
    logger.fault(new Error('unheard'))
    await logger.close()
    await expect(stat(folder.join('log'))).rejects.toThrow(/ENOENT/)
  })
})
