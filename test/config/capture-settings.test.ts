import { describe, expect, it } from 'vitest'

import type { CaptureConfig } from '../../src/config/config.ts'
import type { Flags } from '../../src/config/flags.ts'
import { loadConfig } from '../../src/config/load.ts'
import { BadConfiguration } from '../../src/config/problem.ts'

const upstream = 'imaps://imap.example.com'

const load = (flags: Flags, yaml?: string): CaptureConfig | undefined =>
  loadConfig({
    flags: { upstream, ...flags, ...(yaml === undefined ? {} : { config: '/etc/it.yaml' }) },
    env: {},
    readFile: () => ({ ok: true, value: yaml ?? '' }),
  }).capture

function refusal(flags: Flags, yaml?: string): string {
  try {
    load(flags, yaml)
  } catch (error) {
    if (error instanceof BadConfiguration) return error.message
    throw error
  }
  return 'accepted'
}

describe('a capture', () => {
  it('is not made unless it is asked for', () => {
    expect(load({})).toBeUndefined()
  })

  it('needs nothing but its place', () => {
    expect(load({ capture: '/x/tap.ndjson' })).toEqual({
      path: '/x/tap.ndjson',
      secrets: false,
      bodies: false,
      maxSize: 100 * 1024 * 1024,
      maxAge: 24 * 3_600_000,
      quota: 1024 ** 3,
      compress: 'zstd',
    })
  })

  it('is the same from flags and from a file, whose paths are meant from where it lies', () => {
    const yaml = `capture:
  path: taps/
  secrets: true
  bodies: true
  maxSize: 10MiB
  maxAge: 30m
  quota: 20MiB
  compress: none
`
    const flags: Flags = {
      capture: '/etc/taps/',
      captureSecrets: true,
      captureBodies: true,
      captureMaxSize: '10MiB',
      captureMaxAge: '30m',
      captureQuota: '20MiB',
      captureCompress: 'none',
    }
    expect(load({}, yaml)).toEqual(load(flags))
    expect(load(flags)).toMatchObject({ maxSize: 10_485_760, maxAge: 1_800_000, compress: 'none' })
  })

  it.each([
    [{ captureSecrets: true }, '--capture-secrets: needs a place for captures (--capture, capture.path)'],
    [
      { capture: 'x', captureQuota: '150MiB' },
      '--capture-quota: leaves no room for closed files: the quota must be twice the largest size at least',
    ],
    [
      { capture: 'x', captureMaxSize: '1GiB' },
      '--capture-max-size: leaves no room for closed files: the quota must be twice the largest size at least',
    ],
    [
      { capture: 'x', captureMaxSize: '10' },
      '--capture-max-size: must be a size from 4KiB on, such as 10MiB or 1GB',
    ],
    [
      { capture: 'x', captureMaxAge: '5' },
      '--capture-max-age: must be a duration from 1s on, such as 30m, 24h or 7d',
    ],
    [{ capture: '' }, '--capture: must not be empty'],
  ])('is refused with a word on why: %j', (flags, message) => {
    expect(refusal(flags)).toBe(message)
  })

  it('is refused with where it stands in a file', () => {
    expect(refusal({}, 'capture:\n  secrets: true\n')).toMatch(
      /^\/etc\/it\.yaml:2:\d+: capture\.secrets: needs a place/u,
    )
  })
})
