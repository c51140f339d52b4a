/** Writes captures of any size that look like mail clients at work and are the same for the same seed; knows no reader. */

import { closeSync, openSync, writeSync } from 'node:fs'

import { RecordEncoder } from '../../src/capture/record.ts'
import { writeHeader } from '../../src/capture/header.ts'
import { octetsOf } from '../../src/imap/octets.ts'
import type { Side } from '../../src/imap/raw-message.ts'
import { makeRules } from '../../src/policy/rules.ts'
import type { ProxyEvent } from '../../src/relay/event.ts'
import { Relay } from '../../src/relay/relay.ts'
import { createRandom, type Random } from './random.ts'

export interface BigCapture {
  readonly exchanges: number
  /** Sessions at work at the same time. */
  readonly sessions?: number
  /** Commands of a session until it logs out. */
  readonly commands?: number
  readonly seed?: number
}

/** Characters gathered before they are written. */
const gathered = 1024 * 1024

/** Answers how many exchanges were written: as many as asked for, and up to the end of the sessions that are open. */
export function writeBigCapture(path: string, wanted: BigCapture): number {
  const file = openSync(path, 'w', 0o600)
  let waiting = ''
  const write = (line: string): void => {
    waiting += `${line}\n`
    if (waiting.length < gathered) return
    writeSync(file, waiting)
    waiting = ''
  }
  const exchanges = tellBigCapture(wanted, write)
  writeSync(file, waiting)
  closeSync(file)
  return exchanges
}

/** The lines, header first. */
export function tellBigCapture(wanted: BigCapture, write: (line: string) => void): number {
  const encoder = new RecordEncoder()
  let exchanges = 0
  write(
    writeHeader({
      run: 'big',
      created: 1_795_235_455_000,
      clock: 0,
      writer: 'test',
      secrets: false,
      bodies: false,
    }),
  )
  tellBigEvents(wanted, (event) => {
    if (event.kind === 'exchange-completed') exchanges++
    const line = encoder.encode(event)
    if (line !== undefined) write(line)
  })
  return exchanges
}

/** The events that the real engine tells of it. */
export function tellBigEvents(wanted: BigCapture, tell: (event: ProxyEvent) => void): void {
  const { exchanges, sessions = 50, commands = 500, seed = 1 } = wanted
  const random = createRandom(seed)
  let done = 0
  const hear = (event: ProxyEvent): void => {
    if (event.kind === 'exchange-completed') done++
    tell(event)
  }
  let opened = 0
  const clock: Clock = { now: 0 }
  const exists = new Map<string, number>()
  const live: Speaker[] = []
  while (done < exchanges || live.length > 0) {
    if (live.length < sessions && done < exchanges) {
      opened++
      live.push(new Speaker(`S${opened}`, { exists, clock, random, commands, tell: hear }))
    }
    const at = random.below(live.length)
    const speaker = live[at]
    if (speaker?.step(done >= exchanges) === false) live.splice(at, 1)
  }
}

/** One for all sessions, in milliseconds: times only grow, as in a file that a proxy writes. */
interface Clock {
  now: number
}

interface Part {
  /** Messages by user and mailbox, where more have come than there were. */
  readonly exists: Map<string, number>
  readonly clock: Clock
  readonly random: Random
  readonly commands: number
  readonly tell: (event: ProxyEvent) => void
}

const tls = {
  version: 'TLSv1.3',
  cipher: 'TLS_AES_128_GCM_SHA256',
  name: 'imap.example.com',
  certificate: 'CN=imap.example.com',
  isResumed: false,
}

const clients = ['Thunderbird', 'iOS Mail', 'mbsync', 'Backup Agent']
const mailboxes = ['INBOX', 'Sent', '"Lists/imap protocol"', 'Entw&APw-rfe']
const capabilities = 'IMAP4rev1 ID IDLE CONDSTORE LITERAL+ UIDPLUS'
/** Messages of a mailbox when it is first seen. */
const messages = 1_000

/** One client and its server, through the engine. */
class Speaker {
  readonly #relay: Relay
  readonly #part: Part
  readonly #id: string
  readonly #user: string
  #sent = 0
  #mailbox = ''

