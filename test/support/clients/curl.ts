/** curl as a mail client: one process for each step, as scripts use it. */

import { digest, normalise, type Client, type ClientLogin, type Transcript } from './client.ts'
import { runOrThrow } from '../child.ts'
import { createTempFolder } from '../temp-folder.ts'
import { toolPath } from '../tools.ts'
import { writeFile } from 'node:fs/promises'

export const curl: Client = {
  name: 'curl',
  tool: { program: 'curl', package: 'curl' },
  commands: ['AUTHENTICATE', 'LIST', 'SELECT', 'UID FETCH', 'SEARCH', 'APPEND', 'EXAMINE', 'LOGOUT'],
  run: runCurl,
}

async function runCurl(login: ClientLogin): Promise<Transcript> {
  const folder = await createTempFolder('curl')
  try {
    const upload = folder.join('upload.eml')
    await writeFile(upload, Buffer.from('Subject: from curl\r\n\r\ngr\u00fcn, a lone \r, {7}\r\n', 'latin1'))
    const lines = [
      ...(await askLines(login, '', [])),
      ...(await askLines(login, 'INBOX?ALL', [])),
      ...(await fetchMessages(login, [1, 3, 4, 6, 7, 9, 10, 12])),
      ...(await askLines(login, 'INBOX', ['-T', upload])),
      ...(await askLines(login, 'INBOX?UNSEEN', [])),
      ...(await askLines(login, 'INBOX', ['-X', 'EXAMINE INBOX'])),
      ...(await askLines(login, 'INBOX', ['-X', 'FETCH 1:* (UID FLAGS RFC822.SIZE INTERNALDATE)'])),
    ]
    return lines.filter((line) => !hasUploadTime(line))
  } finally {
    await folder.remove()
  }
}

/** The message just appended has the time of this run as its INTERNALDATE. */
function hasUploadTime(line: string): boolean {
  return line.includes('INTERNALDATE') && !/INTERNALDATE "..-...-2023/.test(line)
}

async function askLines(login: ClientLogin, path: string, args: readonly string[]): Promise<string[]> {
  const output = await ask(login, path, args)
  const lines = output
    .toString('latin1')
    .split('\r\n')
    .filter((line) => line !== '')
  return lines.map((line) => normalise(`${[path, ...args.slice(1, 2).filter(isCommand)].join(' ')}: ${line}`))
}

/** The name of the uploaded file is another one in each run. */
function isCommand(argument: string): boolean {
  return !argument.startsWith('/')
}

async function fetchMessages(login: ClientLogin, uids: readonly number[]): Promise<string[]> {
  const lines: string[] = []
  for (const uid of uids) {
    const octets = await ask(login, `INBOX;UID=${uid}`, [])
    lines.push(`message ${uid}: ${octets.length} octets, ${digest(octets)}`)
  }
  return lines
}

async function ask(login: ClientLogin, path: string, args: readonly string[]): Promise<Buffer> {
  const scheme = login.tls === 'implicit' ? 'imaps' : 'imap'
  const tls = login.tls === 'none' ? [] : ['--cacert', login.caFile, '--ssl-reqd']
  const url = `${scheme}://${login.host}:${login.port}/${path}`
  const options = ['-sS', '--max-time', '20', '-K', '-', ...tls, ...args, url]
  const result = await runOrThrow(toolPath('curl'), options, { input: `user = "${credentials(login)}"\n` })
  return result.stdout
}

/** On standard input: a password among the arguments would be visible to everybody on the machine. */
function credentials({ user, password }: ClientLogin): string {
  return `${user}:${password}`.replaceAll(/["\\]/g, '\\$&')
}
