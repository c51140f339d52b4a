/** One log record as a line for people; knows JSON records, not events. */

import { styleText } from 'node:util'

import { printable } from '../imap/printable.ts'

type Style = Parameters<typeof styleText>[0]

/** `line` is one JSON record of the log; what is no record is passed on as it is. */
export function formatForPeople(line: string, hasColour: boolean): string {
  const record = readRecord(line)
  if (!record) return line
  const paint = (style: Style, text: string): string =>
    hasColour ? styleText(style, text, { validateStream: false }) : text
  const time = show(record, 'time').slice(11, 23)
  const session = show(record, 'session').padEnd(5)
  const text = describe(record, paint)
  return `${paint('dim', time)} ${paint('cyan', session)} ${text}\n`
}

type Record_ = Readonly<Record<string, unknown>>
type Paint = (style: Style, text: string) => string

function readRecord(line: string): Record_ | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}

function describe(record: Record_, paint: Paint): string {
  switch (record['event']) {
    case 'exchange':
      return describeExchange(record, paint)
    case 'session.open':
      return `open   from ${address(record['address'])} on ${show(record, 'listener')} to ${show(record, 'upstream')}`
    case 'session.tls':
      return describeTls(record, paint)
    case 'session.close':
      return `close  ${show(record, 'reason')} (${show(record, 'commands')} commands, ${show(record, 'fromClient')} octets from the client, ${show(record, 'fromServer')} from the server)`
    case 'wire':
      return `${arrow(record, paint)} ${show(record, 'line')}`
    case 'rewrite':
      return `${paint('magenta', 'rewrite')} ${show(record, 'note')} (rule ${show(record, 'rule')})`
    case 'policy':
      return describePolicy(record, paint)
    case 'approval':
      return `${paint('yellow', 'approval')} ${show(record, 'id')} wanted by rule ${show(record, 'rule')}: ${commandOf(record)} (in ${Math.round(Number(record['waitsMs'] ?? 0) / 1000)}s: ${show(record, 'otherwise')})${record['note'] === undefined ? '' : `; ${show(record, 'note')}`}`
    case 'ruling':
      return `${paint('yellow', 'approval')} ${show(record, 'id')} ${show(record, 'how')} by ${show(record, 'by')}`
    case 'unreadable':
      return `${paint('yellow', 'unreadable')} ${show(record, 'side')}: ${show(record, 'text')}: ${show(record, 'line')}`
    default:
      return describeOther(record, paint)
  }
}

function describeExchange(record: Record_, paint: Paint): string {
  const status = show(record, 'status')
  const code = record['code'] === undefined ? '' : ` [${show(record, 'code')}]`
  const shownStatus = paint(status === 'OK' ? 'green' : 'red', status + code)
  const milliseconds = Number(record['durationMs'] ?? 0)
  const duration = `${milliseconds.toFixed(milliseconds < 100 ? 1 : 0)}ms`
  const held = record['heldMs'] === undefined ? '' : ` held ${Number(record['heldMs']).toFixed(0)}ms`
  const text = status === 'OK' || record['text'] === undefined ? '' : ` ${show(record, 'text')}`
  const user = record['user'] === undefined ? '' : ` ${show(record, 'user')}`
  const head =
    `${show(record, 'tag')} ${paint('bold', show(record, 'command'))} ${show(record, 'args')}`.trimEnd()
  const octets = `${show(record, 'octetsIn')}/${show(record, 'octetsOut')} octets`
  return `${head} -> ${shownStatus}${text} ${duration}${held} ${octets}${paint('dim', user)}`
}

/** `policy refused by rule no-delete: DELETE is refused: a3 DELETE Trash ann`. */
function describePolicy(record: Record_, paint: Paint): string {
  const isDryRun = record['dryRun'] === true
  const effect = show(record, 'effect')
  const isRefusal = !isDryRun && (effect === 'deny' || effect === 'close')
  const words = isDryRun ? `dry run, would ${effect}` : effect
  const why = record['why'] === '' ? '' : `: ${show(record, 'why')}`
  const command = commandOf(record) === '' ? '' : `: ${commandOf(record)}`
  const sent = record['sent'] === undefined ? '' : ` -> ${show(record, 'sent')}`
  const user = record['user'] === undefined ? '' : ` ${show(record, 'user')}`
  const painted = paint(isRefusal ? 'red' : 'magenta', `policy ${words}`)
  return `${painted} (rule ${show(record, 'rule')})${why}${command}${sent}${paint('dim', user)}`
}

const commandOf = (record: Record_): string =>
  ['tag', 'command', 'args']
    .map((field) => show(record, field))
    .filter((word) => word !== '')
    .join(' ')

function describeTls(record: Record_, paint: Paint): string {
  if (record['reason'] !== undefined) return describeOther(record, paint)
  return `tls    ${show(record, 'side')}: ${show(record, 'version')} ${show(record, 'cipher')} ${show(record, 'name')}`
}

function describeOther(record: Record_, paint: Paint): string {
  const level = show(record, 'level')
  const advice = record['advice'] === undefined ? '' : `; ${show(record, 'advice')}`
  const reason = record['reason'] ?? record['msg'] ?? record['event']
  return `${paint(level === 'error' ? 'red' : 'yellow', level)} ${printable(String(reason))}${advice}`
}

function arrow(record: Record_, paint: Paint): string {
  const from = show(record, 'from')
  if (from === 'client') return paint('blue', 'C')
  return from === 'server' ? paint('green', 'S') : paint('magenta', '~')
}

function address(value: unknown): string {
  if (typeof value !== 'object' || value === null || !('host' in value) || !('port' in value)) return '?'
  return printable(`${String(value.host)}:${String(value.port)}`)
}

/** Records hold one line of printable text each; a line on a terminal does not rest on that. */
function show(record: Record_, field: string): string {
  const value = record[field]
  if (value === undefined) return ''
  return printable(typeof value === 'string' ? value : JSON.stringify(value))
}
