/** A real Dovecot on loopback ports of its own, with users, certificates and Maildirs in a temporary folder. */

import { createHash } from 'node:crypto'
import { chown, mkdir, readFile, writeFile } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'

import { mintCertificates } from './certificates.ts'
import { startDaemon, type Daemon } from './child.ts'
import { writeDovecotConfig, mailOwner } from './dovecot-config.ts'
import { deliverMessages, type MailboxMessage } from './mail.ts'
import { findFreePorts, waitForPort } from './ports.ts'
import { createTempFolder, type TempFolder } from './temp-folder.ts'
import { toolPath } from './tools.ts'

export interface DovecotOptions {
  /** Names of the users; each has a Maildir and a password of its own. One that begins with `plain-` has no odd signs in it. */
  readonly users?: readonly string[]
  /** `none` has no STARTTLS and no TLS port; `required` refuses passwords in cleartext with LOGINDISABLED. */
  readonly tls?: 'none' | 'offered' | 'required'
  readonly mechanisms?: readonly string[]
  /** Offer COMPRESS=DEFLATE. */
  readonly isCompressing?: boolean
  /** Offer whatever this Dovecot has: see `dovecot-extensions.ts`. */
  readonly hasEveryExtension?: boolean
  /** Lines added to the end of the configuration. */
  readonly extra?: string
}

export interface DovecotUser {
  readonly name: string
  readonly password: string
  readonly maildir: string
}

export interface Dovecot {
  /** Connect to this: `localhost`, or an address that Dovecot does not take for its own when TLS is required. */
  readonly host: string
  readonly ports: { readonly imap: number; readonly imaps: number }
  /** The authority that signed its certificate. */
  readonly caFile: string
  user(name: string): DovecotUser
  /** Puts messages straight into a user's INBOX, before the first session opens it. */
  deliver(name: string, messages: readonly MailboxMessage[]): Promise<void>
  logs(): string
  stop(): Promise<void>
}

/** Attempts to bind: a free port can be taken by a stranger before Dovecot gets there. */
const bindAttempts = 3

export async function startDovecot(options: DovecotOptions = {}): Promise<Dovecot> {
  const folder = await createTempFolder('dc')
  try {
    for (let attempt = 1; ; attempt++) {
      const started = await tryToStart(folder, options)
      if (started.kind === 'running') return started.dovecot
      if (attempt === bindAttempts) throw new Error(`Dovecot did not start:\n${started.reason}`)
    }
  } catch (error) {
    await folder.remove()
    throw error
  }
}

type Attempt =
  | { readonly kind: 'running'; readonly dovecot: Dovecot }
  | { readonly kind: 'failed'; readonly reason: string }

async function tryToStart(folder: TempFolder, options: DovecotOptions): Promise<Attempt> {
  // Dovecot calls a connection secured when both ends have one address: 127.0.0.2 is answered from 127.0.0.1.
  const listenHost = options.tls === 'required' ? '127.0.0.2' : '127.0.0.1'
  const [imap = 0, imaps = 0] = await findFreePorts(2, listenHost)
  const users = new Map((options.users ?? ['alice']).map((name) => [name, describeUser(folder, name)]))
  const logFile = folder.join('dovecot.log')
  const certificates = await mintCertificates(folder.path)
  const configFile = await writeDovecotConfig({
    folder,
    ports: { imap, imaps },
    listenHost,
    options,
    certificates,
  })
  await prepareUsers(folder, [...users.values()])

  const daemon = await startDaemon(toolPath('dovecot'), ['-F', '-c', configFile])
  const logs = () => `${daemon.output()}${readLog(logFile)}`
  if (!(await isServing(daemon, imap, listenHost))) {
    await daemon.stop()
    return { kind: 'failed', reason: logs() }
  }

  const findUser = (name: string) => {
    const user = users.get(name)
    if (user === undefined) throw new Error(`no user ${name} in this Dovecot`)
    return user
  }
  const dovecot: Dovecot = {
    host: options.tls === 'required' ? listenHost : 'localhost',
    ports: { imap, imaps },
    caFile: certificates.caFile,
    user: findUser,
    deliver: async (name, messages) => deliverMessages(findUser(name).maildir, messages, await mailOwner()),
    logs,
    stop: () => stopDovecot(daemon, folder),
  }
  return { kind: 'running', dovecot }
}

/**
 * The password has a quote, a backslash and a space: all that a client must escape and a redactor must find.
 * It is new for each user, without the name, which a log may well show.
 */
function describeUser(folder: TempFolder, name: string): DovecotUser {
  const word = createHash('sha256').update(name).digest('hex').slice(0, 12)
  // fetchmail cannot be given a quote in a password.
  if (name.startsWith('plain-'))
    return { name, password: `Lantern${word}`, maildir: folder.join('mail', name) }
  return { name, password: `Lantern"${word}\\Harbour Quartz7`, maildir: folder.join('mail', name) }
}

async function prepareUsers(folder: TempFolder, users: readonly DovecotUser[]): Promise<void> {
  const owner = await mailOwner()
  const lines = users.map(
    (user) => `${user.name}:{PLAIN}${user.password}:${owner.uid}:${owner.gid}::${user.maildir}\n`,
  )
  await writeFile(folder.join('users'), lines.join(''), { mode: 0o644 })
  const folders = [
    folder.join('mail'),
    ...users.flatMap(({ maildir }) => ['', '/cur', '/new', '/tmp'].map((sub) => maildir + sub)),
  ]
  for (const path of folders) {
    await mkdir(path, { recursive: true })
    await chown(path, owner.uid, owner.gid)
  }
}

/** The port can belong to a stranger who was faster: only a Dovecot greeting counts. */
async function isServing(daemon: Daemon, port: number, host: string): Promise<boolean> {
  if (!(await waitForPort(port, host, daemon.isRunning))) return false
  const socket = connect(port, host)
  socket.on('error', () => undefined)
  try {
    const [chunk] = await Promise.race([once(socket, 'data'), sleep(5000, [Buffer.alloc(0)])])
    return Buffer.isBuffer(chunk) && chunk.includes('imaptap-dovecot') && daemon.isRunning()
  } finally {
    socket.destroy()
  }
}

async function stopDovecot(daemon: Daemon, folder: TempFolder): Promise<void> {
  const masterPid = await readFile(folder.join('run', 'master.pid'), 'utf8').catch(() => undefined)
  await daemon.stop()
  if (masterPid !== undefined && Number(masterPid) !== daemon.pid)
    throw new Error('Dovecot left its foreground')
  await folder.remove()
}

function readLog(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
