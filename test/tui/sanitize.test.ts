import { describe, expect, it } from 'vitest'
import * as fc from 'fast-check'
import { sanitize } from '../../src/tui/sanitize.ts'
import { widthOf } from '../../src/tui/width.ts'

describe('sanitize', () => {
  it.each([
    ['OSC 52 and its end', '\x1b]52;c;aGk=\x07', '␛]52;c;aGk=␇'],
    ['a CSI colour', '\x1b[31mred', '␛[31mred'],
    ['C1 controls', 'a\x9b31mb', 'a‹U+009B›31mb'],
    ['line ends and tabs', 'a\r\nb\tc', 'a␍␊b␉c'],
    ['DEL', 'a\x7f', 'a␡'],
    ['a bidi override', 'gpj.\u202eexe', 'gpj.‹U+202E›exe'],
    ['bidi isolates', '\u2066x\u2069', '‹U+2066›x‹U+2069›'],
    ['zero-width marks', 'a\u200bb\u200dc\ufeff', 'a‹U+200B›b‹U+200D›c‹U+FEFF›'],
    ['tag characters', 'a\u{e0041}', 'a‹U+E0041›'],
    ['line separators', 'a\u2028b', 'a‹U+2028›b'],
    ['a lone surrogate', 'a\ud800b', 'a\ufffdb'],
    ['an emoji, as its code', 'hi 😀', 'hi :1F600:'],
    ['an emoji with a variation selector', '❤\ufe0f!', ':2764:!'],
    ['a family joined by ZWJ', '👩\u200d👧', ':1F469::1F467:'],
    ['a flag', '🇩🇪', ':1F1E9::1F1EA:'],
    ['a wide space', 'a\u3000b', 'a  b'],
    ['private use', '\ue0b0', '‹U+E0B0›'],
  ])('spells out %s', (_, hostile, safe) => {
    expect(sanitize(hostile)).toBe(safe)
  })

  it.each([
    'plain text',
    'é ü ñ',
    '受信箱',
    '받은편지함',
    'Входящие',
    'שלום',
    'ก็',
    '{red-fg}',
    'a\u0323\u0307',
  ])('leaves %s as it is', (text) => {
    expect(sanitize(text)).toBe(text.normalize('NFC'))
  })

  it('lets through nothing but characters of known width, whatever it is given', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (hostile) => {
        for (const character of sanitize(hostile))
          expect(widthOf(character.codePointAt(0) ?? 0)).toBeDefined()
      }),
    )
  })
})
