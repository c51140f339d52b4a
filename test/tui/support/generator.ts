/** Runs the dashboard on made-up traffic, for a look in a real terminal: `node test/tui/support/generator.ts [sessions] [per second]`. */

import type { ObservedEvent } from '../../../src/findings/finding.ts'
import { startDashboard } from '../../../src/tui/dashboard.ts'
import { describe, FakeSession, mailbox } from './events.ts'
import { scene, SCENE_NOW } from './world.ts'

const sessions = Number(process.argv[2] ?? 12)
const perSecond = Number(process.argv[3] ?? 40)
const started = performance.now()
const now = (): number => SCENE_NOW + performance.now() - started

const listeners = new Set<(event: ObservedEvent) => void>()
const emit = (events: readonly ObservedEvent[]): void => {
  for (const event of events) for (const listener of listeners) listener(event)
}

const fakes = Array.from({ length: sessions }, (_, at) => new FakeSession(`S${at + 100}`))
startDashboard({
  subscribe: (listener) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  },
  kill: (id) => {
    const fake = fakes.find((one) => one.id === id)
    if (fake) emit(fake.close(now(), 'killed'))
    return fake !== undefined
  },
  describe,
  onQuit: () => {
    console.log('quit cleanly')
    process.exit(0)
  },
  now,
  info: {
    version: '0.1.0',
    listen: ['imaps://127.0.0.1:1993'],
    upstream: 'imaps://imap.example.org:993',
    caPath: '/home/ann/.imaptap/ca.pem',
  },
})

const names = ['UID FETCH', 'NOOP', 'STATUS', 'UID SEARCH', 'LIST', 'SELECT'] as const
let turn = 0

function step(): void {
  const at = now()
  const fake = fakes[turn++ % fakes.length]
  if (!fake) return
  const { events, exchange } = fake.command(at, names[turn % names.length] ?? 'NOOP', '1:* (FLAGS)')
  emit(events)
  emit([fake.untagged(at, `* ${turn} FETCH (UID ${turn} FLAGS (\\Seen))`, exchange)])
  const wait = turn % 13 === 0 ? 2600 : 20 + (turn % 7) * 40
  setTimeout(() => emit(fake.complete(exchange, { after: wait, wait: wait / 2 })), wait)
}

if (sessions > 0) {
  emit(scene())
  fakes.forEach((fake, at) => {
    emit(fake.open(now() - at * 7000, `192.0.2.${at % 250}`))
    emit(
      fake.become(now(), {
        state: 'selected',
        user: `user${at}@example.org`,
        client: 'Thunderbird/128.3',
        mailbox: mailbox(at % 3 ? 'INBOX' : '仕事/報告'),
      }),
    )
  })
  setInterval(() => {
    for (let i = 0; i < Math.max(1, perSecond / 50); i++) step()
  }, 20)
}
process.on('SIGUSR2', () => {
  throw new Error('uncaught on purpose')
})