  constructor(id: string, part: Part) {
    this.#id = id
    this.#part = part
    this.#user = `user${part.random.below(40)}`
    this.#relay = new Relay({
      session: id,
      decider: makeRules({ hideCapabilities: [], compress: 'follow' }),
      interests: { messages: true },
      isClientSecure: true,
      startsUpstreamTls: false,
      makeTag: () => 'Tbig',
      digesters: { client: () => undefined, server: () => undefined },
    })
  }

  /** One command with its answer, or the beginning or end of the session; false behind its end. */
  step(isLast: boolean): boolean {
    this.#part.clock.now += this.#part.random.below(3)
    if (this.#sent === 0) return this.#begin()
    if (isLast || this.#sent >= this.#part.commands) return this.#end()
    const choice = this.#part.random.below(20)
    if (choice < 8) this.#fetchFlags()
    else if (choice < 12) this.#fetchEnvelope()
    else if (choice < 14) this.#store()
    else if (choice < 16) this.#search()
    else if (choice < 17) this.#select()
    else if (choice < 18) this.#status()
    else this.#noop()
    return true
  }

  #begin(): boolean {
    const { random, tell, clock } = this.#part
    const view = {
      state: 'opening',
      user: undefined,
      client: undefined,
      server: undefined,
      mailbox: undefined,
    } as const
    tell({
      session: this.#id,
      at: clock.now,
      kind: 'opened',
      address: { host: '127.0.0.1', port: 40_000 + random.below(20_000) },
      listener: 'imaps://127.0.0.1:1993',
      upstream: 'imaps://imap.example.com:993',
      view: { ...view, capabilities: [], enabled: [], isIdle: false },
    })
    for (const side of ['client', 'server'] as const)
      tell({ session: this.#id, at: clock.now, kind: 'secured', side, tls })
    this.#take({ kind: 'connected' })
    this.#say('server', `* OK [CAPABILITY ${capabilities}] Dovecot ready.`)
    const isRefused = random.below(50) === 0
    this.#ask(
      `LOGIN ${this.#user} secret`,
      [],
      isRefused ? 'NO [AUTHENTICATIONFAILED] no' : `OK [CAPABILITY ${capabilities}] done`,
    )
    if (isRefused) return this.#end()
    this.#ask(`ID ("name" "${clients[random.below(4)] ?? ''}" "version" "1.${random.below(3)}")`, [
      '* ID ("name" "Dovecot")',
    ])
    this.#select()
    return true
  }

  #end(): boolean {
    this.#ask('LOGOUT', ['* BYE logging out'])
    this.#take({ kind: 'ended', side: 'server' })
    this.#take({ kind: 'ended', side: 'client' })
    return false
  }

  /** Messages of the selected mailbox: each has the UID of its number. */
  get #exists(): number {
    return this.#part.exists.get(`${this.#user} ${this.#mailbox}`) ?? messages
  }

  #pick(): number {
    return 1 + this.#part.random.below(messages - 5)
  }

  #fetchFlags(): void {
    // One in a few thousand tells of a message that is not there.
    const uid = this.#part.random.below(2_000) === 0 ? 1_000_000 : this.#pick()
    const data = [0, 1, 2].map((at) => `* ${uid + at} FETCH (UID ${uid + at} FLAGS (\\Seen))`)
    this.#ask(`UID FETCH ${uid}:${uid + 2} (FLAGS)`, data)
  }

  #fetchEnvelope(): void {
    const uid = this.#pick()
    const word = this.#part.random.word()
    const person = `(("${word}" NIL "${word}" "example.com"))`
    const envelope = `("Sat, 21 Nov 2026 05:00:00 +0000" "About ${word}" ${person} ${person} ${person} ${person} NIL NIL NIL "<${uid}@example.com>")`
    this.#ask(`UID FETCH ${uid} (UID RFC822.SIZE ENVELOPE BODY.PEEK[HEADER.FIELDS (REFERENCES)])`, [
      `* ${uid} FETCH (UID ${uid} RFC822.SIZE 4096 ENVELOPE ${envelope} BODY[HEADER.FIELDS (REFERENCES)] {2}\r\n\r\n)`,
    ])
  }

  #store(): void {
    const uid = this.#pick()
    const isRefused = this.#part.random.below(20) === 0
    const data = isRefused ? [] : [`* ${uid} FETCH (UID ${uid} FLAGS (\\Seen))`]
    this.#ask(`UID STORE ${uid} +FLAGS (\\Seen)`, data, isRefused ? 'NO [NOPERM] not here' : undefined)
  }

  #search(): void {
    this.#ask(`UID SEARCH UNSEEN FROM ${this.#part.random.word()}`, ['* SEARCH 1 2 3 5 8 13'])
  }

  #status(): void {
    this.#ask('STATUS Drafts (MESSAGES UNSEEN)', ['* STATUS Drafts (MESSAGES 12 UNSEEN 0)'])
  }

  #noop(): void {
    this.#ask('NOOP', [])
    if (this.#part.random.below(2) > 0) return
    const exists = this.#exists + 1
    this.#part.exists.set(`${this.#user} ${this.#mailbox}`, exists)
    this.#say('server', `* ${exists} EXISTS`)
  }

  #select(): void {
    const closed = this.#mailbox === '' ? [] : ['* OK [CLOSED] closed']
    this.#mailbox = mailboxes[this.#part.random.below(4)] ?? ''
    this.#ask(
      `SELECT ${this.#mailbox}`,
      [
        ...closed,
        '* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)',
        '* OK [PERMANENTFLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)] ok',
        `* ${this.#exists} EXISTS`,
        '* 0 RECENT',
        '* OK [UIDVALIDITY 1795235455] ok',
        `* OK [UIDNEXT ${this.#exists + 1}] ok`,
        '* OK [HIGHESTMODSEQ 1] ok',
      ],
      'OK [READ-WRITE] done',
    )
  }

  /** Mostly a few milliseconds, now and then a second. */
  #ask(command: string, data: readonly string[], completion = 'OK done'): void {
    const { random, clock } = this.#part
    this.#sent++
    const tag = `A${this.#sent}`
    this.#say('client', `${tag} ${command}`)
    clock.now += random.below(100) === 0 ? 500 + random.below(1_500) : 1 + random.below(20)
    for (const line of data) this.#say('server', line)
    clock.now += random.below(5)
    this.#say('server', `${tag} ${completion}`)
  }

  #say(from: Side, line: string): void {
    this.#take({ kind: 'received', from, octets: octetsOf(`${line}\r\n`) })
  }

  #take(input: WithoutTime<Parameters<Relay['handle']>[0]>): void {
    for (const effect of this.#relay.handle({ ...input, at: this.#part.clock.now })) {
      if (effect.kind === 'emit') this.#part.tell(effect.event)
    }
  }
}

type WithoutTime<T> = T extends unknown ? Omit<T, 'at'> : never
