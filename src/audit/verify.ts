/** Judges audit files together: each chain for itself, and how one file goes on with another; knows no screen and no disk. */

import { ChainChecker, type ChainFault, type ChainReport } from './chain-checker.ts'
import { isTornRecord, type Link } from './chain.ts'

export interface AuditSource {
  readonly name: string
  /** Each piece may be overwritten once the next is asked for. */
  octets(): AsyncIterable<Buffer>
}

export interface CheckedFile {
  readonly name: string
  readonly report: ChainReport
}

export interface AuditProblem {
  /** `audit.ndjson:17`, or the file alone. */
  readonly where: string
  readonly what: ChainFault['what'] | 'torn' | 'unexpected'
  readonly text: string
}

export interface Verdict {
  /** In the order of their records, whatever order they were named in. */
  readonly files: readonly CheckedFile[]
  readonly problems: readonly AuditProblem[]
  /** What is no fault, and has to be known all the same. */
  readonly notes: readonly string[]
  readonly records: number
  readonly counts: ReadonlyMap<string, number>
  readonly last: Link | undefined
  /** Where a noted record stands, and how many follow it. */
  readonly noted: { readonly seq: number; readonly following: number } | undefined
}

/** `expected` is the hash of a record that was noted elsewhere. */
export async function verifyAudit(sources: readonly AuditSource[], expected?: string): Promise<Verdict> {
  const checked: CheckedFile[] = []
  for (const source of sources)
    checked.push({ name: source.name, report: await checkSource(source, expected) })
  const chains = sortIntoChains(checked)
  const files = chains.flat()
  const last = files.at(-1)?.report.last
  const noted = findNoted(chains)
  return {
    files,
    problems: [
      ...files.flatMap(judgeFile),
      ...chains.flatMap(judgeJoints),
      ...(expected !== undefined && !noted ? [missNoted(files)] : []),
    ],
    notes: [...chains.flatMap(noteBeginnings), ...noteEvents(files)],
    records: files.reduce((sum, { report }) => sum + report.records, 0),
    counts: addCounts(files),
    last,
    noted,
  }
}

async function checkSource(source: AuditSource, expected: string | undefined): Promise<ChainReport> {
  const checker = new ChainChecker(expected)
  for await (const octets of source.octets()) {
    checker.push(octets)
    if (checker.isBroken) break
  }
  return checker.end()
}

function sortIntoChains(files: readonly CheckedFile[]): readonly (readonly CheckedFile[])[] {
  const chains = Map.groupBy(files, ({ report }) => report.chain)
  const begin = ({ report }: CheckedFile): number => report.before?.seq ?? 0
  return [...chains].map(([name, chain]) =>
    name === undefined ? chain : chain.toSorted((one, other) => begin(one) - begin(other)),
  )
}

function judgeFile({ name, report }: CheckedFile): readonly AuditProblem[] {
  const { fault, tail, last, records } = report
  if (fault) return [{ where: `${name}:${fault.line}`, what: fault.what, text: fault.text }]
  if (tail.length > 0) return [judgeTail(`${name}:${records + 1}`, tail, last)]
  return records > 0 ? [] : [{ where: name, what: 'removed', text: 'it holds no record, not even a header' }]
}

function judgeTail(where: string, tail: Buffer, last: Link | undefined): AuditProblem {
  if (!isTornRecord(tail, last))
    return { where, what: 'foreign', text: 'this is no audit record, and has no line end' }
  return {
    where,
    what: 'torn',
    text: 'the last record is not whole: imaptap was killed while it wrote, or writes just now; it cuts this at its next start',
  }
}

/** Whether each file of a chain goes on where the one before it ended. */
function judgeJoints(chain: readonly CheckedFile[]): readonly AuditProblem[] {
  return chain.slice(1).flatMap((file, at) => {
    const earlier = chain[at]
    return earlier ? judgeJoint(earlier, file) : []
  })
}

function judgeJoint(earlier: CheckedFile, file: CheckedFile): readonly AuditProblem[] {
  const { last } = earlier.report
  const { before } = file.report
  // Of a file that is broken nobody knows how it ended.
  if (!last || !before || earlier.report.fault) return []
  const where = `${file.name}:1`
  if (before.seq > last.seq)
    return [
      {
        where,
        what: 'removed',
        text: `records ${last.seq + 1} to ${before.seq} are missing: a file is missing, or the end of ${earlier.name} was removed`,
      },
    ]
  if (before.seq < last.seq)
    return [
      {
        where,
        what: 'inserted',
        text: `records ${before.seq + 1} to ${last.seq} stand in ${earlier.name} already`,
      },
    ]
  if (before.hash === last.hash) return []
  return [
    {
      where,
      what: 'altered',
      text: `the file goes on behind another record ${last.seq} than the one that ends ${earlier.name}`,
    },
  ]
}

function findNoted(chains: readonly (readonly CheckedFile[])[]): Verdict['noted'] {
  for (const chain of chains) {
    const seq = chain.find(({ report }) => report.expected !== undefined)?.report.expected
    const last = chain.at(-1)?.report.last
    if (seq !== undefined && last) return { seq, following: last.seq - seq }
  }
  return undefined
}

function missNoted(files: readonly CheckedFile[]): AuditProblem {
  return {
    where: files.at(-1)?.name ?? '',
    what: 'unexpected',
    text: 'the record whose hash was noted is not there: records were removed from the end, or all of it was written anew',
  }
}

function noteBeginnings(chain: readonly CheckedFile[], at: number): readonly string[] {
  const [first] = chain
  if (!first?.report.before) return []
  const { seq, hash } = first.report.before
  const stranger =
    at > 0 ? [`${first.name} begins a chain of its own: nothing ties it to the files before it`] : []
  if (seq === 0) return stranger
  return [
    ...stranger,
    `${first.name} begins with record ${seq + 1}: the file before it ends with record ${seq}, hash ${hash}`,
  ]
}

function noteEvents(files: readonly CheckedFile[]): readonly string[] {
  const counts = addCounts(files)
  const of = (kind: string): number => counts.get(kind) ?? 0
  const killed = of('start') - of('stop')
  return [
    ...(killed > 0
      ? [`runs without a record of their end: ${killed} (imaptap was killed, or still runs)`]
      : []),
    ...(of('recovered') > 0 ? [`times that a broken write was mended: ${of('recovered')}`] : []),
    ...(of('lost') > 0 ? [`times that records could not be kept: ${of('lost')}`] : []),
  ]
}

function addCounts(files: readonly CheckedFile[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>()
  for (const { report } of files)
    for (const [name, count] of report.counts) sums.set(name, (sums.get(name) ?? 0) + count)
  return sums
}
