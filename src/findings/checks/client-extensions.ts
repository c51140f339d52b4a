/** Checks of what a client uses without an announcement, or against an extension's own rules; knows no habits. */

import type { Command } from '../../imap/commands/index.ts'
import type { Check, SeenCommand } from '../check.ts'
import type { Scene } from '../scene.ts'
import { isNumbered, someKey } from '../model/search-keys.ts'
import { requirementsOf } from './requirements.ts'

type CommandHook = NonNullable<Check['commands']>[string]

const unannounced: Check = {
  id: 'C07',
  name: 'extension-not-announced',
  level: 'error',
  side: 'client',
  title: 'An extension is used that the server never announced',
  reference: 'RFC 9051 section 6.5, RFC 9051 section 7.2.2',
  advice: 'Look for the capability before using the extension, and have another way where it is missing.',
  commands: { '*': tellUnannounced },
}

function tellUnannounced(scene: Scene, { command, name }: SeenCommand): void {
  const { model } = scene
  const { capabilities } = model
  if (!capabilities) return
  for (const { what, anyOf } of requirementsOf(command, name)) {
    const isThere = anyOf.some((wanted) => isAnnounced(capabilities, wanted) || model.enabled.has(wanted))
    if (isThere) continue
    // What holds behind login may be known from an earlier connection, even while the login is in progress.
    const isInside = model.isAuthenticated || model.isOpen('LOGIN') || model.isOpen('AUTHENTICATE')
    const isGuess = isInside && !model.isAnnouncedInside
    scene.raise(unannounced, {
      text: `${name}: ${what} needs ${anyOf[0] ?? ''}, which was not announced`,
      ...(isGuess && { level: 'warning' }),
    })
    return
  }
}

/** `THREAD=*` is any word that begins so. */
function isAnnounced(capabilities: ReadonlySet<string>, wanted: string): boolean {
  if (!wanted.endsWith('*')) return capabilities.has(wanted)
  const start = wanted.slice(0, -1)
  for (const word of capabilities) if (word.startsWith(start)) return true
  return false
}

const base64 = /^(?:[A-Za-z0-9+/]*={0,2}|\*)[\r\n]*$/u

const initialResponse: Check = {
  id: 'C15',
  name: 'sasl-against-the-rules',
  level: 'error',
  side: 'client',
  title: 'An initial response without SASL-IR, or SASL data that is not base64',
  reference: 'RFC 4959 section 3, RFC 9051 section 6.2.2',
  advice:
    'Send the initial response only where SASL-IR is announced, "=" where it is empty, and base64 always.',
  commands: {
    AUTHENTICATE(scene, { command }) {
      const { capabilities } = scene.model
      if (command.name !== 'AUTHENTICATE' || !command.initialResponse || !capabilities) return
      if (!base64.test(command.initialResponse.reveal()))
        return scene.raise(initialResponse, { text: 'the initial response is not base64' })
      if (capabilities.has('SASL-IR') || capabilities.has('IMAP4REV2')) return
      scene.raise(initialResponse, { text: 'an initial response although SASL-IR is not announced' })
    },
  },
  clientData(scene, { message }) {
    const [line] = message.raw.parts
    if (message.kind !== 'sasl-data' || line?.kind !== 'line' || !isOdd(line.octets)) return
    scene.raise(initialResponse, { text: 'a line of SASL data is not base64' })
  },
}

/** Octets that no base64 has; a space is another check's. */
function isOdd(octets: Uint8Array): boolean {
  return octets.every((octet) => octet !== 0x20) && octets.some((octet) => !isBase64(octet))
}

function isBase64(octet: number): boolean {
  const isLetter = (octet | 0x20) >= 0x61 && (octet | 0x20) <= 0x7a
  const isDigit = octet >= 0x30 && octet <= 0x39
  return isLetter || isDigit || '+/=*\r\n'.includes(String.fromCharCode(octet))
}

function tellCharset(scene: Scene, { command, name }: SeenCommand): void {
  if (!scene.model.enabled.has('UTF8=ACCEPT') || !('charset' in command)) return
  if (command.charset !== undefined)
    scene.raise(charset, { text: `${name} names the charset ${command.charset}` })
}

