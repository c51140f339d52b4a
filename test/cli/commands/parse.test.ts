/** imaptap parse and imaptap encode as a person runs them: octets in, JSON out, and back. */

import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'

const bin = fileURLToPath(new URL('../../../bin/imaptap.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'it-parse-'))
afterAll(() => rmSync(folder, { recursive: true }))

interface Ran {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

function imaptap(words: readonly string[], input: string | Uint8Array = ''): Ran {
  const ran = spawnSync(process.execPath, [bin, ...words], {
    input: typeof input === 'string' ? Buffer.from(input, 'latin1') : input,
    encoding: 'latin1',
    timeout: 15_000,
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, NO_COLOR: '1' },
  })
  return { code: ran.status, out: ran.stdout, err: ran.stderr }
}

function place(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content)
  return name
}

const objects = ({ out }: Ran): unknown[] =>
  out.split('\n').flatMap((line): unknown[] => (line === '' ? [] : [JSON.parse(line)]))

const session =
  '* OK [CAPABILITY IMAP4rev1] hi\r\n* 1 FETCH (BODY[] {5}\r\na\0b\r\n X-GM-MSGID 9223372036854775808)\r\na OK done\r\n'

describe('parse', () => {
  it('answers each line of a pipe as soon as it is there', async () => {
    const child = spawn(process.execPath, [bin, 'parse', '--from', 'client'], { cwd: folder })
    child.stdin.write('a1 NOOP\r\n')
    const [first]: unknown[] = await once(child.stdout, 'data')
    expect(String(first)).toContain('"tag":"a1"')
    child.stdin.end()
    await once(child, 'close')
  })

  it('prints one object for each message', () => {
    expect(imaptap(['parse', '--from', 'client'], 'a1 NOOP\r\n')).toEqual({
      code: 0,
      out: '{"offset":0,"octets":9,"from":"client","kind":"command","name":"NOOP","tag":"a1","ok":true,"faults":[],"value":{"tag":"a1","name":"NOOP"}}\n',
      err: '',
    })
    const ran = imaptap(['parse', '--from', 'server'], session)
    expect(ran).toMatchObject({ code: 0, err: '' })
    expect(objects(ran)).toMatchObject([
      { offset: 0, octets: 32, kind: 'greeting', name: 'OK' },
      {
        offset: 32,
        octets: 62,
        kind: 'untagged',
        name: 'FETCH',
        value: {
          items: [{ data: { base64: 'YQBiDQo=' } }, { name: 'X-GM-MSGID', id: '9223372036854775808' }],
        },
      },
      { offset: 94, octets: 11, kind: 'tagged', name: 'OK', tag: 'a', value: { status: 'OK' } },
    ])
  })

  it('prints the same whatever it is fed at a time, from a file or stdin', () => {
    const file = place('session.octets', Buffer.from(session, 'latin1'))
    const whole = imaptap(['parse', '--from', 'server', file])
    expect(imaptap(['parse', '--from', 'server', '--chunk', '1', file])).toEqual(whole)
    expect(imaptap(['parse', '--from', 'server', '--chunk', '7', '-'], session)).toEqual(whole)
  })

  it('hides secrets, unless they are wanted', () => {
    const said =
      'a LOGIN ann {7}\r\nhunter2\r\nb AUTHENTICATE PLAIN\r\nAGEAYg==\r\nc GENURLAUTH "imap://h/m;urlauth=x" INTERNAL\r\n'
    const hidden = imaptap(['parse', '--from', 'client'], said)
    expect(hidden.code).toBe(0)
    expect(hidden.out).toContain('"password":{"redacted":7}')
    expect(hidden.out).not.toMatch(/hunter2|AGEAYg|urlauth=x/u)
    const open = imaptap(['parse', '--from', 'client', '--reveal'], said)
    for (const secret of ['hunter2', 'AGEAYg==', 'urlauth=x']) expect(open.out).toContain(secret)
  })

  it('says what has no end, and exits 1', () => {
    const ran = imaptap(['parse', '--from', 'server'], '* OK hi\r\n* 3 EXI')
    expect(ran.code).toBe(1)
    expect(objects(ran)[1]).toEqual({ kind: 'incomplete', offset: 9, octets: 7, from: 'server' })
  })

  it('takes LF alone where that is allowed, and tells of it elsewhere', () => {
    expect(objects(imaptap(['parse', '--from', 'server', '--lf', '--strict'], '* 3 EXISTS\n'))).toMatchObject(
      [{ ok: true, faults: [] }],
    )
    expect(objects(imaptap(['parse', '--from', 'server'], '* 3 EXISTS\n'))).toMatchObject([
      { ok: true, faults: [{ rule: 'bare-lf', at: 10 }] },
    ])
  })

  it('exits 1 for any fault where it is strict', () => {
    const odd = '* 3  EXISTS\r\n'
    expect(imaptap(['parse', '--from', 'server'], odd).code).toBe(0)
    const ran = imaptap(['parse', '--from', 'server', '--strict'], odd)
    expect(ran.code).toBe(1)
    expect(objects(ran)).toMatchObject([
      { ok: false, name: 'EXISTS', value: { kind: 'opaque', octets: { utf8: odd } } },
    ])
    expect(imaptap(['parse', '--from', 'server', '--strict'], '* 3 EXISTS\r\n').code).toBe(0)
  })

  it('reads a trace, both sides in context', () => {
    const file = place(
      'a.trace',
      'S: * OK hi\nC: a LOGIN ann {3}\nS: + go\nC: pwd\nS: a OK\nC: b IDLE\nS: + \nC: DONE\n',
    )
    const ran = imaptap(['parse', '--trace', file])
    expect(objects(ran)).toMatchObject([
      { from: 'server', kind: 'greeting' },
      { from: 'server', kind: 'continuation', name: '+' },
      { from: 'client', offset: 0, octets: 22, name: 'LOGIN' },
      { from: 'server', kind: 'tagged' },
      { from: 'client', offset: 22, name: 'IDLE' },
      { from: 'server', kind: 'continuation' },
      { from: 'client', kind: 'data', name: 'IDLE', value: { line: 'DONE' } },
    ])
    const piped = imaptap(['parse', '--trace'], 'C: a NOOP\n')
    expect(objects(piped)).toMatchObject([{ name: 'NOOP' }])
  })
})

describe('parse, given something else,', () => {
  it.each<[string, string[], string | Uint8Array, string]>([
    ['no file', ['--from', 'server', 'nothing'], '', 'nothing: no such file'],
    ['a folder', ['--from', 'server', '.'], '', '.: is a folder, not a file'],
    ['nothing', ['--from', 'server'], '', 'stdin is empty: there is nothing to read'],
    [
      'a pcap',
      ['--from', 'server'],
      Buffer.from('d4c3b2a102000400', 'hex'),
      'stdin is a packet capture (pcap)',
    ],
    [
      'a pcapng',
      ['--from', 'server'],
      Buffer.from('0a0d0d0a1c0000004d3c2b1a', 'hex'),
      'stdin is a packet capture (pcapng)',
    ],
    ['a gzip', ['--from', 'server'], gzipSync('a NOOP\r\n'), 'stdin is compressed (gzip)'],
    ['a zip', ['--from', 'server'], 'PK\u0003\u0004xx', 'stdin is an archive (zip)'],
    ['JSON', ['--from', 'server'], '{"offset":0}\n', 'stdin is JSON'],
    [
      'TLS',
      ['--from', 'client'],
      '\u0016\u0003\u0001\u0002',
      'stdin is TLS, which cannot be read without its keys',
    ],
    ['a trace with a slip', ['--trace'], 'C: a\nQ: b\n', 'stdin:2: expected C: or S:'],
    ['an empty trace', ['--trace'], '# nothing\n', 'stdin is empty'],
    ['octets for a trace', ['--trace'], gzipSync('x'), 'stdin is compressed (gzip)'],
  ])('%s: says so in a line', (_, words, input, message) => {
    const { code, out, err } = imaptap(['parse', ...words], input)
    expect([code, out]).toEqual([1, ''])
    expect(err.startsWith(`imaptap: ${message}`), err).toBe(true)
    expect(err.trimEnd().split('\n').length).toBeLessThan(3)
  })

  it.each([
    [[], '--from is missing: whose octets are these?'],
    [['--from', 'me'], "option '--from <side>' argument 'me' is invalid"],
    [['--from', 'client', '--chunk', '0'], "option '--chunk <octets>' argument '0' is invalid"],
    [['--from', 'client', '--chunk', '1e3'], "option '--chunk <octets>' argument '1e3' is invalid"],
    [['--from', 'client', '--trace'], '--from and --trace exclude each other'],
    [['--trace', 'a', 'b'], 'two files are given'],
    [['--from', 'client', 'a', 'b'], "too many arguments for 'parse'"],
  ])('wrong words %j: is a usage error', (words, message) => {
    const { code, out, err } = imaptap(['parse', ...words])
    expect([code, out]).toEqual([2, ''])
    expect(err.startsWith(`imaptap: ${message}`), err).toBe(true)
  })

  it('noise: warns, and reads it all the same', () => {
    const noise = Buffer.from([7, 200, 3, 1, 255, 13, 10, 0, 1, 2, 3, 13, 10])
    const ran = imaptap(['parse', '--from', 'server'], noise)
    expect(ran.code).toBe(1)
    expect(ran.err).toMatch(/^imaptap: stdin looks like binary data, not IMAP: .*\n$/u)
    expect(objects(ran)).toMatchObject([
      { offset: 0, octets: 7 },
      { offset: 7, octets: 6 },
    ])
  })

  it('a trace without --trace: says how to read it', () => {
    expect(imaptap(['parse', '--from', 'client'], 'C: a NOOP\r\n').err).toContain('read it with --trace')
  })
})

it('parse ends quietly when its reader leaves, and does not run ahead of it', async () => {
  const file = place('long.octets', '* 3 EXISTS\r\n'.repeat(400_000))
  const out = execFileSync(
    'sh',
    ['-c', `'${process.execPath}' '${bin}' parse --from server ${file} | head -n 1`],
    { cwd: folder, encoding: 'utf8' },
  )
  expect(out).toContain('"EXISTS"')
  const child = spawn(process.execPath, [bin, 'parse', '--from', 'server', file], { cwd: folder })
  child.stdout.once('data', () => child.stdout.destroy())
  const errors: Buffer[] = []
  child.stderr.on('data', (octets: Buffer) => errors.push(octets))
  const [code] = await once(child, 'close')
  expect([code, Buffer.concat(errors).toString()]).toEqual([0, ''])
})

describe('encode', () => {
  it('refuses octets of both sides in one stream', () => {
    const both = imaptap(['parse', '--trace'], 'S: * OK hi\nC: a NOOP\n').out
    expect(imaptap(['encode'], both)).toMatchObject({
      code: 1,
      out: '* OK hi\r\n',
      err: expect.stringContaining('stdin:2: is of the client, and what stands before it of the server'),
    })
  })

  it('makes the octets again', () => {
    const client =
      'a LOGIN ann "p w"\r\nb APPEND x {3}\r\nabc\r\nc AUTHENTICATE PLAIN\r\nAGEAYg==\r\n\r\nd IDLE\r\nDONE\r\n'
    const json = imaptap(['parse', '--from', 'client', '--reveal'], client).out
    expect(imaptap(['encode'], json)).toEqual({ code: 0, out: client, err: '' })
    expect(imaptap(['encode', '--literals', 'non-synchronizing', place('a.json', json)]).out).toBe(
      client.replace('{3}', '{3+}'),
    )
    expect(imaptap(['encode'], imaptap(['parse', '--from', 'server'], session).out).out).toBe(session)
  })

  it.each([
    ['', 'stdin is empty: there is nothing to write'],
    ['{"kind":"command",\n', 'stdin:1:19: not JSON'],
    ['\n{"kind":"command"}}\n', 'stdin:2:19: not JSON'],
    ['\n\n{"kind":"command"}', 'stdin:3: value is missing, or no object'],
    [
      '{"kind":"command","value":{"tag":"a","name":"LOGIN","user":"x","password":{"redacted":7}}}',
      'stdin:1: value.password is hidden: parse with --reveal',
    ],
  ])('refuses %j', (input, message) => {
    const { code, out, err } = imaptap(['encode'], input)
    expect([code, out]).toEqual([1, ''])
    expect(err.startsWith(`imaptap: ${message}`), err).toBe(true)
  })

  it('writes what stands before a mistake', () => {
    const lines = imaptap(['parse', '--from', 'client'], 'a NOOP\r\nb NO').out
    const { code, out, err } = imaptap(['encode'], lines)
    expect([code, out]).toEqual([1, 'a NOOP\r\n'])
    expect(err).toMatch(/^imaptap: stdin:2: an incomplete message cannot be written/u)
  })

  it('names the wrong style', () => {
    expect(imaptap(['encode', '--literals', 'x']).code).toBe(2)
  })
})
