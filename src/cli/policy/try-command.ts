/** Brings a trial to where a command can be tried: logged in, with a mailbox selected; prints nothing. */

import { encodeMailboxName } from '../../imap/mailbox.ts'
import { encodeText } from '../../imap/utf8.ts'
import type { CurrentPolicy } from '../../policy/guard-host.ts'
import type { WallTime } from '../../policy/rule-context.ts'
import { enforced, namesHidden, TrialGuards } from './open-policy.ts'
import { Trial, type Tried } from './trial.ts'

export interface Circumstances {
  readonly user: string
  /** Undefined: none. */
  readonly selected: string | undefined
  readonly address: string
  readonly listener: string
  /** Name and version as ID tells them; undefined: it does not. */
  readonly client: string | undefined
  readonly separator: string
  readonly wallTime: WallTime
}

export type Attempt =
  | { readonly kind: 'tried'; readonly tried: Tried }
  /** The session does not get that far: what stopped it. */
  | { readonly kind: 'stopped'; readonly command: string; readonly tried: Tried }

const TAG = 'A1'

/** `text` is a command without its tag. `before` hears when all before it is said. */
export function tryCommand(
  current: CurrentPolicy,
  about: Circumstances,
  { text, before }: { readonly text: string; readonly before?: () => void },
): Attempt {
  const { separator, address, listener, wallTime } = about
  const guards = new TrialGuards(enforced(current), wallTime)
  const trial = new Trial({
    makeGuard: (origin) => {
      const guard = guards.make(origin, 0)
      if (!guard) throw new Error('the first session is one too many')
      return guard
    },
    isMissing: namesHidden,
    separator,
    address,
    listener,
  })
  for (const [at, command] of stepsTo(text, about).entries()) {
    const tried = trial.try(`P${at} ${command}\r\n`)
    const isDone = !trial.isClosed && tried.client.some(({ line }) => line.startsWith(`P${at} OK`))
    if (!isDone) return { kind: 'stopped', command: shownStep(command), tried }
  }
  before?.()
  return { kind: 'tried', tried: trial.try(encodeText(`${TAG} ${text}\r\n`)) }
}

/** Commands that come before there is a user. */
const beforeLogin = /^(?:LOGIN|AUTHENTICATE|STARTTLS|CAPABILITY|ID)\b/iu

function stepsTo(text: string, { user, selected, client }: Circumstances): readonly string[] {
  const [name = '', version = ''] = client?.split('/') ?? []
  const told = version === '' ? quote(name) : `${quote(name)} "version" ${quote(version)}`
  const introduction = client === undefined ? [] : [`ID ("name" ${told})`]
  if (beforeLogin.test(text)) return introduction
  const login = `LOGIN ${quote(user)} "${password}"`
  return [
    ...introduction,
    login,
    ...(selected === undefined ? [] : [`SELECT ${quote(encodeMailboxName(selected))}`]),
  ]
}

const password = 'trial'
const shownStep = (command: string): string => command.replace(` "${password}"`, ' ‹password›')

const quote = (word: string): string => `"${encodeText(word).replaceAll(/["\\]/gu, String.raw`\$&`)}"`
