import { describe, expect, it } from 'vitest'

import { formatForPeople } from '../../src/log/format.ts'

const time = '2026-03-04T05:06:07.890Z'
const shown = (record: object, hasColour = false): string =>
  formatForPeople(JSON.stringify({ level: 'info', time, session: 'S1', ...record }), hasColour)

const exchange = {
  event: 'exchange',
  tag: 'a1',
  command: 'UID FETCH',
  args: '1:* FLAGS',
  status: 'OK',
  durationMs: 12.345,
  octetsIn: 20,
  octetsOut: 3000,
}

describe('a record for people', () => {
  it.each<[object, string]>([
    [exchange, 'a1 UID FETCH 1:* FLAGS -> OK 12.3ms 20/3000 octets'],
    [
      { ...exchange, user: 'ann', durationMs: 1234.5 },
      'a1 UID FETCH 1:* FLAGS -> OK 1235ms 20/3000 octets ann',
    ],
    [{ ...exchange, heldMs: 30_000.25 }, 'a1 UID FETCH 1:* FLAGS -> OK 12.3ms held 30000ms 20/3000 octets'],
    [
      { ...exchange, args: '', status: 'NO', code: 'TRYCREATE' },
      'a1 UID FETCH -> NO [TRYCREATE] 12.3ms 20/3000 octets',
    ],
    [
      {
        event: 'session.open',
        address: { host: '::1', port: 9 },
        listener: 'imap://a',
        upstream: 'imaps://b',
      },
      'open   from ::1:9 on imap://a to imaps://b',
    ],
    [{ event: 'session.open', listener: 'x', upstream: 'y' }, 'open   from ? on x to y'],
    [
      { event: 'session.tls', side: 'client', version: 'TLSv1.3', cipher: 'AES', name: 'x' },
      'tls    client: TLSv1.3 AES x',
    ],
    [
      { event: 'session.tls', level: 'warn', side: 'client', reason: 'refused', advice: 'trust it' },
      'warn refused; trust it',
    ],
    [
      { event: 'session.close', reason: 'logout', commands: 3, fromClient: 1, fromServer: 2 },
      'close  logout (3 commands, 1 octets from the client, 2 from the server)',
    ],
    [{ event: 'wire', from: 'client', line: 'a NOOP' }, 'C a NOOP'],
    [{ event: 'wire', from: 'server', line: 'a OK' }, 'S a OK'],
    [{ event: 'wire', from: 'imaptap', line: 'a OK' }, '~ a OK'],
    [{ event: 'rewrite', note: 'IDLE is hidden', rule: 'x' }, 'rewrite IDLE is hidden (rule x)'],
    [
      {
        event: 'policy',
        effect: 'deny',
        rule: 'no-delete',
        why: 'it destroys',
        tag: 'a',
        command: 'DELETE',
        args: 'x',
        user: 'ann',
      },
      'policy deny (rule no-delete): it destroys: a DELETE x ann',
    ],
    [
      {
        event: 'policy',
        effect: 'rewrite',
        dryRun: true,
        rule: 'ro',
        why: '',
        tag: 'a',
        command: 'SELECT',
        args: 'x',
        sent: 'a EXAMINE x',
      },
      'policy dry run, would rewrite (rule ro): a SELECT x -> a EXAMINE x',
    ],
    [
      {
        event: 'approval',
        id: 'S1/3',
        rule: 'ask',
        otherwise: 'deny',
        waitsMs: 60_000,
        tag: 'a',
        command: 'MOVE',
        args: '1 x',
      },
      'approval S1/3 wanted by rule ask: a MOVE 1 x (in 60s: deny)',
    ],
    [{ event: 'ruling', id: 'S1/3', how: 'answered', by: 'ann' }, 'approval S1/3 answered by ann'],
    [{ event: 'unreadable', side: 'client', text: 'odd', line: 'a x' }, 'unreadable client: odd: a x'],
    [{ event: 'warning', level: 'warn', reason: 'odd', advice: 'look' }, 'warn odd; look'],
    [{ event: 'fault', level: 'error', reason: 'Error: broken' }, 'error Error: broken'],
    [{ event: 'log.dropped', level: 'warn' }, 'warn log.dropped'],
  ])('%j', (record, text) => {
    expect(shown(record)).toBe(`05:06:07.890 S1    ${text}\n`)
  })

  it('has colours where they are wanted, and the same words', () => {
    const colourful = shown(exchange, true)
    expect(colourful).toContain('\x1b[32mOK\x1b[39m')
    expect(colourful.replaceAll(/\x1b\[\d+m/gu, '')).toBe(shown(exchange))
  })

  it('that is none is passed on as it is', () => {
    expect(formatForPeople('hello\n', false)).toBe('hello\n')
    expect(formatForPeople('5', false)).toBe('5')
  })
})
