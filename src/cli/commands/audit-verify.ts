/** The audit verify command: whether audit files are what was written, and an exit code for it; it does not know hashes. */

import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Writable } from 'node:stream'

import { verifyAudit, type AuditSource } from '../../audit/verify.ts'
import { readOctets } from '../../capture/source.ts'
import type { AuditVerifyFlags } from '../audit/audit-words.ts'
import { verdictJson, verdictText } from '../audit/verdict-text.ts'
import { exitCodes } from '../exit-codes.ts'
import { Failure } from '../failure.ts'

export async function runAuditVerify(
  files: readonly string[],
  flags: AuditVerifyFlags,
  out: Pick<Writable, 'write'>,
): Promise<number> {
  for (const file of files) requireNoFolder(file)
  const expected = flags.expect === undefined ? undefined : readExpected(flags.expect)
  const verdict = await verifyAudit(files.map(openSource), expected)
  const lines = flags.json === true ? [verdictJson(verdict)] : verdictText(verdict)
  out.write(lines.map((line) => `${line}\n`).join(''))
  return verdict.problems.length === 0 ? exitCodes.ok : exitCodes.runtime
}

function requireNoFolder(file: string): void {
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory() !== true) return
  throw new Failure(
    `${file} is a folder`,
    exitCodes.usage,
    `name the audit files in it, such as ${join(file, 'audit.ndjson')}`,
  )
}

const openSource = (name: string): AuditSource => ({ name, octets: () => readOctets(name, () => undefined) })

/** A file may hold what `audit verify` printed: the last hash in it counts. */
function readExpected(given: string): string {
  if (oneHash.test(given)) return given.toLowerCase()
  const hashes = readText(given).match(anyHash)
  const hash = hashes?.at(-1)
  if (hash === undefined)
    throw new Failure(
      `--expect: ${given} is no hash, and holds none`,
      exitCodes.usage,
      'give the 64 hex digits that audit verify prints as the last hash, or a file with them',
    )
  return hash.toLowerCase()
}

const oneHash = /^[0-9a-f]{64}$/i
const anyHash = /\b[0-9a-f]{64}\b/gi

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
