/** The real program under a policy before a real server, a mailbox for each user, and the truth behind it; knows no client. */

import { writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import { ControlClient } from '../../../src/control/control-client.ts'
import type { Ruling } from '../../../src/relay/hold-rule.ts'
import { digest, type ClientLogin } from '../../support/clients/client.ts'
import { startProxy, type Proxy } from '../../support/proxy.ts'
import { createTempFolder } from '../../support/temp-folder.ts'
import { generateMailbox } from '../../support/mail.ts'
import { TourClient } from '../../support/tour/client.ts'
import { expectStatus, literal, quote } from '../../support/tour/stage.ts'

export interface MailServer {
  readonly host: string
  readonly ports: { readonly imap: number; readonly imaps: number }
  readonly caFile: string
  user(name: string): { readonly name: string; readonly password: string }
  stop(): Promise<void>
}

export interface Gateway {
  readonly proxy: Proxy
  login(user: string): ClientLogin
  /** Rules whatever waits for a person, until the gateway is closed. */
  answerApprovals(verdict: 'allow' | 'deny'): void
  close(): Promise<void>
}

const approvalPauseMs = 50

/** `policy` is the name of a profile, used as it is shipped, or the text of a configuration. */
export async function openGateway(server: MailServer, policy: string): Promise<Gateway> {
  const folder = await createTempFolder('gw')
  const config = policy.includes('\n') ? folder.join('policy.yaml') : profilePath(policy)
  if (policy.includes('\n')) await writeFile(config, policy)
  const socket = folder.join('c.sock')
  const upstream = `imap://127.0.0.1:${server.ports.imap}`
  const proxy = await startProxy({ upstream, args: ['--config', config, '--control', socket] })
  const stopping = new AbortController()
  let answering: Promise<void> = Promise.resolve()
  return {
    proxy,
    login: (user) => loginOf(proxy, server.user(user)),
    answerApprovals: (verdict) => {
      answering = answerUntil(stopping.signal, socket, verdict)
    },
    close: async () => {
      stopping.abort()
      await answering
      await proxy.stop()
      await folder.remove()
    },
  }
}

export function loginDirectly(server: MailServer, user: string): ClientLogin {
  return loginOf(server, server.user(user))
}

/** Each message of these mailboxes as the server itself has it, and which mailboxes there are and are subscribed to. */
export async function readTruth(server: MailServer, user: string): Promise<readonly string[]> {
  const client = await logIn(server, user)
  try {
    const names = namesIn((await client.run('LIST "" *')).text)
    const lines = [`mailboxes: ${names.join(' ')}`]
    lines.push(`subscribed: ${namesIn((await client.run('LSUB "" *')).text).join(' ')}`)
    for (const name of names) lines.push(...(await readMessages(client, name)))
    return lines
  } finally {
    client.close()
  }
}

export const messageCount = 6

/** INBOX with six messages; Work with one of them; Drafts and Trash. */
export async function furnish(server: MailServer, user: string, more: readonly string[] = []): Promise<void> {
  const client = await logIn(server, user)
  try {
    // Cyrus has made some of them already.
    for (const name of ['Work', 'Drafts', 'Trash']) await client.run(`CREATE ${name}`)
    for (const name of more) await expectStatus(client, 'OK', [`CREATE ${name}`, `SUBSCRIBE ${name}`])
    const messages = generateMailbox(5, messageCount).map(({ octets }) => withLineEnds(octets))
    for (const message of messages)
      await expectStatus(client, 'OK', [`APPEND INBOX "17-Jul-2024 02:44:25 +0000" ${literal(message)}`])
    for (const name of ['Work', ...more])
      await expectStatus(client, 'OK', [
        `APPEND ${name} "17-Jul-2024 02:44:25 +0000" ${literal(`Subject: in ${name}\r\n\r\nx\r\n`)}`,
      ])
  } finally {
    client.close()
  }
}

export async function logIn(server: MailServer, user: string): Promise<TourClient> {
  const client = await TourClient.open({ port: server.ports.imap })
  await expectStatus(client, 'OK', [`LOGIN ${user} ${quote(server.user(user).password)}`])
  return client
}

async function readMessages(client: TourClient, mailbox: string): Promise<string[]> {
  await expectStatus(client, 'OK', [`EXAMINE ${quote(mailbox)}`])
  const { text } = await client.run('FETCH 1:* (UID FLAGS BODY.PEEK[])')
  return text
    .split(/^\* \d+ FETCH /mu)
    .slice(1)
    .map((item) => {
      const uid = /UID (\d+)/u.exec(item)?.[1]
      const flags = (/FLAGS \(([^)]*)\)/u.exec(item)?.[1] ?? '')
        .split(' ')
        .filter((flag) => !/^(\\Recent)?$/u.test(flag))
      const body = item.slice(item.indexOf('BODY[]')).replace(/^t\d+ OK [^]*$/mu, '')
      return `${mailbox} ${uid} (${flags.toSorted().join(' ')}) ${digest(body)}`
    })
}

function namesIn(text: string): readonly string[] {
  return [...text.matchAll(/^\* L(?:IST|SUB) \([^)]*\) \S+ "?(.*?)"?\r$/gmu)]
    .map(([, name = '']) => name)
    .toSorted()
}

/** What APPEND brings has CRLF and nothing beyond one octet for a character. */
function withLineEnds(octets: Uint8Array): string {
  const text = Buffer.from(octets)
    .toString('latin1')
    .replaceAll(/[^\t\n\r -~]/gu, '?')
  return text.replaceAll(/\r?\n|\r/gu, '\r\n')
}

async function answerUntil(signal: AbortSignal, socket: string, verdict: 'allow' | 'deny'): Promise<void> {
  while (!signal.aborted) {
    await ruleAll(socket, verdict)
    await sleep(approvalPauseMs)
  }
}

async function ruleAll(socket: string, verdict: 'allow' | 'deny'): Promise<void> {
  // The socket is there a moment later than the listeners.
  const control = await ControlClient.open(socket).catch(() => undefined)
  if (!control) return
  try {
    for (const { session, ticket } of await control.approvals())
      await control.rule(session, ticket, rulings[verdict])
  } finally {
    control.close()
  }
}

const rulings: Readonly<Record<'allow' | 'deny', Ruling>> = {
  allow: { kind: 'forward' },
  deny: { kind: 'answer', status: 'NO', text: 'not approved' },
}

function loginOf(
  { host, ports, caFile }: Pick<MailServer, 'host' | 'ports' | 'caFile'>,
  { name, password }: { readonly name: string; readonly password: string },
): ClientLogin {
  return { host, port: ports.imap, tls: 'none', caFile, user: name, password }
}

const profilePath = (name: string): string =>
  fileURLToPath(new URL(`../../../profiles/${name}.yaml`, import.meta.url))
