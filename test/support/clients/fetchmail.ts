/** fetchmail as a mail client: takes every message of INBOX and leaves it there. */

import { writeFile } from 'node:fs/promises'

import { run } from '../child.ts'
import { createTempFolder } from '../temp-folder.ts'
import { toolPath } from '../tools.ts'
import { digest, type Client, type ClientLogin, type Transcript } from './client.ts'

export const fetchmail: Client = {
  name: 'fetchmail',
  tool: { program: 'fetchmail', package: 'fetchmail' },
  commands: ['SELECT', 'FETCH', 'LOGOUT'],
  run: runFetchmail,
}

/** It ends so where there was no mail. */
const noMail = 1

async function runFetchmail(login: ClientLogin): Promise<Transcript> {
  const folder = await createTempFolder('fetchmail')
  try {
    const configFile = folder.join('fetchmailrc')
    await writeFile(configFile, writeConfig(login), { mode: 0o600 })
    const args = [
      '--fetchmailrc',
      configFile,
      '--pidfile',
      folder.join('pid'),
      '--idfile',
      folder.join('ids'),
    ]
    const result = await run(toolPath('fetchmail'), [...args, '--nosyslog', '--keep', '--fetchall'], {
      env: { ...process.env, FETCHMAILHOME: folder.path },
    })
    if (result.code !== 0 && result.code !== noMail)
      throw new Error(`fetchmail exited with ${result.code}: ${result.stderr} ${result.stdout.toString()}`)
    return [digest(result.stdout)]
  } finally {
    await folder.remove()
  }
}

function writeConfig({ host, port, user, password, caFile, tls }: ClientLogin): string {
  const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`
  const ssl = tls === 'implicit' ? `ssl sslcertck sslcertfile ${quoted(caFile)}` : "sslproto ''"
  return [
    // It does not look for an address among the names of a certificate.
    `poll ${quoted(host === '127.0.0.1' ? 'localhost' : host)} protocol IMAP port ${port}`,
    `  user ${quoted(user)} password ${quoted(password)} ${ssl}`,
    '  mda "cat > /dev/null"',
    '',
  ].join('\n')
}
