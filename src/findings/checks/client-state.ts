/** Checks of what a client may send in which state (RFC 9051 sections 3 and 6): order, TLS and login; knows no extension. */

import type { SessionState } from '../../session/state.ts'
import type { Check } from '../check.ts'
import { firstLine } from '../first-line.ts'
import type { SessionModel } from '../model/session-model.ts'

/** Valid only before authentication (RFC 9051 section 6.2). */
const beforeLogin = ['AUTHENTICATE', 'LOGIN', 'STARTTLS']
/** Valid only with a mailbox selected (RFC 9051 section 6.4, RFC 6851, RFC 8508, RFC 5256). */
const selectedOnly = ['CHECK', 'CLOSE', 'COPY', 'EXPUNGE', 'FETCH', 'MOVE', 'REPLACE', 'SEARCH', 'STORE']
const withUid = ['COPY', 'EXPUNGE', 'FETCH', 'MOVE', 'REPLACE', 'SEARCH', 'SORT', 'STORE', 'THREAD']
/** Valid behind authentication, whether or not a mailbox is selected (RFC 9051 section 6.3). */
const afterLogin = ['APPEND', 'CREATE', 'DELETE', 'EXAMINE', 'LIST', 'LSUB', 'NAMESPACE', 'RENAME']
const alsoAfterLogin = ['IDLE', 'SELECT', 'STATUS', 'SUBSCRIBE', 'UNSUBSCRIBE']

const allowed: ReadonlyMap<string, readonly SessionState[]> = new Map([
  ...inStates(beforeLogin, ['not-authenticated']),
  ...inStates(
    [...selectedOnly, 'SORT', 'THREAD', 'UNSELECT', ...withUid.map((name) => `UID ${name}`)],
    ['selected'],
  ),
  ...inStates([...afterLogin, ...alsoAfterLogin], ['authenticated', 'selected']),
  // Before a mailbox is selected (RFC 9051 section 6.3.1).
  ...inStates(['ENABLE'], ['authenticated']),
])

function inStates(
  names: readonly string[],
  states: readonly SessionState[],
): [string, readonly SessionState[]][] {
  return names.map((name) => [name, states])
}

type CommandHook = NonNullable<Check['commands']>[string]

const inEach = (names: readonly string[], hook: CommandHook): NonNullable<Check['commands']> =>
  Object.fromEntries(names.map((name) => [name, hook]))

/** What these bring about is not known while they are in progress. */
const moving = [
  'AUTHENTICATE',
  'CLOSE',
  'EXAMINE',
  'LOGIN',
  'SELECT',
  'STARTTLS',
  'UNAUTHENTICATE',
  'UNSELECT',
] as const

const isMoving = (model: SessionModel): boolean => moving.some((name) => model.isOpen(name))

const wrongState: Check = {
  id: 'C01',
  name: 'command-in-wrong-state',
  level: 'error',
  side: 'client',
  needsBeginning: true,
  title: 'A command that is not valid in the state of the session',
  reference: 'RFC 9051 section 3, RFC 9051 section 6',
  advice: 'Send it only in the states that its section names: log in first, or select a mailbox first.',
  commands: inEach([...allowed.keys()], (scene, { name }) => {
    const { model } = scene
    if (name === 'STARTTLS' && model.tls.client)
      return scene.raise(wrongState, { text: 'STARTTLS was sent although TLS is active' })
    const states = allowed.get(name)
    if (states === undefined || !model.hasGreeting || model.state === 'logout') return
    if (states.includes(model.state) || isMoving(model)) return
    scene.raise(wrongState, { text: `${name} was sent in the state "${model.state}"` })
  }),
}

const commandInIdle: Check = {
  id: 'C08',
  name: 'command-during-idle',
  level: 'error',
  side: 'client',
  title: 'A command while IDLE is open, without DONE',
  reference: 'RFC 9051 section 6.3.13, RFC 2177 section 3',
  advice: 'Send DONE and wait for the completion of IDLE before the next command.',
  unreadable(scene, { side, fault }) {
    if (side !== 'client' || fault.rule !== 'idle-without-done') return
    scene.raise(commandInIdle, { text: 'a line other than DONE came while IDLE was open' })
  },
}

