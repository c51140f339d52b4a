/** What the bench needs to know of a proxy under test: whether it is here and how to start it. */

import type { Certificates } from '../machine/certificates.ts'
import type { Child } from '../machine/processes.ts'

export type PeerName =
  | 'direct'
  | 'nginx'
  | 'haproxy'
  | 'node-bare'
  | 'imaptap'
  | 'imaptap-findings'
  | 'imaptap-capture'
  | 'imaptap-gateway-allow'
  | 'imaptap-policy'

/** Where a proxy is to stand. */
export interface Site {
  /** A folder of its own, removed after the run. */
  readonly folder: string
  readonly certificates: Certificates
  readonly port: number
  readonly upstreamPort: number
  readonly upstreamPid: number
  readonly cores: string | undefined
  /** Where a Node peer writes its CPU profile; undefined when none is wanted. */
  readonly profileFolder: string | undefined
}

export interface RunningPeer {
  readonly port: number
  /** The root of the process tree whose CPU and memory count. */
  readonly pid: number
  /** Absent for `direct`, where nothing was started. */
  readonly child?: Child
}

export interface Peer {
  readonly name: PeerName
  readonly about: string
  readonly isNode: boolean
  /** The version, or why it cannot take part. */
  find(): Found
  start(site: Site): Promise<RunningPeer>
}

export type Found =
  | { readonly kind: 'here'; readonly version: string }
  | { readonly kind: 'missing'; readonly reason: string }
