/** What the load client does for each order; knows octets and times, not which proxy stands between. */

import { createHash } from 'node:crypto'
import { unreachable } from '../../../src/imap/fault.ts'
import { fetchCommand, makeCorpus, type CorpusName } from '../upstream/corpus.ts'
import type { Figures, Order } from './order.ts'
import { LoadSession, tagOf } from './session.ts'

const LOGIN = 'LOGIN bench correct-horse-battery'
/** The sessions that stand between orders. */
let sessions: LoadSession[] = []
/** Batches are made once: the same commands serve every round, and no session sees a tag twice in flight. */
const batches = new Map<string, readonly Buffer[]>()
const corpora = new Map<CorpusName, Buffer>()

export function work(order: Order): Promise<Figures> {
  switch (order.kind) {
    case 'open':
      return open(order)
    case 'fetch':
      return fetch(order)
    case 'noop':
      return noop(order)
    case 'pipeline':
      return pipeline(order)
    case 'setup':
      return setup(order)
    case 'idle':
      return timed(() => Promise.all(sessions.map((session) => session.idle())))
    case 'end-idle':
      return timed(() => Promise.all(sessions.map((session) => session.endIdle())))
    case 'close':
      return Promise.resolve(close())
    default:
      return unreachable(order)
  }
}

/** Also what puts an end to an order that takes too long: whoever waits hears that its connection closed. */
export function close(): Figures {
  for (const session of sessions) session.close()
  sessions = []
  return { seconds: 0 }
}

async function open(order: Extract<Order, { kind: 'open' }>): Promise<Figures> {
  const figures = await timed(() =>
    inParallel(order.sessions, order.concurrency, async () => {
      const session = await LoadSession.open(order.port)
      sessions.push(session)
      await session.command(LOGIN)
      await session.command('SELECT INBOX')
    }),
  )
  return { ...figures, cipher: sessions[0]?.cipher ?? 'none' }
}

async function fetch(order: Extract<Order, { kind: 'fetch' }>): Promise<Figures> {
  const corpus = corpusOf(order.corpus)
  const figures = await timed(() =>
    inParallel(sessions.length, order.concurrency, async (at) => {
      const session = sessions[at]
      if (session) await fetchAll(session, order, corpus)
    }),
  )
  return { ...figures, octets: corpus.length * order.fetches * sessions.length }
}

async function fetchAll(
  session: LoadSession,
  order: Extract<Order, { kind: 'fetch' }>,
  corpus: Buffer,
): Promise<void> {
  for (let fetched = 0; fetched < order.fetches; fetched++) await fetchOnce(session, order, corpus)
}

async function fetchOnce(
  session: LoadSession,
  order: Extract<Order, { kind: 'fetch' }>,
  corpus: Buffer,
): Promise<void> {
  const tag = session.nextTag()
  const end = `${tag} OK FETCH completed\r\n`
  const hash = order.isHashed ? createHash('sha256') : undefined
  const arrived = session.octets({ octets: corpus.length + end.length, end, hash })
  session.send(`${tag} ${fetchCommand(order.corpus)}\r\n`)
  await arrived
  if (!hash) return
  const expected = createHash('sha256').update(corpus).update(end, 'latin1').digest('hex')
  if (hash.digest('hex') !== expected)
    throw new Error('the octets that arrived are not those that upstream sent')
}

async function noop(order: Extract<Order, { kind: 'noop' }>): Promise<Figures> {
  const session = firstSession()
  const times = new Float64Array(order.commands)
  const figures = await timed(async () => {
    for (let at = 0; at < order.commands; at++) {
      const tag = session.nextTag()
      const end = `${tag} OK NOOP completed\r\n`
      const started = performance.now()
      const arrived = session.octets({ octets: end.length, end })
      session.send(`${tag} NOOP\r\n`)
      await arrived
      times[at] = performance.now() - started
    }
  })
  times.sort()
  const quantile = (share: number): number => (times[Math.floor((times.length - 1) * share)] ?? 0) * 1000
  return { ...figures, commands: order.commands, p50Us: quantile(0.5), p99Us: quantile(0.99) }
}

async function pipeline(order: Extract<Order, { kind: 'pipeline' }>): Promise<Figures> {
  const ready = batchesOf(order.batches, order.batchSize)
  const octets = answerOctets(order.batchSize)
  const figures = await timed(() =>
    Promise.all(
      sessions.map(async (session) => {
        for (const [at, batch] of ready.entries()) {
          const last = tagOf('P', (at + 1) * order.batchSize)
          const arrived = session.octets({ octets, end: answerTo(last, order.batchSize - 1) })
          session.send(batch)
          await arrived
        }
      }),
    ),
  )
  return { ...figures, commands: sessions.length * order.batches * order.batchSize }
}

function batchesOf(count: number, size: number): readonly Buffer[] {
  const key = `${count} of ${size}`
  const made = batches.get(key) ?? Array.from({ length: count }, (_, at) => makeBatch(at * size, size))
  batches.set(key, made)
  return made
}

function makeBatch(before: number, size: number): Buffer {
  let text = ''
  for (let at = 0; at < size; at++) {
    const command = at % 2 === 0 ? 'NOOP' : 'STORE 5 +FLAGS (\\Seen)'
    text += `${tagOf('P', before + at + 1)} ${command}\r\n`
  }
  return Buffer.from(text, 'latin1')
}

function answerOctets(size: number): number {
  let octets = 0
  for (let at = 0; at < size; at++) octets += answerTo(tagOf('P', 0), at).length
  return octets
}

function answerTo(tag: string, at: number): string {
  if (at % 2 === 0) return `${tag} OK NOOP completed\r\n`
  return `* 5 FETCH (FLAGS (\\Seen))\r\n${tag} OK STORE completed\r\n`
}

function setup(order: Extract<Order, { kind: 'setup' }>): Promise<Figures> {
  return timed(() =>
    inParallel(order.sessions, order.concurrency, async () => {
      const session = await LoadSession.open(order.port)
      await session.command(LOGIN)
      await session.command('LOGOUT')
      session.close()
    }),
  )
}

function corpusOf(name: CorpusName): Buffer {
  const corpus = corpora.get(name) ?? makeCorpus(name)
  corpora.set(name, corpus)
  return corpus
}

function firstSession(): LoadSession {
  const [session] = sessions
  if (!session) throw new Error('no session is open')
  return session
}

/** Does the task `count` times, `concurrency` at once. */
async function inParallel(
  count: number,
  concurrency: number,
  task: (at: number) => Promise<void>,
): Promise<void> {
  let next = 0
  const lane = async (): Promise<void> => {
    while (next < count) await task(next++)
  }
  await Promise.all(Array.from({ length: concurrency }, lane))
}

async function timed(task: () => Promise<unknown>): Promise<Figures> {
  const started = performance.now()
  await task()
  return { seconds: (performance.now() - started) / 1000 }
}
