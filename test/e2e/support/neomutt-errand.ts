/** The errand of neomutt, in a terminal of its own: keys are pushed to it, and its debug log tells what it was told and showed. */

import { readFile, writeFile } from 'node:fs/promises'

import { run } from '../../support/child.ts'
import type { ClientLogin } from '../../support/clients/client.ts'
import { createTempFolder } from '../../support/temp-folder.ts'
import { toolPath } from '../../support/tools.ts'

export const neomuttTools = [
  { program: 'neomutt', package: 'neomutt' },
  { program: 'script', package: 'bsdutils' },
] as const

export interface NeomuttRun {
  readonly code: number | null
  /** What it told its user, messages and errors, in order. */
  readonly told: readonly string[]
  /** What the server told it of mailboxes. */
  readonly heard: readonly string[]
}

/**
 * Opens INBOX, presses the keys, and leaves a second later: an error takes away keys that were pressed ahead.
 * `settings` are lines of muttrc.
 */
export async function runNeomutt(
  login: ClientLogin,
  keys: string,
  settings: readonly string[] = [],
): Promise<NeomuttRun> {
  const folder = await createTempFolder('nm')
  try {
    const config = folder.join('muttrc')
    const log = folder.join('debug')
    await writeFile(config, writeConfig(login, [...settings, `push '${keys}'`]), { mode: 0o600 })
    const command = `stty rows 40 cols 160; exec neomutt -n -F ${config} -d 3 -l ${log}`
    const { code } = await run(toolPath('script'), ['-qec', command, '/dev/null'], {
      env: { ...process.env, TERM: 'xterm', HOME: folder.path },
      timeoutMs: 20_000,
    })
    const lines = (await readFile(`${log}0`, 'latin1')).split('\n')
    return { code, told: pick(lines, told), heard: pick(lines, heard) }
  } finally {
    await folder.remove()
  }
}

function writeConfig({ host, port, user, password }: ClientLogin, more: readonly string[]): string {
  const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`
  return [
    `set folder = imap://${host}:${port}/`,
    'set spoolfile = +INBOX',
    'set record = ""',
    `set imap_user = ${quoted(user)}`,
    `set imap_pass = ${quoted(password)}`,
    'set ssl_force_tls = no',
    'set ssl_starttls = no',
    'set wait_key = no',
    'set confirm_append = no',
    'set confirm_create = no',
    'set delete = yes',
    'set quit = yes',
    'set move = no',
    'set mark_old = no',
    'set sleep_time = 0',
    'set timeout = 1',
    "timeout-hook 'exec exit'",
    ...more,
    '',
  ].join('\n')
}

/** Without what it says of itself, and of the moment at which we leave. */
const told = /^\[[^\]]*\]<[MEP]> \S+\(\) (?!Debugging at|No mailbox is open)(.*)$/u
const heard = /\d+< (\* (?:LIST|LSUB|STATUS) .*?)\r?$/u

function pick(lines: readonly string[], pattern: RegExp): readonly string[] {
  return lines.flatMap((line) => pattern.exec(line)?.[1] ?? [])
}
