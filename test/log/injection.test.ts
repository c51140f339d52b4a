import { describe, expect, it } from 'vitest'

import { encodeText } from '../../src/imap/utf8.ts'
import { formatForPeople } from '../../src/log/format.ts'
import type { ProxyEvent } from '../../src/relay/event.ts'
import type { Dialogue } from '../support/play.ts'
import { logOf, LoggedDialogue, stringsOf } from '../support/logged-dialogue.ts'

/** Threats 42, 49 and 50: a peer's words stay within their record and move no cursor. */

const nasty: readonly (readonly [string, string])[] = [
  ['an escape sequence', 'a\x1b[2Jb'],
  ['OSC 52, which sets the clipboard', '\x1b]52;c;aGk=\x07x'],
  ['CSI in one octet', `\x9b2J`],
  ['CSI in UTF-8', encodeText('\u009b2J')],
  ['a bare CR', 'a\rb'],
  ['a NUL', 'a\0b'],
  ['a text that turns around', encodeText('a\u202eb')],
  ['zero width', encodeText('a\u200bb\u{e0041}')],
  ['a line separator', encodeText('a\u2028b')],
  ['DEL', 'a\x7fb'],
  ['a record of its own', 'x","event":"exchange","user":"root'],
  ['8-bit octets that are no UTF-8', '\xff\xfe\x80'],
]
/** Only a literal can carry a line end. */
const breaking = ['a\r\nb', 'a\n{"event":"exchange","session":"S1"}', '\r\n\x1b[1;1H']

const literal = (text: string): string => `{${text.length}+}\r\n${text}`
const modifiedUtf7 = (text: string): string =>
  `&${Buffer.from(text, 'utf16le').swap16().toString('base64').replace(/=+$/u, '').replaceAll('/', ',')}-`

/** Every place where a peer's words can stand. */
function sayEverywhere(talk: Dialogue, word: string): void {
  const quoted = `"${word.replaceAll(/["\\]/gu, '\\$&')}"`
  talk
    .client(`${word} NOOP`, `a ${word}`, `LOGIN ${word}`)
    .server(`${word} OK ${word}`, `a BAD ${word}`, `* BAD ${word}`, word)
    .client(`b LOGIN ${literal(word)} pw`, `i ID ("name" ${quoted} "version" ${quoted})`)
    .server(`b OK [${word}] ${word}`, `* ID ("name" ${quoted})`, `i OK [X-${word} ${word}] in`)
    .client(
      `c SELECT ${quoted}`,
      `d XFOO ${word}`,
      `e ${word} x`,
      `${word} SELECT INBOX`,
      `f AUTHENTICATE ${word}`,
    )
    .server(
      `* OK [${word}] ${word}`,
      `* CAPABILITY IMAP4rev1 COMPRESS=${word}`,
      `* LIST () ${quoted} ${word}`,
    )
    .server(
      `* LIST ((( ${word}`,
      `c OK [READ-WRITE] ${word}`,
      `d BAD ${word}`,
      `e NO [${word}]`,
      `${word} OK [ALERT] ${word}`,
    )
    .client(`g SELECT ${modifiedUtf7(Buffer.from(word, 'latin1').toString('utf8'))}`)
    .server('g OK')
}

function sayBroken(talk: Dialogue, word: string): void {
  talk
    .client(`b LOGIN ${literal(word)} pw`, `i ID ("name" ${literal(word)})`)
    .server('b OK', `* ID ("name" {${word.length}}\r\n${word})`, 'i OK')
    .client(`c SELECT ${literal(word)}`, `d XFOO ${literal(word)}`, `g SELECT ${modifiedUtf7(word)}`)
    .server('c OK', 'd NO', 'g OK', `* LIST () "/" {${word.length}}\r\n${word}`)
}

async function written(word: string, say: (talk: Dialogue, word: string) => void): Promise<void> {
  const events: ProxyEvent[] = []
  const { lines, records, human } = await logOf((logger) => {
    const listen = (event: ProxyEvent): void => {
      events.push(event)
      logger.listen(event)
    }
    const talk = new LoggedDialogue(listen, { messages: true }).input({ kind: 'connected' }).server('* OK hi')
    say(talk, word)
    talk.input({ kind: 'failed', reason: 'reset' })
    logger.fault(new Error(`odd: ${Buffer.from(word, 'latin1').toString('utf8')}`))
  })
  const completed = events.filter(({ kind }) => kind === 'exchange-completed').length
  expect(completed).toBeGreaterThan(4)
  expect(records.filter(({ event }) => event === 'exchange').length, 'one record per exchange').toBe(
    completed,
  )
  for (const record of records) {
    for (const text of stringsOf(record)) expect(text).not.toMatch(unprintable)
  }
  for (const line of lines) expect(line).not.toMatch(unprintable)
  expect(human.split('\n').length - 1, 'one line per record').toBe(lines.length)
  expect(human.replaceAll('\n', '')).not.toMatch(unprintable)
}

const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u

describe('one record per event, whatever a peer puts into it', () => {
  it.each(nasty)('%s', async (_, word) => written(word, sayEverywhere))

  it.each(breaking.map((word) => [JSON.stringify(word), word] as const))(
    'a literal that holds %s',
    async (_, word) => written(word, sayBroken),
  )
})

describe('the lines for people', () => {
  it('have no control octet but our own colours', async () => {
    const { lines } = await logOf(({ listen }) => {
      const talk = new LoggedDialogue(listen, { messages: true })
        .input({ kind: 'connected' })
        .server('* OK hi')
      for (const [, word] of nasty) sayEverywhere(talk, word)
    })
    const colour = /\x1b\[\d{1,2}m/gu
    for (const line of lines) {
      const shown = formatForPeople(line, true)
      expect(shown).toMatch(colour)
      expect(shown.endsWith('\n')).toBe(true)
      expect(shown.slice(0, -1).replaceAll(colour, '')).not.toMatch(unprintable)
    }
  })

  it('stay one line also where a record holds more', () => {
    const line = JSON.stringify({ level: 'warn', event: 'warning', reason: 'a\nb\x1b[2J', advice: '\r\nc' })
    expect(formatForPeople(line, false).trimEnd()).toMatch(/^[^\p{Cc}]+$/u)
  })
})
