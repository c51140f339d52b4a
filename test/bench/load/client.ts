/** The load client, a process of its own: takes one order at a time over its channel and answers with figures. */

import type { Order, Outcome } from './order.ts'
import { close, work } from './work.ts'

/** The longest an order may take; a relay that stalls is reported, not waited for. */
const ORDER_MS = 60_000

process.on('message', (order: Order) => void obey(order).then(answer))
// The bench that started this process is gone.
process.on('disconnect', () => process.exit(0))

async function obey(order: Order): Promise<Outcome> {
  const timer = setTimeout(close, ORDER_MS)
  try {
    return { kind: 'done', figures: await work(order) }
  } catch (error) {
    close()
    return { kind: 'failed', reason: error instanceof Error ? error.message : String(error) }
  } finally {
    clearTimeout(timer)
  }
}

function answer(outcome: Outcome): void {
  process.send?.(outcome)
}
