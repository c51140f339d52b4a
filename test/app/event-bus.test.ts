import { describe, expect, it } from 'vitest'

import { EventBus } from '../../src/app/event-bus.ts'
import type { ProxyEvent } from '../../src/relay/event.ts'
import { playLoggedIn } from '../support/play.ts'

const warning: ProxyEvent = { kind: 'warning', session: 'S1', at: 0, reason: 'r', advice: 'a' }

const message = (): ProxyEvent => {
  const [event] = playLoggedIn({ messages: true }).client('a NOOP').of('message')
  if (!event) throw new Error('no message was told')
  return event
}

describe('the event bus', () => {
  it('tells everybody, in the order in which they came', () => {
    const heard: string[] = []
    const bus = new EventBus(() => heard.push('fault'))
    bus.subscribe(() => heard.push('one'))
    bus.subscribe(() => heard.push('two'))
    bus.publish(warning)
    expect(heard).toEqual(['one', 'two'])
  })

  it('drops a listener that throws, tells of it once, and goes on', () => {
    const faults: unknown[] = []
    let heard = 0
    const bus = new EventBus((error) => faults.push(error))
    bus.subscribe(() => {
      throw new Error('bad listener')
    })
    bus.subscribe(() => (heard += 1))
    bus.publish(warning)
    bus.publish(warning)
    expect(heard).toBe(2)
    expect(faults.map(String)).toEqual(['Error: bad listener'])
  })

  it('tells of messages only who wants them', () => {
    const heard: string[] = []
    const bus = new EventBus(() => undefined)
    bus.subscribe(({ kind }) => heard.push(`plain ${kind}`))
    bus.subscribe(({ kind }) => heard.push(`all ${kind}`), { messages: true })
    bus.publish(message())
    bus.publish(warning)
    expect(heard).toEqual(['all message', 'plain warning', 'all warning'])
  })

  it('wants messages as long as one listener does, in an object that sessions can keep', () => {
    const bus = new EventBus(() => undefined)
    const { interests } = bus
    expect(interests.messages).toBe(false)
    const leave = bus.subscribe(() => undefined, { messages: true })
    bus.subscribe(() => undefined)
    expect(interests.messages).toBe(true)
    leave()
    expect(interests.messages).toBe(false)
    expect(bus.interests).toBe(interests)
  })

  it('wants no more messages for a listener that threw', () => {
    const bus = new EventBus(() => undefined)
    bus.subscribe(
      () => {
        throw new Error('bad listener')
      },
      { messages: true },
    )
    bus.publish(warning)
    expect(bus.interests.messages).toBe(false)
  })

  it('tells nothing to who has left, also when that was while it was telling', () => {
    const heard: string[] = []
    const bus = new EventBus(() => undefined)
    const leave = bus.subscribe(() => heard.push('left'))
    leave()
    leave()
    const leaveOnce = bus.subscribe(() => {
      heard.push('once')
      leaveOnce()
    })
    bus.subscribe(() => heard.push('still here'))
    bus.publish(warning)
    bus.publish(warning)
    expect(heard).toEqual(['once', 'still here', 'still here'])
  })

  it('tells what a listener publishes behind what it listened to, to everybody in the same order', () => {
    const heard: string[] = []
    const bus = new EventBus(() => undefined)
    bus.subscribe((event) => {
      heard.push(`first ${event.at}`)
      if (event.at < 3) bus.publish({ ...warning, at: event.at + 1 })
    })
    bus.subscribe((event) => heard.push(`second ${event.at}`))
    bus.publish({ ...warning, at: 1 })
    expect(heard).toEqual(['first 1', 'second 1', 'first 2', 'second 2', 'first 3', 'second 3'])
  })
})
