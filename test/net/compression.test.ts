/** Deflate and inflate as legs use them: flushed at once, ended at an exact octet whatever the cuts, bounded, never silent about rubbish. */

import { setTimeout as sleep } from 'node:timers/promises'
import { constants, createDeflateRaw, deflateRawSync, inflateRawSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'

import { Deflation, Inflation } from '../../src/net/compression.ts'

const closing: { close(): void }[] = []
afterEach(() => {
  for (const one of closing.splice(0)) one.close()
})

const flushed = (text: string): Buffer => deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH })
const inflated = (octets: Buffer): string =>
  inflateRawSync(octets, { finishFlush: constants.Z_SYNC_FLUSH }).toString('latin1')

interface Watched {
  readonly inflation: Inflation
  text: string
  readonly told: string[]
}

/** `onText` hears everything inflated so far. */
function watch(onText: (watched: Watched) => void = () => undefined): Watched {
  const told: string[] = []
  const inflation = new Inflation({
    onData: (octets) => {
      watched.text += Buffer.from(octets).toString('latin1')
      onText(watched)
    },
    onPlain: (rest) => void told.push(`PLAIN ${Buffer.from(rest).toString('latin1')}`),
    onEnd: () => void told.push('END'),
    onCorrupt: (error) => void told.push(`CORRUPT ${error.code}`),
    onRoom: () => void told.push('ROOM'),
  })
  const watched: Watched = { inflation, text: '', told }
  closing.push(inflation)
  return watched
}

describe('a deflation', () => {
  function make(hasRoom = () => true): { deflation: Deflation; sent: Buffer[]; told: string[] } {
    const sent: Buffer[] = []
    const told: string[] = []
    const put = (octets: Uint8Array): void => void sent.push(Buffer.from(octets))
    const deflation = new Deflation({ put, hasRoom, onIdle: () => void told.push('IDLE') })
    closing.push(deflation)
    return { deflation, sent, told }
  }

  it('sends what is written in one breath as one flushed piece', async () => {
    const { deflation, sent } = make()
    for (const text of ['* 1 EXISTS\r\n', 'a OK\r\n']) deflation.write(Buffer.from(text))
    await expect.poll(() => sent.length).toBe(1)
    expect(inflated(Buffer.concat(sent))).toBe('* 1 EXISTS\r\na OK\r\n')
    expect(sent[0]?.subarray(-4)).toEqual(Buffer.from([0, 0, 0xff, 0xff]))
  })

  it('may be given memory that is used again', async () => {
    const { deflation, sent } = make()
    const lent = Buffer.from('one\r\n')
    deflation.write(lent)
    lent.fill(0)
    await expect.poll(() => inflated(Buffer.concat(sent))).toBe('one\r\n')
  })

  it('compresses nothing while there is no room', async () => {
    let hasRoom = false
    const { deflation, sent } = make(() => hasRoom)
    deflation.write(Buffer.from('text'))
    await sleep(20)
    expect([sent.length, deflation.length]).toEqual([0, 4])
    hasRoom = true
    deflation.goOn()
    await expect.poll(() => inflated(Buffer.concat(sent))).toBe('text')
  })

  it('says when all is put', async () => {
    const { deflation, sent } = make()
    deflation.write(Buffer.from('x'.repeat(300_000)))
    const text = await new Promise<string>((resolve) =>
      deflation.drain(() => resolve(inflated(Buffer.concat(sent)))),
    )
    expect(text.length).toBe(300_000)
    expect(deflation.isIdle).toBe(true)
  })
})

