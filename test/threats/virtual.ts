/** A Dovecot whose virtual mailbox shows the messages of all others, and policies before it; asserts nothing. */

import { chown, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { Direct, literal, quote } from '../oracle/direct.ts'
import { mailOwner } from '../support/dovecot-config.ts'
import { startDovecot } from '../support/dovecot.ts'
import { startLiveProxy } from '../support/live-proxy.ts'
import { Peer } from '../support/peer.ts'
import { message, readPolicy, Session, token } from './support.ts'
import { startTap } from './tap.ts'

export interface Virtual {
  readonly ann: Direct
  /** A session of ann's under a policy. */
  through(policy: string): Promise<{ readonly session: Session; readonly stop: () => Promise<void> }>
  stop(): Promise<void>
}

const hiding = (more: string): string => `
  default: allow
  mailboxes:
    - match: [${more}]
      hidden: true
`

export const virtualPolicies = {
  hidden: hiding("Secret, 'virtual/**'"),
  open: hiding('Secret'),
  granted: `
  default: allow
  mailboxes:
    - match: [INBOX]
      rights: read
`,
  denied: `${hiding('Secret')}  rules:
    - name: no-views-of-all
      when: glob(mailboxes, "virtual/**")
      deny: true
`,
} as const

export async function startVirtual(): Promise<Virtual> {
  const dovecot = await startDovecot({ tls: 'none', users: ['ann'], extra })
  const { maildir, name, password } = dovecot.user('ann')
  await describeView(maildir)
  const ann = await Direct.open(dovecot.ports.imap, name, password)
  await ann.runAll([
    'CREATE Secret',
    `APPEND Secret ${literal(message(token))}`,
    `APPEND INBOX ${literal(message('open'))}`,
  ])
  return {
    ann,
    async through(policy) {
      const tap = await startTap(dovecot.ports.imap)
      const live = await startLiveProxy({
        upstream: `imap://127.0.0.1:${tap.port}`,
        policy: readPolicy(policy),
      })
      const peer = await Peer.open(live.imap)
      const session = new Session(peer, () => tap.last())
      await peer.until(/^\* OK .*\r\n/mu)
      await session.expectOk(`LOGIN ann ${quote(password)}`)
      return {
        session,
        stop: async () => {
          peer.close()
          await live.stop()
          await tap.stop()
        },
      }
    },
    async stop() {
      ann.close()
      await dovecot.stop()
    },
  }
}

const extra = `
mail_plugins = virtual
namespace inbox {
  separator = /
}
namespace views {
  prefix = virtual/
  separator = /
  location = virtual:~/../%u.virtual
}
`

async function describeView(maildir: string): Promise<void> {
  const folder = join(dirname(maildir), 'ann.virtual', 'All')
  const { uid, gid } = await mailOwner()
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'dovecot-virtual'), '*\n  all\n')
  for (const path of [dirname(folder), folder, join(folder, 'dovecot-virtual')]) await chown(path, uid, gid)
}
