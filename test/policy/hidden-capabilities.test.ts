import { describe, expect, it, test } from 'vitest'

import { enforceHidden, hideCapabilities, impliedHidden } from '../../src/policy/hidden-capabilities.ts'
import { extensions } from '../../src/imap/extensions/index.ts'
import { sampleCommands } from '../../src/policy/command-table.ts'
import { writeResponse } from '../../src/imap/responses/index.ts'
import { Session } from '../../src/session/session.ts'
import { textOf } from '../imap/support/wire.ts'
import { command, hide, makeContext, response } from './support/mailbox-world.ts'

function legs() {
  const view = new Session()
  view.state = 'authenticated'
  return { view, isLoginOpen: false, canStartTls: false, isCompressed: false }
}

function announced(line: string, ...patterns: readonly string[]): string {
  const said = response(line)
  const verdict = hideCapabilities(patterns, 'never')(said, legs())
  return textOf(writeResponse(verdict.kind === 'replace' ? verdict.response : said)).trimEnd()
}

const isRefused = (line: string, patterns: readonly string[], server: readonly string[] = []): boolean =>
  enforceHidden(command(`a ${line}`), patterns, server) !== undefined

describe('a hidden capability is announced nowhere', () => {
  test.each([
    ['* CAPABILITY IMAP4rev1 IDLE SORT', '* CAPABILITY IMAP4rev1 SORT'],
    ['* OK [CAPABILITY IMAP4rev1 idle] Hello', '* OK [CAPABILITY IMAP4rev1] Hello'],
    ['* PREAUTH [CAPABILITY IMAP4rev1 IDLE] Hello', '* PREAUTH [CAPABILITY IMAP4rev1] Hello'],
    ['a OK [CAPABILITY IMAP4rev1 IDLE] Logged in', 'a OK [CAPABILITY IMAP4rev1] Logged in'],
    ['a NO [CAPABILITY IMAP4rev1 IDLE] Not logged in', 'a NO [CAPABILITY IMAP4rev1] Not logged in'],
    ['* LIST () "/" IDLE', '* LIST () "/" IDLE'],
  ])('%s', (line, expected) => expect(announced(line, 'Idle')).toBe(expected))

  it('by a pattern', () => {
    expect(announced('* CAPABILITY IMAP4rev1 QUOTA QUOTA=RES-STORAGE AUTH=PLAIN', 'quota*', 'AUTH=*')).toBe(
      '* CAPABILITY IMAP4rev1',
    )
  })
})

