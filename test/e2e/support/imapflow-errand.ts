/** The errand of imapflow, which tells of refusals partly by errors and partly by its log. */

import { ImapFlow } from 'imapflow'

import { digest, type ClientLogin } from '../../support/clients/client.ts'
import { draft, type Errand, type Step, type Told } from './errand.ts'

export const imapflowErrand: Errand = { name: 'imapflow', tool: undefined, run: runImapflow }

async function runImapflow(login: ClientLogin): Promise<Told> {
  const refusals: string[] = []
  const client = openClient(login, refusals)
  await client.connect()
  const told: Partial<Record<Step, string>> = {}
  const say = async (step: Step, attempt: () => Promise<unknown>): Promise<void> => {
    refusals.length = 0
    try {
      const answer = await attempt()
      told[step] =
        typeof answer === 'string' ? answer : answer === false ? `false ${refusals.join(' ')}` : 'OK'
    } catch (error) {
      told[step] = `error ${describeError(error)}`
    }
  }
  try {
    await say('list', async () =>
      (await client.list())
        .map(({ path }) => path)
        .toSorted()
        .join(' '),
    )
    await say('open', async () => {
      const { readOnly, exists } = await client.mailboxOpen('INBOX')
      return readOnly === true ? 'read-only' : `${exists} messages`
    })
    await say('read', () => read(client))
    await say('flag', () => client.messageFlagsAdd('1', ['\\Flagged'], { uid: true }))
    await say('mark deleted', () => client.messageFlagsAdd('2', ['\\Deleted'], { uid: true }))
    await say('expunge', () => client.messageDelete('2', { uid: true }))
    await say('copy', () => client.messageCopy('1', 'Work', { uid: true }))
    await say('move', () => client.messageMove('3', 'Work', { uid: true }))
    await say('append', () => client.append('INBOX', draft))
    await say('draft', () => client.append('Drafts', draft, ['\\Draft', '\\Seen']))
    await say('create', () => client.mailboxCreate('New'))
    await say('subscribe', () => client.mailboxSubscribe('Work'))
    await say('delete', () => client.mailboxDelete('Work'))
    await say('close', () => client.mailboxClose())
  } finally {
    await client.logout()
  }
  return told
}

export function openClient({ host, port, user, password }: ClientLogin, refusals: string[] = []): ImapFlow {
  const listen = (entry: unknown): void => {
    const error = typeof entry === 'object' && entry !== null && 'err' in entry ? entry.err : undefined
    if (error !== undefined) refusals.push(describeError(error))
  }
  const silent = (): void => undefined
  const client = new ImapFlow({
    host,
    port,
    secure: false,
    doSTARTTLS: false,
    auth: { user, pass: password },
    clientInfo: { name: 'imaptap-test', version: '1.0' },
    logger: { debug: silent, info: silent, warn: listen, error: listen },
  })
  // Failures reach us through the promises; without a listener this event would end the process.
  client.on('error', () => undefined)
  return client
}

async function read(client: ImapFlow): Promise<string> {
  const messages = await client.fetchAll('1:*', { uid: true, flags: true, source: true })
  const bodies = messages.map(({ source }) => (source ?? Buffer.alloc(0)).toString('latin1'))
  // The flags of the FETCH itself: imapflow asks with PEEK.
  const seen = messages.filter(({ flags }) => flags?.has('\\Seen')).length
  return `${messages.length} messages, ${digest(bodies.join(''))}, ${seen} seen`
}

function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const status = 'responseStatus' in error ? String(error.responseStatus) : ''
  const code = 'serverResponseCode' in error ? `[${String(error.serverResponseCode)}]` : ''
  const text = 'responseText' in error ? String(error.responseText) : error.message
  return [status, code, text].filter((word) => word !== '').join(' ')
}