const loginDisabled: Check = {
  id: 'C10',
  name: 'login-although-disabled',
  level: 'error',
  side: 'client',
  title: 'LOGIN although the server announces LOGINDISABLED',
  reference: 'RFC 9051 section 6.2.3',
  advice: 'Start TLS first, or use AUTHENTICATE with a mechanism that the server offers.',
  commands: {
    LOGIN(scene) {
      const { model } = scene
      if (!model.has('LOGINDISABLED') || !model.shown?.has('LOGINDISABLED')) return
      scene.raise(loginDisabled, { text: 'LOGIN was sent to a server that announces LOGINDISABLED' })
    },
  },
}

/** Mechanisms that give whoever listens the password, or a token as good as one. */
const plain = new Set(['PLAIN', 'LOGIN', 'XOAUTH2', 'OAUTHBEARER'])

function tellCleartext(...[scene, { command }]: Parameters<NonNullable<Check['commands']>[string]>): void {
  const { model } = scene
  if (model.tls.client || model.listener === '') return
  if (command.name === 'AUTHENTICATE' && !plain.has(command.mechanism.toUpperCase())) return
  const host = model.address?.host ?? ''
  const isLocal = /^(?:127\.|::1$|::ffff:127\.)/u.test(host)
  scene.raise(cleartextLogin, {
    text: `credentials came without TLS from ${host}`,
    ...(isLocal && { level: 'note' }),
  })
}

const cleartextLogin: Check = {
  id: 'C11',
  name: 'login-in-cleartext',
  level: 'error',
  side: 'client',
  title: 'Credentials sent without TLS',
  reference: 'RFC 9051 section 11.1, RFC 8314 section 3',
  advice: 'Set the client to SSL/TLS (port 993) or to demand STARTTLS, and change the password.',
  commands: { LOGIN: tellCleartext, AUTHENTICATE: tellCleartext },
}

const makeTlsMemory = (): { hasAsked: boolean; isStale: boolean } => ({ hasAsked: false, isStale: false })

function tellStale(...[scene]: Parameters<NonNullable<Check['commands']>[string]>): void {
  const memory = scene.model.note(makeTlsMemory)
  if (!memory.isStale) return
  memory.isStale = false
  scene.raise(staleCapabilities, { text: 'a login behind STARTTLS, and nobody asked for capabilities anew' })
}

const staleCapabilities: Check = {
  id: 'C12',
  name: 'capabilities-from-before-tls',
  level: 'error',
  side: 'client',
  title: 'Capabilities that were announced before TLS are used behind it',
  reference: 'RFC 9051 section 6.2.1',
  advice: 'Forget what was announced in the clear, and send CAPABILITY once TLS stands.',
  commands: {
    STARTTLS: ({ model }) => void (model.note(makeTlsMemory).hasAsked = true),
    CAPABILITY: ({ model }) => void (model.note(makeTlsMemory).isStale = false),
    LOGIN: tellStale,
    AUTHENTICATE: tellStale,
  },
  secured({ model }, { side }) {
    const memory = model.note(makeTlsMemory)
    if (side === 'client') memory.isStale = memory.hasAsked
  },
  untagged: { CAPABILITY: ({ model }) => void (model.note(makeTlsMemory).isStale = false) },
}

const octetsBehindStartTls: Check = {
  id: 'C13',
  name: 'octets-behind-starttls',
  level: 'error',
  side: 'client',
  title: 'Octets behind STARTTLS that are not under TLS',
  reference: 'RFC 9051 section 6.2.1',
  advice:
    'Wait for the completion of STARTTLS and begin TLS at once: whoever sits on the path can inject commands.',
  warning(scene, { reason }) {
    if (!/^the client sent .*STARTTLS/u.test(reason)) return
    scene.raise(octetsBehindStartTls, { text: reason })
  },
}

