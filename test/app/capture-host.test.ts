import { readdirSync, readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { keptFor, openCapture, type OpenCapture } from '../../src/app/capture-host.ts'
import { EventBus } from '../../src/app/event-bus.ts'
import { realFiles, type FileSystem } from '../../src/capture/file-system.ts'
import type { CaptureConfig } from '../../src/config/config.ts'
import type { ObservedEvent } from '../../src/findings/finding.ts'
import { createTempFolder } from '../support/temp-folder.ts'

let folder: Awaited<ReturnType<typeof createTempFolder>>
let bus: EventBus
const problems: string[] = []
beforeEach(async () => {
  folder = await createTempFolder('host')
  bus = new EventBus((error) => problems.push(String(error)))
  problems.length = 0
})
afterEach(() => folder.remove())

const config = (name: string): CaptureConfig => ({
  path: folder.join(name),
  secrets: false,
  bodies: false,
  maxSize: 1_000_000,
  maxAge: 86_400_000,
  quota: 10_000_000,
  compress: 'zstd',
})

const open = (files?: FileSystem): OpenCapture =>
  openCapture(config('a.ndjson'), {
    bus,
    onProblem: (problem) => problems.push(problem),
    ...(files && { files }),
  })

const warn = (reason: string): void =>
  bus.publish({ kind: 'warning', session: 'S1', at: 1, reason, advice: '' })

describe('a capture of a running proxy', () => {
  it('hears everything, messages too, until it is closed', async () => {
    const capture = open()
    expect(bus.interests.messages).toBe(true)
    warn('x')
    await capture.close()
    warn('y')
    expect(bus.interests.messages).toBe(false)
    const lines = readFileSync(capture.path, 'utf8').split('\n')
    expect(lines).toHaveLength(3)
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ imaptap: 'capture', version: 1, secrets: false })
    expect(process.listenerCount('exit')).toBeLessThan(5)
  })

  it('leaves nothing behind when the proxy does not start', async () => {
    await open().discard()
    expect(readdirSync(folder.path)).toEqual([])
    const used = open()
    warn('x')
    await used.discard()
    expect(readdirSync(folder.path)).toEqual(['a.ndjson'])
  })

  it('that ends early is told to the log and to the session whose record came last, and traffic goes on', async () => {
    let isFull = false
    const full = (): never => {
      throw Object.assign(new Error('no space left'), { code: 'ENOSPC' })
    }
    const files: FileSystem = {
      ...realFiles,
      writeNow: (...args) => (isFull ? full() : realFiles.writeNow(...args)),
      write: (...args) => (isFull ? full() : realFiles.write(...args)),
    }
    const capture = open(files)
    const heard: ObservedEvent[] = []
    bus.subscribe((event) => heard.push(event))
    isFull = true
    for (let count = 0; count < 100; count++) warn('x'.repeat(1_000))
    expect(problems).toEqual([
      `the capture ends here: ${capture.path}: the disk is full; make room, or set --capture-quota, and start again; the traffic goes on`,
    ])
    const told = heard.filter((event) => event.kind === 'warning' && event.advice !== '')
    expect(told).toMatchObject([{ session: 'S1', reason: expect.stringContaining('the disk is full') }])
    expect(heard).toHaveLength(101)
    await capture.close()
  })
})

it('keeps more of a message only where bodies are wanted', () => {
  expect(keptFor(undefined)).toBeUndefined()
  expect(keptFor(config('x'))).toBeUndefined()
  const kept = keptFor({ ...config('x'), bodies: true })
  expect(kept?.literalKept).toBe(16 * 1024 * 1024)
  expect(kept?.messageOctets).toBeGreaterThan(kept?.literalKept ?? 0)
})
