import { inspect } from 'node:util'

import { describe, expect, it } from 'vitest'

import { limits } from '../../src/imap/limits.ts'
import { Message } from '../../src/imap/message.ts'
import { Exchanges, OpenExchange } from '../../src/session/exchanges.ts'
import { client } from '../imap/support/wire.ts'

/** Opened below the limit, where there is always room. */
function open(exchanges: Exchanges, tag: string, name = 'NOOP'): OpenExchange {
  const exchange = exchanges.open(tag, name, 0)
  if (!exchange) throw new Error('no room')
  return exchange
}

const names = (exchanges: readonly OpenExchange[]): string[] => exchanges.map(({ name }) => name)
const command = (text: string): Message => new Message(client(text), 'command')

describe('commands in flight', () => {
  it('are found by their tags, and no longer once they are completed', () => {
    const exchanges = new Exchanges()
    const noop = open(exchanges, 'a')
    expect(exchanges.find('a')).toBe(noop)
    expect(exchanges.find('A')).toBeUndefined()
    exchanges.complete(noop)
    expect(exchanges.find('a')).toBeUndefined()
    expect(exchanges.pending).toBe(0)
  })

  it('count from one', () => {
    const exchanges = new Exchanges()
    expect([open(exchanges, 'a').id, open(exchanges, 'a').id]).toEqual([1, 2])
  })

  it('are answered oldest first, as far as untagged responses tell', () => {
    const exchanges = new Exchanges()
    const [one, two, three] = ['a', 'b', 'c'].map((tag) => open(exchanges, tag))
    expect(exchanges.oldest).toBe(one)
    if (two) exchanges.complete(two)
    expect(exchanges.oldest).toBe(one)
    if (one) exchanges.complete(one)
    expect(exchanges.oldest).toBe(three)
  })

  it('are certain of their responses until another is in flight beside them', () => {
    const exchanges = new Exchanges()
    const one = open(exchanges, 'a')
    expect(one.attribution).toBe('certain')
    const two = open(exchanges, 'b')
    expect([one.attribution, two.attribution]).toEqual(['shared', 'shared'])
    exchanges.complete(one)
    exchanges.complete(two)
    expect(open(exchanges, 'c').attribution).toBe('certain')
  })

  it('that share a tag are completed in their order', () => {
    const exchanges = new Exchanges()
    for (const name of ['ONE', 'TWO', 'THREE']) exchanges.open('a', name, 0)
    const order: string[] = []
    for (let next = exchanges.find('a'); next; next = exchanges.find('a')) {
      order.push(next.name)
      exchanges.complete(next)
    }
    expect(order).toEqual(['ONE', 'TWO', 'THREE'])
    expect(exchanges.pending).toBe(0)
  })

  it('that share a tag can be completed out of their order, by an answer of our own', () => {
    const exchanges = new Exchanges()
    const older = open(exchanges, 'a')
    exchanges.complete(open(exchanges, 'a', 'COMPRESS'))
    expect(exchanges.pending).toBe(1)
    expect(exchanges.find('a')).toBe(older)
  })

  it('end with the session, oldest first', () => {
    const exchanges = new Exchanges()
    for (const [tag, name] of [
      ['a', 'ONE'],
      ['b', 'TWO'],
      ['a', 'THREE'],
    ] as const)
      exchanges.open(tag, name, 0)
    expect(names(exchanges.abort())).toEqual(['ONE', 'TWO', 'THREE'])
    expect(exchanges.pending).toBe(0)
    expect(exchanges.oldest).toBeUndefined()
  })

  it('beyond the limit are not kept', () => {
    const exchanges = new Exchanges()
    for (let at = 0; at < limits.exchangesInFlight; at++) exchanges.open(`t${at}`, 'NOOP', 0)
    expect(exchanges.open('x', 'NOOP', 0)).toBeUndefined()
    expect(exchanges.find('x')).toBeUndefined()
    expect(exchanges.pending).toBe(limits.exchangesInFlight)
  })
})

describe('an exchange', () => {
  it('has its arguments in words', () => {
    const exchange = new OpenExchange(1, 'a', 'LOGIN', 0)
    expect(exchange.args).toBe('')
    exchange.keep(command('a LOGIN ann secret'))
    expect(exchange.args).toBe('ann ‹redacted 6›')
  })

  it('keeps the words for a huge command, and not its octets', () => {
    const exchange = new OpenExchange(1, 'a', 'APPEND', 0)
    const size = limits.commandKept
    exchange.keep(command(`a APPEND x {${size}}\r\n${'x'.repeat(size)}`))
    expect(exchange.message).toBeUndefined()
    expect(exchange.args).toBe(`x {${size}}`)
  })

  it('shows nothing once it is hidden, whoever prints it', () => {
    const exchange = new OpenExchange(1, 'hunter2', 'HUNTER3', 0)
    exchange.hide()
    exchange.keep(command('hunter2 hunter3'))
    expect(exchange).toMatchObject({ tag: '‹redacted›', name: '?', args: '‹redacted 15›' })
    expect(exchange.wireTag).toBe('hunter2')
    expect(inspect(exchange, { depth: 9 }) + JSON.stringify(exchange)).not.toMatch(/hunter/iu)
  })
})