describe('an inflation', () => {
  it.each([1, 2, 3, 7, 100_000])('gives back what was compressed, %i octets at a time', async (size) => {
    const text = 'a NOOP\r\n'.repeat(200)
    const watched = watch()
    const octets = flushed(text)
    for (let at = 0; at < octets.length; at += size) watched.inflation.add(octets.subarray(at, at + size))
    watched.inflation.finish()
    await expect.poll(() => watched.told).toEqual(['END'])
    expect(watched.text).toBe(text)
  })

  it.each(['no DEFLATE at all\r\n', '\x1f\x8b\x08\x00', '\x78\x9c', '\xff\xff'])(
    'says so when it is none: %j',
    async (text) => {
      const watched = watch()
      watched.inflation.add(Buffer.from(`${text}${'\xff'.repeat(40)}`, 'latin1'))
      await expect.poll(() => watched.told).toEqual(['CORRUPT CORRUPT_DEFLATE'])
      watched.inflation.add(Buffer.from('more'))
      await sleep(5)
      expect(watched.told).toHaveLength(1)
    },
  )

  it('takes a stream that ends by itself for over, and anything behind it for rubbish', async () => {
    const watched = watch()
    watched.inflation.add(deflateRawSync('bye\r\n'))
    await expect.poll(() => watched.text).toBe('bye\r\n')
    await sleep(5)
    expect(watched.told).toEqual([])
    watched.inflation.add(Buffer.from('a'))
    await expect.poll(() => watched.told).toEqual(['CORRUPT CORRUPT_DEFLATE'])
  })

  it('inflates no more than is taken: a bomb waits', async () => {
    const bomb = deflateRawSync(Buffer.alloc(64 * 1024 * 1024))
    let taken = 0
    const watched = watch(({ inflation, text }) => {
      taken += text.length
      watched.text = ''
      if (taken > 100_000) inflation.pause()
    })
    watched.inflation.add(bomb)
    await expect.poll(() => taken).toBeGreaterThan(100_000)
    await sleep(50)
    expect(taken).toBeLessThan(300_000)
    watched.inflation.resume()
    await expect.poll(() => taken).toBeGreaterThan(116_000)
  })

  it('is full when much waits, and says when there is room', async () => {
    const watched = watch()
    watched.inflation.pause()
    const octets = deflateRawSync(Buffer.from(Array.from({ length: 80_000 }, (_, at) => (at * 7919) >> 3)), {
      level: 0,
    })
    watched.inflation.add(octets)
    expect(watched.inflation.isFull).toBe(true)
    watched.inflation.resume()
    await expect.poll(() => watched.told).toContain('ROOM')
  })

  it('is never full once it is closed: what still comes is thrown away', () => {
    const { inflation } = watch()
    inflation.add(Buffer.alloc(80_000))
    inflation.close()
    inflation.add(Buffer.alloc(80_000))
    expect(inflation.isFull).toBe(false)
  })
})

