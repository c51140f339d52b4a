/** Turns what the system says when a proxy cannot start into a Failure with a way out; it does not know the proxy. */

import { AuditFault } from '../audit/audit-fault.ts'
import { CaptureFault } from '../capture/capture-fault.ts'
import { exitCodes } from './exit-codes.ts'
import { Failure } from './failure.ts'

/** The parts of a system error that Node documents but types as plain Error. */
interface SystemFault {
  readonly code: string
  readonly call: string
  readonly address: string
  readonly port: number
  readonly path: string
}

/** The error itself when it is none of the expected ones. */
export function explainStartFault(error: unknown): unknown {
  if (error instanceof Failure) return error
  if (error instanceof CaptureFault) return failure(`cannot capture to ${error.message}`, error.advice)
  if (error instanceof AuditFault) return failure(`cannot write the audit: ${error.message}`, error.advice)
  const fault = readSystemFault(error)
  if (fault === undefined) return error
  return explain(fault) ?? error
}

function explain(fault: SystemFault): Failure | undefined {
  if (fault.path !== '')
    return failure(`cannot use ${fault.path} (${fault.code})`, 'check the path and its rights')
  if (fault.call === 'connect' || fault.call === 'getaddrinfo') return explainUpstream(fault)
  return explainListen(fault)
}

function explainListen(fault: SystemFault): Failure | undefined {
  const spot = writeSpot(fault)
  switch (fault.code) {
    case 'EADDRINUSE':
      return failure(`${spot} is taken by another program`, 'choose another port: --listen imaps://HOST:PORT')
    case 'EACCES':
      return failure(`not allowed to listen on ${spot}`, describeForbidden(fault.port))
    case 'EADDRNOTAVAIL':
      return failure(
        `${spot} is no address of this machine`,
        'use 127.0.0.1 for this machine only, or 0.0.0.0',
      )
    case 'EAFNOSUPPORT':
      return failure(`this machine has no IPv6 for ${spot}`, 'use an IPv4 address: 0.0.0.0 is all of them')
    default:
      return undefined
  }
}

function explainUpstream(fault: SystemFault): Failure | undefined {
  const known = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH']
  if (!known.includes(fault.code)) return undefined
  const reason = `cannot reach the upstream ${writeSpot(fault)} (${fault.code})`
  return new Failure(reason, exitCodes.upstreamUnavailable, 'check the host and port of --upstream')
}

function describeForbidden(port: number): string {
  return port > 0 && port < 1024
    ? 'ports below 1024 need a privilege: use 1993 or 1143, or grant CAP_NET_BIND_SERVICE'
    : 'something on this machine forbids it: try another port'
}

function failure(message: string, advice: string): Failure {
  return new Failure(message, exitCodes.runtime, advice)
}

function writeSpot({ address, port }: SystemFault): string {
  const host = address.includes(':') ? `[${address}]` : address
  return port === 0 ? host : `${host}:${port}`
}

function readSystemFault(error: unknown): SystemFault | undefined {
  if (!(error instanceof Error)) return undefined
  const facts = new Map<string, unknown>(Object.entries(error))
  const text = (key: string): string => {
    const value = facts.get(key)
    return typeof value === 'string' ? value : ''
  }
  const port = facts.get('port')
  if (text('code') === '') return undefined
  return {
    code: text('code'),
    call: text('syscall'),
    address: text('address') || text('hostname'),
    port: typeof port === 'number' ? port : 0,
    path: text('path'),
  }
}
