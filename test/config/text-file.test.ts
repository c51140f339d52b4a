/** What is no readable text file, said plainly. */

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { readTextFile } from '../../src/config/text-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'it-text-'))
afterAll(() => rmSync(folder, { recursive: true }))

function place(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

it('text is read, without its byte order mark', () => {
  expect(readTextFile(place('bom', '\u{feff}listen: ž'))).toEqual({ ok: true, value: 'listen: ž' })
})

it.each([
  ['noise', new Uint8Array([0x61, 0xff, 0x62]), 'is not UTF-8 text: is it the right file?'],
  ['nul', 'a\0b', 'is not UTF-8 text: is it the right file?'],
  ['utf16', new Uint8Array([0xff, 0xfe, 0x61, 0]), 'is UTF-16 text: save it as UTF-8'],
  ['huge', 'x'.repeat(65_537), 'is larger than 64 KiB: is it the right file?'],
])('%s is refused', (name, content, message) => {
  expect(readTextFile(place(name, content))).toEqual({ ok: false, message })
})

it('what is no file at all is refused', () => {
  mkdirSync(join(folder, 'sub'))
  symlinkSync('loop', join(folder, 'loop'))
  const messages = ['sub', 'nothing', 'bom/x', 'loop', 'x'.repeat(300)].map((name) => {
    const read = readTextFile(join(folder, name))
    return read.ok ? 'read' : read.message
  })
  expect(messages).toEqual([
    'is a folder, not a file',
    'no such file',
    'no such file: a part of the path is not a folder',
    'is a loop of links',
    'has too long a name',
  ])
})

it('a device that never ends does not feed us forever', () => {
  expect(readTextFile('/dev/zero')).toMatchObject({ ok: false })
})