describe('the end of a compression', () => {
  const last = 'u OK out\r\n'
  const plain = '* CAPABILITY X\r\nb OK\r\n'
  const endings: readonly [string, Buffer][] = [
    ['a flush', flushed(`* 1 EXISTS\r\n${last}`)],
    ['a full flush', deflateRawSync(last, { finishFlush: constants.Z_FULL_FLUSH })],
    ['two flushes', Buffer.concat([flushed(last), Buffer.from([0, 0, 0, 0xff, 0xff])])],
    ['a final block', deflateRawSync(last)],
    ['stored blocks', deflateRawSync(last, { level: 0, finishFlush: constants.Z_SYNC_FLUSH })],
  ]
  const oneFlush = endings.filter(([name]) => name !== 'two flushes')

  it.each(oneFlush)('is found in one chunk with what follows: %s', async (_name, octets) => {
    const watched = watch(({ inflation, text }) => {
      if (text.endsWith(last)) inflation.end('plain')
    })
    watched.inflation.add(Buffer.concat([octets, Buffer.from(plain)]))
    await expect.poll(() => watched.told).toEqual([`PLAIN ${plain}`])
    expect(watched.text.endsWith(last)).toBe(true)
  })

  it.each(oneFlush)('is found at every cut: %s', async (_name, octets) => {
    const wire = Buffer.concat([octets, Buffer.from(plain)])
    for (let cut = 1; cut < wire.length; cut++) {
      const watched = watch(({ inflation, text }) => {
        if (text.endsWith(last)) inflation.end('plain')
      })
      watched.inflation.add(wire.subarray(0, cut))
      await sleep(2)
      const early = watched.told.length > 0 ? watched.told.splice(0).join('').slice(6) : undefined
      if (early === undefined) {
        watched.inflation.add(wire.subarray(cut))
        await expect.poll(() => watched.told).toEqual([`PLAIN ${plain}`])
      } else expect(early + wire.subarray(cut).toString(), `cut at ${cut}`).toBe(plain)
      expect(watched.text.endsWith(last)).toBe(true)
    }
  })

  it('can be undecided, and then go on', async () => {
    const watched = watch(({ inflation, text }) => {
      if (text === 'u UNAUTHENTICATE\r\n') inflation.end('undecided')
    })
    const pieces = await createTwoPieces('u UNAUTHENTICATE\r\n', 'a NOOP\r\n')
    watched.inflation.add(Buffer.concat(pieces))
    await expect.poll(() => watched.text).toBe('u UNAUTHENTICATE\r\n')
    await sleep(10)
    expect(watched.text).toBe('u UNAUTHENTICATE\r\n')
    watched.inflation.goOn()
    await expect.poll(() => watched.text).toBe('u UNAUTHENTICATE\r\na NOOP\r\n')
  })

  it('can be undecided, and then go on in the middle of a block', async () => {
    const watched = watch(({ inflation, text }) => {
      if (text === 'u UNAUTHENTICATE\r\n') inflation.end('undecided')
    })
    const [first, second] = await createTwoPieces(
      'u UNAUTHENTICATE\r\n',
      'a NOOP\r\n',
      constants.Z_PARTIAL_FLUSH,
    )
    watched.inflation.add(first)
    await expect.poll(() => watched.text).toBe('u UNAUTHENTICATE\r\n')
    watched.inflation.add(second)
    await sleep(10)
    watched.inflation.goOn()
    await expect.poll(() => watched.text).toBe('u UNAUTHENTICATE\r\na NOOP\r\n')
    expect(watched.told).toEqual([])
  })

  it.each(['before', 'behind'])(
    'while undecided tells of the end that came %s it, and then again',
    async (when) => {
      const watched = watch(({ inflation }) => inflation.end('undecided'))
      watched.inflation.add(Buffer.concat([flushed('u UNAUTHENTICATE\r\n'), Buffer.from('a NOOP\r\n')]))
      if (when === 'behind') await expect.poll(() => watched.text).not.toBe('')
      watched.inflation.finish()
      await expect.poll(() => watched.told[0]).toBe('END')
      watched.inflation.end('plain')
      await expect.poll(() => watched.told.slice(-2)).toEqual(['PLAIN a NOOP\r\n', 'END'])
    },
  )

  it('can be undecided, and then be one', async () => {
    const watched = watch(({ inflation }) => inflation.end('undecided'))
    watched.inflation.add(Buffer.concat([flushed('u UNAUTHENTICATE\r\n'), Buffer.from('a NOOP\r\n')]))
    await expect.poll(() => watched.text).toBe('u UNAUTHENTICATE\r\n')
    await sleep(10)
    expect(watched.told).toEqual([])
    watched.inflation.end('plain')
    await expect.poll(() => watched.told).toEqual(['PLAIN a NOOP\r\n'])
  })

  it('without a flush is found all the same', async () => {
    const partial = deflateRawSync(last, { finishFlush: constants.Z_PARTIAL_FLUSH })
    const watched = watch(({ inflation }) => inflation.end('plain'))
    watched.inflation.add(partial)
    await expect.poll(() => watched.text).toBe(last)
    watched.inflation.add(Buffer.from(plain))
    await expect.poll(() => watched.told).toEqual([`PLAIN ${plain}`])
  })
})

/** Two flushes of one stream. */
async function createTwoPieces(
  first: string,
  second: string,
  flush = constants.Z_SYNC_FLUSH,
): Promise<readonly [Buffer, Buffer]> {
  const stream = createDeflateRaw({ flush })
  const write = async (text: string): Promise<Buffer> => {
    await new Promise<void>((resolve) => void stream.write(text, () => resolve()))
    return Buffer.from(stream.read())
  }
  const pieces = [await write(first), await write(second)] as const
  stream.destroy()
  return pieces
}
