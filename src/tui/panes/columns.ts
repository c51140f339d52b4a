/** The columns of the sessions pane: what each shows, and which give way on a narrow terminal. */

import { age, duration, octets } from '../format.ts'
import { sanitize } from '../sanitize.ts'
import { mark, text, type Span } from '../span.ts'
import { currentPair, isIdling, shownUser, type SessionRow, type SortKey } from '../state.ts'
import { columnsOf, fit } from '../width.ts'

export interface Column {
  readonly title: string
  readonly sort?: SortKey
  /** What it takes at least, for the choice of columns. */
  readonly width: number
  /** The lowest stay longest. */
  readonly priority: number
  readonly align: 'left' | 'right'
  /** Where there is room, the column grows up to `most`, by `share` columns a round. */
  readonly grows?: { readonly most: number; readonly share: number }
  /** Text that is not to be cut while others have free space: it may borrow up to `most`, and lends down to `least`. */
  readonly fits?: { readonly least: number; readonly most: number }
  readonly show: (session: SessionRow, now: number, columns: number) => Span
}

export interface Placed extends Column {
  readonly columns: number
}

/** A command that runs longer is shown in amber, then in red. */
export const SLOW = 1000
export const VERY_SLOW = 5000
/** NOW is never narrower. */
export const NOW_WIDTH = 15

const atLeft = { align: 'left' } as const
const atRight = { align: 'right' } as const

const ALL: readonly Column[] = [
  {
    ...atLeft,
    title: 'ID',
    sort: 'recent',
    width: 5,
    priority: 1,
    fits: { least: 4, most: 8 },
    show: (one) => text(one.id),
  },
  { ...atLeft, title: 'ST', width: 2, priority: 1, show: symbolOf },
  {
    ...atLeft,
    title: 'USER',
    sort: 'user',
    width: 10,
    priority: 2,
    grows: { most: 30, share: 3 },
    fits: { least: 4, most: 40 },
    show: userOf,
  },
  {
    ...atLeft,
    title: 'CLIENT',
    width: 9,
    priority: 8,
    grows: { most: 24, share: 1 },
    fits: { least: 6, most: 40 },
    show: clientOf,
  },
  {
    ...atLeft,
    title: 'UPSTREAM',
    // Mostly the same for all: it comes only where it takes nothing from the others.
    width: 16,
    priority: 11,
    grows: { most: 24, share: 1 },
    fits: { least: 8, most: 40 },
    show: (one) => orDash(one.upstream),
  },
  { ...atLeft, title: 'TLS', width: 3, priority: 10, grows: { most: 7, share: 1 }, show: tlsOf },
  {
    ...atLeft,
    title: 'MBOX',
    sort: 'mailbox',
    width: 6,
    priority: 4,
    grows: { most: 30, share: 2 },
    fits: { least: 5, most: 40 },
    show: (one) => orDash(one.mailbox),
  },
  {
    ...atRight,
    title: 'CMD',
    sort: 'commands',
    width: 4,
    priority: 6,
    show: (one) => mark(count(one.commands)),
  },
  {
    ...atLeft,
    title: 'NOW',
    sort: 'now',
    width: NOW_WIDTH,
    priority: 3,
    grows: { most: 18, share: 1 },
    show: showNow,
  },
  { ...atRight, title: 'AGE', sort: 'age', width: 4, priority: 4, show: showAge },
  { ...atRight, title: 'p95', sort: 'latency', width: 5, priority: 7, show: showLatency },
  { ...atRight, title: 'IN/OUT', sort: 'octets', width: 9, priority: 9, show: showOctets },
  {
    ...atLeft,
    title: 'F',
    sort: 'faults',
    width: 4,
    priority: 5,
    grows: { most: 6, share: 1 },
    fits: { least: 2, most: 6 },
    show: showFaults,
  },
]

/**
 * The most important that fit beside each other in `width`, one column apart, and how wide each is. The terminal alone
 * says it while nothing is cut, so that nothing jumps as text changes; else who has free space lends it.
 */
export function placeColumns(width: number, sessions: readonly SessionRow[]): readonly Placed[] {
  let spare = width + 1
  const kept = new Set<Column>()
  for (const column of ALL.toSorted((a, b) => a.priority - b.priority)) {
    if (column.width + 1 > spare) break
    kept.add(column)
    spare -= column.width + 1
  }
  const placed = grow(
    ALL.filter((column) => kept.has(column)),
    spare,
  )
  return lend(
    placed,
    placed.map((column) => wantedBy(column, sessions)),
  )
}

function grow(kept: readonly Column[], spare: number): Placed[] {
  let placed = kept.map((column): Placed => ({ ...column, columns: column.width }))
  for (let left = spare; left > 0;) {
    const before = left
    placed = placed.map((column) => {
      const { grows, columns } = column
      const more = grows ? Math.min(grows.share, grows.most - columns, left) : 0
      left -= more
      return { ...column, columns: columns + more }
    })
    if (left === before) break
  }
  return placed
}

