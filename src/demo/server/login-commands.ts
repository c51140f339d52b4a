/** Commands about the session itself: capabilities, identity, login, logout; knows no mailbox. */

import { done, malformed, refused, type Call, type CommandDefinition, type Completion } from './command.ts'
import { textOf, wordOf } from './tokens.ts'

export const loginCommands: Record<string, CommandDefinition> = {
  CAPABILITY: { when: 'any', run: tellCapabilities },
  NOOP: { when: 'any', run: () => done('NOOP completed') },
  ID: { when: 'any', run: tellIdentity },
  LOGOUT: { when: 'any', run: logOut },
  STARTTLS: { when: 'not-authenticated', run: startTls },
  LOGIN: { when: 'not-authenticated', run: logIn },
  AUTHENTICATE: { when: 'not-authenticated', run: authenticate },
  ENABLE: { when: 'authenticated', run: enable },
}

async function tellCapabilities({ session }: Call): Promise<Completion> {
  await session.say(`* CAPABILITY ${session.capabilities.join(' ')}`)
  return done('CAPABILITY completed')
}

async function tellIdentity({ session, args }: Call): Promise<Completion> {
  if (args.length !== 1) return malformed('ID takes a list or NIL')
  await session.say('* ID ("name" "Harbour Mail" "version" "1.0" "vendor" "imaptap demo")')
  return done('ID completed')
}

async function logOut({ session }: Call): Promise<Completion> {
  await session.say('* BYE Harbour Mail says goodbye')
  session.leave()
  return done('LOGOUT completed')
}

/** The handshake itself follows the completion: see `ServerSession`. */
function startTls({ session, args }: Call): Completion {
  if (args.length > 0) return malformed('STARTTLS takes no arguments')
  return session.canSecure ? done('Begin TLS now') : malformed('TLS is not to be had here')
}

function logIn({ session, args }: Call): Completion {
  if (!session.isLoginAllowed) return refused('[PRIVACYREQUIRED] Start TLS first')
  const [user, password] = args.map((arg) => readUtf8(textOf(arg)))
  if (args.length !== 2 || user === undefined || password === undefined) {
    return malformed('LOGIN takes a user and a password')
  }
  return settleLogin(session, user, password)
}

/** Clients send names and passwords beyond ASCII as UTF-8 literals. */
function readUtf8(octets: string | undefined): string | undefined {
  return octets === undefined ? undefined : Buffer.from(octets, 'latin1').toString('utf8')
}

async function authenticate({ session, args }: Call): Promise<Completion> {
  if (!session.isLoginAllowed) return refused('[PRIVACYREQUIRED] Start TLS first')
  if (wordOf(args[0]) !== 'PLAIN') return refused('[CANNOT] That mechanism is not offered')
  const initial = textOf(args[1])
  if (initial === undefined) await session.say('+ ')
  const response = initial ?? (await session.readLine())
  if (response === undefined || response === '*') return malformed('AUTHENTICATE cancelled')
  const [, user, password, more] = Buffer.from(response, 'base64').toString('utf8').split('\0')
  if (user === undefined || password === undefined || more !== undefined) {
    return malformed('That is no PLAIN response')
  }
  return settleLogin(session, user, password)
}

function settleLogin(session: Call['session'], user: string, password: string): Completion {
  if (!session.authenticate(user, password)) return refused('[AUTHENTICATIONFAILED] Wrong user or password')
  return done(`[CAPABILITY ${session.capabilities.join(' ')}] Welcome aboard`)
}

/** Nothing here needs enabling: the list of what was enabled stays empty (RFC 5161 section 3.1). */
async function enable({ session, args }: Call): Promise<Completion> {
  if (args.length === 0 || !args.every((arg) => arg.kind === 'atom'))
    return malformed('ENABLE takes capabilities')
  await session.say('* ENABLED')
  return done('ENABLE completed')
}
