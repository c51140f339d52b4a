/** What the settings of captures come to, and how they can disagree; it does not know what a capture is. */

import type { CaptureConfig } from './config.ts'
import type { PlainSettings } from './layer.ts'
import { readDuration, readSize } from './quantity.ts'

const defaults = { maxSize: '100MiB', maxAge: '24h', quota: '1GiB' } as const

/** Undefined where nothing is captured. */
export function fillCapture({ capture }: PlainSettings): CaptureConfig | undefined {
  const { path, secrets, bodies, maxSize, maxAge, quota, compress } = capture
  if (path === undefined) return undefined
  return {
    path,
    secrets: secrets ?? false,
    bodies: bodies ?? false,
    maxSize: readSize(maxSize ?? defaults.maxSize) ?? 0,
    maxAge: readDuration(maxAge ?? defaults.maxAge) ?? 0,
    quota: readSize(quota ?? defaults.quota) ?? 0,
    compress: compress ?? 'zstd',
  }
}

/** The setting and what is wrong with it. */
export function findCaptureConflicts(
  { capture }: PlainSettings,
  config: CaptureConfig | undefined,
): readonly (readonly [path: readonly string[], message: string])[] {
  if (!config) {
    const [stray] = Object.entries(capture).flatMap(([key, value]) => (value === undefined ? [] : [key]))
    return stray === undefined
      ? []
      : [[['capture', stray], 'needs a place for captures (--capture, capture.path)']]
  }
  if (config.quota >= 2 * config.maxSize) return []
  const blamed = capture.quota === undefined ? 'maxSize' : 'quota'
  return [
    [
      ['capture', blamed],
      'leaves no room for closed files: the quota must be twice the largest size at least',
    ],
  ]
}
