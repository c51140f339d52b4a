/** The errand of mbsync: every mailbox into a tree of Maildirs, pulled, and then with changes of its own to push. */

import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'

import { run } from '../../support/child.ts'
import type { ClientLogin } from '../../support/clients/client.ts'
import { createTempFolder } from '../../support/temp-folder.ts'
import { toolPath } from '../../support/tools.ts'
import { draft } from './errand.ts'

export const mbsyncTool = { program: 'mbsync', package: 'isync' } as const

export interface SyncedTree {
  /** Path below the tree, without what is new with each run; and the octets, without the mark of the transfer. */
  readonly files: ReadonlyMap<string, string>
  readonly code: number | null
  /** What it wrote, a line each, without places of this machine. */
  readonly said: readonly string[]
}

export interface SyncRun {
  sync(direction: 'Pull' | 'All', options?: SyncOptions): Promise<SyncedTree>
  /** A new message in INBOX, a flag on the first and a deletion of the second. */
  changeLocally(): Promise<void>
  close(): Promise<void>
}

export interface SyncOptions {
  readonly patterns?: string
  /** What is deleted on one side is destroyed on the other. */
  readonly isExpunging?: boolean
}

/** One account, kept over several runs. */
export async function openSync(login: ClientLogin): Promise<SyncRun> {
  const folder = await createTempFolder('mbs')
  const tree = folder.join('mail')
  const state = folder.join('state')
  await mkdir(tree)
  await mkdir(state)
  return {
    sync: async (direction, options = {}) => {
      const config = folder.join('mbsyncrc')
      await writeFile(config, writeConfig({ login, tree, state, direction, options }), { mode: 0o600 })
      const env = { ...process.env, HOME: folder.path, MBSYNC_PASSWORD: login.password }
      const result = await run(toolPath('mbsync'), ['-c', config, 'channel'], { env })
      const text = `${result.stdout.toString()}${result.stderr}`
      return { files: await readTree(tree), code: result.code, said: linesOf(text, folder.path) }
    },
    changeLocally: () => changeLocally(join(tree, 'INBOX')),
    close: () => folder.remove(),
  }
}

interface Layout {
  readonly login: ClientLogin
  readonly tree: string
  readonly state: string
  readonly direction: 'Pull' | 'All'
  readonly options: SyncOptions
}

function writeConfig({ login, tree, state, direction, options }: Layout): string {
  const lines = [
    'FSync no',
    'IMAPAccount account',
    `Host ${login.host}`,
    `Port ${login.port}`,
    `User ${login.user}`,
    'PassCmd "printenv MBSYNC_PASSWORD"',
    'SSLType None',
    'AuthMechs *',
    'Timeout 15',
    '',
    'IMAPStore far',
    'Account account',
    '',
    'MaildirStore near',
    `Path ${tree}/`,
    `Inbox ${tree}/INBOX`,
    'SubFolders Verbatim',
    '',
    'Channel channel',
    'Far :far:',
    'Near :near:',
    `Patterns ${options.patterns ?? '*'}`,
    `Sync ${direction}`,
    'Create Near',
    ...(options.isExpunging === true ? ['Expunge Both'] : []),
    'CopyArrivalDate yes',
    `SyncState ${state}/`,
  ]
  return `${lines.join('\n')}\n`
}

async function readTree(tree: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(tree, { recursive: true, withFileTypes: true })
  const files = new Map<string, string>()
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isDirectory()) files.set(`${relative(tree, path)}/`, '')
    else files.set(stableName(relative(tree, path)), stableText(await readFile(path, 'latin1')))
  }
  return new Map([...files].toSorted(([one], [other]) => (one < other ? -1 : 1)))
}

/** A Maildir's file is called after the time, the process and the machine; of those only UID and flags tell of the mail. */
const stableName = (path: string): string => path.replace(/\d+\.[^/]*?(,U=\d+)?(:2,[A-Z]*)?$/u, '*$1$2')

/** mbsync marks copies with a random header, and keeps the UIDVALIDITY of its own Maildir, a time. */
const stableText = (text: string): string =>
  text.replace(/^X-TUID: .*\r?\n/mu, '').replace(/^\d{9,10}\n(\d+)\n$/u, 'validity\n$1\n')

async function changeLocally(maildir: string): Promise<void> {
  await writeFile(join(maildir, 'new', '1700000000.local.imaptap'), draft.replaceAll('\r\n', '\n'))
  await addFlag(maildir, 1, 'F')
  await addFlag(maildir, 2, 'T')
}

async function addFlag(maildir: string, uid: number, flag: string): Promise<void> {
  for (const folder of ['new', 'cur'])
    for (const name of await readdir(join(maildir, folder))) {
      if (!new RegExp(`,U=${uid}(:|$)`, 'u').test(name)) continue
      const [base = ''] = name.split(':')
      await rename(join(maildir, folder, name), join(maildir, 'cur', `${base}:2,${flag}`))
    }
}

function linesOf(text: string, folder: string): readonly string[] {
  return text
    .replaceAll(folder, '~')
    .replaceAll(/"\d\d-\w{3}-\d{4} [^"]*"/gu, '"now"')
    .split(/[\r\n]+/u)
    .filter((line) => line !== '' && !/^(?:C: |Maildir notice: )/u.test(line))
}
