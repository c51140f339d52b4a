import { X509Certificate } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runCa } from '../../src/cli/commands/ca.ts'
import { Failure } from '../../src/cli/failure.ts'
import type { CaAction } from '../../src/cli/options.ts'
import { createTempFolder, type TempFolder } from '../support/temp-folder.ts'

let folder: TempFolder
beforeEach(async () => {
  folder = await createTempFolder('ca-command')
})
afterEach(() => folder.remove())

/** What the command writes to stdout. */
async function output(action: CaAction, flags: { der?: boolean } = {}): Promise<Buffer> {
  const written: Uint8Array[] = []
  const out = { write: (bytes: string | Uint8Array) => written.push(Buffer.from(bytes)) }
  expect(await runCa(action, { caDir: folder.path, ...flags, out })).toBe(0)
  return Buffer.concat(written)
}

async function failureOf(action: CaAction): Promise<Failure> {
  const error: unknown = await output(action).catch((reason: unknown) => reason)
  if (error instanceof Failure) return error
  throw new Error(`expected a Failure, got ${String(error)}`)
}

test('init makes the CA and says where; the second time it says that it is already there', async () => {
  const path = folder.join('ca.pem')
  expect(String(await output('init'))).toContain(`made the local CA: ${path}\n`)
  const before = await output('export')
  expect(String(await output('init'))).toContain(`the local CA is already there: ${path}\n`)
  expect(await output('export')).toEqual(before)
})

test('path prints the path of the certificate and nothing else', async () => {
  await output('init')
  expect(String(await output('path'))).toBe(`${folder.join('ca.pem')}\n`)
})

test('export prints the certificate in PEM, or in DER, and never the key', async () => {
  await output('init')
  const pem = await output('export')
  const der = await output('export', { der: true })
  expect(String(pem)).toMatch(/^-----BEGIN CERTIFICATE-----\n[^-]*-----END CERTIFICATE-----\n$/)
  expect(new X509Certificate(der).fingerprint256).toBe(new X509Certificate(pem).fingerprint256)
})

test('show prints the facts and a way to trust for each common system', async () => {
  await output('init')
  const { fingerprint256, subject, validTo } = new X509Certificate(await output('export'))
  const shown = String(await output('show'))
  for (const fact of [fingerprint256, subject, validTo, 'ECDSA P-256', folder.join('ca.pem')]) {
    expect(shown).toContain(fact)
  }
  for (const system of ['Debian', 'macOS', 'Windows', 'Thunderbird', 'iOS', 'Android']) {
    expect(shown).toContain(system)
  }
})

test.each(['path', 'show', 'export'] as const)(
  '%s without a CA fails with the command that makes one',
  async (action) => {
    const failure = await failureOf(action)
    expect(failure.message).toBe(`there is no CA in ${folder.path}`)
    expect(failure.exitCode).toBe(1)
    expect(failure.advice).toBe(`create it: imaptap ca init --ca-dir ${folder.path}`)
  },
)

test('a damaged certificate fails with the name of its file', async () => {
  await writeFile(folder.join('ca.pem'), 'no certificate')
  const failure = await failureOf('show')
  expect(failure.message).toBe(`${folder.join('ca.pem')} is not a readable PEM certificate`)
  expect(failure.advice).toContain('imaptap ca init')
})
