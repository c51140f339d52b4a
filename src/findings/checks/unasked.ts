/** Checks that extensions are spoken to those only who asked (RFC 9051 section 6.5, RFC 7162, RFC 9586): unknown responses, too. */

import type { Command } from '../../imap/commands/index.ts'
import { untaggedNames } from '../../imap/responses/index.ts'
import type { Check, Hooks } from '../check.ts'
import type { Scene } from '../scene.ts'

/** What the client has sent in this session, as far as it could ask for a response of an extension. */
interface Asked {
  /** Names of commands, `RETURN` where one had that, and capabilities it wanted enabled; among them only those below. */
  readonly words: Set<string>
  /** It sent something that nobody here can read: that may have asked for anything. */
  isUnknown: boolean
}
const makeAsked = (): Asked => ({ words: new Set(), isUnknown: false })

/** Responses, and what of a client asks for them: any of it, at any time of the session. */
const askedBy = {
  VANISHED: ['QRESYNC', 'UIDONLY'],
  UIDFETCH: ['UIDONLY'],
  ESEARCH: ['RETURN', 'ESEARCH', 'IMAP4REV2', 'NOTIFY'],
  SORT: ['SORT', 'UID SORT'],
  THREAD: ['THREAD', 'UID THREAD'],
  GENURLAUTH: ['GENURLAUTH'],
  URLFETCH: ['URLFETCH'],
  CONVERTED: ['CONVERT', 'UID CONVERT'],
  UIDBATCHES: ['UIDBATCHES'],
} as const satisfies Partial<Record<keyof NonNullable<Hooks['untagged']>, readonly string[]>>

type Name = keyof typeof askedBy

const unaskedResponse: Check = {
  id: 'S18',
  name: 'unasked-extension',
  level: 'error',
  side: 'server',
  needsBeginning: true,
  title: 'A response that nobody knows, or of an extension that the client never asked for',
  reference: 'RFC 9051 section 6.5, RFC 7162 section 3.2.10',
  advice: 'The server must speak an extension only to clients that enabled it or sent one of its commands.',
  commands: {
    ...Object.fromEntries(
      Object.values(askedBy).flatMap((words) => words.map((word) => [word, noteCommand])),
    ),
    ENABLE: noteCommand,
    SEARCH: noteCommand,
    'UID SEARCH': noteCommand,
    SELECT: noteCommand,
    EXAMINE: noteCommand,
    unknown: noteUnknown,
  },
  clientData(scene, { message }) {
    if (message.kind === 'command') scene.model.note(makeAsked).isUnknown = true
  },
  untagged: {
    // Each hook is for its own name, which the map cannot express.
    ...(Object.fromEntries(
      Object.keys(askedBy).map((name) => [name, (scene: Scene) => checkAsked(scene, name as Name)]),
    ) as NonNullable<Hooks['untagged']>),
    unknown(scene, { word }) {
      const { model } = scene
      const isKnown = untaggedNames.has(word.toUpperCase())
      if (isKnown || !model.hasGreeting || model.note(makeAsked).isUnknown) return
      scene.raise(unaskedResponse, { text: `an untagged response ${word} came, which nobody knows` })
    },
  },
}

function noteCommand(
  scene: Scene,
  { command, name }: { readonly command: Command; readonly name: string },
): void {
  const { words } = scene.model.note(makeAsked)
  words.add(name)
  if (command.name === 'ENABLE')
    for (const capability of command.capabilities)
      if (wanted.has(capability.toUpperCase())) words.add(capability.toUpperCase())
  if ('returns' in command && command.returns) words.add('RETURN')
  if ((command.name === 'SELECT' || command.name === 'EXAMINE') && command.parameters) words.add('QRESYNC')
}

const wanted: ReadonlySet<string> = new Set(['QRESYNC', 'UIDONLY', 'IMAP4REV2'])

function noteUnknown({ model }: Scene): void {
  model.note(makeAsked).isUnknown = true
}

function checkAsked(scene: Scene, name: Name): void {
  const { model } = scene
  if (!model.hasGreeting) return
  const { words, isUnknown } = model.note(makeAsked)
  if (isUnknown || (name === 'ESEARCH' && model.isRev2)) return
  if (askedBy[name].some((word) => words.has(word))) return
  scene.raise(unaskedResponse, { text: `${name} came although the client never asked for it` })
}

export const unaskedChecks: readonly Check[] = [unaskedResponse]
