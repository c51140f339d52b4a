/** `npm run fuzz -- --minutes N [--seed S]`: feeds spoiled octets to every reader for a while, and keeps what breaks one. */

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { fuzz, type Crash } from './fuzz.ts'
import { traceOf } from './trace-of.ts'

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '1' }, seed: { type: 'string' }, help: { type: 'boolean' } },
})
const minutes = Number(values.minutes)
const seed = Number(values.seed ?? Date.now() % 1_000_000_000)
if (values.help || !(minutes > 0) || !Number.isSafeInteger(seed)) {
  console.error(
    'npm run fuzz -- [--minutes N] [--seed S]\n\nWithout --seed each run is another one; its seed is printed.',
  )
  process.exit(values.help ? 0 : 2)
}

const folder = join(import.meta.dirname, '..', 'traces', 'crashers')
const found = new Map<string, number>()

/** One for each reason: the first is as good as the thousandth. */
function keep(crash: Crash): void {
  const reason = crash.reason.replace(/\d+/gu, 'N')
  const times = (found.get(reason) ?? 0) + 1
  found.set(reason, times)
  if (times > 1) return
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${seed}-${crash.run}.trace`)
  writeFileSync(file, traceOf(crash, seed))
  console.log(`run ${crash.run}: ${crash.reason}\n  kept in ${file}`)
}

const began = Date.now()
const until = began + minutes * 60_000
let told = began
console.log(`fuzzing for ${minutes} min with seed ${seed}`)
const runs = fuzz({
  seed,
  onCrash: keep,
  goesOn(run) {
    const now = Date.now()
    if (now - told > 30_000) {
      told = now
      console.log(
        `${run} runs, ${Math.round((run * 1000) / (now - began))} a second, ${found.size} kinds of crash`,
      )
    }
    return now < until
  },
})
console.log(`${runs} runs in ${Math.round((Date.now() - began) / 1000)} s, seed ${seed}`)
for (const [reason, times] of found) console.log(`${times} times: ${reason}`)
process.exitCode = found.size > 0 ? 1 : 0
