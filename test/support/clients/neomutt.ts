/** neomutt as a mail client, in a terminal of its own: opens INBOX, reads a message, flags one, asks for news, leaves. */

import { writeFile } from 'node:fs/promises'

import { runOrThrow } from '../child.ts'
import { createTempFolder } from '../temp-folder.ts'
import { toolPath } from '../tools.ts'
import type { Client, ClientLogin, Transcript } from './client.ts'

export const neomutt: Client = {
  name: 'neomutt',
  tool: { program: 'neomutt', package: 'neomutt' },
  commands: ['SELECT', 'UID FETCH', 'LOGOUT'],
  run: runNeomutt,
}

async function runNeomutt(login: ClientLogin): Promise<Transcript> {
  const folder = await createTempFolder('neomutt')
  try {
    const configFile = folder.join('muttrc')
    await writeFile(configFile, writeConfig(login, folder.path), { mode: 0o600 })
    // It wants a terminal, which script(1) gives it.
    await runOrThrow(toolPath('script'), ['-qec', `neomutt -n -F ${configFile}`, '/dev/null'], {
      env: { ...process.env, TERM: 'xterm', HOME: folder.path },
    })
    return []
  } finally {
    await folder.remove()
  }
}

const keys =
  '<first-entry><display-message><exit><flag-message><next-entry><imap-fetch-mail><sync-mailbox><quit>'

function writeConfig({ host, port, user, password, caFile, tls }: ClientLogin, folder: string): string {
  const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`
  const scheme = tls === 'implicit' ? 'imaps' : 'imap'
  return [
    `set folder = ${scheme}://${host}:${port}/`,
    `set spoolfile = ${scheme}://${host}:${port}/INBOX`,
    `set imap_user = ${quoted(user)}`,
    `set imap_pass = ${quoted(password)}`,
    `set certificate_file = ${quoted(caFile)}`,
    `set ssl_force_tls = ${tls === 'none' ? 'no' : 'yes'}`,
    'set ssl_starttls = yes',
    `set header_cache = ${folder}/headers`,
    'set wait_key = no',
    'set confirm_append = no',
    'set quit = yes',
    'set move = no',
    'set mark_old = no',
    `push '${keys}'`,
    '',
  ].join('\n')
}
