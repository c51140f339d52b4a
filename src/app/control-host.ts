/** Opens the control socket of a running proxy and gives viewers what they may reach; it does not know the protocol. */

import { RecordEncoder } from '../capture/record.ts'
import type { ControlConfig } from '../config/config.ts'
import { ControlServer, type ControlHost } from '../control/control-server.ts'
import { defaultControlPlaces, type ControlPlace } from '../control/control-path.ts'
import { ControlError } from '../control/control-error.ts'
import type { ObservedEvent } from '../findings/finding.ts'
import { findBodies } from '../imap/blank-body.ts'
import { findCredentials } from '../imap/blank.ts'
import type { Ruled } from './breakpoints.ts'

export type { ControlHost } from '../control/control-server.ts'

/**
 * Undefined where it is switched off. A path that somebody chose has to work; without one a proxy that finds no place
 * does its work all the same, and `onProblem` hears why.
 */
export async function openControl(
  config: ControlConfig,
  host: ControlHost,
  onProblem: (problem: string) => void,
): Promise<ControlServer | undefined> {
  if (config.socket === false) return undefined
  if (config.socket !== undefined) return startServer(host, { path: config.socket, folder: 'given' })
  const problems: string[] = []
  for (const place of defaultControlPlaces(process.env, process.pid)) {
    try {
      return await startServer(host, place)
    } catch (error) {
      problems.push(error instanceof ControlError ? `${error.message}; ${error.advice}` : String(error))
    }
  }
  onProblem(`no control socket, so no imaptap attach: ${problems.join('; ')}`)
  return undefined
}

async function startServer(host: ControlHost, place: ControlPlace): Promise<ControlServer> {
  const server = new ControlServer(host)
  await server.start(place)
  return server
}

/** Records as viewers get them: what was blanked in a held message must not go on in its place. */
export class ViewerEncoder {
  readonly #records = new RecordEncoder()

  encode(event: ObservedEvent): string | undefined {
    const isBlanked = event.kind === 'held' && event.isEditable && hidesSomething(event)
    return this.#records.encode(isBlanked ? { ...event, isEditable: false } : event)
  }
}

type Held = Extract<ObservedEvent, { kind: 'held' }>

const hidesSomething = ({ message, hidesAll }: Held): boolean =>
  findBodies(message).length > 0 || findCredentials(message, hidesAll).length > 0

/** What a viewer hears of a ruling: nothing where it was done. */
export const explainRefusal = (ruled: Ruled): string | undefined => (ruled.ok ? undefined : ruled.text)