/** Commands behind a login after which a client should know what the server can do. */
const ENOUGH = 5

/** `begun`: commands of the session before it. */
const makeLoginMemory = (): { isOwed: boolean; begun: number } => ({ isOwed: false, begun: 0 })

function noteLogin(
  ...[{ model }, { response, work }]: Parameters<NonNullable<Check['completions']>[string]>
): void {
  const isTold = response.text.code?.name === 'CAPABILITY' || (work?.count('CAPABILITY') ?? 0) > 0
  if (response.status !== 'OK') return
  const memory = model.note(makeLoginMemory)
  memory.isOwed = !isTold
  memory.begun = model.begun
}

const capabilitiesNeverAsked: Check = {
  id: 'C14',
  name: 'capabilities-not-asked-behind-login',
  level: 'warning',
  side: 'client',
  needsBeginning: true,
  title: 'Capabilities are never read anew behind login',
  reference: 'RFC 9051 section 6.2.2, RFC 9051 section 6.2.3',
  advice: 'Send CAPABILITY behind login where its completion brought none: most servers offer more then.',
  completions: { LOGIN: noteLogin, AUTHENTICATE: noteLogin },
  untagged: {
    CAPABILITY({ model }) {
      if (model.isAuthenticated) model.note(makeLoginMemory).isOwed = false
    },
  },
  closed(scene) {
    const { isOwed, begun } = scene.model.note(makeLoginMemory)
    const commands = scene.model.begun - begun
    if (!isOwed || commands < ENOUGH) return
    scene.raise(capabilitiesNeverAsked, {
      text: `${commands} commands behind login, and none of them was CAPABILITY`,
    })
  },
}

const makeCompressMemory = (): { isActive: boolean } => ({ isActive: false })

const compressOutOfTurn: Check = {
  id: 'C16',
  name: 'compress-out-of-turn',
  level: 'error',
  side: 'client',
  title: 'A second COMPRESS, or a command behind COMPRESS before its completion',
  reference: 'RFC 4978 section 3',
  advice: 'Send COMPRESS once, and nothing behind it until its completion has come.',
  commands: {
    '*'(scene, { name }) {
      const { model } = scene
      const isPending = model.isOpen('COMPRESS')
      if (isPending)
        scene.raise(compressOutOfTurn, { text: `${name} was sent before COMPRESS was completed` })
      else if (name === 'COMPRESS' && model.note(makeCompressMemory).isActive)
        scene.raise(compressOutOfTurn, { text: 'COMPRESS was sent although compression is active' })
    },
  },
  // Whoever completed it: imaptap may compress towards the client alone.
  exchange({ model }, { name, status }) {
    if (status !== 'OK') return
    if (name === 'COMPRESS') model.note(makeCompressMemory).isActive = true
  },
}

const commandInDialogue: Check = {
  id: 'C03',
  name: 'command-within-continuation',
  level: 'error',
  side: 'client',
  title: 'The next command begins before AUTHENTICATE is finished',
  reference: 'RFC 9051 section 2.2.1, RFC 9051 section 5.5',
  advice: 'Answer the server\'s continuation request, or send "*" to cancel, and wait for the completion.',
  clientData(scene, { message }) {
    if (message.kind !== 'sasl-data') return
    // Base64 has no spaces; a tag and a name have one between them.
    const [, word = ''] = /^[^ ]{1,32} ([A-Za-z]{2,16})\b/u.exec(firstLine(message, 64)) ?? []
    if (word === '') return
    scene.raise(commandInDialogue, { text: 'what looks like a command came where SASL data belongs' })
  },
}

export const clientStateChecks: readonly Check[] = [
  wrongState,
  commandInDialogue,
  commandInIdle,
  loginDisabled,
  cleartextLogin,
  staleCapabilities,
  octetsBehindStartTls,
  capabilitiesNeverAsked,
  compressOutOfTurn,
]
