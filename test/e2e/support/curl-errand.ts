/** The errand of curl: a process and a session for each step, with commands of our own by -X. */

import { writeFile } from 'node:fs/promises'

import { run } from '../../support/child.ts'
import { digest, type ClientLogin } from '../../support/clients/client.ts'
import { createTempFolder } from '../../support/temp-folder.ts'
import { toolPath } from '../../support/tools.ts'
import { draft, type Errand, type Told } from './errand.ts'

export const curlErrand: Errand = {
  name: 'curl',
  tool: { program: 'curl', package: 'curl' },
  run: runCurl,
}

interface Asked {
  readonly code: number | null
  readonly body: string
  /** What the server said last. */
  readonly completion: string
}

async function runCurl(login: ClientLogin): Promise<Told> {
  const folder = await createTempFolder('curl')
  const upload = folder.join('upload.eml')
  await writeFile(upload, draft)
  const say = async (path: string, ...args: readonly string[]): Promise<string> =>
    tell(await ask(login, path, args))
  const order = (path: string, command: string): Promise<string> => say(path, '-X', command)
  try {
    return {
      list: await list(login),
      open: await open(login),
      read: await read(login),
      flag: await order('INBOX', 'STORE 1 +FLAGS (\\Flagged)'),
      'mark deleted': await order('INBOX', 'STORE 2 +FLAGS (\\Deleted)'),
      expunge: await order('INBOX', 'EXPUNGE'),
      copy: await order('INBOX', 'COPY 1 Work'),
      move: await order('INBOX', 'UID MOVE 3 Work'),
      append: await say('INBOX', '-T', upload),
      draft: await say('Drafts', '-T', upload),
      create: await order('', 'CREATE New'),
      subscribe: await order('', 'SUBSCRIBE Work'),
      delete: await order('', 'DELETE Work'),
      close: await order('INBOX', 'CLOSE'),
    }
  } finally {
    await folder.remove()
  }
}

async function list(login: ClientLogin): Promise<string> {
  const asked = await ask(login, '', [])
  if (asked.code !== 0) return tell(asked)
  const names = [...asked.body.matchAll(/^\* LIST \([^)]*\) \S+ "?(.*?)"?\r$/gmu)].map(
    ([, name = '']) => name,
  )
  return names.toSorted().join(' ')
}

async function open(login: ClientLogin): Promise<string> {
  const asked = await ask(login, '', ['-X', 'SELECT INBOX'])
  if (asked.code !== 0) return tell(asked)
  if (asked.completion.includes('[READ-ONLY]')) return 'read-only'
  return `${/^\* (\d+) EXISTS/mu.exec(asked.body)?.[1]} messages`
}

async function read(login: ClientLogin): Promise<string> {
  const asked: Asked[] = []
  for (const uid of [1, 2, 3, 4, 5, 6]) asked.push(await ask(login, `INBOX;UID=${uid}`, []))
  const failed = asked.find(({ code }) => code !== 0)
  if (failed) return tell(failed)
  const seen = (await ask(login, 'INBOX?SEEN', [])).body.match(/\d+/gu)?.length ?? 0
  return `${asked.length} messages, ${digest(asked.map(({ body }) => body).join(''))}, ${seen} seen`
}

async function ask(
  { host, port, user, password }: ClientLogin,
  path: string,
  args: readonly string[],
): Promise<Asked> {
  const options = ['-sSv', '--max-time', '20', '-K', '-', ...args, `imap://${host}:${port}/${path}`]
  // On standard input: a password among the arguments would be visible to everybody on the machine.
  const input = `user = "${`${user}:${password}`.replaceAll(/["\\]/g, '\\$&')}"\n`
  const { code, stdout, stderr } = await run(toolPath('curl'), options, { input })
  // On stderr it tells of the session. It ends each with LOGOUT, whose completion does not count.
  const [session = ''] = stderr.split('\n< * BYE')
  const completions = [...session.matchAll(/^< A\d+ ((?:OK|NO|BAD).*?)\r?$/gmu)].map(([, text = '']) => text)
  return { code, body: stdout.toString('latin1'), completion: completions.at(-1) ?? '' }
}

const tell = ({ code, completion }: Asked): string => (code === 0 ? 'OK' : `${completion}, exit ${code}`)
