/** Values as JSON that is safe to look at: what draws nothing or moves a cursor is escaped; knows no record. */

const plain = /^[\x20-\x7e]*$/

// JSON itself escapes the first 32 only; the others would reach the terminal of who opens a capture with `less`.
const unseen = /[\x7f\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu

/** JSON of any value. */
export function writeJson(value: unknown): string {
  const json = JSON.stringify(value)
  return plain.test(json) ? json : json.replace(unseen, escapeUnits)
}

function escapeUnits(character: string): string {
  let escaped = ''
  for (let at = 0; at < character.length; at++)
    escaped += `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`
  return escaped
}

/** Milliseconds with three digits behind the point: microseconds are what the clock is good for. */
export const roundMillis = (millis: number): number => Math.round(millis * 1000) / 1000
