/** Times of day as conditions have them, and as people write them; knows no clock. */

const form = /^(?:[01]\d|2[0-3]):[0-5]\d$/u
const MINUTES = 24 * 60

/** Every time is before it, and none is it. */
export const dayEnd = '24:00'

/** Minutes since midnight, those of the end of the day too; undefined where it is not written as `time` has it. */
export function minutesOf(text: string): number | undefined {
  if (text === dayEnd) return MINUTES
  return form.test(text) ? Number(text.slice(0, 2)) * 60 + Number(text.slice(3)) : undefined
}

/** Every value of `time`. */
export const dayTimes: readonly string[] = Array.from({ length: MINUTES }, (_, minute) =>
  writeTime(Math.floor(minute / 60), minute % 60),
)

export function findTimeFault(text: string): string | undefined {
  if (form.test(text)) return undefined
  if (text === dayEnd) return '`time` is never "24:00": a day is from "00:00" to "23:59"'
  const meant = guessTime(text)
  return meant === undefined
    ? '`time` is compared with a time from "00:00" to "23:59", such as "09:00"'
    : `\`time\` is compared as text, with two digits each: write "${meant}"`
}

/** `9`, `9:00`, `900`, `9.30`, `7am`, `07:00:00`. */
export function guessTime(text: string): string | undefined {
  const [, hours, minutes = '0', half] =
    /^(\d{1,2}?)(?:[:.h]?(\d{2}))?(?::\d{2})?h?\s*(?:([ap])\.?m\.?)?$/iu.exec(text.trim()) ?? []
  if (hours === undefined) return undefined
  const written = Number(hours)
  if (half !== undefined && (written < 1 || written > 12)) return undefined
  const hour = half === undefined ? written : (written % 12) + (half.toLowerCase() === 'p' ? 12 : 0)
  return hour < 24 && Number(minutes) < 60 ? writeTime(hour, Number(minutes)) : undefined
}

function writeTime(hour: number, minute: number): string {
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
}

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 }

/** `90m`, `1 hour` as seconds. */
export function guessSeconds(text: string): number | undefined {
  const [, count, unit = ''] =
    /^(\d{1,9})\s*(s|m|h|d|w)(?:ec|econd|in|inute|r|our|ay|eek)?s?$/iu.exec(text.trim()) ?? []
  const seconds = units[unit.toLowerCase()]
  return count === undefined || seconds === undefined ? undefined : Number(count) * seconds
}
