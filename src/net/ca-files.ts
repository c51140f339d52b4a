/** The local CA on disk: finds it, creates it once however many processes start together, and refuses what is unsafe; it mints nothing. */

import { createPrivateKey, generateKeyPair, randomUUID, X509Certificate, type KeyObject } from 'node:crypto'
import { link, mkdir, open, readFile, rm, stat, type FileHandle } from 'node:fs/promises'
import { homedir, hostname } from 'node:os'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { keyIdentifier, readIssuer, toPem, writeCertificate, type Issuer } from './certificate.ts'
import { shellWord } from './shell-word.ts'

/** Something about certificates or keys that a person must mend; `advice` says how. */
export class AuthorityError extends Error {
  override readonly name = 'AuthorityError'
  readonly advice: string

  constructor(message: string, advice: string) {
    super(message)
    this.advice = advice
  }
}

export interface CaFiles {
  readonly directory: string
  readonly certificatePath: string
  readonly keyPath: string
}

export interface LocalCa {
  readonly files: CaFiles
  readonly certificate: X509Certificate
  readonly issuer: Issuer
  /** True when this call made the certificate. */
  readonly isNew: boolean
}

const dayMs = 24 * 60 * 60 * 1000
const lifetimeYears = 10

/** `$STATE_DIRECTORY` under systemd, else the XDG state folder (a relative `$XDG_STATE_HOME` is to be ignored). */
export function defaultCaDir(env: NodeJS.ProcessEnv): string {
  // systemd lists several folders with colons; the first is the one named first in the unit.
  const [systemd] = (env['STATE_DIRECTORY'] ?? '').split(':')
  if (systemd !== undefined && systemd !== '') return systemd
  const xdg = env['XDG_STATE_HOME'] ?? ''
  return join(isAbsolute(xdg) ? xdg : join(env['HOME'] ?? homedir(), '.local', 'state'), 'imaptap')
}

export function caFiles(directory: string): CaFiles {
  return { directory, certificatePath: join(directory, 'ca.pem'), keyPath: join(directory, 'ca-key.pem') }
}

/** The command line for this folder, with the flag only where it is needed. */
export function caCommand(action: 'init' | 'show' | 'export', directory: string): string {
  const isDefault = directory === defaultCaDir(process.env)
  return `imaptap ca ${action}${isDefault ? '' : ` --ca-dir ${shellWord(directory)}`}`
}

/** The CA of this folder, created when there is none. */
export async function openCa(directory: string): Promise<LocalCa> {
  const files = caFiles(directory)
  await makeDirectory(directory)
  // The certificate is looked for before the key: it is always published after it, so one without a key is a loss.
  const hadCertificate = (await readIfThere(files.certificatePath)) !== undefined
  const key = (await readKey(files)) ?? (await createKey(files, hadCertificate))
  const isNew = !hadCertificate && (await createCertificate(files, key))
  const certificate = await readCaCertificate(directory)
  return { files, certificate, issuer: pair(files, certificate, key), isNew }
}

/** The certificate alone: the key is neither needed nor read. */
export async function readCaCertificate(directory: string): Promise<X509Certificate> {
  const files = caFiles(directory)
  const pem = await readIfThere(files.certificatePath)
  if (pem === undefined)
    throw new AuthorityError(`there is no CA in ${directory}`, `create it: ${caCommand('init', directory)}`)
  return readCertificate(files.certificatePath, pem, startAgain(files))
}

/** The first certificate of a PEM file; `advice` is for the person whose file it is. */
export function readCertificate(path: string, pem: Buffer, advice: string): X509Certificate {
  try {
    return new X509Certificate(pem)
  } catch {
    throw new AuthorityError(`${path} is not a readable PEM certificate`, advice)
  }
}

export function readPrivateKey(path: string, pem: Buffer, advice: string): KeyObject {
  try {
    return createPrivateKey(pem)
  } catch {
    throw new AuthorityError(`${path} is not a readable PEM private key without a passphrase`, advice)
  }
}

/** Undefined when there is no such file. */
export async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw unreadable(path, error)
  }
}

async function makeDirectory(directory: string): Promise<void> {
  try {
    await makeParents(resolve(directory))
  } catch (error) {
    const advice = 'choose a folder that you may write with --ca-dir DIR'
    throw new AuthorityError(`cannot create the CA's folder ${directory}: ${codeOf(error)}`, advice)
  }
}

/** Not by `recursive`: where a folder takes no children and says ENOENT, as /proc does, Node 24 tries for ever. */
async function makeParents(directory: string): Promise<void> {
  const made = await makeOne(directory)
  if (made !== 'no parent') return
  await makeParents(dirname(directory))
  if ((await makeOne(directory)) === 'no parent')
    throw Object.assign(new Error(directory), { code: 'ENOENT' })
}

async function makeOne(directory: string): Promise<'made' | 'there' | 'no parent'> {
  try {
    await mkdir(directory, { mode: 0o700 })
    return 'made'
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ENOENT' && dirname(directory) !== directory) return 'no parent'
    if (code === 'EEXIST' && (await stat(directory)).isDirectory()) return 'there'
    throw error
  }
}

