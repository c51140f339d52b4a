/** What a YAML file may say, and that each problem has its line, column and path. */

import { describe, expect, it } from 'vitest'
import { writeProblem } from '../../src/config/problem.ts'
import { settingsSchema } from '../../src/config/schema.ts'
import { readYaml } from '../../src/config/yaml-file.ts'

const topKeys = Object.keys(settingsSchema.shape).join(', ')

function problemsOf(text: string): readonly string[] {
  const read = readYaml('/etc/it.yaml', text)
  return 'settings' in read ? [] : read.map(writeProblem).map((line) => line.replace('/etc/it.yaml:', ''))
}

function settingsOf(text: string) {
  const read = readYaml('/etc/it.yaml', text)
  if (!('settings' in read)) throw new Error(read.map(writeProblem).join('\n'))
  return read.settings
}

describe('a sound file', () => {
  it('may name the upstream as a URL or as a map', () => {
    expect(settingsOf('upstream: imaps://x').upstream).toEqual({ url: 'imaps://x' })
    expect(settingsOf('upstream: {url: imaps://x, insecure: true}').upstream).toEqual({
      url: 'imaps://x',
      insecure: true,
    })
  })

  it('may name one listener or many', () => {
    expect(settingsOf('listen: imap://*:1143').listen).toEqual(['imap://*:1143'])
    expect(settingsOf('listen: [imap://a, imaps://b]').listen).toEqual(['imap://a', 'imaps://b'])
  })

  it('may leave a map empty, its lines commented out', () => {
    expect(settingsOf('tls:\n  # leafKey: rsa\nlog:\n').tls).toEqual({})
  })

  it('names paths from its own folder, and - for stdout', () => {
    const { tls, log, upstream } = settingsOf(
      'upstream: {ca: certs/../up.pem}\ntls: {cert: /abs/c.pem, keyLog: k.log}\nlog: {file: "-"}',
    )
    expect([upstream.ca, tls.cert, tls.keyLog, log.file]).toEqual([
      '/etc/up.pem',
      '/abs/c.pem',
      '/etc/k.log',
      '-',
    ])
  })

  it('may be empty', () => {
    expect(settingsOf('').upstream).toEqual({})
  })
})

