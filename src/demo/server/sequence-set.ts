/** Sequence sets as the demo server reads and writes them; knows neither messages nor UIDs. */

const SET = /^(?:\d+|\*)(?::(?:\d+|\*))?(?:,(?:\d+|\*)(?::(?:\d+|\*))?)*$/

export type SequenceSet = readonly { readonly low: number; readonly high: number }[]

/** `largest` is what `*` stands for. Undefined when the text is no set. */
export function readSequenceSet(text: string, largest: number): SequenceSet | undefined {
  if (!SET.test(text)) return undefined
  return text.split(',').map((range) => {
    const [first = 0, last = first] = range.split(':').map((end) => (end === '*' ? largest : Number(end)))
    return { low: Math.min(first, last), high: Math.max(first, last) }
  })
}

export function includes(set: SequenceSet, number: number): boolean {
  return set.some((range) => range.low <= number && number <= range.high)
}

/** Numbers in ascending order, written with ranges: `1:3,7`. */
export function writeSequenceSet(numbers: readonly number[]): string {
  const ranges: { low: number; high: number }[] = []
  for (const number of numbers) {
    const last = ranges.at(-1)
    if (last && last.high + 1 === number) last.high = number
    else ranges.push({ low: number, high: number })
  }
  return ranges.map(({ low, high }) => (low === high ? `${low}` : `${low}:${high}`)).join(',')
}
