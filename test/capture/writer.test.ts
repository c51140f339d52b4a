import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { zstdCompressSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { realFiles, type FileSystem } from '../../src/capture/file-system.ts'
import { CaptureWriter, type CaptureOptions } from '../../src/capture/writer.ts'
import type { ObservedEvent } from '../../src/findings/finding.ts'
import { createTempFolder } from '../support/temp-folder.ts'
import { captureText, generous, makeWorld, playSession, readAll } from './support/captured.ts'

let folder: Awaited<ReturnType<typeof createTempFolder>>
beforeEach(async () => {
  folder = await createTempFolder('capture')
})
afterEach(() => folder.remove())

const modeOf = (path: string): number => statSync(path).mode & 0o777
const linesOf = (path: string): readonly string[] => readFileSync(path, 'utf8').split('\n').slice(0, -1)
const namesIn = (path: string): readonly string[] => readdirSync(path).toSorted()

const warn = (session: string, at: number, reason = 'x'): ObservedEvent => ({
  kind: 'warning',
  session,
  at,
  reason,
  advice: '',
})

/** Warnings of a thousand octets, one each millisecond. */
function write(writer: CaptureWriter, count: number): void {
  for (let at = 0; at < count; at++) writer.listen(warn('S1', at, `${at} `.padEnd(1_000, 'x')))
}

const reasonsOf = (events: readonly ObservedEvent[]): number[] =>
  events.flatMap((event) => (event.kind === 'warning' ? [Number.parseInt(event.reason, 10)] : []))

const upTo = (count: number): number[] => Array.from({ length: count }, (_, at) => at)

describe('a capture file', () => {
  it('holds a session that can be read again, and is for its owner alone whatever the umask says', async () => {
    const path = folder.join('a.ndjson')
    const before = process.umask(0)
    const writer = new CaptureWriter({ ...generous, path }, makeWorld())
    process.umask(before)
    const told: string[] = []
    playSession((event) => {
      told.push(event.kind)
      writer.listen(event)
    })
    await writer.close()
    expect(modeOf(path)).toBe(0o600)
    expect((await readAll([path])).map(({ kind }) => kind)).toEqual(told)
  })

  it('has every event once the process ends, even if nobody waits', () => {
    const path = folder.join('a.ndjson')
    const writer = new CaptureWriter({ ...generous, path }, makeWorld())
    write(writer, 500)
    writer.flush()
    expect(linesOf(path)).toHaveLength(501)
  })

  it('leaves findings out: whoever reads finds them again', async () => {
    const path = folder.join('a.ndjson')
    const writer = new CaptureWriter({ ...generous, path }, makeWorld())
    const finding = { id: 'S01', name: 'n', level: 'note', side: 'server', text: 't' } as const
    const rest = { reference: 'r', advice: 'a', evidence: [], exchange: undefined }
    writer.listen({ kind: 'finding', session: 'S1', at: 1, finding: { ...finding, ...rest } })
    await writer.close()
    expect(linesOf(path)).toHaveLength(1)
  })

  it('is added to, its torn end cut, and two runs are kept apart', async () => {
    const path = folder.join('a.ndjson')
    const text = captureText()
    writeFileSync(path, text.slice(0, -20), { mode: 0o644 })
    const writer = new CaptureWriter({ ...generous, path }, makeWorld([], { run: 'r2' }))
    writer.listen(warn('S1', 5))
    await writer.close()
    expect(modeOf(path)).toBe(0o600)
    const torn: unknown[] = []
    const events = await readAll([path], { onTorn: (tail) => torn.push(tail) })
    expect(torn).toEqual([])
    expect(events.at(-1)).toMatchObject({ kind: 'warning', session: 'S1@2' })
    expect(events.length).toBe(text.split('\n').length - 2 - 1 + 1)
  })

  it.each([
    ['a mail', 'From: ann\r\n\r\nhello\n'],
    ['another JSON', '{"a":1}\n'],
    ['octets without a line end', 'hello'],
  ])('is not begun over %s', (_, text) => {
    const path = folder.join('mail')
    writeFileSync(path, text)
    expect(() => new CaptureWriter({ ...generous, path }, makeWorld())).toThrow(/no capture of imaptap/u)
    expect(readFileSync(path, 'utf8')).toBe(text)
  })

  it.each([
    ['its folder does not exist', 'none/a.ndjson', /folder does not exist/u],
    ['it is a device', '/dev/null', /a file or a folder/u],
  ])('says at once that %s', (_, name, message) => {
    const path = name.startsWith('/') ? name : folder.join(name)
    expect(() => new CaptureWriter({ ...generous, path }, makeWorld())).toThrow(message)
  })

  it('says at once that its folder may not be written to', () => {
    const files: FileSystem = {
      ...realFiles,
      create() {
        throw Object.assign(new Error('permission denied'), { code: 'EACCES' })
      },
    }
    const path = folder.join('a.ndjson')
    const open = (): CaptureWriter => new CaptureWriter({ ...generous, path }, makeWorld([], { files }))
    expect(open).toThrow(/may not be written/u)
  })
})

it('the file of another user is not added to, who could read it', () => {
  const path = folder.join('a.ndjson')
  writeFileSync(path, captureText(), { mode: 0o640 })
  const owner = statSync(path).uid
  const somebody = vi.spyOn(process, 'geteuid').mockReturnValue(owner + 1)
  expect(() => new CaptureWriter({ ...generous, path }, makeWorld())).toThrow(/belongs to another user/u)
  somebody.mockRestore()
  expect(modeOf(path)).toBe(0o640)
})

describe('rotation', () => {
  const rotating = (more: Partial<CaptureOptions>): Omit<CaptureOptions, 'path'> => ({ ...generous, ...more })

  it.each(['none', 'zstd', 'gzip'] as const)('by size loses nothing, compressed by %s', async (compress) => {
    const path = folder.join('cap/')
    const writer = new CaptureWriter({ ...rotating({ maxSize: 50_000, compress }), path }, makeWorld())
    write(writer, 300)
    await writer.close()
    const names = namesIn(path)
    expect(names.length).toBeGreaterThan(5)
    const ending = { none: '.ndjson', zstd: '.ndjson.zst', gzip: '.ndjson.gz' }[compress]
    expect(names.slice(0, -1).every((name) => name.endsWith(ending))).toBe(true)
    expect(names.map((name) => modeOf(`${path}${name}`))).toEqual(names.map(() => 0o600))
    expect(reasonsOf(await readAll([path]))).toEqual(upTo(300))
  })

  it('by age begins a new file with the next event', async () => {
    const path = folder.join('a.ndjson')
    let now = 0
    const world = makeWorld([], { now: () => now })
    const writer = new CaptureWriter({ ...rotating({ maxAge: 60_000 }), path }, world)
    for (now of [0, 59_999, 60_000, 70_000]) writer.listen(warn('S1', now, String(now)))
    await writer.close()
    const [closed = '', current] = namesIn(folder.path)
    expect(closed).toMatch(/^a-20261121T0900\d{5}Z\.ndjson$/u)
    expect(current).toBe('a.ndjson')
    expect(linesOf(folder.join(closed))).toHaveLength(3)
    expect(reasonsOf(await readAll([folder.path]))).toEqual([0, 59_999, 60_000, 70_000])
  })

  it('in the middle of a session leaves each file readable alone', async () => {
    const path = folder.join('cap/')
    const writer = new CaptureWriter({ ...rotating({ maxSize: 700 }), path }, makeWorld())
    const told: string[] = []
    playSession((event) => {
      told.push(event.kind)
      writer.listen(event)
    })
    await writer.close()
    const files = namesIn(path).map((name) => `${path}${name}`)
    expect(files.length).toBeGreaterThan(3)
    expect((await readAll([path])).map(({ kind }) => kind)).toEqual(told)
    for (const file of files) expect((await readAll([file])).length).toBeGreaterThan(0)
    const exchanges = (await readAll([files.at(-1) ?? ''])).filter(
      ({ kind }) => kind === 'exchange-completed',
    )
    expect(exchanges.length).toBeLessThan(4)
  })

  it('keeps all files within the quota, the oldest going first', async () => {
    const path = folder.join('cap/')
    const options = rotating({ maxSize: 50_000, quota: 200_000 })
    const writer = new CaptureWriter({ ...options, path }, makeWorld())
    writeFileSync(`${path}notes.ndjson`, 'not ours')
    write(writer, 2_000)
    await writer.close()
    const names = namesIn(path).filter((name) => name !== 'notes.ndjson')
    expect(names.length).toBeLessThan(namesIn(path).length)
    const sum = names.reduce((total, name) => total + statSync(`${path}${name}`).size, 0)
    expect(sum).toBeLessThanOrEqual(200_000)
    expect(sum).toBeGreaterThan(100_000)
    const kept = reasonsOf(await readAll(names.map((name) => `${path}${name}`)))
    expect(kept).toEqual(upTo(2_000).slice(-kept.length))
  })

  it('brings nothing back that the quota has taken while it was compressed', async () => {
    const path = folder.join('cap/')
    const options = rotating({ maxSize: 50_000, quota: 100_000, compress: 'zstd' })
    let compressing = 0
    const files: FileSystem = {
      ...realFiles,
      async compress(...args) {
        compressing += 1
        await realFiles.compress(...args)
      },
    }
    const writer = new CaptureWriter({ ...options, path }, makeWorld([], { files }))
    write(writer, 1_000)
    await writer.close()
    const names = namesIn(path)
    expect(compressing).toBeGreaterThan(0)
    expect(names.filter((name) => name.endsWith('.tmp'))).toEqual([])
    const sum = names.reduce((total, name) => total + statSync(`${path}${name}`).size, 0)
    expect(sum).toBeLessThanOrEqual(100_000)
    const kept = reasonsOf(await readAll([path]))
    expect(kept).toEqual(upTo(1_000).slice(-kept.length))
  })

  it('removes no file of another capture beside it', async () => {
    const others = ['ab-20200101T000000000Z.ndjson', 'a-old.ndjson', 'a-20200101.ndjson', 'b.ndjson']
    for (const name of others) writeFileSync(folder.join(name), 'x'.repeat(100_000))
    const options = rotating({ maxSize: 10_000, quota: 20_000 })
    const writer = new CaptureWriter({ ...options, path: folder.join('a.ndjson') }, makeWorld())
    write(writer, 100)
    await writer.close()
    expect(namesIn(folder.path)).toEqual(expect.arrayContaining(others))
  })
})

describe('what a process that was killed has left', () => {
  it('half compressed is removed by the next, and read neither half nor twice', async () => {
    const part = 'a-20261121T080000000Z.ndjson'
    const text = captureText()
    writeFileSync(folder.join(part), text)
    writeFileSync(folder.join(`${part}.zst`), zstdCompressSync(text))
    writeFileSync(folder.join(`${part}.zst.tmp`), zstdCompressSync(text).subarray(0, 40))
    const writer = new CaptureWriter({ ...generous, path: folder.join('a.ndjson') }, makeWorld())
    await writer.close()
    expect(namesIn(folder.path)).toEqual([part, `${part}.zst`, 'a.ndjson'])
    expect(await readAll([folder.path])).toHaveLength(text.split('\n').length - 2)
  })
})

describe('a disk that fails', () => {
  const full = Object.assign(new Error('no space left'), { code: 'ENOSPC' })

  /** Real files that take so many octets and no more. */
  function makeSmallDisk(room: number): FileSystem {
    let left = room
    const take = (octets: Buffer): Buffer => {
      const taken = octets.subarray(0, left)
      left -= taken.length
      if (taken.length === 0) throw full
      return taken
    }
    return {
      ...realFiles,
      write(file, octets, position, done) {
        try {
          realFiles.write(file, take(octets), position, done)
        } catch {
          setImmediate(() => done(full, 0))
        }
      },
      writeNow: (file, octets, position) => realFiles.writeNow(file, take(octets), position),
    }
  }

  it.each([2_000, 20_500, 70_001])(
    'ends the capture with one clear error behind a whole line, room %d',
    async (room) => {
      const failures: string[] = []
      const path = folder.join('a.ndjson')
      const world = makeWorld(failures, { files: makeSmallDisk(room) })
      const writer = new CaptureWriter({ ...generous, path }, world)
      write(writer, 200)
      writer.flush()
      write(writer, 200)
      await writer.close()
      expect(failures).toEqual([
        `S1 ${path}: the disk is full | make room, or set --capture-quota, and start again`,
      ])
      const torn: unknown[] = []
      const kept = reasonsOf(await readAll([path], { onTorn: (tail) => torn.push(tail) }))
      expect(kept).toEqual(upTo(kept.length))
      expect(torn).toEqual([])
    },
  )

  it('is told at the start when nothing can be written', () => {
    const world = makeWorld([], { files: makeSmallDisk(10) })
    const path = folder.join('a.ndjson')
    expect(() => new CaptureWriter({ ...generous, path }, world)).toThrow(/the disk is full/u)
  })

  it('in the background is told as well', async () => {
    const failures: string[] = []
    const world = makeWorld(failures, { files: makeSmallDisk(100_000) })
    const writer = new CaptureWriter({ ...generous, path: folder.join('a.ndjson') }, world)
    for (let round = 0; round < 5; round++) {
      write(writer, 70)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    expect(failures).toHaveLength(1)
    await writer.close()
  })

  it('that fails while it syncs loses no more than that', async () => {
    const failures: string[] = []
    const files: FileSystem = {
      ...realFiles,
      sync: () => Promise.reject(Object.assign(new Error('input/output error'), { code: 'EIO' })),
    }
    const path = folder.join('a.ndjson')
    const writer = new CaptureWriter({ ...generous, path }, makeWorld(failures, { files }))
    write(writer, 10)
    await writer.close()
    expect(reasonsOf(await readAll([path]))).toEqual(upTo(10))
    expect(failures.join()).toContain('input/output error')
  })

  it('that never answers is waited for once the queue is full, and nothing is lost', () => {
    const path = folder.join('a.ndjson')
    const files: FileSystem = { ...realFiles, write: () => {} }
    const writer = new CaptureWriter({ ...generous, path }, makeWorld([], { files }))
    write(writer, 20_000)
    expect(statSync(path).size).toBeGreaterThan(8 * 1024 * 1024)
    writer.flush()
    expect(linesOf(path)).toHaveLength(20_001)
  })

  it('and another process at the same file is noticed', async () => {
    const failures: string[] = []
    const path = folder.join('a.ndjson')
    const writer = new CaptureWriter({ ...generous, path }, makeWorld(failures))
    writeFileSync(path, 'someone else\n', { flag: 'a' })
    write(writer, 100)
    await writer.close()
    expect(failures.join()).toContain('something else writes to the same file')
  })

  it('and what another process has written is neither overwritten nor cut when the first one ends', async () => {
    const failures: string[] = []
    const path = folder.join('a.ndjson')
    const writer = new CaptureWriter({ ...generous, path }, makeWorld(failures))
    const next = new CaptureWriter({ ...generous, path }, makeWorld([], { run: 'r2' }))
    next.flush()
    const before = `${readFileSync(path, 'utf8')}{"event":"half`
    writeFileSync(path, before)
    writer.listen(warn('S1', 1))
    writer.flush()
    await writer.close()
    expect(readFileSync(path, 'utf8')).toBe(before)
    expect(failures).toHaveLength(1)
    await next.close()
  })

  it('and a file that somebody removed is not written to as if it were there', async () => {
    const failures: string[] = []
    const path = folder.join('a.ndjson')
    const writer = new CaptureWriter({ ...generous, path }, makeWorld(failures))
    rmSync(path)
    write(writer, 1)
    await writer.close()
    expect(failures.join()).toContain('somebody has removed it')
  })
})

it('the file that is written to can be named', async () => {
  const writer = new CaptureWriter({ ...generous, path: folder.join('new/') }, makeWorld())
  expect(basename(writer.path)).toMatch(/^imaptap-\d{8}T\d{9}Z\.ndjson$/u)
  await writer.close()
})
