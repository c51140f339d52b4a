/** What each client finds out about mailboxes, in all the ways that it has: to be compared with one that has no hidden ones. */

import { fileURLToPath } from 'node:url'

import { run, runOrThrow } from '../../support/child.ts'
import type { ClientLogin } from '../../support/clients/client.ts'
import { toolPath } from '../../support/tools.ts'
import { openClient } from './imapflow-errand.ts'
import { openSync } from './mbsync-errand.ts'
import { runNeomutt } from './neomutt-errand.ts'

/** `hidden` are names to try, as the server writes them. */
type View = (login: ClientLogin, hidden: readonly string[]) => Promise<readonly string[]>

export const views: Readonly<Record<string, View>> = {
  curl: viewByCurl,
  imaplib: viewByImaplib,
  imapflow: viewByImapflow,
  mbsync: viewByMbsync,
  neomutt: viewByNeomutt,
}

/** All that it heard of each command, by its own account of the session. */
async function viewByCurl(login: ClientLogin, hidden: readonly string[]): Promise<readonly string[]> {
  const commands = [
    'LIST "" *',
    'LIST "" %',
    'LSUB "" *',
    ...hidden.flatMap((name) => [
      `SELECT ${name}`,
      `STATUS ${name} (MESSAGES)`,
      `LIST "" ${name}`,
      `DELETE ${name}`,
    ]),
  ]
  const lines: string[] = []
  for (const command of commands) lines.push(command, ...(await askCurl(login, '', ['-X', command])))
  for (const name of hidden) lines.push(`${name};UID=1`, ...(await askCurl(login, `${name};UID=1`, [])))
  return lines
}

async function askCurl(
  login: ClientLogin,
  path: string,
  args: readonly string[],
): Promise<readonly string[]> {
  const { host, port, user, password } = login
  const options = ['-sSv', '--max-time', '20', '-K', '-', ...args, `imap://${host}:${port}/${path}`]
  const input = `user = "${`${user}:${password}`.replaceAll(/["\\]/g, '\\$&')}"\n`
  const { code, stderr } = await run(toolPath('curl'), options, { input })
  const lines = stderr.split(/\r?\n/u).filter((line) => line.startsWith('< '))
  // What comes before the command is the server's greeting and the login.
  const loggedIn = lines.findIndex((line) =>
    /^< A\d+ OK .*Logged in|^< A\d+ OK .*(?:User logged in|Success)/u.test(line),
  )
  return [...lines.slice(loggedIn + 1), `exit ${code}`]
}

const script = fileURLToPath(new URL('imaplib-view.py', import.meta.url))

async function viewByImaplib(login: ClientLogin, hidden: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await runOrThrow(toolPath('python3'), [script], {
    input: JSON.stringify({ ...login, hidden }),
  })
  return stdout.toString().trimEnd().split('\n')
}

async function viewByImapflow(login: ClientLogin, hidden: readonly string[]): Promise<readonly string[]> {
  const client = openClient(login)
  await client.connect()
  try {
    const lines = [JSON.stringify(client.namespaces ?? null)]
    const wanted = { messages: true, unseen: true, uidNext: true } as const
    for (const entry of await client.list({ statusQuery: wanted }))
      lines.push(JSON.stringify({ ...entry, flags: [...entry.flags].sort() }))
    lines.push(JSON.stringify(await client.listTree()))
    for (const name of hidden)
      for (const attempt of [
        () => client.mailboxOpen(name),
        () => client.status(name, wanted),
        () => client.mailboxDelete(name),
        () => client.append(name, 'Subject: x\r\n\r\nx\r\n'),
        () => client.mailboxSubscribe(name),
      ])
        lines.push(await attempt().then((answer) => JSON.stringify(answer), describe))
    return lines
  } finally {
    await client.logout()
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const status = 'responseStatus' in error ? error.responseStatus : undefined
  const text = 'responseText' in error ? error.responseText : undefined
  const code = 'serverResponseCode' in error ? error.serverResponseCode : undefined
  return JSON.stringify({ status, text, code, message: error.message })
}

/** Every file that it wrote, and its octets. */
async function viewByMbsync(login: ClientLogin): Promise<readonly string[]> {
  const sync = await openSync(login)
  try {
    const first = await sync.sync('Pull')
    const second = await sync.sync('All')
    return [first, second].flatMap(({ files, code, said }) => [
      ...[...files].map(([path, octets]) => `${path}: ${octets}`),
      ...said,
      `exit ${code}`,
    ])
  } finally {
    await sync.close()
  }
}

/** What it heard of the mailboxes that it is to watch, and what it says when it is sent to one. */
async function viewByNeomutt(login: ClientLogin, hidden: readonly string[]): Promise<readonly string[]> {
  const settings = ['set imap_check_subscribed = yes', 'set mail_check_stats = yes']
  const runs = [await runNeomutt(login, '<imap-fetch-mail>', settings)]
  for (const name of hidden) runs.push(await runNeomutt(login, `<change-folder>=${name}<enter>`, settings))
  return runs.flatMap(({ heard, told, code }) => [...heard, ...told, `exit ${code}`])
}
