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
  #waiting: ObservedEvent[] = []
  #isTelling = false
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
    if (this.#isTelling) return void this.#waiting.push(event)
    this.#isTelling = true
    this.#tell(event)
    if (this.#waiting.length > 0) this.#tellWaiting()
    this.#isTelling = false
  }

  /** The list grows while it is gone through, by those who listen to these. */
  #tellWaiting(): void {
    for (const next of this.#waiting) this.#tell(next)
    this.#waiting = []
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
