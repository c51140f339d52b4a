/** Writes text so that it can be pasted into a shell; it does not know which command it is for. */

export function shellWord(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`
}