describe('a problem in a file', () => {
  it('of each kind is named at its value or its key, all at once, from the top down', () => {
    const text = [
      'upstream: https://x',
      'listen: [imap://127.0.0.1, imaps://a:99999, 12]',
      'hideCapabilites: [IDLE]',
      'tls:',
      '  leafkey: rsa',
      '  cert: 5',
      'log: {level: loud, wire: "yes"}',
      'dashboard: [1]',
    ]
    expect(problemsOf(text.join('\n'))).toEqual([
      '1:11: upstream: must start with imaps://, imap+starttls:// or imap://',
      '2:28: listen.1: needs a port between 0 and 65535',
      '2:45: listen.2: expected text, got a number: write it in quotes',
      '3:1: hideCapabilites: unknown key, did you mean hideCapabilities?',
      '5:3: tls.leafkey: unknown key, did you mean leafKey?',
      '6:9: tls.cert: expected text, got a number: write it in quotes',
      '7:14: log.level: expected one of debug, info, warn, error, silent',
      '7:26: log.wire: expected true or false, got text: write true or false, without quotes',
      '8:12: dashboard: expected true or false, got a list',
    ])
  })

  it.each([
    ['upstream: [a]', '1:11: upstream: expected text or a map, got a list'],
    [
      'upstream:\n  url: imaps://x\n  isecure: 1',
      '3:3: upstream.isecure: unknown key, did you mean insecure?',
    ],
    ['listen: []', '1:9: listen: must not be empty'],
    ['listen: 5', '1:9: listen: expected text or a list, got a number'],
    ['hideCapabilities: [ID LE]', '1:20: hideCapabilities.0: must be a capability such as'],
    ['- a', '1:1: expected a map, got a list'],
    ['hello', '1:1: expected a map, got text'],
    ['__proto__: {a: 1}\nlog: {}', '1:1: __proto__: unknown key'],
    ['constructor: 1\nlog: {}', '1:1: constructor: unknown key'],
    ['upstrem: imaps://x', '1:1: upstrem: unknown key, did you mean upstream?'],
    ['a: &a {url: imaps://x}\nupstream: *a', '1:1: a: unknown key'],
    ['tls: {cert: ""}', '1:13: tls.cert: must not be empty'],
    ['log: {file: "a\\0b"}', '1:13: log.file: must not contain a NUL'],
    ['log: {}\n? [x]\n: 1', '2:3: not YAML: '],
  ])('%j', (text, line) => {
    expect(problemsOf(text)[0]).toContain(line)
  })

  it.each([
    ['a key twice', 'log: {}\nlog: {}', '2:1: this key stands twice in its map'],
    ['tabs', 'log:\n\twire: 1', '2:1: tabs cannot indent YAML: use spaces'],
    ['an open list', 'log: [', '1:7: not YAML: Flow sequence'],
    [
      'a second document',
      'upstream: imaps://x\n---\nlog: {}',
      '2:1: a second document (---) starts here; one is read',
    ],
    ['an unknown tag', 'upstream: !secret x', '1:11: not YAML: Unresolved tag: !secret'],
    [
      'a loose alias',
      'upstream: *nobody',
      '1:11: this alias has no anchor above it: a text that begins with * needs quotes',
    ],
    ['a text that begins oddly', 'upstream: %a', '1:11: a text that begins with this character needs quotes'],
    ['a colon in a text', 'upstream: a: b', '1:11: a text with a colon and a space in it needs quotes'],
    [
      'a key without end',
      `log: {}\n${'s'.repeat(5_000)}: 1`,
      'The : indicator must be at most 1024 chars after',
    ],
    ['depth', '['.repeat(30_000), 'is nested too deeply'],
  ])('of syntax is named at its place: %s', (_, text, line) => {
    expect(problemsOf(text)[0]).toContain(line)
  })

  it.each([
    ['under a text', 'log:\n  level: info\n    wire: true\n', ['3:5']],
    ['under a list', 'policy:\n  rules:\n  - name: a\n      deny: true\n', ['4:7']],
    [
      'under a condition',
      'policy:\n  rules:\n  - when: uid\n      && x\n      deny: true\n    name: a',
      ['5:7'],
    ],
    ['twice', 'log:\n  level: info\n    wire: true\n    file: x', ['3:5', '4:5']],
  ])('of a line that is indented too far is told once, at its key: %s', (_, text, places) => {
    expect(problemsOf(text)).toEqual(
      places.map(
        (place) =>
          `${place}: this line is indented too far and so belongs to the text above it: keys of one map stand in one column`,
      ),
    )
  })

  it('of a condition that YAML takes for a key is told once', () => {
    const text = 'policy:\n  rules:\n  - when: hour < 8\n      && uid ? a : b'
    expect(problemsOf(text)).toEqual([expect.stringContaining('3:11: YAML reads a part of this condition')])
  })

  it('of syntax does not quote the line, where a password may stand', () => {
    const text = 'upstream: "imaps://bob:hunter2@host\nlisten: imaps://bob:hunter2@host: x: y'
    expect(problemsOf(text).length).toBeGreaterThan(0)
    expect(problemsOf(text).join('\n')).not.toContain('hunter2')
  })

  it('of aliases that multiply ends soon', () => {
    const rows = ['log: {}', 'a: &a [x, x, x, x, x, x, x, x]']
    for (const [index, name] of ['b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'].entries()) {
      const under = '*abcdefghi'[index + 1] ?? ''
      rows.push(`${name}: &${name} [${Array.from({ length: 9 }, () => `*${under}`).join(', ')}]`)
    }
    const started = performance.now()
    expect(problemsOf(rows.join('\n'))).toEqual(['1:1: aliases (*name) repeat too much'])
    expect(performance.now() - started).toBeLessThan(1_000)
  })

  it('shows 40 characters of a key, wherever the key stands', () => {
    const shown = `${'s'.repeat(39)}…`
    const text = `log: {${'s'.repeat(41)}: 1}\n${'s'.repeat(1_000)}: 1`
    expect(problemsOf(text)).toEqual([
      `1:7: log.${shown}: unknown key: there are file, level, wire`,
      `2:1: ${shown}: unknown key: there are ${topKeys}`,
    ])
    expect(problemsOf('log: {}\nimaps://bob:hunter2@host: 1').join()).not.toContain('hunter2')
  })

  it.each([
    ['a tag', `upstream: !${'s'.repeat(200)} x`],
    ['a block header', `upstream: |${'s'.repeat(200)}\n  x`],
    ['a token', `log: {}\n]${'s'.repeat(200)}`],
    ['a tag handle', `upstream: !${'s'.repeat(200)}!x x`],
    ['a verbatim tag', `upstream: !<!${'s'.repeat(200)} x`],
    ['a host', `upstream: ${'s'.repeat(200)}`],
    ['an address', `upstream: imaps://fe80::1%${'s'.repeat(200)}`],
    ['a protocol', `upstream: ${'s'.repeat(200)}://x`],
    ['an alias', `upstream: *${'s'.repeat(200)}`],
  ])('shows 40 characters of %s', (_, text) => {
    expect(problemsOf(text).length).toBeGreaterThan(0)
    expect(problemsOf(text).join('\n')).not.toMatch(/s{41}/)
  })

  it.each([
    ['accounts', 'root:$6$hunter2:19000:0:99999:7:::\ndaemon:*:19000:0:99999:7:::\n', '1:1'],
    ['comments first', '# x\n\nhunter2:\n  image: hunter2\n', '3:1'],
    ['a fault too', 'hunter2: !hunter2 x\n', '1:1'],
  ])('of a file that is no configuration shows nothing of it: %s', (_, text, at) => {
    expect(problemsOf(text)).toEqual([`${at}: not an imaptap configuration`])
  })

  it('that is a policy alone is told what names it', () => {
    expect(problemsOf('extends: [read-only]\nrules: []')).toEqual([
      '1:1: not an imaptap configuration: it is a policy alone, which a configuration names by `policy:` and imaptap by --policy',
    ])
  })

  it('shows no control character of a key', () => {
    expect(problemsOf('"\\e[31mred": 1\nlog: {}')).toEqual([
      `1:1: ?[31mred: unknown key: there are ${topKeys}`,
    ])
  })
})
