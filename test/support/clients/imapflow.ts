/** imapflow as a mail client: ID, ENABLE, QRESYNC-style fetches, STORE, SEARCH, MOVE, APPEND and IDLE in one session. */

import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

import { ImapFlow, type FetchMessageObject } from 'imapflow'

import { digest, type Client, type ClientLogin, type Transcript } from './client.ts'

export const imapflow: Client = {
  name: 'imapflow',
  tool: undefined,
  commands: [
    'ID',
    'AUTHENTICATE',
    'ENABLE',
    'LIST',
    'FETCH',
    'UID STORE',
    'UID MOVE',
    'APPEND',
    'IDLE',
    'LOGOUT',
  ],
  run: runImapflow,
}

async function runImapflow(login: ClientLogin): Promise<Transcript> {
  const client = new ImapFlow({
    host: login.host,
    port: login.port,
    secure: login.tls === 'implicit',
    doSTARTTLS: login.tls === 'starttls',
    auth: { user: login.user, pass: login.password },
    tls: { ca: await readFile(login.caFile, 'utf8') },
    clientInfo: { name: 'imaptap-test', version: '1.0' },
    logger: false,
  })
  // Failures reach us through the promises; without a listener this event would end the process.
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await workThroughMailbox(client)
  } finally {
    await client.logout()
  }
}

async function workThroughMailbox(client: ImapFlow): Promise<string[]> {
  const lines: string[] = []
  await client.mailboxCreate('Archive & \u00dcbriges')
  lines.push(
    ...(await client.list())
      .map(({ path, flags }) => `mailbox ${path} ${[...flags].sort().join(' ')}`)
      .sort(),
  )
  const opened = await client.mailboxOpen('INBOX')
  lines.push(
    `exists ${opened.exists}, next ${opened.uidNext}, permanent ${[...(opened.permanentFlags ?? [])].sort().join(' ')}`,
  )
  lines.push(...(await fetchEverything(client)))

  const appended = await client.append(
    'INBOX',
    Buffer.from('Subject: appended\r\n\r\n\u00e9\r\n', 'latin1'),
    ['\\Flagged'],
  )
  lines.push(`appended ${appended === false ? 'nothing' : appended.uid}`)
  lines.push(`idle ${await idleBriefly(client)}`)
  await client.messageFlagsAdd('1:3', ['\\Seen', 'Keyword1'], { uid: true })
  lines.push(`seen ${String(await client.search({ seen: true }, { uid: true }))}`)
  lines.push(`umlaut ${String(await client.search({ body: 'Gr\u00fc\u00dfe' }, { uid: true }))}`)
  const moved = await client.messageMove('2:4', 'Archive & \u00dcbriges', { uid: true })
  lines.push(`moved ${moved === false ? 'nothing' : [...(moved.uidMap ?? [])].join(' ')}`)
  const status = await client.status('Archive & \u00dcbriges', { messages: true, unseen: true })
  lines.push(status === false ? 'no status' : `archive ${status.messages} messages, ${status.unseen} unseen`)
  lines.push(...(await fetchEverything(client)))
  return lines
}

async function fetchEverything(client: ImapFlow): Promise<string[]> {
  const query = {
    uid: true,
    flags: true,
    size: true,
    envelope: true,
    bodyStructure: true,
    source: true,
  } as const
  const messages = await client.fetchAll('1:*', query)
  return messages.map(describeFetched)
}

function describeFetched(message: FetchMessageObject): string {
  const source = message.source ?? Buffer.alloc(0)
  const structure = digest(JSON.stringify([message.envelope, message.bodyStructure]))
  const flags = [...(message.flags ?? [])].filter((flag) => flag !== '\\Recent').sort()
  return `message ${message.uid}: ${message.size} octets, ${digest(source)}, structure ${structure}, ${flags.join(' ')}`
}

/** IDLE ends when another command wants the connection. */
async function idleBriefly(client: ImapFlow): Promise<string> {
  const idling = client.idle()
  await sleep(100)
  await client.noop()
  await idling
  return 'done'
}
