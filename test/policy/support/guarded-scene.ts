/** Dialogues with the guard of a session and a policy that was written as YAML: what each side says, and what it gets. */

import type { CompiledPolicy } from '../../../src/policy/compile.ts'
import type { CurrentPolicy, GuardHost } from '../../../src/policy/guard-host.ts'
import { isRefusal, Ledger } from '../../../src/policy/ledger.ts'
import { makeMailboxView } from '../../../src/policy/mailbox-view.ts'
import { SessionGuard } from '../../../src/policy/session-guard.ts'
import type { ProxyEvent } from '../../../src/relay/event.ts'
import type { Decided } from '../../../src/relay/guard.ts'
import type { Dialogue, PlayOptions } from '../../support/play.ts'
import { play } from '../../support/play.ts'
import { token } from './mailbox-world.ts'
import { readPolicy } from './rule-scene.ts'

export interface Scene {
  readonly dialogue: Dialogue
  readonly ledger: Ledger
  /** What holds now. */
  readonly policy: () => CompiledPolicy
  /** Another policy holds from now on. */
  readonly reload: (yaml: string) => void
  /** The rules that decided since this was last asked, with their effects: `visibility hide`. */
  readonly decided: () => readonly string[]
}

export interface SceneOptions extends PlayOptions {
  /** The listener is on loopback: true unless said otherwise. */
  readonly isLoopback?: boolean
}

const prepare = (yaml: string): CurrentPolicy => {
  const compiled = readPolicy(yaml)
  return { document: compiled.document, compiled, view: makeMailboxView(compiled.document) }
}

/** Upstream has greeted. */
export function openScene(yaml: string, { isLoopback = true, ...options }: SceneOptions = {}): Scene {
  let current = prepare(yaml)
  const ledger = new Ledger(current.document.limits)
  const host: GuardHost = {
    get current() {
      return current
    },
    ledger,
    compress: 'follow',
    hideCapabilities: [],
    wallTime: () => ({ hour: 7, minute: 5, weekday: 'monday' }),
    makeAlias: () => token,
  }
  const account = ledger.openSession({ address: '192.0.2.1', at: 0 })
  if (isRefusal(account)) throw new Error(account.why)
  const origin = {
    session: 'S1',
    address: { host: '192.0.2.1', port: 40_000 },
    listener: 'imap://127.0.0.1:1143',
    isLoopback,
    tls: () => undefined,
  }
  const guard = new SessionGuard({ host, origin, account })
  let tags = 0
  const dialogue = play({ guard, makeTag: () => `Q${(tags += 1)}`, ...options })
  return {
    dialogue,
    ledger,
    policy: () => current.compiled,
    reload(text) {
      current = prepare(text)
      ledger.setLimits(current.document.limits)
    },
    decided: () =>
      dialogue.events
        .splice(0)
        .filter(isDecided)
        .map(({ decided }) => `${decided.rule} ${decided.effect}`),
  }
}

/** Ann is logged in, and the guard knows the server's separator and namespaces. */
export function enterScene(
  yaml: string,
  options: SceneOptions & { readonly separator?: string } = {},
): Scene {
  const { separator = '/', ...rest } = options
  const scene = openScene(yaml, rest)
  const { dialogue } = scene
  dialogue.client('l LOGIN ann secret').server('l OK done').client('s STATUS INBOX (MESSAGES)')
  if (dialogue.take('server').includes('LIST'))
    dialogue.server(
      `* LIST (\\Noselect) "${separator}" ""`,
      'Q1 OK done',
      `* NAMESPACE (("" "${separator}")) NIL NIL`,
      'Q2 OK done',
    )
  dialogue.server('* STATUS INBOX (MESSAGES 0)', 's OK done')
  dialogue.take('client')
  dialogue.take('server')
  dialogue.events.length = 0
  return scene
}

/** The mailbox of this name is selected as well. */
export function selectScene(
  yaml: string,
  mailbox: string,
  options: SceneOptions & { readonly separator?: string } = {},
): Scene {
  const scene = enterScene(yaml, options)
  const { dialogue } = scene
  dialogue.client(`x SELECT ${mailbox}`).server('* 3 EXISTS', 'x OK [READ-WRITE] done')
  dialogue.take('client')
  dialogue.take('server')
  dialogue.events.length = 0
  return scene
}

type DecidedEvent = ProxyEvent & { readonly kind: 'decided'; readonly decided: Decided }
const isDecided = (event: ProxyEvent): event is DecidedEvent => event.kind === 'decided'
