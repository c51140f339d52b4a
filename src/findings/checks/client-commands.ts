/** Checks of how a client writes commands: tags, literals, lines, pipelines (RFC 9051 sections 2.2.1, 4.3 and 5.5). */

import { limits } from '../../imap/limits.ts'
import { commandName, type Command } from '../../imap/commands/index.ts'
import type { Message } from '../../imap/message.ts'
import { REDACTED } from '../../imap/redact.ts'
import type { Check } from '../check.ts'
import type { Work } from '../model/work.ts'
import { isNumbered, someKey } from '../model/search-keys.ts'
import { toldQuirks } from './told-quirks.ts'

const tagReused: Check = {
  id: 'C02',
  name: 'tag-in-use',
  level: 'warning',
  side: 'client',
  title: 'A tag is used again while its command is in progress',
  reference: 'RFC 9051 section 2.2.1',
  advice: 'Give every command a tag of its own: nobody can tell whose completion comes first.',
  commands: {
    '*'(scene, { command: { tag }, name, event }) {
      if (event.exchange?.tag === REDACTED) return
      const earlier = scene.model.withTag(tag)
      if (earlier)
        scene.raise(tagReused, {
          text: `${name} has the tag of a ${earlier.name} that is in progress`,
          // ESEARCH names the command that it answers by its tag (RFC 4466 section 2.6.2).
          ...(asksForEsearch(earlier) && { level: 'error' }),
        })
    },
  },
}

const asksForEsearch = ({ command }: Work): boolean =>
  command !== undefined &&
  'returns' in command &&
  /^(?:SEARCH|SORT)$/u.test(command.name) &&
  command.returns !== undefined

/** They change no message number by themselves, and no EXPUNGE may come meanwhile. */
const harmless = new Set(['FETCH', 'STORE', 'SEARCH'])
/** During these a server may expunge, so that numbers behind them are not certain. */
const expunging = /^(?:UID .*|APPEND|CHECK|COPY|EXPUNGE|IDLE|MOVE|NOOP|STATUS)$/u

const tellNumbers: NonNullable<Check['commands']>[string] = (scene, { name, command }) => {
  if (scene.model.open.size === 0 || scene.model.isUidOnly || !hasNumbers(command)) return
  const earlier = [...scene.model.openNames].find((open) => expunging.test(open) && !harmless.has(open))
  if (earlier === undefined) return
  scene.raise(numbersInPipeline, {
    text: `${name} names message numbers while ${earlier} is in progress, which may change them`,
  })
}

function hasNumbers(command: Command): boolean {
  if (command.name === 'SEARCH') return someKey(command.keys, isNumbered)
  return 'messages' in command && command.messages !== '$'
}

const numbersInPipeline: Check = {
  id: 'C04',
  name: 'numbers-behind-expunge',
  level: 'error',
  side: 'client',
  title: 'Message numbers are sent while a command that may expunge is in progress',
  reference: 'RFC 9051 section 5.5',
  advice: 'Wait for the completion, or use the UID form of the command.',
  commands: {
    FETCH: tellNumbers,
    STORE: tellNumbers,
    SEARCH: tellNumbers,
    COPY: tellNumbers,
    MOVE: tellNumbers,
  },
}

const literalAhead: Check = {
  id: 'C05',
  name: 'literal-before-continuation',
  level: 'error',
  side: 'client',
  title: 'Octets of a literal come before the continuation request',
  reference: 'RFC 9051 section 4.3',
  advice: 'Wait for "+", or write {n+} where the server announces LITERAL+ or LITERAL-.',
  literals(scene, event) {
    if (event.isAhead !== true || event.message.kind !== 'command') return
    const command = event.message.command()
    const name = command.ok ? commandName(command.value) : 'a command'
    scene.raise(literalAhead, { text: `the literal of ${name} was sent before the server invited it` })
  },
}

/** Octets of a non-synchronizing literal under LITERAL- and IMAP4rev2 (RFC 7888 section 5). */
const LITERAL_MINUS = 4096

const literalUnannounced: Check = {
  id: 'C06',
  name: 'literal-plus-unannounced',
  level: 'error',
  side: 'client',
  title: 'A non-synchronizing literal that the server did not offer, or larger than it takes',
  reference: 'RFC 7888 section 3, RFC 7888 section 5',
  advice:
    'Write {n} and wait for "+" unless LITERAL+ is announced, or LITERAL- and the literal has 4096 octets or fewer.',
  literals(scene, { side, message }) {
    const { capabilities } = scene.model
    if (side === 'server' || !capabilities || capabilities.has('LITERAL+')) return
    const largest = largestNonSynchronizing(message)
    if (largest === undefined) return
    const isSmallAllowed = capabilities.has('LITERAL-') || capabilities.has('IMAP4REV2')
    if (isSmallAllowed && largest <= LITERAL_MINUS) return
    scene.raise(literalUnannounced, {
      text: isSmallAllowed
        ? `{${largest}+} is larger than the 4096 octets of LITERAL-`
        : `{${largest}+} although neither LITERAL+ nor LITERAL- is announced`,
    })
  },
}

