/** A real Cyrus on loopback ports of its own, with users, certificates and mail in a temporary folder. */

import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

import { mintCertificates } from './certificates.ts'
import { runOrThrow, startDaemon, type Daemon } from './child.ts'
import { cyrusUser, imapdPath, writeCyrusConfig } from './cyrus-config.ts'
import { findFreePorts, waitForPort } from './ports.ts'
import { createTempFolder, type TempFolder } from './temp-folder.ts'
import { requireTool, toolPath } from './tools.ts'

export interface CyrusOptions {
  /** Names of the users; `admin` is there as well, and may administer. */
  readonly users?: readonly string[]
  /** `none` has no STARTTLS and no TLS port. */
  readonly tls?: 'none' | 'offered'
  readonly mechanisms?: readonly string[]
  /** Lines of imapd.conf beside those that are always there, or in their place. */
  readonly settings?: Readonly<Record<string, string>>
}

export interface CyrusUser {
  readonly name: string
  readonly password: string
}

export interface Cyrus {
  readonly host: string
  readonly ports: { readonly imap: number; readonly imaps: number }
  /** The authority that signed its certificate. */
  readonly caFile: string
  user(name: string): CyrusUser
  logs(): string
  stop(): Promise<void>
}

/** Attempts to bind: a free port can be taken by a stranger before Cyrus gets there. */
const bindAttempts = 3

/**
 * The path of its imapd, or undefined after saying what is missing. Debian's package of it cannot stand beside Dovecot's:
 * `.ci/run` unpacks the program without installing the package.
 */
export function requireCyrus(): string | undefined {
  const tools = [
    requireTool('cyrmaster', { package: 'cyrus-common' }),
    requireTool('saslpasswd2', { package: 'sasl2-bin' }),
    requireTool('setsid', { package: 'util-linux' }),
    requireTool(imapdPath, { package: 'cyrus-imapd' }),
  ]
  return tools.includes(undefined) ? undefined : tools.at(-1)
}

export async function startCyrus(options: CyrusOptions = {}): Promise<Cyrus> {
  const folder = await createTempFolder('cy')
  try {
    for (let attempt = 1; ; attempt++) {
      const cyrus = await tryToStart(folder, options)
      if (typeof cyrus !== 'string') return cyrus
      if (attempt === bindAttempts) throw new Error(`Cyrus did not start:\n${cyrus}`)
    }
  } catch (error) {
    await folder.remove()
    throw error
  }
}

/** What it wrote, when it did not start. */
async function tryToStart(folder: TempFolder, options: CyrusOptions): Promise<Cyrus | string> {
  const [imap = 0, imaps = 0] = await findFreePorts(2)
  const users = ['admin', ...(options.users ?? ['alice'])].map(describeUser)
  const certificates = await mintCertificates(folder.path)
  const files = await writeCyrusConfig({
    folder,
    ports: { imap, imaps },
    certificates: options.tls === 'none' ? undefined : certificates,
    mechanisms: options.mechanisms ?? ['PLAIN', 'LOGIN', 'SCRAM-SHA-256'],
    settings: options.settings ?? {},
  })
  for (const user of users) await addUser(files.passwordFile, user)
  if (cyrusUser === 'cyrus') await runOrThrow(toolPath('chown'), ['-R', `${cyrusUser}:mail`, folder.path])

  const daemon = await startMaster(folder, files)
  if (!(await isServing(daemon, imap))) {
    await daemon.stop()
    return daemon.output()
  }
  return {
    host: 'localhost',
    ports: { imap, imaps },
    caFile: certificates.caFile,
    user: (name) => {
      const user = users.find((one) => one.name === name)
      if (user === undefined) throw new Error(`no user ${name} in this Cyrus`)
      return user
    },
    logs: daemon.output,
    stop: async () => {
      await daemon.stop()
      await folder.remove()
    },
  }
}

/** The password has what a client must escape; it does not contain the name, which a log may well show. */
function describeUser(name: string): CyrusUser {
  const word = createHash('sha256').update(name).digest('hex').slice(0, 12)
  return { name, password: `Lantern"${word}\\Harbour Quartz7` }
}

async function addUser(passwordFile: string, { name, password }: CyrusUser): Promise<void> {
  const args = ['-p', '-c', '-f', passwordFile, '-u', 'localhost', name]
  await runOrThrow(toolPath('saslpasswd2'), args, { input: `${password}\n` })
}

/**
 * At its end the master signals its whole process group, which must not be ours: hence setsid. It must be Cyrus's user
 * from the start, since the wish to die with its parent does not outlive a change of user.
 */
function startMaster(
  folder: TempFolder,
  files: { readonly imapdFile: string; readonly masterFile: string },
): Promise<Daemon> {
  const master = [toolPath('cyrmaster'), '-C', files.imapdFile, '-M', files.masterFile]
  const command = [toolPath('setsid'), ...master, '-p', folder.join('master.pid')]
  if (cyrusUser !== 'cyrus') return startDaemon(command[0] ?? '', command.slice(1))
  const become = ['--reuid=cyrus', '--regid=mail', '--init-groups']
  const setpriv = toolPath('setpriv')
  return startDaemon(setpriv, [...become, setpriv, '--pdeathsig', 'TERM', ...command])
}

/** The port can belong to a stranger who was faster: only a Cyrus greeting counts. */
async function isServing(daemon: Daemon, port: number): Promise<boolean> {
  if (!(await waitForPort(port, '127.0.0.1', daemon.isRunning))) return false
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  try {
    const [chunk] = await Promise.race([once(socket, 'data'), sleep(10_000, [Buffer.alloc(0)])])
    return Buffer.isBuffer(chunk) && chunk.includes('Cyrus IMAP') && daemon.isRunning()
  } finally {
    socket.destroy()
  }
}
