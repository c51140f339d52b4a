import { describe, expect, test } from 'vitest'
import { readMessage, strict, type Cursor } from '../../src/imap/cursor.ts'
import {
  readPart,
  readPartial,
  readSection,
  writePart,
  writePartial,
  writeSection,
} from '../../src/imap/section.ts'
import { Writer } from '../../src/imap/writer.ts'
import { client, textOf } from './support/wire.ts'

const whole =
  <T>(read: (cursor: Cursor) => T) =>
  (cursor: Cursor): T => {
    const value = read(cursor)
    cursor.readEnd()
    return value
  }
const written = (write: (writer: Writer) => void): string => {
  const writer = new Writer('non-synchronizing')
  write(writer)
  return textOf(writer.finish()).trimEnd()
}

test.each(['[]', '[1.2]', '[HEADER]', '[1.MIME]', '[1.2.TEXT]', '[HEADER.FIELDS (DATE TO)]'])(
  '%j is the grammar, and is written as it was read',
  (line) => {
    const section = readMessage(client(line), whole(readSection), strict)
    if (!section.ok) throw new Error(section.fault.rule)
    expect(written((writer) => writeSection(writer, section.value))).toBe(line)
  },
)

describe('what is seen beside it', () => {
  test.each([
    ['[MIME]', 'odd-section', { part: [], text: 'MIME' }],
    ['[0]', 'odd-section', { part: [0], text: 'whole' }],
    ['[1.]', 'odd-section', { part: [1], text: 'whole' }],
    ['[1TEXT]', 'odd-section', { part: [1], text: 'TEXT' }],
    ['[LAST]', 'odd-section', { part: [], text: 'unknown', word: 'LAST' }],
    ['[ TEXT]', 'extra-space', { part: [], text: 'TEXT' }],
    ['[HEADER.FIELDS(DATE)]', 'missing-space', { text: 'HEADER.FIELDS', fields: ['DATE'] }],
    ['[HEADER.FIELDS ()]', 'empty-list', { text: 'HEADER.FIELDS', fields: [] }],
  ])('%j', (line, rule, section) => {
    expect(readMessage(client(line), whole(readSection))).toMatchObject({
      ok: true,
      value: section,
      quirks: [{ rule }],
    })
    expect(readMessage(client(line), whole(readSection), strict)).toMatchObject({ fault: { rule } })
  })
})

test('a part number of a binary section', () => {
  expect(readMessage(client('[1.2]'), whole(readPart), strict)).toMatchObject({ value: [1, 2] })
  expect(readMessage(client('[1.]'), whole(readPart), strict)).toMatchObject({ ok: false })
  expect(written((writer) => writePart(writer, [1, 2]))).toBe('[1.2]')
})

test('partials', () => {
  expect(readMessage(client('<5.10>'), whole(readPartial), strict)).toMatchObject({
    value: { start: 5, count: 10 },
  })
  expect(readMessage(client('<5>'), whole(readPartial), strict)).toMatchObject({ value: { start: 5 } })
  expect(written((writer) => writePartial(writer, { start: 5, count: 10 }))).toBe('<5.10>')
  expect(written((writer) => writePartial(writer, undefined))).toBe('')
})
