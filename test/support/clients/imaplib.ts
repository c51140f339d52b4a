/** Python's imaplib as a mail client: LOGIN with a quoted password, literals in SEARCH and APPEND. */

import { fileURLToPath } from 'node:url'

import { normalise, type Client, type ClientLogin, type Transcript } from './client.ts'
import { runOrThrow } from '../child.ts'
import { toolPath } from '../tools.ts'

export const imaplib: Client = {
  name: 'imaplib',
  tool: { program: 'python3', package: 'python3' },
  commands: [
    'LOGIN',
    'LIST',
    'SELECT',
    'UID FETCH',
    'UID SEARCH',
    'STORE',
    'COPY',
    'EXPUNGE',
    'APPEND',
    'LOGOUT',
  ],
  run: runImaplib,
}

const script = fileURLToPath(new URL('imaplib-session.py', import.meta.url))

async function runImaplib(login: ClientLogin): Promise<Transcript> {
  const { stdout } = await runOrThrow(toolPath('python3'), [script], { input: JSON.stringify(login) })
  return stdout.toString().trimEnd().split('\n').map(normalise)
}
