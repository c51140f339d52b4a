/** What every generator is built from: texts, words, numbers, sets, and values of any shape. */

import * as fc from 'fast-check'
import { Secret } from '../../../../src/imap/secret.ts'
import type { MessageData, Syntax } from '../../../../src/imap/syntax.ts'
import { decodeText } from '../../../../src/imap/utf8.ts'

export const letters = (alphabet: string, minLength = 1, maxLength = 8): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...alphabet.split('')), minLength, maxLength })

/** Any octets but NUL, which no string may hold, as the text that stands for them. */
export const text = fc
  .oneof(
    { weight: 3, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) },
    {
      weight: 1,
      arbitrary: fc.uint8Array({ maxLength: 12 }).map((octets) => decodeText(String.fromCharCode(...octets))),
    },
  )
  .filter((value) => !value.includes('\0'))
export const octets = fc.uint8Array({ maxLength: 20 })
export const atom = letters("abcXYZ019!#$&'-./:=?^_`|~", 1, 8).filter((word) => word.toUpperCase() !== 'NIL')
/** A word that no registry knows, in upper case as unknown words are kept. */
export const strangeName = letters('ABCXYZ', 1, 5).map((word) => `X-${word}`)
export const number = fc.integer({ min: 0, max: 0xffffffff })
/** Exact as a JavaScript number, or else a bigint. */
export const largeNumber = fc.oneof(number, fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }))
export const modseq = fc.bigInt({ min: 0n, max: (1n << 63n) - 1n })
export const flag = fc
  .tuple(fc.constantFrom('', '\\', '$'), letters('ABCabc019'))
  .map((halves) => halves.join(''))
export const nstring = fc.option(text, { nil: null })

const setEnd = fc.oneof(fc.integer({ min: 1, max: 0xffffffff }).map(String), fc.constant('*'))
const range = fc.oneof(
  setEnd,
  fc.tuple(setEnd, setEnd).map((ends) => ends.join(':')),
)
export const sequenceSet = fc.oneof(
  fc.constant('$'),
  fc.array(range, { minLength: 1, maxLength: 4 }).map((ranges) => ranges.join(',')),
)

export const printableText = fc
  .string({ unit: 'grapheme', maxLength: 10 })
  .filter((value) => !/[\0\r\n]/u.test(value))
const { value: syntax } = fc.letrec<{ value: Syntax }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.record({ kind: fc.constant('atom' as const), text: atom }),
    fc.record({ kind: fc.constant('quoted' as const), text: printableText }),
    fc.record({ kind: fc.constant('literal' as const), octets, isBinary: fc.boolean() }),
    fc.record({ kind: fc.constant('list' as const), items: fc.array(tie('value'), { maxLength: 3 }) }),
  ),
}))
export const anySyntax = syntax
export const syntaxes = fc.array(syntax, { maxLength: 3 })

export const secret = text.map((value) => new Secret(value))
export const tag = letters('abcXYZ019.', 1, 6)
export const uid = fc.boolean()
export const named = <const N extends string>(...names: N[]): fc.Arbitrary<N> => fc.constantFrom(...names)

export const data: fc.Arbitrary<MessageData> = fc.option(octets, { nil: null })

export const idParameters = fc.option(
  fc.array(fc.record({ field: text, value: nstring }), { maxLength: 3 }),
  {
    nil: null,
  },
)
