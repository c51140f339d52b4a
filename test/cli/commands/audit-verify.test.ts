/** imaptap audit verify as a person runs it: files in, words and an exit code out. */

import { readFileSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { runAuditVerify } from '../../../src/cli/commands/audit-verify.ts'
import { recordsIn, writeAudit } from '../../audit/support/audits.ts'
import { createTempFolder, type TempFolder } from '../../support/temp-folder.ts'

let folder: TempFolder
let last: string
beforeAll(async () => {
  folder = await createTempFolder('words')
  await writeAudit(folder.join('a'), 3)
  last = String(recordsIn(folder.join('a')).at(-1)?.['hash'])
})
afterAll(() => folder.remove())

async function verify(
  name: string,
  flags: { expect?: string; json?: boolean } = {},
): Promise<[string, number]> {
  let text = ''
  const out = { write: (more: string) => (text += more) !== '' }
  const code = await runAuditVerify([folder.join(name)], flags, out)
  return [text.replaceAll(`${folder.path}/`, ''), code]
}

describe('audit verify', () => {
  it('says of a sound file what it holds, and what it cannot know', async () => {
    const [text, code] = await verify('a')
    expect(code).toBe(0)
    expect(text).toContain('a: records 1 to 6, 2026-11-21T')
    expect(text).toContain('records: 6 (header 1, start 1, decision 3, decision allow 3, stop 1)')
    expect(text).toContain(`last:    record 6, hash ${last}`)
    expect(text).toContain('The chain is sound as far as it goes')
    expect(text).toContain('Records removed from its end leave no trace in it')
  })

  it('says the first line that is wrong, and fails', async () => {
    writeFileSync(folder.join('altered'), readFileSync(folder.join('a'), 'utf8').replace('"n":1', '"n":7'))
    const [text, code] = await verify('altered')
    expect(code).toBe(1)
    expect(text).toContain('altered:4: altered: record 4 was altered, or put here by hand')
    expect(text).toContain('records 1 to 3')
    expect(text).toMatch(/The chain is NOT sound\.\n$/u)
  })

  it('wants files, and no folder', async () => {
    await expect(verify('')).rejects.toThrow(`${folder.path} is a folder`)
  })

  it('finds a noted hash, given as it is or in a file with what was printed', async () => {
    const [printed] = await verify('a')
    writeFileSync(folder.join('noted'), printed)
    for (const expected of [last, last.toUpperCase(), folder.join('noted')]) {
      const [text, code] = await verify('a', { expect: expected })
      expect(text).toContain('noted:   record 6 is there, and 0 follow it')
      expect(code).toBe(0)
    }
    const [text, code] = await verify('a', { expect: '0'.repeat(64) })
    expect(text).toContain('unexpected: the record whose hash was noted is not there')
    expect(code).toBe(1)
    await expect(verify('a', { expect: folder.join('a-none') })).rejects.toThrow(
      /is no hash, and holds none/u,
    )
  })

  it('reads what logrotate has compressed', async () => {
    writeFileSync(folder.join('a.gz'), gzipSync(readFileSync(folder.join('a'))))
    expect((await verify('a.gz'))[1]).toBe(0)
  })

  it('says it as JSON', async () => {
    const [text] = await verify('a', { json: true })
    expect(JSON.parse(text)).toMatchObject({
      isSound: true,
      records: 6,
      last: { seq: 6, hash: last },
      problems: [],
    })
  })

  it('moves no cursor, whatever a file is called', async () => {
    writeFileSync(folder.join('\x1b[2J'), 'x\n')
    expect((await verify('\x1b[2J'))[0]).not.toContain('\x1b')
  })

  it('says that there is no such file', async () => {
    await expect(verify('none')).rejects.toThrow(/there is no such file/u)
  })
})
