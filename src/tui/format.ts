/** Numbers as a person reads them at a glance, in few columns; knows no locale and no styles. */

const UNITS = ['', 'K', 'M', 'G', 'T'] as const

/** At most four columns: `912`, `9.1K`, `12K`, `3.9M`. */
export function octets(count: number): string {
  let value = count
  let unit = 0
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1024
    unit++
  }
  const digits = unit > 0 && value < 9.95 ? value.toFixed(1) : value.toFixed(0)
  return digits + (UNITS[unit] ?? '')
}

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** At most five columns: `420ms`, `3.1s`, `42s`, `14m`, `3h`, `2d`. */
export function duration(millis: number): string {
  const span = Math.max(0, millis)
  if (span < 999.5) return `${span.toFixed(0)}ms`
  if (span < 9.95 * SECOND) return `${(span / SECOND).toFixed(1)}s`
  if (span < MINUTE) return `${Math.floor(span / SECOND)}s`
  if (span < HOUR) return `${Math.floor(span / MINUTE)}m`
  if (span < DAY) return `${Math.floor(span / HOUR)}h`
  return `${Math.floor(span / DAY)}d`
}

/** As `duration`, but without fractions: a clock that is read once a second. */
export function age(millis: number): string {
  return millis < MINUTE ? `${Math.max(0, Math.floor(millis / SECOND))}s` : duration(millis)
}

/** With one digit more, for completions: `3.08s`. */
export function exactDuration(millis: number): string {
  if (millis < 9.95) return `${Math.max(0, millis).toFixed(1)}ms`
  if (millis >= 999.5 && millis < MINUTE) return `${(millis / SECOND).toFixed(2)}s`
  return duration(millis)
}

/** Local wall time, `12:01:04.110`. */
export function timeOfDay(epochMillis: number): string {
  const time = new Date(epochMillis)
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()]
    .map((part) => twoDigits(part))
    .join(':')
  return `${clock}.${String(time.getMilliseconds()).padStart(3, '0')}`
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}

/** Thousands in groups, parted by a thin gap that every terminal shows as one column. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ' ')
}

const BARS = '▁▂▃▄▅▆▇█'

/** One column a value, scaled to the greatest. Zero is the lowest bar. */
export function sparkline(values: readonly number[]): string {
  const greatest = Math.max(1, ...values)
  return values.map((value) => BARS[Math.ceil((value / greatest) * (BARS.length - 1))] ?? '▁').join('')
}
