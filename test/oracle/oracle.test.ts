/** The oracle's own parts: streams that can be made again, needles that are found, plants that still apply, runs that tell right from wrong. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

import { showStream, stepsOf } from './generator/marks.ts'
import { samplePool } from './generator/pool.ts'
import { familyNames, makeStream } from './generator/streams.ts'
import type { Stream } from './generator/stage.ts'
import { comparable, compareTruth } from './comparing.ts'
import { findTellingLines, makeNeedles } from './needles.ts'
import { requireTool } from '../support/tools.ts'
import { readOptions } from './options.ts'
import { plants } from './plants.ts'
import { runOracle } from './run.ts'
import { shrink } from './shrink.ts'
import { namesIn } from './truth.ts'
import { describeWorld, ghostOf, hideCanaries, introduce, twinOf } from './world.ts'

const world = describeWorld({ seed: 1, lane: 0, isBlind: false }, 'ann', 'password')
const blind = describeWorld({ seed: 1, lane: 1, isBlind: true }, 'ben', 'password')
const [canary] = world.canaries
const token = canary?.token ?? ''
const pool = samplePool(1)
const generation = { seed: 1, world, isCyrus: false, pool }
const stream = (number: number, of = generation): Stream => makeStream(number, of)

describe('streams', () => {
  test('the same seed and number make the same stream', () => {
    const first = Array.from({ length: 300 }, (_, number) => stream(number))
    const other = { ...generation, pool: samplePool(1) }
    const again = Array.from({ length: 300 }, (_, number) => stream(number, other))
    expect(again).toEqual(first)
    expect(stream(1, { ...generation, seed: 2 }).text).not.toBe(stream(1).text)
  })

  test('every family comes', () => {
    const seen = new Set(Array.from({ length: 5000 }, (_, number) => stream(number).family))
    expect(familyNames.filter((name) => !seen.has(name))).toEqual([])
  })

  test('whoever is blind never names a canary', () => {
    const known = { ...generation, world: blind }
    const texts = Array.from({ length: 3000 }, (_, number) => makeStream(number, known).text.toLowerCase())
    const keys = blind.canaries.map(({ key }) => key)
    expect(texts.filter((text) => keys.some((key) => text.includes(key)))).toEqual([])
  })

  test('no stream knows a token', () => {
    const texts = Array.from({ length: 3000 }, (_, number) => stream(number).text)
    expect(texts.filter((text) => world.canaries.some((one) => text.includes(one.token)))).toEqual([])
  })

  test('acts stand between octets', () => {
    expect(stepsOf('a IDLE\r\n\ue000DONE\r\n').map(({ kind }) => kind)).toEqual(['send', 'await', 'send'])
    expect(showStream('a "\\\xff"\r\n\ue000')).toBe('a "\\\\\\xff"\\r\\n<await>')
  })
})

describe('needles', () => {
  const find = (text: string, of = world): readonly string[] =>
    makeNeedles(of, ['1795263677', 'f00dcafe']).watch().feed(text)

  test.each([
    ['as it is', token],
    ['in capitals', token.toUpperCase()],
    ['backwards', token.split('').toReversed().join('')],
    ['in base64', Buffer.from(`x${token}`).toString('base64')],
    ['in base64, two octets in', Buffer.from(`xy${token}z`).toString('base64')],
    ['in UTF-16', Buffer.from(token, 'utf16le').swap16().toString('base64')],
    ['by an identifier', '* OK [MAILBOXID (f00dcafe)] Ok'],
    ['by its UIDVALIDITY', '* OK [UIDVALIDITY 1795263677] UIDs'],
  ])('a token is found %s', (_, text) => {
    expect(find(`* 1 FETCH (${text})\r\n`)).not.toEqual([])
  })

  test('a token is found that came in two chunks, and told once', () => {
    const watch = makeNeedles(world, ['f00dcafe']).watch()
    expect(watch.feed(`abc ${token.slice(0, 5)}`)).toEqual([])
    expect(watch.feed(`${token.slice(5)} def`)).toEqual([token])
    expect(watch.feed('ghi')).toEqual([])
  })

  test('names are needles where the client does not know them', () => {
    const key = blind.canaries[0]?.key ?? ''
    expect(find(`* LIST () "/" Canary${key}`, blind)).toEqual([key])
    expect(find('* LIST () "/" Work\r\n1795263677', blind)).toEqual([])
  })

  test('lines that speak of a canary are told from refusals that repeat its name', () => {
    const name = canary?.name ?? ''
    expect(findTellingLines(`* STATUS ${name} (MESSAGES 3)\r\n`, world)).toHaveLength(1)
    expect(findTellingLines(`* LIST () "/" {${name.length}}\r\n${name}\r\n`, world)).toHaveLength(1)
    expect(
      findTellingLines(`a NO no mailbox ${name}\r\n* LIST () "/" ${name}x\r\n* FLAGS (${name})\r\n`, world),
    ).toEqual([])
    expect(findTellingLines(`* 1 FETCH (FLAGS (${name}) X-MAILBOX Work)\r\n`, world)).toEqual([])
    expect(
      findTellingLines(`* 1 FETCH (BODY[] {${name.length + 11}}\r\n\r\n* LIST x ${name})\r\n`, world),
    ).toEqual([])
  })
})

describe('what tells', () => {
  const name = canary?.name ?? ''
  const wide = world.canaries.find((one) => /\u00f6/.test(one.name))?.name ?? ''

  test.each([
    ['a completion that did it', `a OK [REFERRAL imap://ann@host/${name};UID=1] Done\r\n`],
    ['an item of a message', `* 1 FETCH (FLAGS () X-MAILBOX ${name})\r\n`],
    ['a quota', `* QUOTA "${name}" (STORAGE 1 5)\r\n`],
    ['one that is not there', `* LIST (\\NonExistent) "/" ${name}\r\n`],
    ['a word of no RFC', `* XNEW "${name}/x"\r\n`],
    ['a name in UTF-8', `* LIST () "/" "${Buffer.from(wide).toString('latin1')}"\r\n`],
    ['what lies elsewhere', `* LIST () "/" "Other Users/ben/${name}"\r\n`],
  ])('%s', (_, received) => expect(findTellingLines(received, world)).toHaveLength(1))

  test('a canary that a neighbour shares, and its token', () => {
    const [own] = introduce([world, blind])
    const other = blind.canaries[0]
    if (!own || !other) throw new Error('there are two')
    expect(findTellingLines(`* LIST () "/" "shared/ben/${other.name}"\r\n`, own)).toHaveLength(1)
    expect(makeNeedles(own, []).watch().feed(`* 1 FETCH (FLAGS (${other.token}))`)).toEqual([other.token])
  })

  test('between a canary and nothing counts and CLOSED differ, times do not', () => {
    const said = (text: string): string => comparable(`* OK [CLOSED] Ok\r\nw1 OK Completed\r\n${text}`)
    expect(said('w NO none (0.001 + 0.000 secs).\r\n')).toBe(said('w NO none (0.002 + 0.010 secs).\r\n'))
    expect(said('* OK [CLOSED] Ok\r\nw NO none\r\n')).not.toBe(said('w NO none\r\n'))
    expect(said('* 3 EXISTS\r\nw NO none\r\n')).not.toBe(said('w NO none\r\n'))
  })

  test('ghosts are hidden as canaries are, under names of their own', () => {
    const { patterns } = hideCanaries(world)
    for (const { name: hidden } of world.canaries) {
      expect(ghostOf(hidden, world)).not.toBe(hidden)
      expect(patterns).toEqual(expect.arrayContaining([hidden, ghostOf(hidden, world)]))
    }
  })
})

describe('the truth', () => {
  test('names of lists are read in every form', () => {
    const listed =
      '* LIST () "/" Work\r\n* LIST (\\HasChildren) "/" "a \\"b\\""\r\n* LSUB () NIL {4}\r\nx y\r\r\n'
    expect(namesIn(listed)).toEqual(['Work', 'a "b"', 'x y\r'])
  })

  test('what is gone and what is new are told', () => {
    expect(compareTruth(['a', 'b'], ['b', 'c'])).toEqual(['- a', '+ c'])
    expect(compareTruth(['a'], ['a'])).toEqual([])
  })

  test('twins have other keys of the same length, in the same case', () => {
    const key = canary?.key ?? ''
    const twin = twinOf(`a SELECT Canary${key} ${key.toUpperCase()}`, world, 7)
    expect(twin.toLowerCase()).not.toContain(key)
    expect(twin).toHaveLength(`a SELECT Canary${key} ${key.toUpperCase()}`.length)
    expect(twinOf(key, world, 8)).not.toBe(twinOf(key, world, 7))
  })

  test('of many streams the one that does it is found, and its line', async () => {
    const make = (number: number, text: string): Stream => ({
      number,
      text,
      family: 'direct',
      begins: 'logged-in',
      isLast: false,
    })
    const streams = Array.from({ length: 50 }, (_, number) =>
      make(number, number === 33 ? 'a NOOP\r\nb BAD\r\n' : 'a NOOP\r\n'),
    )
    const replay = (some: readonly Stream[]): Promise<boolean> =>
      Promise.resolve(some.some(({ text }) => text.includes('BAD')))
    expect(await shrink(streams, replay)).toEqual({ streams: [make(33, 'b BAD\r\n')], isCertain: true })
  })
})

describe('plants', () => {
  test('there are thirty at least', () => {
    expect(new Set(plants.map(({ name }) => name)).size).toBeGreaterThanOrEqual(30)
  })

  test.each(plants)('$name: its text stands once in $file', ({ file, find, put }) => {
    const text = readFileSync(join(import.meta.dirname, '..', '..', 'src', file), 'utf8')
    expect(text.split(find)).toHaveLength(2)
    expect(put).not.toBe(find)
  })
})

test('what is wrong with options is said', () => {
  expect(readOptions(['--server', 'courier'])).toContain('--server is dovecot, cyrus or both')
  expect(readOptions(['--minutes', '0'])).toContain('--minutes')
  expect(readOptions(['--family', 'nothing'])).toContain('no family nothing')
})

describe.skipIf(requireTool('dovecot', { package: 'dovecot-imapd' }) === undefined)(
  'against a real Dovecot',
  () => {
    const options = (args: readonly string[]) => {
      const read = readOptions([...args, '--seed', '5', '--no-shrink'])
      if (typeof read === 'string') throw new Error(read)
      return read
    }

    test('without a policy canaries are found at once', { timeout: 60_000 }, async () => {
      const { bypasses } = await runOracle(
        'dovecot',
        options(['--transparent', '--streams', '200', '--stop-after', '1']),
      )
      expect(bypasses).not.toEqual([])
    })

    test('with a policy nothing gets through', { timeout: 120_000 }, async () => {
      const report = await runOracle('dovecot', options(['--streams', '1200']))
      expect(report.bypasses).toEqual([])
      expect(report.streams).toBeGreaterThanOrEqual(1200)
      expect(report.decisions.refused).toBeGreaterThan(0)
    })
  },
)
