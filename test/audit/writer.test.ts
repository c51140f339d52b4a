import {
  chmodSync,
  closeSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { realFiles, type AuditFiles } from '../../src/audit/audit-files.ts'
import { openAuditWriter } from '../../src/audit/open-writer.ts'
import type { AuditWriter, WriterWorld } from '../../src/audit/writer.ts'
import { createTempFolder, type TempFolder } from '../support/temp-folder.ts'
import {
  kindsIn,
  makeMoody,
  makeWorld,
  numbered,
  numbersIn,
  recordsIn,
  verifyFiles,
  waitUntil,
  write,
  writeAudit,
  type Mood,
} from './support/audits.ts'

let folder: TempFolder
let path: string
let problems: string[]
const opened: AuditWriter[] = []
beforeEach(async () => {
  folder = await createTempFolder('audit')
  path = folder.join('audit.ndjson')
  problems = []
})
afterEach(async () => {
  for (const writer of opened.splice(0)) await writer.close()
  await folder.remove()
})

async function open(more: Partial<WriterWorld> = {}): Promise<AuditWriter> {
  const writer = await openAuditWriter(path, makeWorld(problems, more))
  opened.push(writer)
  return writer
}

const soundOf = async (...paths: string[]): Promise<readonly string[]> =>
  (await verifyFiles(paths)).problems.map(({ where, text }) => `${where} ${text}`)

describe('an audit file', () => {
  it('has every record that was acknowledged, and is for its owner alone whatever the umask says', async () => {
    const before = process.umask(0)
    const writer = await open()
    process.umask(before)
    expect(await Promise.all([1, 2, 3].map((n) => write(writer, n)))).toEqual([true, true, true])
    expect(numbersIn(path)).toEqual([1, 2, 3])
    expect(statSync(path).mode & 0o777).toBe(0o600)
    await writer.close()
    expect(kindsIn(path)).toEqual(['header', 'start', 'decision', 'decision', 'decision', 'stop'])
    expect(await soundOf(path)).toEqual([])
    expect(existsSync(`${path}.lock`)).toBe(false)
  })

  it('gets the records of a turn with one write, and those that come meanwhile with the next', async () => {
    const calls: string[] = []
    const files = {
      ...realFiles,
      append(file: number, octets: Buffer) {
        calls.push(`write ${octets.toString().split('\n').length - 1}`)
        return realFiles.append(file, octets)
      },
      sync(file: number) {
        calls.push('sync')
        return realFiles.sync(file)
      },
    }
    const writer = await open({ files })
    calls.length = 0
    const all: Promise<boolean>[] = []
    for (let n = 0; n < 50; n++) all.push(write(writer, n))
    // When the first is on the disk, the second batch has waited for it.
    all.push(write(writer, 50).then(() => write(writer, 51)))
    expect(await Promise.all(all)).toEqual(Array.from({ length: 51 }, () => true))
    expect(calls).toEqual(['write 51', 'sync', 'write 1', 'sync'])
  })

  it('never answers within the call', async () => {
    const writer = await open()
    let answered = 0
    writer.add(numbered(1), () => (answered += 1))
    expect(answered).toBe(0)
    await waitUntil(() => answered === 1)
    await writer.close()
    writer.add(numbered(2), (isDurable) => (answered += isDurable ? 100 : 1))
    expect(answered).toBe(1)
    await waitUntil(() => answered === 2)
  })

  it('goes on with its chain at the next start', async () => {
    await writeAudit(path, 2)
    chmodSync(path, 0o644)
    const writer = await open()
    await write(writer, 7)
    await writer.close()
    const run = ['start', 'decision', 'decision', 'stop']
    expect(kindsIn(path)).toEqual(['header', ...run, 'start', 'decision', 'stop'])
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(await soundOf(path)).toEqual([])
  })

  it('of a process that died while it wrote loses the torn record alone, wherever it was cut, and says so', async () => {
    await writeAudit(path, 2)
    const whole = readFileSync(path)
    const start = whole.lastIndexOf('\n', whole.length - 2) + 1
    for (let at = start; at < whole.length; at += 9) {
      writeFileSync(path, whole.subarray(0, at))
      const writer = await openAuditWriter(path, makeWorld())
      await writer.close()
      const told = at > start ? ['recovered'] : []
      expect(kindsIn(path).slice(4)).toEqual([...told, 'start', 'stop'])
      if (at > start) expect(recordsIn(path)[4]).toMatchObject({ octets: at - start, records: 0 })
      expect(await soundOf(path)).toEqual([])
    }
  })

  it('of which not even the first record is whole begins anew', async () => {
    await writeAudit(path, 0)
    truncateSync(path, 40)
    const writer = await open()
    await writer.close()
    expect(kindsIn(path)).toEqual(['header', 'recovered', 'start', 'stop'])
  })

  it('may be there already, and empty', async () => {
    writeFileSync(path, '')
    await (await open()).close()
    expect(kindsIn(path)).toEqual(['header', 'start', 'stop'])
  })
})

describe('it is not begun', () => {
  it.each([
    ['a mail', 'From: ann\r\n\r\nhello\n', /no audit record/u],
    ['octets without a line end', 'hello', /not the beginning of a record/u],
    ['another JSON', '{"seq":1,"time":1}\n', /no audit record/u],
  ])('over %s', async (_, text, message) => {
    writeFileSync(path, text)
    await expect(open()).rejects.toThrow(message)
    expect(readFileSync(path, 'utf8')).toBe(text)
    expect(existsSync(`${path}.lock`)).toBe(false)
  })

  it('behind a broken chain, whose file stays as it is', async () => {
    await writeAudit(path, 5)
    const text = readFileSync(path, 'utf8').replace('"n":3', '"n":4')
    writeFileSync(path, text)
    await expect(open()).rejects.toThrow(/the chain is broken at line 6: record 6 was altered/u)
    expect(readFileSync(path, 'utf8')).toBe(text)
  })

  it('behind whole lines with something foreign behind them', async () => {
    await writeAudit(path, 1)
    writeFileSync(path, 'hello', { flag: 'a' })
    const before = readFileSync(path)
    await expect(open()).rejects.toThrow(/not the beginning of a record/u)
    expect(readFileSync(path)).toEqual(before)
  })

  it('through a symbolic link', async () => {
    writeFileSync(folder.join('elsewhere'), '')
    symlinkSync(folder.join('elsewhere'), path)
    await expect(open()).rejects.toThrow(/symbolic link/u)
    expect(readFileSync(folder.join('elsewhere'), 'utf8')).toBe('')
  })

  it('in a folder, in no folder, and where its lock would have too long a name', async () => {
    mkdirSync(path)
    await expect(open()).rejects.toThrow(/it is a folder/u)
    path = folder.join('none/audit.ndjson')
    await expect(open()).rejects.toThrow(/folder does not exist/u)
    path = folder.join('x'.repeat(120))
    await expect(open()).rejects.toThrow(/too long/u)
  })

  it('in the file of another user', async () => {
    writeFileSync(path, '')
    const somebody = vi.spyOn(process, 'geteuid').mockReturnValue(statSync(path).uid + 1)
    await expect(open()).rejects.toThrow(/belongs to another user/u)
    somebody.mockRestore()
  })

  it('on a full disk', async () => {
    const files = makeMoody({ room: 100, failsSync: false })
    await expect(open({ files })).rejects.toThrow(/the disk is full/u)
  })
})

describe('a second writer', () => {
  it('is refused, also under another name of the folder, until the first closes', async () => {
    const first = await open()
    symlinkSync(folder.path, folder.join('alias'))
    await expect(openAuditWriter(path, makeWorld())).rejects.toThrow(/another imaptap writes/u)
    await expect(openAuditWriter(folder.join('alias/audit.ndjson'), makeWorld())).rejects.toThrow(
      /another imaptap writes/u,
    )
    expect(await write(first, 1)).toBe(true)
    await first.close()
    expect(await write(await open(), 2)).toBe(true)
  })

  it('does not replace a file that only has the name of a lock', async () => {
    writeFileSync(`${path}.lock`, 'mine')
    await expect(open()).rejects.toThrow(/no lock of imaptap/u)
    expect(readFileSync(`${path}.lock`, 'utf8')).toBe('mine')
  })

  it('of several that start at once behind a dead lock is refused', async () => {
    const dead = createServer()
    dead.listen(folder.join('dead'))
    await new Promise((resolve) => dead.once('listening', resolve))
    linkSync(folder.join('dead'), `${path}.lock`)
    dead.close()
    const all = await Promise.allSettled(
      Array.from({ length: 5 }, () => openAuditWriter(path, makeWorld(problems))),
    )
    const started = all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    opened.push(...started)
    expect(started).toHaveLength(1)
  })

  it('that writes all the same is noticed, and nothing is acknowledged behind it', async () => {
    const writer = await open()
    await write(writer, 1)
    writeFileSync(path, 'hello\n', { flag: 'a' })
    expect(await write(writer, 2)).toBe(false)
    expect(problems).toEqual([expect.stringContaining('something else writes to it')])
    expect(readFileSync(path, 'utf8')).toMatch(/hello\n$/u)
  })

  it('that writes within a write is noticed before it is acknowledged', async () => {
    const files = {
      ...realFiles,
      async sync(file: number) {
        await realFiles.sync(file)
        if (numbersIn(path).length > 0) writeFileSync(path, 'hello\n', { flag: 'a' })
      },
    }
    const writer = await open({ files })
    expect(await write(writer, 1)).toBe(false)
    await waitUntil(() => problems.length > 0)
    expect(writer.isFailing).toBe(true)
  })
})

describe('a disk that does not take it', () => {
  let mood: Mood
  beforeEach(() => {
    mood = { room: Infinity, failsSync: false }
  })
  const openMoody = (): Promise<AuditWriter> => open({ files: makeMoody(mood) })

  it.each([0, 1, 100, 300, 500])(
    'when it is full behind %i octets: nothing more is acknowledged',
    async (room) => {
      const writer = await openMoody()
      await write(writer, 1)
      mood.room = room
      const answers = await Promise.all([2, 3, 4].map((n) => write(writer, n, 100)))
      expect(answers).toEqual([false, false, false])
      expect(await write(writer, 5)).toBe(false)
      expect(problems).toEqual([expect.stringContaining('the disk is full')])
      mood.room = Infinity
      await waitUntil(() => !writer.isFailing)
      expect(await write(writer, 6)).toBe(true)
      expect(numbersIn(path)).toEqual([1, 6])
      const recovered = recordsIn(path).find(({ kind }) => kind === 'recovered')
      expect(recovered).toMatchObject({ octets: room, records: 4, reason: expect.stringContaining('full') })
      expect(await soundOf(path)).toEqual([])
      expect(problems).toEqual([
        expect.anything(),
        expect.stringContaining('written again; records that could not be kept: 4'),
      ])
    },
  )

  it('is told of once for each reason, however often it is tried', async () => {
    const writer = await openMoody()
    mood.room = 10
    await write(writer, 1)
    await new Promise((resolve) => setTimeout(resolve, 100))
    mood.room = Infinity
    mood.failsSync = true
    await waitUntil(() => problems.length === 2)
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(problems).toEqual([expect.stringContaining('full'), expect.stringContaining('reports an error')])
    mood.failsSync = false
    await waitUntil(() => !writer.isFailing)
    expect(await soundOf(path)).toEqual([])
  })

  it('when fsync fails: what is shown of it is cut, and written anew, before anything is acknowledged', async () => {
    const writer = await openMoody()
    await write(writer, 1)
    mood.failsSync = true
    expect(await write(writer, 2)).toBe(false)
    mood.failsSync = false
    await waitUntil(() => !writer.isFailing)
    expect(await write(writer, 3)).toBe(true)
    expect(numbersIn(path)).toEqual([1, 3])
    expect(await soundOf(path)).toEqual([])
  })

  it('when fsync fails, and then shows other octets than were acknowledged: it stays refused', async () => {
    const writer = await openMoody()
    await write(writer, 1)
    mood.failsSync = true
    await write(writer, 2)
    const text = readFileSync(path, 'utf8')
    writeFileSync(path, text.replace('"n":1', '"n":9'))
    mood.failsSync = false
    await waitUntil(() => problems.length === 2)
    expect(problems[1]).toContain('does not hold what was written any more')
    expect(await write(writer, 3)).toBe(false)
  })

  it('as the real /dev/full says it', async () => {
    let isFull = false
    const full = openSync('/dev/full', 'w')
    const writer = await open({
      files: { ...realFiles, append: (file, octets) => realFiles.append(isFull ? full : file, octets) },
    })
    isFull = true
    expect(await write(writer, 1)).toBe(false)
    expect(problems).toEqual([expect.stringContaining('the disk is full')])
    isFull = false
    await waitUntil(() => !writer.isFailing)
    expect(await write(writer, 2)).toBe(true)
    closeSync(full)
  })

  it('fast enough makes records wait, but not without a bound; what was lost is told', async () => {
    const held = Promise.withResolvers<void>()
    let isSlow = false
    const files = {
      ...realFiles,
      async sync(file: number) {
        if (isSlow) await held.promise
        await realFiles.sync(file)
      },
    }
    const writer = await open({ files })
    isSlow = true
    const first = write(writer, 0)
    await new Promise((resolve) => setTimeout(resolve, 20))
    const many = Array.from({ length: 100 }, (_, n) => write(writer, n + 1, 100_000))
    held.resolve()
    const answers = await Promise.all([first, ...many])
    const kept = answers.filter(Boolean).length
    expect(kept).toBeGreaterThan(50)
    expect(kept).toBeLessThan(100)
    await write(writer, 200)
    const lost = recordsIn(path).find(({ kind }) => kind === 'lost')
    expect(lost).toMatchObject({ records: 101 - kept, reason: 'more comes than the disk takes' })
    expect(await soundOf(path)).toEqual([])
  })

  it('when it is closed meanwhile: it is closed', async () => {
    const writer = await openMoody()
    mood.room = 0
    await write(writer, 1)
    await writer.close()
    expect(kindsIn(path)).toEqual(['header', 'start'])
  })
})

describe('rotation', () => {
  it('by renaming and reopening loses nothing, and the chain goes on', async () => {
    const writer = await open()
    const all: Promise<boolean>[] = []
    for (let n = 0; n < 30; n++) {
      all.push(write(writer, n))
      if (n % 10 !== 9) continue
      renameSync(path, `${path}.${n}`)
      // Records are on their way while the file changes.
      await writer.reopen()
    }
    expect((await Promise.all(all)).every(Boolean)).toBe(true)
    await writer.close()
    const files = [`${path}.9`, `${path}.19`, `${path}.29`, path]
    expect(files.flatMap(numbersIn)).toEqual(Array.from({ length: 30 }, (_, n) => n))
    expect(recordsIn(path)[0]).toMatchObject({ kind: 'header', imaptap: 'audit', version: 1 })
    expect(await soundOf(...files)).toEqual([])
    expect(problems).toEqual([])
  })

  it('takes the empty file that logrotate has made, and leaves one that is not empty alone', async () => {
    const writer = await open()
    renameSync(path, `${path}.1`)
    writeFileSync(path, 'From: ann\n')
    await writer.reopen()
    expect(problems).toEqual([expect.stringContaining('another file lies in its place')])
    expect(await write(writer, 1)).toBe(true)
    expect(readFileSync(path, 'utf8')).toBe('From: ann\n')
    writeFileSync(path, '')
    await writer.reopen()
    expect(await write(writer, 2)).toBe(true)
    expect([numbersIn(`${path}.1`), numbersIn(path)]).toEqual([[1], [2]])
  })

  it('where nobody may look goes on in the old file', async () => {
    let isHidden = false
    const files: AuditFiles = {
      ...realFiles,
      factsAt(place) {
        if (isHidden) throw Object.assign(new Error('EACCES'), { code: 'EACCES' })
        return realFiles.factsAt(place)
      },
    }
    const writer = await open({ files })
    isHidden = true
    await writer.reopen()
    expect(problems).toEqual([expect.stringContaining('goes on in the file that it was in')])
    expect(await write(writer, 1)).toBe(true)
  })

  it('without a rename changes nothing', async () => {
    const writer = await open()
    await writer.reopen()
    await write(writer, 1)
    expect(kindsIn(path)).toEqual(['header', 'start', 'decision'])
  })

  it.each([
    ['removed', () => unlinkSync(path), 'somebody has removed it'],
    ['cut short', () => truncateSync(path, 0), 'somebody has cut it short'],
  ])('a file that was %s stops everything, until SIGHUP begins another', async (_, act, reason) => {
    const writer = await open()
    await write(writer, 1)
    act()
    expect(await write(writer, 2)).toBe(false)
    expect(problems).toEqual([expect.stringContaining(reason)])
    await writer.reopen()
    expect(await write(writer, 3)).toBe(true)
    expect(kindsIn(path)).toEqual(['header', 'recovered', 'decision'])
    expect((await verifyFiles([path])).notes[0]).toContain('begins with record 4')
    expect(await soundOf(path)).toEqual([])
  })

  it('of a broken file leaves its torn end behind, cut', async () => {
    const mood = { room: Infinity, failsSync: false }
    const writer = await open({ files: makeMoody(mood), patience: { first: 60_000, most: 60_000 } })
    await write(writer, 1)
    mood.room = 50
    await write(writer, 2)
    mood.room = Infinity
    renameSync(path, `${path}.1`)
    await writer.reopen()
    expect(await write(writer, 3)).toBe(true)
    expect(await soundOf(`${path}.1`, path)).toEqual([])
  })

  it('to a disk that is full goes on in the old file, and succeeds later', async () => {
    const mood = { room: Infinity, failsSync: false }
    const writer = await open({ files: makeMoody(mood) })
    renameSync(path, `${path}.1`)
    mood.room = 30
    await writer.reopen()
    expect(problems).toEqual([expect.stringContaining('goes on in the file that it was in')])
    mood.room = Infinity
    expect(await write(writer, 1)).toBe(true)
    await writer.reopen()
    expect(await write(writer, 2)).toBe(true)
    expect([numbersIn(`${path}.1`), numbersIn(path)]).toEqual([[1], [2]])
    expect(await soundOf(`${path}.1`, path)).toEqual([])
  })
})
