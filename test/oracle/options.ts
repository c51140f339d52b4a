/** The words behind `npm run oracle --`, read and checked. */

import { join } from 'node:path'
import { parseArgs } from 'node:util'

import { familyNames } from './generator/streams.ts'
import type { ServerKind } from './servers.ts'

export interface OracleOptions {
  readonly minutes: number
  readonly seed: number
  readonly servers: readonly ServerKind[]
  /** On each server; undefined: as many as the minutes give. */
  readonly streams: number | undefined
  readonly only: readonly string[] | undefined
  readonly sources: string
  readonly isTransparent: boolean
  /** The run ends behind so many bypasses. */
  readonly stopAfter: number
  readonly isShrinking: boolean
}

export const usage = `npm run oracle -- [--minutes N] [--seed S] [--server dovecot|cyrus|both] [--streams N]
    [--family NAME...] [--sources FOLDER] [--transparent] [--stop-after N] [--no-shrink]

Plays hostile streams through the gateway and asks the servers themselves what came of them.
Without --seed each run is another one; its seed is printed. --streams ends a server's run early.
--transparent runs without a policy: the oracle must then find bypasses.
Exits with 1 when there was a bypass.

Families: ${familyNames.join(', ')}`

/** Answers what is wrong with them as a text. */
export function readOptions(args: readonly string[]): OracleOptions | string {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: 'string', default: '1' },
      seed: { type: 'string' },
      server: { type: 'string', default: 'both' },
      streams: { type: 'string' },
      family: { type: 'string', multiple: true },
      sources: { type: 'string', default: join(import.meta.dirname, '..', '..', 'src') },
      transparent: { type: 'boolean', default: false },
      'stop-after': { type: 'string', default: '25' },
      'no-shrink': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return usage
  const servers = serversOf(values.server)
  const minutes = Number(values.minutes)
  const seed = Number(values.seed ?? Date.now() % 1_000_000_000)
  const streams = values.streams === undefined ? undefined : Number(values.streams)
  const stopAfter = Number(values['stop-after'])
  const strange = values.family?.find((name) => !familyNames.includes(name))
  if (!servers) return `--server is dovecot, cyrus or both, not ${values.server}`
  if (!(minutes > 0)) return `--minutes is a number above 0, not ${values.minutes}`
  if (!Number.isSafeInteger(seed)) return `--seed is a whole number, not ${values.seed}`
  if (streams !== undefined && !(streams > 0)) return `--streams is a number above 0, not ${values.streams}`
  if (!(stopAfter > 0)) return `--stop-after is a number above 0, not ${values['stop-after']}`
  if (strange !== undefined) return `no family ${strange}; there are ${familyNames.join(', ')}`
  return {
    minutes,
    seed,
    servers,
    streams,
    only: values.family,
    sources: values.sources,
    isTransparent: values.transparent,
    stopAfter,
    isShrinking: !values['no-shrink'],
  }
}

function serversOf(word: string): readonly ServerKind[] | undefined {
  if (word === 'both') return ['dovecot', 'cyrus']
  return word === 'dovecot' || word === 'cyrus' ? [word] : undefined
}
