/** What holds of every command and of any two peers: upstream gets what was approved, as it was approved, and nothing else. */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { Assembler } from '../../../src/imap/assembler.ts'
import {
  commandNames,
  commandName,
  readCommand,
  writeCommand,
  type Command,
} from '../../../src/imap/commands/index.ts'
import { strictUtf8 } from '../../../src/imap/cursor.ts'
import { Framer } from '../../../src/imap/framer.ts'
import { latin1, octetsOf } from '../../../src/imap/octets.ts'
import type { RawMessage } from '../../../src/imap/raw-message.ts'
import { Secret } from '../../../src/imap/secret.ts'
import { readTrace } from '../../../src/imap/trace.ts'
import { sampleLines } from '../../../src/policy/command-samples.ts'
import {
  conversation,
  cuts,
  longConversation,
  playTurns,
  whole,
  type Conversation,
} from '../../support/conversations.ts'
import { allow, deny, makeGuard, playInside, type ScriptedGuard } from './support.ts'

// Every command.

const folder = join(import.meta.dirname, '../../traces/extensions')
const fromTraces = readdirSync(folder).flatMap((file) => {
  const trace = readTrace(readFileSync(join(folder, file), 'latin1'))
  if (!('steps' in trace)) return []
  return framed(
    trace.steps
      .filter(({ from }) => from === 'client')
      .map(({ octets }) => latin1(octets))
      .join(''),
  )
})
const samples = [...fromTraces, ...sampleLines.flatMap(([line]) => framed(`a ${line}\r\n`))].filter(
  (raw) => readCommand(raw, strictUtf8).ok,
)

/** Whole commands of these octets. */
function framed(text: string): RawMessage[] {
  const framer = new Framer('client')
  const assembler = new Assembler('client')
  const found: RawMessage[] = []
  framer.push(octetsOf(text))
  while (framer.next('command')) {
    assembler.add(framer)
    if (framer.isLast) found.push(assembler.take())
  }
  return found
}

const octetsOfRaw = (raw: RawMessage): string =>
  raw.parts.map(({ octets }) => (octets ? latin1(octets) : '')).join('')

/** Data alone, with secrets in the open: they are compared as well. */
function plain(value: unknown): unknown {
  if (value instanceof Secret) return { secret: plain(value.reveal()) }
  if (value instanceof Uint8Array) return latin1(value)
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]))
}

/** Says a command to the engine and takes what reaches upstream, which asks for every literal. */
function say(guard: ScriptedGuard, raw: RawMessage): string {
  const { dialogue } = playInside(guard)
  // Under UTF8=ACCEPT every sample can be said.
  dialogue.client('e ENABLE UTF8=ACCEPT').server('* ENABLED UTF8=ACCEPT', 'e OK')
  dialogue.take('server')
  dialogue.raw('client', octetsOfRaw(raw))
  let upstream = ''
  for (let piece = dialogue.take('server'); piece !== ''; piece = dialogue.take('server')) {
    upstream += piece
    if (/\{\d+\}\r\n$/u.test(piece)) dialogue.server('+ go')
  }
  return upstream
}

/** Before a login there are fewer, and upstream has a word of its own for these. */
const answeredHere = new Set(['STARTTLS'])

