/** Finds the few streams of a batch that change a canary, and the few octets of them, by playing them again alone. */

import type { Stream } from './generator/stage.ts'

/** Whether these streams, alone, do it again. */
export type Replay = (streams: readonly Stream[]) => Promise<boolean>

const replaysAtMost = 40

export interface Shrunk {
  readonly streams: readonly Stream[]
  /** They did it when they were played alone. */
  readonly isCertain: boolean
}

export async function shrink(streams: readonly Stream[], replay: Replay): Promise<Shrunk> {
  let left = replaysAtMost
  const again: Replay = async (some) => left-- > 0 && (await replay(some))
  if (!(await again(streams))) return { streams, isCertain: false }
  const few = await shrinkList(streams, again)
  const last = few.at(-1)
  if (last === undefined || few.length > 1) return { streams: few, isCertain: true }
  return { streams: [await shrinkText(last, again)], isCertain: true }
}

/** Halves, then smaller and smaller parts, are left out for as long as it still happens. */
async function shrinkList(streams: readonly Stream[], again: Replay): Promise<readonly Stream[]> {
  let some = streams
  for (let part = Math.ceil(some.length / 2); some.length > 1; part = Math.ceil(part / 2)) {
    for (let at = 0; at < some.length && some.length > 1;) {
      const rest = [...some.slice(0, at), ...some.slice(at + part)]
      if (rest.length > 0 && (await again(rest))) some = rest
      else at += part
    }
    if (part <= 1) break
  }
  return some
}

async function shrinkText(stream: Stream, again: Replay): Promise<Stream> {
  let text = stream.text
  const lines = (): string[] => text.split(/(?<=\n)|(?=\ue000|\ue001)/)
  for (let at = 0; at < lines().length;) {
    const shorter = lines().toSpliced(at, 1).join('')
    if (shorter !== '' && (await again([{ ...stream, text: shorter }]))) text = shorter
    else at++
  }
  return { ...stream, text }
}