async function readKey(files: CaFiles): Promise<KeyObject | undefined> {
  const pem = await readIfPrivate(files.keyPath)
  return pem === undefined ? undefined : readPrivateKey(files.keyPath, pem, startAgain(files))
}

/** Mode and octets come from one open file, so it cannot be exchanged between the look and the read. */
async function readIfPrivate(path: string): Promise<Buffer | undefined> {
  let file: FileHandle | undefined
  try {
    file = await open(path, 'r')
    const { mode } = await file.stat()
    // Windows keeps no such bits; its files are private by the folder's access list.
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) throw looseMode(path, mode)
    return await file.readFile()
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error instanceof AuthorityError ? error : unreadable(path, error)
  } finally {
    await file?.close()
  }
}

async function createKey(files: CaFiles, hadCertificate: boolean): Promise<KeyObject> {
  if (hadCertificate) {
    throw new AuthorityError(
      `${files.certificatePath} has no key beside it (${files.keyPath})`,
      startAgain(files),
    )
  }
  const { privateKey } = await promisify(generateKeyPair)('ec', { namedCurve: 'P-256' })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' })
  await publish(files.keyPath, pem.toString(), 0o600)
  // Not ours but the file's: another process may have been first.
  const key = await readKey(files)
  if (key === undefined)
    throw new AuthorityError(`${files.keyPath} vanished while it was created`, startAgain(files))
  return key
}

/** True when this process's certificate became the CA's. Whoever finds a key alone may do this: the subject follows from the key. */
async function createCertificate(files: CaFiles, key: KeyObject): Promise<boolean> {
  const now = Date.now()
  const notAfter = new Date(now)
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + lifetimeYears)
  const der = writeCertificate({
    commonName: authorityName(key),
    publicKey: key,
    role: 'authority',
    names: [],
    // A client whose clock is behind must not meet a certificate of the future.
    notBefore: new Date(now - dayMs),
    notAfter,
    signedBy: { self: key },
  })
  return publish(files.certificatePath, toPem(der), 0o644)
}

/** Unique among all CAs a person may have to trust, and the same when a lost certificate is made again from its key. */
function authorityName(key: KeyObject): string {
  const host = hostname()
    .replace(/[^A-Za-z0-9.-]/g, '-')
    .slice(0, 32)
  return `imaptap local CA (${host} ${keyIdentifier(key).toString('hex', 0, 4)})`
}

/**
 * Writes a file that is never seen half-written and never replaces another; false when another was first.
 * The link fails where the file exists, as O_EXCL does, but publishes whole contents. File systems without
 * hard links have no modes either, and would be refused for that.
 */
async function publish(path: string, text: string, mode: number): Promise<boolean> {
  const draft = `${path}.${randomUUID()}`
  try {
    await writeDraft(draft, text, mode)
    await link(draft, path)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    const advice = 'choose a folder on a local file system that you may write with --ca-dir DIR'
    throw new AuthorityError(`cannot create ${path}: ${codeOf(error)}`, advice)
  } finally {
    await rm(draft, { force: true })
  }
}

async function writeDraft(path: string, text: string, mode: number): Promise<void> {
  const file = await open(path, 'wx', mode)
  try {
    // The umask may have taken bits away that the owner needs.
    await file.chmod(mode)
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

function pair(files: CaFiles, certificate: X509Certificate, key: KeyObject): Issuer {
  const refuse = (reason: string): AuthorityError => new AuthorityError(reason, startAgain(files))
  const path = files.certificatePath
  if (!certificate.checkPrivateKey(key)) throw refuse(`${files.keyPath} is not the key of ${path}`)
  if (!certificate.ca) throw refuse(`${path} is not the certificate of a certificate authority`)
  if (Date.parse(certificate.validTo) < Date.now()) throw refuse(`${path} expired on ${certificate.validTo}`)
  if (key.asymmetricKeyType !== 'ec' && key.asymmetricKeyType !== 'rsa') {
    throw refuse(`${files.keyPath} is neither an elliptic curve nor an RSA key`)
  }
  const issuer = readIssuer(certificate.raw)
  if (issuer === undefined) throw refuse(`${path} has no subject key identifier`)
  return { ...issuer, key }
}

function startAgain(files: CaFiles): string {
  const both = `${shellWord(files.keyPath)} ${shellWord(files.certificatePath)}`
  return `restore both from a backup, or start again with a new CA that clients must trust anew: rm -f ${both} && ${caCommand('init', files.directory)}`
}

function looseMode(path: string, mode: number): AuthorityError {
  const bits = (mode & 0o777).toString(8).padStart(4, '0')
  const message = `the CA key ${path} can be read or changed by others (mode ${bits})`
  return new AuthorityError(message, `chmod 600 ${shellWord(path)}`)
}

function unreadable(path: string, error: unknown): AuthorityError {
  const advice = 'run imaptap as the user who owns it, or choose another folder with --ca-dir DIR'
  return new AuthorityError(`cannot read ${path}: ${codeOf(error)}`, advice)
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'code' in error ? String(error.code) : error.message
}