describe('every command', () => {
  it('there are samples of', () => {
    const names = new Set(
      samples.flatMap((raw) => {
        const read = readCommand(raw, strictUtf8)
        return read.ok ? [commandName(read.value)] : []
      }),
    )
    expect([...commandNames].filter((name) => !names.has(name))).toEqual([])
    expect(samples.length).toBeGreaterThan(250)
  })

  it('reaches upstream as the tree that was approved, with literals that wait', () => {
    for (const raw of samples) {
      const read = readCommand(raw, strictUtf8)
      if (!read.ok || answeredHere.has(read.value.name)) continue
      if (read.value.name === 'AUTHENTICATE' && /GSSAPI|DIGEST|NTLM/u.test(read.value.mechanism)) continue
      const guard = makeGuard()
      const upstream = say(guard, raw)
      const approved = guard.commands.at(-1)?.command
      const [again, ...more] = framed(upstream)
      expect(more, octetsOfRaw(raw)).toEqual([])
      const reread = again && readCommand(again, strictUtf8)
      expect(reread?.ok && approved && plain(reread.value), octetsOfRaw(raw)).toEqual(
        approved && plain(approved),
      )
      expect(approved && plain(approved)).toEqual(plain(read.value))
      expect(upstream).not.toMatch(/\+\}\r\n/u)
    }
  })

  it('that is denied leaves no octet upstream', () => {
    for (const raw of samples) {
      let isOpen = false
      const guard = makeGuard({
        decide: (facts) => (isOpen && facts.name !== 'ENABLE' ? deny() : allow(facts)),
      })
      const { dialogue } = playInside(guard)
      isOpen = true
      const tag = octetsOfRaw(raw).split(' ', 1)[0]
      dialogue.raw('client', octetsOfRaw(raw))
      const upstream = dialogue.take('server')
      if (!guard.decided.includes('ENABLE')) expect(upstream, octetsOfRaw(raw)).toBe('')
      expect(dialogue.take('client'), octetsOfRaw(raw)).toContain(upstream === '' ? `${tag} ` : '')
    }
  })
})

// Any two peers.

/** What of an upstream stream is neither approved nor a line of a dialogue. */
function findStray(upstream: string, commands: readonly Command[]): string {
  let rest = upstream
  let last = ''
  for (const command of commands) {
    rest = skipDialogue(rest, last)
    // A server that refuses a command gets no more of it.
    for (const piece of writeCommand(command).map((octets) => latin1(octets))) {
      if (!rest.startsWith(piece)) break
      rest = rest.slice(piece.length)
    }
    last = command.name
  }
  return skipDialogue(rest, last)
}

function skipDialogue(text: string, last: string): string {
  if (last === 'IDLE') return text.replace(/^DONE\r\n/u, '')
  return last === 'AUTHENTICATE' ? text.replace(/^(?:(?:[A-Za-z0-9+/]+=*|\*|)\r\n)+/u, '') : text
}

const runs = { numRuns: 1500 }

describe('any two peers', () => {
  const play = (turns: Conversation, sizes: readonly number[], guard = makeGuard()) => {
    const talk = playTurns(turns, sizes, { guard })
    return { guard, server: talk.take('server'), client: talk.take('client'), isClosed: talk.relay.isClosed }
  }

  it('have upstream told what was approved, and nothing else', () => {
    fc.assert(
      fc.property(conversation, (turns) => {
        const { server, guard } = play(turns, whole)
        expect(
          findStray(
            server,
            guard.commands.map(({ command }) => command),
          ),
        ).toBe('')
        expect(server).not.toContain('+}\r\n')
      }),
      runs,
    )
  })

  it('have upstream told nothing where nothing is approved', () => {
    fc.assert(
      fc.property(conversation, cuts, (turns, sizes) => {
        expect(play(turns, sizes, makeGuard({ decide: () => deny() })).server).toBe('')
      }),
      runs,
    )
  })

  it('hear the same whatever chunks it comes in', () => {
    fc.assert(
      fc.property(conversation, cuts, (turns, sizes) => {
        const [one, other] = [play(turns, whole), play(turns, sizes)]
        expect(other.server).toBe(one.server)
        expect(other.client).toBe(one.client)
        expect(other.isClosed).toBe(one.isClosed)
        expect(other.guard.decided).toEqual(one.guard.decided)
      }),
      runs,
    )
  })

  it('break nothing with lines that pass every limit', () => {
    fc.assert(
      fc.property(longConversation, (turns) => {
        const { server, guard } = play(turns, whole)
        const approved = guard.commands.map(({ command }) => command)
        if (approved.every((command) => command.name !== 'APPEND'))
          expect(findStray(server, approved)).toBe('')
      }),
      { numRuns: 100 },
    )
  })
})
