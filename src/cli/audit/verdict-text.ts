/** What came of an audit's verification, for people and as JSON; it does not know how it was found. */

import type { CheckedFile, Verdict } from '../../audit/verify.ts'
import { printable } from '../../imap/printable.ts'

export function verdictText(verdict: Verdict): readonly string[] {
  const { files, problems, notes, noted, last } = verdict
  return [
    ...files.map(describeFile),
    ...problems.map(({ where, what, text }) => `${where}: ${what}: ${text}`),
    ...notes.map((note) => `note: ${note}`),
    `records: ${describeCounts(verdict)}`,
    ...(last ? [`last:    record ${last.seq}, hash ${last.hash}`] : []),
    ...(noted ? [`noted:   record ${noted.seq} is there, and ${noted.following} follow it`] : []),
    ...conclude(verdict),
  ].map((line) => printable(line))
}

export function verdictJson(verdict: Verdict): string {
  const { files, problems, notes, records, counts, last, noted } = verdict
  const shown = files.map(({ name, report }) => ({
    name,
    chain: report.chain,
    records: report.records,
    first: report.before && report.before.seq + 1,
    last: report.last,
    from: report.from,
    to: report.to,
  }))
  const isSound = problems.length === 0
  return JSON.stringify({
    isSound,
    records,
    counts: Object.fromEntries(counts),
    last,
    noted,
    problems,
    notes,
    files: shown,
  })
}

function describeFile({ name, report }: CheckedFile): string {
  const { before, last, from, to } = report
  if (!before || !last) return `${name}: no sound record`
  const many = `records ${before.seq + 1} to ${last.seq}`
  const isWhole = !report.fault && report.tail.length === 0
  return `${name}: ${many}, ${from} to ${to}${isWhole ? '' : ', sound up to there'}`
}

function describeCounts({ records, counts }: Verdict): string {
  const kinds = [...counts].map(([name, count]) => `${name} ${count}`)
  return kinds.length === 0 ? String(records) : `${records} (${kinds.join(', ')})`
}

function conclude({ problems, noted }: Verdict): readonly string[] {
  if (problems.length > 0) return ['The chain is NOT sound.']
  if (noted)
    return [
      `The chain is sound. Behind record ${noted.seq} records could have been removed from the end; up to it none was.`,
    ]
  return [
    'The chain is sound as far as it goes: no record within it was altered, removed or inserted.',
    'Records removed from its end leave no trace in it, and whoever can write the file can write all of it anew:',
    'note the last hash somewhere else, and give it back with --expect.',
  ]
}
