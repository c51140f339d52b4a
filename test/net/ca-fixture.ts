/** What tests of certificates share: the error that must come, file modes, and OpenSSL's strict opinion. */

import { execFile } from 'node:child_process'
import { stat, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { AuthorityError } from '../../src/net/ca-files.ts'

export const run = promisify(execFile)
export const dayMs = 24 * 60 * 60 * 1000

/** The AuthorityError of something that must fail. */
export async function failureOf(promise: Promise<unknown>): Promise<AuthorityError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof AuthorityError) return error
  throw new Error(`expected an AuthorityError, got ${String(error)}`)
}

export async function modeOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8)
}

/** Says `OK`, or rejects with what OpenSSL finds wrong. The leaf is left in a file beside the CA. */
export async function verify(ca: string, leafPem: string, ...flags: string[]): Promise<string> {
  const file = `${ca}.leaf`
  await writeFile(file, leafPem)
  const args = ['verify', '-x509_strict', '-purpose', 'sslserver', ...flags, '-CAfile', ca, file]
  return (await run('openssl', args)).stdout
}