/** What changes all the time, such as NOW, has no say but its share. */
function wantedBy({ fits, show, width }: Column, sessions: readonly SessionRow[]): number {
  if (!fits) return width
  const widths = sessions.map((session) => columnsOf(show(session, 0, fits.most).text))
  return Math.min(fits.most, Math.max(fits.least, ...widths))
}

/** Column by column, from whoever has the most to spare to whoever lacks the most. */
function lend(placed: readonly Placed[], wanted: readonly number[]): Placed[] {
  const spare = placed.map(({ columns }, at) => columns - (wanted[at] ?? columns))
  for (;;) {
    const needy = spare.indexOf(Math.min(...spare))
    const lender = spare.indexOf(Math.max(...spare))
    if ((spare[needy] ?? 0) >= 0 || (spare[lender] ?? 0) <= 0) break
    spare[needy] = (spare[needy] ?? 0) + 1
    spare[lender] = (spare[lender] ?? 0) - 1
  }
  return placed.map((column, at) => ({
    ...column,
    columns: (wanted[at] ?? column.columns) + (spare[at] ?? 0),
  }))
}

/** At most four columns. */
function count(value: number): string {
  return value < 10_000 ? String(value) : `${Math.floor(value / 1000)}k`
}

function orDash(value: string | undefined): Span {
  return value === undefined || value === '' ? mark('-', 'dim') : text(value)
}

function userOf(session: SessionRow): Span {
  return session.user === undefined ? { ...orDash(shownUser(session)), style: 'dim' } : orDash(session.user)
}

function clientOf(session: SessionRow): Span {
  return orDash(session.agent ?? session.client?.host)
}

function symbolOf(session: SessionRow): Span {
  if (session.failure !== undefined) return mark('✖', 'bad')
  if (session.closed) return mark('·', 'dim')
  if (session.held > 0) return mark('H', 'warn')
  if (isIdling(session)) return mark('◌', 'accent')
  if (session.state === 'selected') return mark('●', 'good')
  if (session.state === 'authenticated') return mark('◐', 'good')
  return mark('○', 'dim')
}

/** One version where both legs agree, else client and server: `1.3`, `-/1.3`, in few columns `-/3`. */
function tlsOf(session: SessionRow, _now: number, columns: number): Span {
  const { client, server } = session.tls
  if (client === undefined && server === undefined) return mark('-', 'dim')
  if (client === server) return text(client ?? '-')
  const style = client === undefined || server === undefined ? 'warn' : 'plain'
  const whole = `${client ?? '-'}/${server ?? '-'}`
  return text(columnsOf(whole) <= columns ? whole : whole.replaceAll(/\d+\./g, ''), style)
}

function showNow(session: SessionRow, now: number, columns: number): Span {
  if (session.closed) return text(session.closed.reason, 'dim')
  const pair = currentPair(session)
  if (!pair) return mark('-', 'dim')
  const waited = Math.max(0, now - pair.openedAt - pair.heldMillis)
  const isIdle = pair.name === 'IDLE'
  const timer = isIdle ? age(waited) : duration(waited)
  const name = nameOf(pair.name, session.open.size, columns - timer.length - 1)
  return mark(`${name} ${timer}`, isIdle ? 'dim' : styleOfWait(waited))
}

/** The timer keeps its place at the right; `+2` tells of more commands in flight, where it fits. */
function nameOf(name: string, inFlight: number, columns: number): string {
  const safe = sanitize(name)
  const more = inFlight > 1 ? `+${inFlight - 1}` : ''
  return fit(columnsOf(safe + more) <= columns ? safe + more : safe, columns)
}

export function styleOfWait(millis: number): 'plain' | 'warn' | 'bad' {
  if (millis >= VERY_SLOW) return 'bad'
  return millis >= SLOW ? 'warn' : 'plain'
}

function showAge(session: SessionRow, now: number): Span {
  return mark(age((session.closed?.at ?? now) - session.openedAt), session.closed ? 'dim' : 'plain')
}

function showLatency(session: SessionRow): Span {
  const p95 = session.latencies.p95()
  return p95 === undefined ? mark('-', 'dim') : mark(duration(p95), styleOfWait(p95))
}

function showOctets(session: SessionRow): Span {
  return mark(`${octets(session.octetsIn)}/${octets(session.octetsOut)}`)
}

function showFaults(session: SessionRow): Span {
  const { errors, warnings } = session
  if (errors + warnings === 0) return mark('')
  const shown = `${errors > 0 ? `E${errors}` : ''}${warnings > 0 ? `W${warnings}` : ''}`
  return mark(shown, errors > 0 ? 'bad' : 'warn')
}
