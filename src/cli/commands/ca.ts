/** The ca command: makes, shows and hands out the local CA's certificate; it does not know how certificates are made or failures printed. */

import type { X509Certificate } from 'node:crypto'
import { AuthorityError, caFiles, defaultCaDir, openCa, readCaCertificate } from '../../net/ca-files.ts'
import { shellWord } from '../../net/shell-word.ts'
import { exitCodes } from '../exit-codes.ts'
import { Failure } from '../failure.ts'
import type { CaAction } from '../options.ts'

export interface CaOptions {
  /** Folder of the CA; the default one when undefined. */
  readonly caDir?: string
  /** Export DER octets instead of PEM. */
  readonly der?: boolean
  readonly out: { write(output: string | Uint8Array): unknown }
}

/** Answers with the exit code; throws a Failure with advice where the CA is missing or unfit. */
export async function runCa(action: CaAction, options: CaOptions): Promise<number> {
  const directory = options.caDir ?? defaultCaDir(process.env)
  try {
    options.out.write(await perform(action, directory, options.der ?? false))
  } catch (error) {
    if (error instanceof AuthorityError) throw new Failure(error.message, exitCodes.runtime, error.advice)
    throw error
  }
  return exitCodes.ok
}

async function perform(action: CaAction, directory: string, isDer: boolean): Promise<string | Uint8Array> {
  if (action === 'init') return initialize(directory)
  const certificate = await readCaCertificate(directory)
  const path = caFiles(directory).certificatePath
  if (action === 'path') return `${path}\n`
  if (action === 'show') return describe(certificate, path)
  return isDer ? certificate.raw : certificate.toString()
}

async function initialize(directory: string): Promise<string> {
  const { isNew, certificate, files } = await openCa(directory)
  const done = isNew ? 'made the local CA' : 'the local CA is already there'
  const next = isNew ? '\nclients must trust it once; imaptap ca show tells how' : ''
  return `${done}: ${files.certificatePath}\nSHA-256 ${certificate.fingerprint256}${next}\n`
}

function describe(certificate: X509Certificate, path: string): string {
  const facts = [
    ['subject', certificate.subject.replaceAll('\n', ', ')],
    ['SHA-256', certificate.fingerprint256],
    ['valid from', certificate.validFrom],
    ['valid to', certificate.validTo],
    ['key', describeKey(certificate)],
    ['path', path],
  ] as const
  return `${columns(facts)}\nTo trust it:\n${columns(waysToTrust(path))}`
}

function describeKey({ publicKey }: X509Certificate): string {
  const { namedCurve, modulusLength } = publicKey.asymmetricKeyDetails ?? {}
  const type = publicKey.asymmetricKeyType ?? 'unknown'
  if (namedCurve !== undefined) return `ECDSA ${namedCurve === 'prime256v1' ? 'P-256' : namedCurve}`
  return modulusLength === undefined ? type : `${type.toUpperCase()} ${modulusLength}`
}

function waysToTrust(path: string): readonly (readonly [string, string])[] {
  const file = shellWord(path)
  return [
    [
      'Debian, Ubuntu',
      `sudo cp ${file} /usr/local/share/ca-certificates/imaptap.crt && sudo update-ca-certificates`,
    ],
    ['Fedora', `sudo trust anchor ${file}`],
    ['macOS', `sudo security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain ${file}`],
    [
      'Windows',
      'imaptap ca export > imaptap-ca.crt, then there: certutil -user -addstore Root imaptap-ca.crt',
    ],
    [
      'Firefox, Thunderbird',
      'Settings, Privacy & Security, Certificates, Manage, Authorities, Import: trust for websites',
    ],
    [
      'iOS',
      'send imaptap-ca.crt to it, install the profile, then Settings, General, About, Certificate Trust Settings',
    ],
    [
      'Android',
      'Settings, Security, Encryption & credentials, Install a certificate, CA (apps may ignore it)',
    ],
    ['Node, OpenSSL', `NODE_EXTRA_CA_CERTS=${file} or SSL_CERT_FILE=${file} in the client's environment`],
  ]
}

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length)) + 2
  return rows.map(([name, value]) => `  ${name.padEnd(width)}${value}\n`).join('')
}
