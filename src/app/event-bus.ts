/** Carries events from the sessions to whoever listens; a bad listener cannot hurt traffic. */

import type { ObservedEvent } from '../findings/finding.ts'
import type { Interests } from '../relay/relay-options.ts'

export type EventListener = (event: ObservedEvent) => void

export interface Wants {
  /** Every message of both directions, as an event. */
  readonly messages?: boolean
}

interface Subscription {
  readonly listener: EventListener
  readonly wants: Wants
}

export class EventBus {
  readonly #onFault: (error: unknown) => void
  #subscriptions: readonly Subscription[] = []
  /** Published by a listener while it listened: everybody hears of it behind what it is about. */
  #waiting: ObservedEvent[] | undefined
  /** Read by every session for every message: kept as a plain field of a plain object. */
  readonly interests: { messages: boolean } & Interests = { messages: false }

  /** `onFault` hears of what a listener threw; that listener is dropped. */
  constructor(onFault: (error: unknown) => void) {
    this.#onFault = onFault
  }

  /** Returns the way to end the subscription. */
  subscribe(listener: EventListener, wants: Wants = {}): () => void {
    const subscription = { listener, wants }
    this.#set([...this.#subscriptions, subscription])
    return () => this.#drop(subscription)
  }

  publish(event: ObservedEvent): void {
    if (this.#waiting) return void this.#waiting.push(event)
    const waiting: ObservedEvent[] = []
    this.#waiting = waiting
    this.#tell(event)
    // Grows while it is gone through, by those who listen to these.
    for (const next of waiting) this.#tell(next)
    this.#waiting = undefined
  }

  #tell(event: ObservedEvent): void {
    for (const subscription of this.#subscriptions) {
      if (event.kind === 'message' && !subscription.wants.messages) continue
      try {
        subscription.listener(event)
      } catch (error) {
        this.#drop(subscription)
        this.#onFault(error)
      }
    }
  }

  #drop(subscription: Subscription): void {
    this.#set(this.#subscriptions.filter((other) => other !== subscription))
  }

  #set(subscriptions: readonly Subscription[]): void {
    this.#subscriptions = subscriptions
    this.interests.messages = subscriptions.some(({ wants }) => wants.messages === true)
  }
}
