import { describe, expect, it } from 'vitest'

import { Message } from '../../src/imap/message.ts'
import { makeRules } from '../../src/policy/rules.ts'
import type { CommandVerdict, LegFacts, ResponseVerdict } from '../../src/relay/verdict.ts'
import { Session, type SessionState } from '../../src/session/session.ts'
import { client, server } from '../imap/support/wire.ts'

function legs(state: SessionState = 'not-authenticated', canStartTls = false): LegFacts {
  const view = new Session()
  view.state = state
  return { view, isLoginOpen: false, canStartTls, isCompressed: false }
}

function rule(line: string, hideCapabilities: readonly string[] = [], facts = legs()): ResponseVerdict {
  const response = new Message(server(line), 'response').response()
  if (!response.ok) throw new Error(`unreadable: ${line}`)
  return makeRules({ hideCapabilities, compress: 'never' }).decideResponse(response.value, facts)
}

function ruleCommand(line: string): CommandVerdict {
  const message = new Message(client(line), 'command')
  const [tag = '', name = ''] = line.split(' ')
  return makeRules({ hideCapabilities: [], compress: 'never' }).decideCommand({ tag, name, message }, legs())
}

const hidden = (capability: string, pattern: string): boolean =>
  rule(`* CAPABILITY ${capability}`, [pattern]).kind === 'replace'

describe('capabilities', () => {
  it.each([
    ['COMPRESS=DEFLATE'],
    ['compress=x'],
    ['AUTH=SCRAM-SHA-256-PLUS'],
    ['AUTH=GSSAPI'],
    ['AUTH=GSS-SPNEGO'],
    ['AUTH=KERBEROS_V4'],
    ['AUTH=DIGEST-MD5'],
    ['AUTH=NTLM'],
  ])('%s is always hidden', (capability) => {
    expect(rule(`* CAPABILITY IMAP4rev1 ${capability}`)).toMatchObject({
      kind: 'replace',
      response: { data: { capabilities: ['IMAP4rev1'] } },
      notes: [expect.stringContaining(`${capability.toUpperCase()} is hidden`)],
    })
  })

  it.each(['AUTH=PLAIN', 'AUTH=SCRAM-SHA-256', 'IDLE', 'X-COMPRESS', 'SASL-IR', 'LITERAL+'])(
    '%s stays',
    (capability) => {
      expect(rule(`* CAPABILITY IMAP4rev1 ${capability}`)).toEqual({ kind: 'forward' })
    },
  )

  it.each([
    ['IDLE', 'idle', true],
    ['Idle', 'IDLE', true],
    ['IDLE2', 'IDLE', false],
    ['X-GM-EXT-1', 'X-*', true],
    ['X', 'X-*', false],
    ['X-', 'X-*', true],
    ['AUTH=SCRAM-SHA-1', '*-SHA-1', true],
    ['AUTH=PLAIN', 'AUTH=*', true],
    ['aba', 'ab*ba', false],
    ['anything', '*', true],
  ])('%s is hidden by %s: %s', (capability, pattern, isHidden) => {
    expect(hidden(capability, pattern)).toBe(isHidden)
  })

  it('are told one by one, with the reason', () => {
    expect(rule('* CAPABILITY A COMPRESS=DEFLATE B', ['b'])).toMatchObject({
      notes: [
        'COMPRESS=DEFLATE is hidden: asked for by --compress never',
        'B is hidden: asked for by --hide-capability',
      ],
    })
  })

  it('in no other response are looked for', () => {
    for (const line of [
      '* LIST () "/" COMPRESS=DEFLATE',
      '* OK COMPRESS=DEFLATE',
      '+ COMPRESS=DEFLATE',
      'a OK x',
    ]) {
      expect(rule(line)).toEqual({ kind: 'forward' })
    }
  })
})

describe('STARTTLS', () => {
  const offered = (line: string, facts: LegFacts): unknown => {
    const verdict = rule(line, [], facts)
    return verdict.kind === 'forward' ? 'untouched' : verdict.response
  }

  it.each<[SessionState, boolean, string, readonly string[] | undefined]>([
    ['not-authenticated', true, 'A', ['A', 'STARTTLS']],
    ['not-authenticated', true, 'A starttls', undefined],
    ['not-authenticated', false, 'A STARTTLS B', ['A', 'B']],
    ['not-authenticated', false, 'A', undefined],
    ['authenticated', true, 'A STARTTLS', ['A']],
    ['selected', true, 'A', undefined],
    ['opening', true, 'A', ['A', 'STARTTLS']],
  ])('%s, can start: %s, announced: %s', (state, canStartTls, announced, expected) => {
    const response = offered(`* CAPABILITY ${announced}`, legs(state, canStartTls))
    if (expected) expect(response).toMatchObject({ data: { capabilities: expected } })
    else expect(response).toBe('untouched')
  })
})

describe('commands', () => {
  it.each([
    'a COMPRESS DEFLATE',
    'a AUTHENTICATE GSSAPI',
    'a AUTHENTICATE scram-sha-1-plus',
    'a AUTHENTICATE NTLM TlRM',
  ])('%s is refused', (line) => {
    expect(ruleCommand(line)).toMatchObject({
      kind: 'answer',
      status: 'NO',
      code: 'CANNOT',
    })
  })

  it.each(['a AUTHENTICATE PLAIN', 'a AUTHENTICATE', 'a NOOP', 'a LOGIN x y', 'a IDLE'])(
    '%s goes on',
    (line) => {
      expect(ruleCommand(line)).toEqual({ kind: 'forward' })
    },
  )

  it('whose literals have not come yet go on', () => {
    const facts = { tag: 'a', name: 'AUTHENTICATE', message: undefined }
    expect(makeRules({ hideCapabilities: [], compress: 'never' }).decideCommand(facts, legs())).toEqual({
      kind: 'forward',
    })
  })

  it('that are refused do not tell what stood behind them', () => {
    expect(JSON.stringify(ruleCommand('a AUTHENTICATE NTLM c2VjcmV0'))).not.toContain('c2VjcmV0')
  })
})
