/** What a dashboard on this machine can do besides: open the user's editor, keep a copy in a file; knows no screen. */

import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join, resolve as resolvePath } from 'node:path'

import { writeHeader } from '../capture/header.ts'
import { RecordEncoder } from '../capture/record.ts'
import type { ObservedEvent } from '../findings/finding.ts'
import type { CapturePort, Moment } from '../tui/port.ts'
import { readVersion } from './version.ts'

export interface DashboardTools {
  edit(text: string): Promise<string | undefined>
  saveCopy(text: string, extension: string): Promise<string>
  readonly capture: CapturePort
}

type Env = Readonly<Record<string, string | undefined>>

export function dashboardTools(env: Env): DashboardTools {
  return {
    edit: (text) => editText(text, env),
    saveCopy: (text, extension) => saveCopy(text, extension, env),
    capture: { write: writeCapture },
  }
}

/** In a folder and a file for this user alone, gone afterwards. Undefined where nothing was changed. */
async function editText(text: string, env: Env): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'imaptap-'))
  const path = join(folder, 'message.imap')
  try {
    await writeFile(path, text, { mode: 0o600 })
    await runEditor(env['VISUAL'] || env['EDITOR'] || 'vi', path)
    const edited = await readFile(path, 'utf8')
    return edited === text ? undefined : edited
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** By way of the shell, because EDITOR may be `code --wait`. */
function runEditor(editor: string, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-c', `${editor} "$1"`, 'sh', path], { stdio: 'inherit' })
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`${editor} ended with ${code ?? 'a signal'}; nothing was changed`))
    })
  })
}

/** One file for each form, the latest: what is copied does not pile up. */
async function saveCopy(text: string, extension: string, env: Env): Promise<string> {
  const state = env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state')
  const folder = join(state, 'imaptap')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, `copied.${extension}`)
  const fresh = `${path}.${process.pid}`
  await rm(fresh, { force: true })
  await writeFile(fresh, text, { mode: 0o600, flag: 'wx' })
  // The umask may have taken more away than is good for the owner.
  await chmod(fresh, 0o600)
  await rename(fresh, path)
  return path
}

/** In the folder where imaptap was started: a person asked for it, and looks there. */
async function writeCapture(events: readonly ObservedEvent[], { clock, wall }: Moment): Promise<string> {
  const keeping = { secrets: false, bodies: false }
  const run = randomBytes(4).toString('hex')
  const header = writeHeader({ run, created: wall, clock, writer: readVersion(), ...keeping })
  const encoder = new RecordEncoder(keeping)
  const lines = events.flatMap((event) => encoder.encode(event) ?? [])
  const stamp = new Date(wall).toISOString().replaceAll(/[-:.]/gu, '')
  const path = resolvePath(`imaptap-${stamp}.ndjson`)
  await writeFile(path, `${[header, ...lines].join('\n')}\n`, { mode: 0o600, flag: 'wx' })
  return path
}
