/** Reads the command line of the bench; decides nothing about how to measure. */

import { parseArgs } from 'node:util'
import { cases } from './cases/index.ts'
import type { BenchCase } from './cases/case.ts'
import type { Peer } from './peers/peer.ts'
import { peers } from './peers/index.ts'

export interface Options {
  readonly cases: readonly BenchCase[]
  readonly peers: readonly Peer[]
  readonly rounds: number
  readonly isQuick: boolean
  /** Undefined: named after the time of the run. */
  readonly json: string | undefined
  readonly profileFolder: string | undefined
}

export const USAGE = `npm run bench -- [case...] [--rounds N] [--peers a,b] [--json FILE] [--quick] [--profile FOLDER]
npm run bench parser [-- --quick]
npm run bench policy
npm run bench captures [-- --exchanges N] [--file FILE]
npm run bench dashboard [-- --rounds N] [--seconds N] [--minutes N] [--sessions N] [--rate N] [--keys KEYS] [--profile FOLDER]

parser: our readers beside those of imapflow and node-imap, and linear time shown by doubling
policy: what rules cost one command within the engine, at p50
captures: show, lint and stats on a capture of a million exchanges
dashboard: what the open dashboard costs the traffic, its frames and its memory
cases: ${cases.map(({ name }) => name).join(', ')}
peers: ${peers.map(({ name, about }) => `${name} (${about})`).join(', ')}
--quick    two short rounds: a smoke test, not a measurement
--profile  Node peers write CPU profiles to the folder; the functions with most self time are printed
`

const ROUNDS = { full: 5, quick: 2 }

/** Throws with a sentence for the user; `undefined` when only help was asked for. */
export function readOptions(args: readonly string[]): Options | undefined {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      rounds: { type: 'string' },
      peers: { type: 'string' },
      json: { type: 'string' },
      quick: { type: 'boolean', default: false },
      profile: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return undefined
  const isProfiled = values.profile !== undefined
  return {
    cases: pick(cases, positionals, 'case'),
    peers: pick(peers, values.peers?.split(',') ?? (isProfiled ? ['imaptap'] : []), 'peer'),
    rounds: readRounds(values.rounds, isProfiled ? 1 : values.quick ? ROUNDS.quick : ROUNDS.full),
    isQuick: values.quick,
    json: values.json,
    profileFolder: values.profile,
  }
}

/** The named ones in the order of the list; all of them when none is named. */
function pick<T extends { readonly name: string }>(
  all: readonly T[],
  names: readonly string[],
  what: string,
): readonly T[] {
  const known = all.map(({ name }) => name)
  const stray = names.find((name) => !known.includes(name))
  if (stray !== undefined) throw new Error(`no ${what} is named ${stray}; there are ${known.join(', ')}`)
  return names.length === 0 ? all : all.filter(({ name }) => names.includes(name))
}

function readRounds(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise
  const rounds = Number(text)
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > 100)
    throw new Error('--rounds takes a number from 1 to 100')
  return rounds
}
