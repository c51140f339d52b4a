import { expect, test } from 'vitest'
import { readResponse, writeResponse } from '../../src/imap/responses/index.ts'
import { readLine } from './support/fetch.ts'
import { server, textOf } from './support/wire.ts'

test.each([
  'a CONVERT 1:3 ("image/jpeg" ("pix-x" "100")) BINARY[2]',
  'a UID CONVERT 7 (NIL) (AVAILABLECONVERSIONS[1] UID)',
  'a CONVERSIONS "image/*" "*"',
])('%s is written as it was read', (line) => {
  const { rules, written } = readLine(line)
  expect(rules).toEqual([])
  expect(written).toBe(line)
})

test.each([
  '* CONVERSION "image/gif" "image/jpeg" ("pix-x" "pix-y")',
  '* 2 CONVERTED (TAG "a1") (UID 7 BINARY.SIZE[1] 5 BINARY[1] NIL)',
  '* 2 CONVERTED (TAG "a1") (BODYPARTSTRUCTURE[1] (ERROR "try later" TEMPFAIL))',
  '* 2 CONVERTED (TAG "a1") (BODY[1.MIME] (ERROR "no" MISSINGPARAMETERS "a/b" "c/d" ("charset")))',
])('%s is written as it was read', (line) => {
  const response = readResponse(server(line))
  if (!response.ok) throw new Error(response.fault.rule)
  expect(response.quirks).toEqual([])
  expect(textOf(writeResponse(response.value))).toBe(`${line}\r\n`)
})

test('an item that could not be converted says why', () => {
  expect(
    readResponse(server('* 2 CONVERTED (TAG "a1") (binary[1.2] (ERROR "sorry" TEMPFAIL 5))')),
  ).toMatchObject({
    value: {
      data: {
        items: [
          {
            name: 'ERROR',
            item: 'BINARY',
            section: { part: [1, 2] },
            text: 'sorry',
            reasons: [{ text: 'TEMPFAIL' }, { text: '5' }],
          },
        ],
      },
    },
  })
})