function largestNonSynchronizing({ raw }: Message): number | undefined {
  const sizes = raw.parts.flatMap((part) =>
    part.kind === 'literal' && !part.announced.isSynchronizing ? [part.announced.size] : [],
  )
  return sizes.length === 0 ? undefined : Math.max(...sizes)
}

const eightBit: Check = {
  id: 'C18',
  name: 'eight-bit-in-command',
  level: 'error',
  side: 'client',
  needsBeginning: true,
  title: 'Octets above 127 in a command line, without UTF-8 enabled',
  reference: 'RFC 9051 section 4.3.1, RFC 9755 section 3',
  advice: 'Send such text as a literal, encode mailbox names in modified UTF-7, or ENABLE UTF8=ACCEPT.',
  commands: {
    '*'(scene, { command, name, event }) {
      // Whatever is above 127 in a command that is known is told of where it is read.
      if (command.name !== 'unknown' && event.message.command().quirks.length === 0) return
      if (scene.model.isUtf8 || scene.model.isOpen('ENABLE') || !hasEightBit(event.message)) return
      // Behind CHARSET the octets at least have a meaning, and servers take them.
      const hasCharset = 'charset' in command && command.charset !== undefined
      scene.raise(eightBit, {
        text: `${name} has octets above 127 outside of a literal`,
        ...(hasCharset && { level: 'warning' }),
      })
    },
  },
}

function hasEightBit({ raw }: Message): boolean {
  return raw.parts.some((part) => part.kind === 'line' && part.octets.some((octet) => octet > 0x7f))
}

/** Octets of a command line that every server takes (RFC 7162 section 4). */
const LONGEST_LINE = 8192

const longLine: Check = {
  id: 'C24',
  name: 'command-line-too-long',
  level: 'warning',
  side: 'client',
  title: 'A command line of more than 8192 octets',
  reference: 'RFC 7162 section 4, RFC 2683 section 3.2.1.5',
  advice: 'Send long sets of messages in several commands: servers may answer BAD to longer lines.',
  commands: {
    '*'(scene, { name, event }) {
      if (event.message.raw.octets <= LONGEST_LINE) return
      const longest = longestLine(event.message)
      if (longest <= LONGEST_LINE) return
      scene.raise(longLine, { text: `a line of ${name} has ${longest} octets` })
    },
  },
}

function longestLine({ raw }: Message): number {
  let longest = 0
  for (const part of raw.parts) if (part.kind === 'line') longest = Math.max(longest, part.octets.length)
  return longest
}

const bentGrammar: Check = {
  id: 'C26',
  name: 'command-not-in-grammar',
  level: 'error',
  side: 'client',
  title: 'A command that does not follow the grammar, or that nobody knows',
  reference: 'RFC 9051 section 2.2.1, RFC 9051 section 9',
  advice:
    'Compare the line with the formal syntax: servers may answer BAD to it, or take it for something else.',
  commands: {
    unknown(scene, { name, event }) {
      if (/^(?:UID )?X/u.test(name)) return
      scene.raise(bentGrammar, {
        // Where the whole line is hidden, its words may be a user and a password out of place.
        text: event.hidesAll ? 'the line is no known command' : `no known command is called ${name}`,
      })
    },
    '*'(scene, { command, name, event }) {
      const { quirks } = event.message.command()
      if (quirks.length === 0 || (command.name === 'unknown' && !/^(?:UID )?X/u.test(name))) return
      const quirk = quirks.find(({ rule }) => !toldQuirks.has(rule))
      if (!quirk) return
      scene.raise(bentGrammar, {
        text: `${name}: ${quirk.text} (octet ${quirk.at}, ${quirk.rule})`,
        // The examples of RFC 5464 section 4.2 have it where its grammar does not.
        ...(quirk.rule === 'options-behind-mailbox' && { level: 'warning' }),
      })
    },
  },
  unreadable(scene, { side, fault, octets }) {
    if (side !== 'client' || toldQuirks.has(fault.rule) || octets > limits.messageOctets) return
    scene.raise(bentGrammar, { text: `${fault.text} (octet ${fault.at}, ${fault.rule})` })
  },
}

export const clientCommandChecks: readonly Check[] = [
  tagReused,
  numbersInPipeline,
  literalAhead,
  literalUnannounced,
  eightBit,
  longLine,
  bentGrammar,
]