describe('threat 58: a hidden capability is refused when it is used', () => {
  const base = new Set(['IMAP4', 'IMAP4rev1', 'IMAP4rev2', 'AUTH=*', 'Cyrus administration', ''])
  const rows = new Map(extensions.map((row) => [row.name, row]))
  const samples = sampleCommands().filter(({ extension }) => !base.has(extension))

  test.each(samples.map(({ line, extension, command: sample }) => ({ line, extension, sample })))(
    '$extension in $line',
    ({ extension, sample }) => {
      const patterns = [extension, ...(rows.get(extension)?.aliases ?? [])]
      expect(enforceHidden(sample, patterns)?.answer).toMatchObject({ kind: 'answer' })
      expect(enforceHidden(sample, ['X-OTHER'])).toBeUndefined()
    },
  )

  test.each([
    ['FETCH 1 (FLAGS MODSEQ)', 'CONDSTORE'],
    ['SELECT Work (CONDSTORE)', 'CONDSTORE'],
    ['ENABLE QRESYNC', 'QRESYNC'],
    ['UID FETCH 1 (FLAGS) (CHANGEDSINCE 5 VANISHED)', 'QRESYNC'],
    ['UID EXPUNGE 1', 'UIDPLUS'],
    ['SEARCH RETURN () ALL', 'ESEARCH'],
    ['SEARCH NOT (OR SEEN YOUNGER 5)', 'within'],
    ['AUTHENTICATE PLAIN', 'AUTH=PLAIN'],
    ['AUTHENTICATE PLAIN', 'AUTH=*'],
    ['AUTHENTICATE PLAIN dGVzdA==', 'SASL-IR'],
    ['COMPRESS DEFLATE', 'COMPRESS=*'],
    ['APPEND Work {1}\r\nx {1}\r\ny', 'MULTIAPPEND'],
    ['XNEWTHING 1', 'XNEW*'],
  ])('%s with %s hidden', (line, pattern) => expect(isRefused(line, [pattern])).toBe(true))

  test.each([
    ['SELECT Work (CONDSTORE)', 'QRESYNC'],
    ['SORT (DATE) UTF-8 ALL', 'ESORT'],
    ['APPEND Work {1}\r\nx', 'MULTIAPPEND'],
    ['AUTHENTICATE PLAIN', 'SASL-IR'],
    ['THREAD REFERENCES UTF-8 ALL', 'THREAD=REFS'],
    ['EXPUNGE', 'UIDPLUS'],
    ['GETQUOTA ""', 'QUOTA=RES-MESSAGE'],
    ['LOGIN a b', '*'],
    ['SELECT Work', '*'],
  ])('and %s is not, with %s hidden', (line, pattern) => expect(isRefused(line, [pattern])).toBe(false))

  it('but for what another one gives as well that the server has announced', () => {
    const line = 'SEARCH RETURN (PARTIAL 1:5) ALL'
    expect(isRefused(line, ['CONTEXT=*'], ['CONTEXT=SEARCH', 'ESEARCH'])).toBe(true)
    expect(isRefused(line, ['CONTEXT=*'], ['CONTEXT=SEARCH', 'PARTIAL', 'ESEARCH'])).toBe(false)
    expect(isRefused(line, ['CONTEXT=*', 'PARTIAL'], ['PARTIAL'])).toBe(true)
  })

  test.each([
    ['IDLE', ['idle'], 'it uses IDLE, which is hidden'],
    ['XLIST "" *', ['X*'], 'it uses XLIST, which is hidden by X*'],
    ['AUTHENTICATE plain', ['AUTH=*'], 'it uses AUTH=PLAIN, which is hidden by AUTH=*'],
    ['AUTHENTICATE GSSAPI', [], 'AUTH=GSSAPI cannot work through a proxy'],
  ])('%s with %j hidden says which, and not to the client', (line, patterns, why) => {
    const use = enforceHidden(command(`a ${line}`), patterns)
    expect(use?.why).toBe(why)
    expect(use?.answer.text).toMatch(/^this (?:mechanism )?is not available here$/)
  })

  test.each(['GSSAPI', 'SCRAM-SHA-256-PLUS', 'NTLM'])('%s never survives a proxy that reads', (mechanism) => {
    expect(enforceHidden(command(`a AUTHENTICATE ${mechanism}`), [])?.answer).toMatchObject({
      code: 'CANNOT',
    })
  })
})

describe('what is hidden from every session under a policy', () => {
  it('leads around the proxy', () => {
    const patterns = impliedHidden(makeContext([]).view)
    expect(announced('* CAPABILITY IMAP4rev1 LOGIN-REFERRALS JMAPACCESS URLAUTH', ...patterns)).toBe(
      '* CAPABILITY IMAP4rev1 URLAUTH',
    )
    expect(isRefused('RLIST "" *', patterns)).toBe(true)
    expect(isRefused('GETJMAPACCESS', patterns)).toBe(true)
  })

  it('takes URLs, where any mailbox is hidden', () => {
    const patterns = impliedHidden(makeContext([hide('Secret')]).view)
    expect(announced('* CAPABILITY IMAP4rev1 CATENATE URLAUTH URLAUTH=BINARY URL-PARTIAL', ...patterns)).toBe(
      '* CAPABILITY IMAP4rev1',
    )
    expect(isRefused('APPEND Work CATENATE (TEXT {1}\r\nx)', patterns)).toBe(true)
    expect(isRefused('RESETKEY', patterns)).toBe(true)
  })
})
