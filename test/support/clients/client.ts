/** What every real client is asked to do: work through a mailbox and answer with a transcript that can be compared. */

import { createHash } from 'node:crypto'

export type TlsMode = 'implicit' | 'starttls' | 'none'

export interface ClientLogin {
  readonly host: string
  readonly port: number
  readonly tls: TlsMode
  readonly caFile: string
  readonly user: string
  readonly password: string
}

/** One line per observation, with nothing in it that differs between two equal mailboxes. */
export type Transcript = readonly string[]

export interface Client {
  readonly name: string
  /** The program and the Debian package that brings it; undefined for a client out of node_modules. */
  readonly tool: { readonly program: string; readonly package: string } | undefined
  /** The words of commands that its session must have in the proxy's log. */
  readonly commands: readonly string[]
  run(login: ClientLogin): Promise<Transcript>
}

export function digest(octets: Uint8Array | string): string {
  return createHash('sha256').update(octets).digest('hex').slice(0, 16)
}

/** Times that servers print, and identifiers that are new with every mailbox, say nothing about the proxy. */
export function normalise(line: string): string {
  return line
    .replaceAll(/UIDVALIDITY \d+/g, 'UIDVALIDITY n')
    .replaceAll(/(APPENDUID|COPYUID) \d+/g, '$1 n')
    .replaceAll(/HIGHESTMODSEQ \d+/g, 'HIGHESTMODSEQ n')
    .replaceAll(/\(\d+\.\d+ \+ [^)]*secs\)/g, '(time)')
}
