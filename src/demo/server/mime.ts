/** Reads a message into its tree of parts and finds the sections that FETCH names; knows no wire. */

export interface Field {
  readonly name: string
  /** Unfolded and trimmed. */
  readonly value: string
  /** As it stands in the message, line ends included. */
  readonly raw: string
}

/** Offsets into the message's text, one character for each octet. */
export interface Part {
  readonly start: number
  readonly bodyStart: number
  readonly end: number
  readonly fields: readonly Field[]
  readonly type: string
  readonly subtype: string
  readonly parameters: readonly (readonly [string, string])[]
  readonly children: readonly Part[]
  /** What a message/rfc822 part carries. */
  readonly message: Part | undefined
}

const MAX_DEPTH = 12

export function readMessage(text: string): Part {
  return readPart({ text, start: 0, end: text.length, depth: 0, fallback: 'text/plain' })
}

/** The header value of the first such field. */
export function fieldOf(part: Part, name: string): string | undefined {
  return part.fields.find((field) => field.name.toLowerCase() === name.toLowerCase())?.value
}

/** A header value such as `text/plain; charset=utf-8`, split. */
export function readParameters(value: string): { word: string; parameters: (readonly [string, string])[] } {
  const word = /^[^;]*/.exec(value)?.[0].trim() ?? ''
  const found = value.matchAll(/;\s*([^\s=;]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;]*))/g)
  const parameters = [...found].map(
    (match) => [match[1] ?? '', match[2]?.replaceAll(/\\(.)/g, '$1') ?? match[3] ?? ''] as const,
  )
  return { word, parameters }
}

/**
 * The text of a FETCH section, `1.2.MIME` or `HEADER.FIELDS (Subject)` for example; undefined when the
 * message has no such part.
 */
export function readSection(text: string, message: Part, section: string): string | undefined {
  const [, path = '', rest = ''] = /^((?:\d+(?:\.(?=\d)|(?=\.)|$))*)\.?(.*)$/s.exec(section) ?? []
  const numbers = path === '' ? [] : path.split('.').map(Number)
  const part = findPart(message, numbers)
  if (!part) return undefined
  if (rest === '') return text.slice(numbers.length === 0 ? part.start : part.bodyStart, part.end)
  if (rest.toUpperCase() === 'MIME') return text.slice(part.start, part.bodyStart)
  const holder = numbers.length === 0 ? part : part.message
  return holder && readMessageSection(text, holder, rest)
}

function readMessageSection(text: string, message: Part, rest: string): string | undefined {
  const word = rest.toUpperCase()
  if (word === 'HEADER') return text.slice(message.start, message.bodyStart)
  if (word === 'TEXT') return text.slice(message.bodyStart, message.end)
  const chosen = /^HEADER\.FIELDS(\.NOT)? \(([^)]*)\)$/.exec(word)
  if (!chosen) return undefined
  const names = (chosen[2] ?? '').split(' ').map((name) => name.replaceAll('"', ''))
  const isListed = (field: Field) => names.includes(field.name.toUpperCase())
  const kept = message.fields.filter((field) => isListed(field) !== (chosen[1] !== undefined))
  return `${kept.map((field) => field.raw).join('')}\r\n`
}

function findPart(message: Part, numbers: readonly number[]): Part | undefined {
  let part: Part | undefined = message
  for (const [depth, number] of numbers.entries()) {
    const isMessage: boolean = depth === 0 || part.message !== undefined
    const holder: Part = depth === 0 ? part : (part.message ?? part)
    if (holder.type === 'multipart') part = holder.children[number - 1]
    // Part 1 of a message that is not multipart is its body.
    else part = isMessage && number === 1 ? holder : undefined
    if (!part) return undefined
  }
  return part
}

interface Extent {
  readonly text: string
  readonly start: number
  readonly end: number
  readonly depth: number
  /** The type of a part that names none: message/rfc822 inside a digest. */
  readonly fallback: string
}

function readPart(extent: Extent): Part {
  const { text, start, end, depth } = extent
  const bodyStart = findBody(text, start, end)
  const fields = readFields(text.slice(start, bodyStart))
  const stated = fields.find((field) => field.name.toLowerCase() === 'content-type')?.value
  const { word, parameters } = readParameters(stated ?? extent.fallback)
  const [type = 'text', subtype = 'plain'] = word.toLowerCase().split('/')
  const whole = { start, bodyStart, end, fields, type, subtype, parameters }
  const inner = { text, start: bodyStart, end, depth: depth + 1, fallback: 'text/plain' }
  if (depth >= MAX_DEPTH) return { ...whole, children: [], message: undefined }
  if (type === 'message' && subtype === 'rfc822') return { ...whole, children: [], message: readPart(inner) }
  if (type !== 'multipart') return { ...whole, children: [], message: undefined }
  const fallback = subtype === 'digest' ? 'message/rfc822' : 'text/plain'
  const boundary = parameters.find(([name]) => name.toLowerCase() === 'boundary')?.[1] ?? ''
  const bodies = findBodies(text.slice(bodyStart, end), boundary)
  const children = bodies.map(([from, to]) =>
    readPart({ ...inner, start: bodyStart + from, end: bodyStart + to, fallback }),
  )
  return { ...whole, children, message: undefined }
}

/** Where the body begins: behind the first empty line. */
function findBody(text: string, start: number, end: number): number {
  if (text.startsWith('\r\n', start)) return Math.min(start + 2, end)
  const empty = text.indexOf('\r\n\r\n', start)
  return empty === -1 || empty + 4 > end ? end : empty + 4
}

function readFields(header: string): Field[] {
  const found = header.matchAll(/^([^\s:]+)[ \t]*:(.*(?:\r\n[ \t].*)*)\r\n/gm)
  return [...found].map((match) => ({
    name: match[1] ?? '',
    value: (match[2] ?? '').replaceAll('\r\n', '').trim(),
    raw: match[0],
  }))
}

/** The extents between a multipart's delimiter lines, the line end before each delimiter not included. */
function findBodies(body: string, boundary: string): [number, number][] {
  const escaped = boundary.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
  const delimiter = new RegExp(String.raw`(?:^|\r\n)--${escaped}(--)?[ \t]*(?=\r\n|$)`, 'g')
  const found = [...body.matchAll(delimiter)]
  return found.flatMap((match, index): [number, number][] => {
    if (match[1]) return []
    const from = match.index + match[0].length + 2
    const to = found[index + 1]?.index ?? body.length
    return [[Math.min(from, to), to]]
  })
}
