/** Sizes and durations as people write them; it does not know which settings have them. */

const units: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1_000,
  MB: 1_000_000,
  GB: 1_000_000_000,
  KIB: 1_024,
  MIB: 1_024 ** 2,
  GIB: 1_024 ** 3,
  TIB: 1_024 ** 4,
}

/** Milliseconds that anything waits at most: no timer of Node's runs longer than 24 days, and one that shall fires at once. */
export const longestWait = 86_400_000

const times: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

/** Octets: `10MiB`, `1.5GB`, `4096`; undefined for what is no size. */
export function readSize(text: string): number | undefined {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?) ?([KMGT]?I?B)?$/iu.exec(text.trim()) ?? []
  const factor = units[unit.toUpperCase() || 'B']
  return number === '' || factor === undefined ? undefined : Math.floor(Number(number) * factor)
}

/** Milliseconds: `30s`, `29m`, `24h`, `7d`; undefined for what is no duration. */
export function readDuration(text: string): number | undefined {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?) ?([smhd])$/u.exec(text.trim()) ?? []
  const factor = times[unit]
  return number === '' || factor === undefined ? undefined : Math.floor(Number(number) * factor)
}
