import { describe, expect, it } from 'vitest'

import type { Config } from '../../src/config/config.ts'
import { loadConfig } from '../../src/config/load.ts'
import { BadConfiguration } from '../../src/config/problem.ts'

interface Said {
  readonly flag?: readonly string[]
  readonly variable?: string
  readonly yaml?: string
}

const load = ({ flag, variable, yaml }: Said): Config['proxyProtocol'] =>
  loadConfig({
    flags: {
      upstream: 'imaps://imap.example.com',
      ...(flag && { proxyProtocolFrom: flag }),
      ...(yaml !== undefined && { config: '/etc/it.yaml' }),
    },
    env: variable === undefined ? {} : { IMAPTAP_PROXY_PROTOCOL__FROM: variable },
    readFile: () => ({ ok: true, value: yaml ?? '' }),
  }).proxyProtocol

function refusal(said: Said): string {
  try {
    load(said)
  } catch (error) {
    if (error instanceof BadConfiguration) return error.message
    throw error
  }
  return 'accepted'
}

describe('whose PROXY headers are taken', () => {
  it('is nobody unless somebody is named', () => {
    expect(load({})).toBeUndefined()
  })

  it('is the same from flags, the environment and a file', () => {
    const from = ['10.0.0.5', 'fd00::/8']
    expect(load({ flag: from })).toEqual({ from })
    expect(load({ variable: '10.0.0.5 fd00::/8' })).toEqual({ from })
    expect(load({ yaml: 'proxyProtocol: { from: ["10.0.0.5", "fd00::/8"] }' })).toEqual({ from })
    expect(load({ yaml: 'proxyProtocol: { from: 10.0.0.5 }' })).toEqual({ from: ['10.0.0.5'] })
  })

  it.each(['10.0.0.256', 'localhost', 'fe80::1%eth0', '10.0.0.1/x', ''])('is no %j', (text) => {
    expect(refusal({ flag: [text] })).toMatch(/--proxy-protocol-from/)
    expect(refusal({ flag: [text] })).toMatch(/must be an address or a network|needs a number/)
  })

  it.each([
    ['10.0.0.0/33', 'needs a number from 1 to 32 behind its slash'],
    ['fd00::/129', 'needs a number from 1 to 128 behind its slash'],
    ['10.0.0.0/8/9', 'needs a number from 1 to 32 behind its slash'],
    ['0.0.0.0/0', 'would let everybody say who they are'],
    ['::/0', 'would let everybody say who they are'],
  ])('is not %s: it %s', (text, message) => {
    expect(refusal({ yaml: `proxyProtocol:\n  from:\n    - 10.0.0.5\n    - ${text}\n` })).toContain(
      `/etc/it.yaml:4:7: proxyProtocol.from.1: ${message}`,
    )
  })
})
