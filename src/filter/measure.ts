/** Comparisons with a time or a size, such as `>200ms` and `<=1M`; knows no subject. */

export interface Measure {
  readonly holds: (value: number) => boolean
}

const comparisons = {
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
} satisfies Record<string, (value: number, bound: number) => boolean>

/** In milliseconds. */
const timeUnits = { us: 0.001, µs: 0.001, ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }
/** In octets; by 1,024, as everywhere on the screen. */
const sizeUnits = {
  k: 1_024,
  m: 1_024 ** 2,
  g: 1_024 ** 3,
  kib: 1_024,
  mib: 1_024 ** 2,
  gib: 1_024 ** 3,
  b: 1,
}

/** A number without a unit is milliseconds. */
export const readTime = (text: string): Measure | undefined => readMeasure(text, timeUnits, 1)

/** A number without a unit is octets. */
export const readSize = (text: string): Measure | undefined => readMeasure(text, sizeUnits, 1)

function readMeasure(
  text: string,
  units: Readonly<Record<string, number>>,
  unitless: number,
): Measure | undefined {
  const [, sign = '', digits = '', unit = ''] =
    /^([<>]=?) *(\d{1,15}(?:\.\d{1,6})?) *(\p{L}*)$/u.exec(text) ?? []
  const scale = unit === '' ? unitless : ownValue(units, unit.toLowerCase())
  const compare = ownValue(comparisons, sign)
  if (!compare || scale === undefined) return undefined
  const bound = Number(digits) * scale
  return { holds: (value) => compare(value, bound) }
}

/** What a person typed may be `constructor`. */
function ownValue<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined
}
