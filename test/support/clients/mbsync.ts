/** mbsync as a mail client: copies a mailbox to a local Maildir and back. */

import { mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { digest, type Client, type ClientLogin, type TlsMode, type Transcript } from './client.ts'
import { runOrThrow } from '../child.ts'
import { createTempFolder } from '../temp-folder.ts'
import { toolPath } from '../tools.ts'

export const mbsync: Client = {
  name: 'mbsync',
  tool: { program: 'mbsync', package: 'isync' },
  commands: ['AUTHENTICATE', 'NAMESPACE', 'SELECT', 'UID FETCH', 'APPEND', 'LOGOUT'],
  run: runMbsync,
}

const sslTypes: Record<TlsMode, string> = { implicit: 'IMAPS', starttls: 'STARTTLS', none: 'None' }

export interface SyncRequest {
  readonly login: ClientLogin
  /** The local Maildir; created when absent. */
  readonly maildir: string
  /** Where the configuration and the state of the sync are kept. */
  readonly stateFolder: string
  readonly direction: 'Pull' | 'Push' | 'All'
}

/** One run of mbsync over INBOX; answers what it wrote, which is nothing when all is well. */
export async function syncMailbox(request: SyncRequest): Promise<string> {
  const { login, stateFolder, maildir } = request
  await createMaildir(maildir)
  const configFile = join(stateFolder, 'mbsyncrc')
  await writeFile(configFile, writeConfig(request), { mode: 0o600 })
  const result = await runOrThrow(toolPath('mbsync'), ['-c', configFile, '-q', 'channel'], {
    timeoutMs: 120_000,
    // The password stays out of the file: mbsync has no way to escape a quote there.
    env: { ...process.env, MBSYNC_PASSWORD: login.password },
  })
  return result.stderr
}

/** Every message of a Maildir as a line of UID, flags, date, size and digest, sorted: a multiset of messages. */
export async function readMaildir(maildir: string): Promise<string[]> {
  const lines: string[] = []
  for (const folder of ['cur', 'new']) {
    for (const name of await readdir(join(maildir, folder)))
      lines.push(await describeFile(join(maildir, folder), name))
  }
  return lines.sort()
}

async function describeFile(folder: string, name: string): Promise<string> {
  const path = join(folder, name)
  const octets = withoutTransferId(await readFile(path))
  const seconds = Math.floor((await stat(path)).mtimeMs / 1000)
  return `${readUid(name)} ${readFlags(name)} ${seconds} ${octets.length} ${digest(octets)}`
}

async function createMaildir(maildir: string): Promise<void> {
  for (const folder of ['cur', 'new', 'tmp']) await mkdir(join(maildir, folder), { recursive: true })
}

async function runMbsync(login: ClientLogin): Promise<Transcript> {
  const folder = await createTempFolder('mb')
  try {
    const maildir = folder.join('local')
    const request = { login, maildir, stateFolder: folder.path } as const
    const lines = [await syncMailbox({ ...request, direction: 'Pull' })]
    const pulled = await readMaildir(maildir)
    await writeLocalMessage(maildir)
    lines.push(await syncMailbox({ ...request, direction: 'All' }))
    return [...pulled, ...lines.flatMap((line) => line.split('\n')), ...(await readMaildir(maildir))]
  } finally {
    await folder.remove()
  }
}

function writeConfig({ login, maildir, stateFolder, direction }: SyncRequest): string {
  const lines = [
    // Durability of a temporary folder costs minutes and proves nothing here.
    'FSync no',
    'IMAPAccount account',
    `Host ${login.host}`,
    `Port ${login.port}`,
    `User ${login.user}`,
    'PassCmd "printenv MBSYNC_PASSWORD"',
    `SSLType ${sslTypes[login.tls]}`,
    ...(login.tls === 'none' ? [] : [`CertificateFile ${login.caFile}`, 'SystemCertificates no']),
    'AuthMechs *',
    '',
    'IMAPStore far',
    'Account account',
    '',
    'MaildirStore near',
    `Path ${maildir}/`,
    `Inbox ${maildir}`,
    '',
    'Channel channel',
    'Far :far:INBOX',
    'Near :near:INBOX',
    `Sync ${direction}`,
    'Create Near',
    'CopyArrivalDate yes',
    `SyncState ${stateFolder}/state-`,
  ]
  return `${lines.join('\n')}\n`
}

async function writeLocalMessage(maildir: string): Promise<void> {
  const path = join(maildir, 'new', '1700000000.local.imaptap')
  await writeFile(path, 'Subject: from mbsync\n\n8-bit \u00e9\n')
  await utimes(path, 1_700_000_000, 1_700_000_000)
}

/** mbsync keeps the UID in the name; a server's own Maildir has none there. */
function readUid(name: string): string {
  return /,U=(\d+)/.exec(name)?.[1] ?? '-'
}

function readFlags(name: string): string {
  const letters = /:2,([A-Za-z]*)$/.exec(name)?.[1] ?? ''
  return letters.split('').sort().join('')
}

/** mbsync marks each copy with a random X-TUID header. */
function withoutTransferId(octets: Buffer): Buffer {
  const start = octets.indexOf('X-TUID: ')
  if (start < 0) return octets
  const end = octets.indexOf('\n', start)
  return Buffer.concat([octets.subarray(0, start), octets.subarray(end + 1)])
}
