/** What stands behind a gateway that is killed, outlives it, and can be asked what was executed: real servers, or a script. */

import type { Socket } from 'node:net'

import { Direct } from '../../oracle/direct.ts'
import { startCyrus } from '../../support/cyrus.ts'
import { startDovecot } from '../../support/dovecot.ts'
import { FakeUpstream } from '../../support/fake-upstream.ts'

export const upstreamKinds = ['scripted', 'dovecot', 'cyrus'] as const
export type UpstreamKind = (typeof upstreamKinds)[number]

export interface KillUpstream {
  readonly port: number
  /** Messages beyond a mebioctet. */
  readonly takesLarge: boolean
  user(name: string): { readonly name: string; readonly password: string }
  /** The names of all commands that were executed; an exclamation mark stands before what the policy does not let pass. */
  executed(): Promise<readonly string[]>
  stop(): Promise<void>
}

export const users = ['ann', 'bob', 'eve'] as const

export async function startUpstream(kind: UpstreamKind): Promise<KillUpstream> {
  if (kind === 'scripted') return startScripted()
  const server =
    kind === 'cyrus'
      ? await startCyrus({ tls: 'none', users })
      : await startDovecot({ tls: 'none', users, extra: connections })
  const open = (name: string): Promise<Direct> =>
    Direct.open(server.ports.imap, name, server.user(name).password)
  for (const name of users) await furnish(await open(name))
  return {
    port: server.ports.imap,
    takesLarge: kind === 'dovecot',
    user: (name) => server.user(name),
    async executed() {
      const found: string[] = []
      for (const name of users) found.push(...(await readEvidence(await open(name))))
      return found
    },
    stop: () => server.stop(),
  }
}

/** Sessions of killed gateways may take a moment to go. */
const connections = 'mail_max_userip_connections = 100'

const mailboxes = ['Drafts', 'Work', 'Archive', 'Secret'] as const

async function furnish(direct: Direct): Promise<void> {
  // Cyrus has made some of them already.
  await direct.runAll(mailboxes.map((name) => `CREATE ${name}`))
  direct.close()
}

/** Where a message lies, and how it is flagged, tells which commands about it were executed. */
async function readEvidence(direct: Direct): Promise<readonly string[]> {
  const found = new Set<string>()
  for (const mailbox of mailboxes) {
    const { status } = await direct.run(`EXAMINE ${mailbox}`)
    if (status !== 'OK') throw new Error(`nobody can say what is in ${mailbox}`)
    const { data } = await direct.run('FETCH 1:* (FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])')
    for (const item of data.split(/^\* \d+ FETCH /mu).slice(1)) {
      const number = /^Subject: (\d+-\d+)/mu.exec(item)?.[1]
      if (number === undefined) throw new Error(`a message that nobody made: ${item}`)
      for (const kind of kindsOf(mailbox, item)) found.add(`${kind}${number}`)
    }
  }
  direct.close()
  return [...found]
}

function kindsOf(mailbox: (typeof mailboxes)[number], item: string): readonly string[] {
  const where = { Drafts: '', Work: 'c', Archive: 'm', Secret: '!h' }[mailbox]
  return ['a', where, item.includes('$Kept') ? 's' : '', item.includes('\\Deleted') ? '!d' : ''].filter(
    Boolean,
  )
}

/** Notes the name of every command as soon as its first line is there, whatever becomes of the rest. */
async function startScripted(): Promise<KillUpstream> {
  const executed: string[] = []
  let uids = 0
  const upstream = await FakeUpstream.start((socket) => {
    socket.write('* OK [CAPABILITY IMAP4rev1 LITERAL+ UIDPLUS MOVE] fake\r\n')
    readCommands(socket, {
      onFirst(line) {
        const [tag = ''] = line.split(' ')
        executed.push(tag.startsWith('d') ? `!${tag}` : tag)
      },
      onWhole(text) {
        if (text.includes('Secret')) executed.push(`!${text.split(' ')[0]}`)
        socket.write(
          answer(text, () => (uids += 1)),
          'latin1',
        )
      },
    })
  })
  return {
    port: upstream.port,
    takesLarge: true,
    user: (name) => ({ name, password: 'secret' }),
    // What the gateway asks by itself has names of its own making.
    executed: () => Promise.resolve(executed.filter((name) => !/^T[0-9a-f]{18}$/u.test(name))),
    stop: () => upstream.close(),
  }
}

function answer(text: string, nextUid: () => number): string {
  const [tag = '', word = '', verb = ''] = text.split(/[ \r]/u)
  if (word === 'LIST') return `* LIST (\\Noselect) "/" ""\r\n${tag} OK done\r\n`
  if (word === 'SELECT') return `* 0 EXISTS\r\n* OK [UIDVALIDITY 1] x\r\n${tag} OK [READ-WRITE] done\r\n`
  if (word === 'APPEND') return `${tag} OK [APPENDUID 1 ${nextUid()}] done\r\n`
  const isKnown = /(?:Work|Archive)"?(?:\r\n)?$/u.test(text)
  if ((verb === 'COPY' || verb === 'MOVE') && !isKnown) return `${tag} NO [TRYCREATE] no such mailbox\r\n`
  return `${tag} OK done\r\n`
}

/** Commands with their literals, each asked for. */
function readCommands(
  socket: Socket,
  tell: { onFirst(line: string): void; onWhole(text: string): void },
): void {
  let held = ''
  let command = ''
  let owed = 0
  socket.on('data', (chunk: Buffer) => {
    held += chunk.toString('latin1')
    for (;;) {
      if (held.length < owed) return
      const end = held.indexOf('\r\n', owed)
      if (end < 0) return
      const part = held.slice(0, end + 2)
      held = held.slice(end + 2)
      if (command === '') tell.onFirst(part)
      command += part
      owed = Number(/\{(\d+)\}\r\n$/u.exec(part)?.[1] ?? 0)
      if (owed > 0) socket.write('+ go\r\n')
      else {
        tell.onWhole(command)
        command = ''
      }
    }
  })
  socket.on('end', () => void socket.end())
}
