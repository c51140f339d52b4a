/** Starts a real Dovecot or Cyrus for the oracle: every extension on, one user for each lane, nothing that makes it wait. */

import { requireCyrus, startCyrus } from '../support/cyrus.ts'
import { startDovecot } from '../support/dovecot.ts'
import { requireTool } from '../support/tools.ts'

export type ServerKind = 'dovecot' | 'cyrus'

export interface OracleServer {
  readonly kind: ServerKind
  readonly port: number
  passwordOf(user: string): string
  logs(): string
  stop(): Promise<void>
}

export function hasServer(kind: ServerKind): boolean {
  if (kind === 'cyrus') return requireCyrus() !== undefined
  return requireTool('dovecot', { package: 'dovecot-imapd' }) !== undefined
}

export async function startServer(kind: ServerKind, users: readonly string[]): Promise<OracleServer> {
  const server =
    kind === 'dovecot'
      ? await startDovecot({ users, hasEveryExtension: true, extra: quickly.join('\n') })
      : await startCyrus({ users })
  return {
    kind,
    port: server.ports.imap,
    passwordOf: (user) => server.user(user).password,
    logs: () => server.logs(),
    stop: () => server.stop(),
  }
}

/** Sessions come and go by the hundred a second: processes are used again, and nobody is counted. */
const quickly = [
  'service imap {',
  '  service_count = 500',
  '  process_limit = 400',
  '  process_min_avail = 4',
  '}',
  'service auth {',
  '  client_limit = 4000',
  '}',
  'service anvil {',
  '  client_limit = 4000',
  '}',
  'service imap-login {',
  '  client_limit = 2000',
  '}',
  'protocol imap {',
  '  mail_max_userip_connections = 1000',
  '}',
  'login_log_format_elements =',
  'mail_log_prefix =',
]
