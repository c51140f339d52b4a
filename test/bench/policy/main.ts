/** `npm run bench policy`: what a policy costs one command within the engine, command by command; no sockets, no log. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { PolicyGuards } from '../../../src/app/policy-guards.ts'
import { loadPolicyFile } from '../../../src/config/policy-settings.ts'
import { octetsOf } from '../../../src/imap/octets.ts'
import { requirePolicy } from '../../../src/app/policy-host.ts'
import { isRefusal } from '../../../src/policy/ledger.ts'
import { makeRules } from '../../../src/policy/rules.ts'
import type { Guard } from '../../../src/relay/guard.ts'
import { Relay } from '../../../src/relay/relay.ts'
import { ALLOW_ALL, FIFTY_RULES } from '../peers/policies.ts'

const COMMANDS = 20_000
const ROUNDS = 5
/** Microseconds at p50 that fifty rules may add. */
const TARGET = 60

interface Kind {
  readonly name: string
  readonly command: string
  readonly answer: string
}
const kinds: readonly Kind[] = [
  { name: 'NOOP', command: 'NOOP', answer: '' },
  { name: 'STORE', command: 'STORE 5 +FLAGS (\\Seen)', answer: '* 5 FETCH (FLAGS (\\Seen))\r\n' },
  {
    name: 'UID FETCH',
    command: 'UID FETCH 5 (FLAGS BODY.PEEK[])',
    answer: '* 5 FETCH (UID 5 FLAGS () BODY[] {5}\r\nabcde)\r\n',
  },
]

const variants: readonly (readonly [string, string | undefined])[] = [
  ['no policy', undefined],
  ['one rule', ALLOW_ALL],
  ['fifty rules', FIFTY_RULES],
]

/** Variants take turns, so that a busy minute hurts all of them; of each the median over all rounds counts. */
export function benchPolicy(say: (text: string) => void): number {
  const times = new Map<string, number[]>()
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [variant, policy] of variants) {
      const measured = measure(policy)
      // The first round is for the compiler.
      if (round > 0)
        for (const [name, all] of measured) {
          const key = `${variant} ${name}`
          times.set(key, [...(times.get(key) ?? []), ...all])
        }
    }
  }
  const added = kinds.map(({ name }) => {
    const [none = 0, one = 0, fifty = 0] = variants.map(([variant]) =>
      medianOf(times.get(`${variant} ${name}`)),
    )
    const by = fifty - none
    say(
      `${name.padEnd(10)} p50: ${none.toFixed(1)} us without a policy, ${one.toFixed(1)} with one rule, ${fifty.toFixed(1)} with fifty: adds ${by.toFixed(1)}\n`,
    )
    return by
  })
  const isMet = added.every((by) => by < TARGET)
  say(`target: fifty rules add less than ${TARGET} us: ${isMet ? 'met' : 'MISSED'}\n`)
  return isMet ? 0 : 1
}

/** Microseconds of each command with its answer, by kind. */
function measure(policy: string | undefined): ReadonlyMap<string, readonly number[]> {
  const session = openSession(policy)
  const times = new Map(kinds.map(({ name }) => [name, [] as number[]]))
  for (let at = 0; at < COMMANDS; at++) {
    const kind = kinds[at % kinds.length]
    if (!kind) continue
    const command = octetsOf(`a${at} ${kind.command}\r\n`)
    const answer = octetsOf(`${kind.answer}a${at} OK done\r\n`)
    const started = process.hrtime.bigint()
    session.handle({ kind: 'received', from: 'client', octets: command, at })
    const effects = session.handle({ kind: 'received', from: 'server', octets: answer, at })
    times.get(kind.name)?.push(Number(process.hrtime.bigint() - started) / 1000)
    if (!effects.some((effect) => effect.kind === 'send' && effect.to === 'client'))
      throw new Error(`${kind.name} was not answered`)
  }
  return times
}

function openSession(policy: string | undefined): Relay {
  let tags = 0
  const relay = new Relay({
    session: 'S1',
    decider: makeRules({ hideCapabilities: [], compress: 'follow' }),
    compress: 'follow',
    interests: { messages: false },
    isClientSecure: true,
    startsUpstreamTls: false,
    makeTag: () => `Q${(tags += 1)}`,
    digesters: { client: () => undefined, server: () => undefined },
    ...(policy !== undefined && { guard: makeGuard(policy) }),
  })
  let upstream = ''
  const say = (from: 'client' | 'server', text: string): void => {
    for (const effect of relay.handle({ kind: 'received', from, octets: octetsOf(text), at: 0 }))
      if (effect.kind === 'send' && effect.to === 'server')
        upstream = Buffer.from(effect.octets).toString('latin1')
  }
  relay.handle({ kind: 'connected', at: 0 })
  say('server', '* OK [CAPABILITY IMAP4rev1] bench\r\n')
  say('client', 'l LOGIN bench secret\r\n')
  say('server', 'l OK done\r\n')
  say('client', 's SELECT INBOX\r\n')
  // A guard asks for the separator first, and then for the namespaces.
  const [tag = ''] = upstream.split(' ')
  if (tag !== 's') say('server', `* LIST (\\Noselect) "/" ""\r\n${tag} OK done\r\n`)
  const [next = ''] = upstream.split(' ')
  if (next !== 's') say('server', `* NAMESPACE (("" "/")) NIL NIL\r\n${next} OK done\r\n`)
  say('server', '* 3 EXISTS\r\ns OK [READ-WRITE] done\r\n')
  return relay
}

function makeGuard(policy: string): Guard {
  const folder = mkdtempSync(join(tmpdir(), 'imaptap-bench-'))
  try {
    const file = join(folder, 'policy.yaml')
    writeFileSync(file, policy)
    const current = requirePolicy(loadPolicyFile(file))
    const guards = new PolicyGuards({ current, compress: 'follow', hideCapabilities: [] })
    const account = guards.ledger.openSession({ address: '127.0.0.1', at: 0 })
    if (isRefusal(account)) throw new Error(account.why)
    guards.admit('S1', account)
    const address = { host: '127.0.0.1', port: 40_000 }
    const origin = { session: 'S1', address, listener: 'imaps://127.0.0.1:1993', isLoopback: true }
    return guards.makeGuard({ ...origin, tls: () => undefined }).guard
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const medianOf = (times: readonly number[] = []): number =>
  times.toSorted((one, other) => one - other)[Math.floor(times.length / 2)] ?? Number.NaN
