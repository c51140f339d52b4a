/** How much of peers' text a row keeps; knows no row. */

/** Characters of peers' text kept in one row: more than any terminal shows. */
export const TEXT_KEPT = 300

export function clip(text: string): string {
  return text.length > TEXT_KEPT ? `${text.slice(0, TEXT_KEPT)}…` : text
}