const charset: Check = {
  id: 'C17',
  name: 'charset-with-utf8',
  level: 'error',
  side: 'client',
  title: 'SEARCH with CHARSET after ENABLE UTF8=ACCEPT',
  reference: 'RFC 9755 section 3',
  advice: 'Leave CHARSET out: with UTF8=ACCEPT every search is in UTF-8, and servers answer BAD to CHARSET.',
  commands: { SEARCH: tellCharset, 'UID SEARCH': tellCharset, ESEARCH: tellCharset },
}

const tellResync: CommandHook = (scene, { command, name }) => {
  const fault = findResyncFault(scene, command)
  if (fault !== undefined) scene.raise(resync, { text: `${name}: ${fault}` })
}

const resync: Check = {
  id: 'C19',
  name: 'qresync-not-enabled',
  level: 'error',
  side: 'client',
  needsBeginning: true,
  title: 'QRESYNC or VANISHED is used without ENABLE QRESYNC, or without what it depends on',
  reference: 'RFC 7162 section 3.2.3, RFC 7162 section 3.2.5, RFC 7162 section 3.2.6',
  advice: 'Send ENABLE QRESYNC first; VANISHED goes with UID FETCH and CHANGEDSINCE only.',
  commands: { SELECT: tellResync, EXAMINE: tellResync, FETCH: tellResync, 'UID FETCH': tellResync },
}

function findResyncFault({ model }: Scene, command: Command): string | undefined {
  const isOn = model.isQresync || model.isOpen('ENABLE')
  if (command.name === 'SELECT' || command.name === 'EXAMINE') {
    const hasResync = (command.parameters ?? []).some(({ name }) => name === 'QRESYNC')
    return hasResync && !isOn ? 'QRESYNC was not enabled' : undefined
  }
  if (command.name !== 'FETCH') return undefined
  const modifiers = new Set((command.modifiers ?? []).map(({ name }) => name))
  if (!modifiers.has('VANISHED')) return undefined
  if (!command.uid) return 'VANISHED goes with UID FETCH only'
  if (!modifiers.has('CHANGEDSINCE')) return 'VANISHED needs CHANGEDSINCE'
  return isOn ? undefined : 'VANISHED needs QRESYNC, which was not enabled'
}

const tellSequence: CommandHook = (scene, { name }) => {
  if (scene.model.isUidOnly)
    scene.raise(sequenceNumbers, { text: `${name} was sent although UIDONLY is enabled` })
}

const tellNumberedSearch: CommandHook = (scene, { command, name }) => {
  if (!scene.model.isUidOnly || !('keys' in command) || !someKey(command.keys, isNumbered)) return
  scene.raise(sequenceNumbers, { text: `${name} searches by message numbers although UIDONLY is enabled` })
}

const sequenceNumbers: Check = {
  id: 'C20',
  name: 'numbers-with-uidonly',
  level: 'error',
  side: 'client',
  title: 'A command with message numbers after ENABLE UIDONLY',
  reference: 'RFC 9586 section 3',
  advice: 'Use the UID form of the command: the server must answer BAD to this one.',
  commands: {
    COPY: tellSequence,
    FETCH: tellSequence,
    MOVE: tellSequence,
    SEARCH: tellSequence,
    SORT: tellSequence,
    STORE: tellSequence,
    THREAD: tellSequence,
    'UID SEARCH': tellNumberedSearch,
    'UID SORT': tellNumberedSearch,
    'UID THREAD': tellNumberedSearch,
  },
}

function tellRanges(scene: Scene, { command, name }: SeenCommand): void {
  if (!('returns' in command) || !command.returns) return
  const ranges = command.returns.filter((option) => option.name === 'PARTIAL' || option.name === 'ALL')
  if (ranges.length < 2) return
  const [one, other] = ranges
  scene.raise(partialAndAll, { text: `${name} asks for ${one?.name} and ${other?.name}` })
}

const partialAndAll: Check = {
  id: 'C21',
  name: 'partial-beside-all',
  level: 'error',
  side: 'client',
  title: 'More than one of PARTIAL and ALL in RETURN',
  reference: 'RFC 9394 section 3.1, RFC 5267 section 4.4',
  advice: 'Ask for ALL, or for one PARTIAL: the server must answer BAD to both.',
  commands: {
    SEARCH: tellRanges,
    'UID SEARCH': tellRanges,
    ESEARCH: tellRanges,
    SORT: tellRanges,
    'UID SORT': tellRanges,
  },
}

export const clientExtensionChecks: readonly Check[] = [
  unannounced,
  initialResponse,
  charset,
  resync,
  sequenceNumbers,
  partialAndAll,
]
