/** How flags, environment and file become one configuration. */

import { describe, expect, it } from 'vitest'
import type { Config } from '../../src/config/config.ts'
import { loadConfig, type Sources } from '../../src/config/load.ts'
import { BadConfiguration } from '../../src/config/problem.ts'

function load(sources: Partial<Sources> & { readonly yaml?: string }): Config {
  const { yaml, flags = {}, env = {} } = sources
  return loadConfig({
    env,
    isReadable: (path) => !path.includes('missing'),
    readFile: () => ({ ok: true, value: yaml ?? '' }),
    ...sources,
    flags: yaml === undefined ? flags : { ...flags, config: '/etc/it.yaml' },
  })
}

function refusal(sources: Parameters<typeof load>[0]): BadConfiguration {
  try {
    load(sources)
  } catch (error) {
    if (error instanceof BadConfiguration) return error
    throw error
  }
  throw new Error('the configuration was accepted')
}

const upstream = 'imaps://imap.example.com'

describe('a configuration', () => {
  it('needs nothing but the upstream', () => {
    expect(load({ flags: { upstream } })).toEqual({
      upstream: {
        protocol: 'imaps',
        host: 'imap.example.com',
        port: 993,
        ca: undefined,
        name: undefined,
        isInsecure: false,
      },
      listen: [
        { protocol: 'imap', host: '127.0.0.1', port: 1143 },
        { protocol: 'imaps', host: '127.0.0.1', port: 1993 },
      ],
      hideCapabilities: [],
      compress: 'follow',
      tls: { caDir: undefined, leafKey: 'ecdsa', cert: undefined, key: undefined, keyLog: undefined },
      log: { file: undefined, level: 'info', wire: false },
      findings: { isEnabled: undefined, ignore: [] },
      dashboard: undefined,
    })
  })

  it('is the same from flags, from variables and from a file', () => {
    const byFlags = load({
      flags: {
        upstream,
        upstreamCa: '/ca.pem',
        upstreamName: 'n',
        insecureUpstream: true,
        listen: ['imaps://127.0.0.1:0'],
        hideCapability: ['idle'],
        compress: 'both',
        caDir: '/ca',
        leafKey: 'rsa',
        cert: '/c',
        key: '/k',
        keyLog: '/l',
        log: '-',
        logLevel: 'error',
        wire: true,
        control: '/run/c.sock',
        dashboard: false,
      },
    })
    const byVariables = load({
      env: {
        IMAPTAP_UPSTREAM__URL: upstream,
        IMAPTAP_UPSTREAM__CA: '/ca.pem',
        IMAPTAP_UPSTREAM__NAME: 'n',
        IMAPTAP_UPSTREAM__INSECURE: 'true',
        IMAPTAP_LISTEN: 'imaps://127.0.0.1:0',
        IMAPTAP_HIDE_CAPABILITIES: 'idle',
        IMAPTAP_COMPRESS: 'both',
        IMAPTAP_TLS__CA_DIR: '/ca',
        IMAPTAP_TLS__LEAF_KEY: 'rsa',
        IMAPTAP_TLS__CERT: '/c',
        IMAPTAP_TLS__KEY: '/k',
        IMAPTAP_TLS__KEY_LOG: '/l',
        IMAPTAP_LOG__FILE: '-',
        IMAPTAP_LOG__LEVEL: 'error',
        IMAPTAP_LOG__WIRE: 'true',
        IMAPTAP_CONTROL__SOCKET: '/run/c.sock',
        IMAPTAP_DASHBOARD: 'false',
      },
    })
    const byFile = load({
      yaml: `
upstream: {url: ${upstream}, ca: /ca.pem, name: n, insecure: true}
listen: imaps://127.0.0.1:0
hideCapabilities: [idle]
compress: both
tls: {caDir: /ca, leafKey: rsa, cert: /c, key: /k, keyLog: /l}
log: {file: "-", level: error, wire: true}
control: {socket: /run/c.sock}
dashboard: false`,
    })
    expect(byVariables).toEqual(byFlags)
    expect(byFile).toEqual(byFlags)
    expect(byFlags.hideCapabilities).toEqual(['IDLE'])
    expect(byFlags.tls.leafKey).toBe('rsa')
    expect(byFlags.compress).toBe('both')
  })

  it('has a control socket where one is named, none where it is refused, and leaves it open otherwise', () => {
    expect(load({ flags: { upstream } }).control).toBeUndefined()
    expect(load({ flags: { upstream, control: false } }).control).toEqual({ socket: false })
    const byFile = load({ yaml: `upstream: ${upstream}\ncontrol: {socket: c.sock}` })
    expect(byFile.control).toEqual({ socket: '/etc/c.sock' })
    expect(load({ yaml: `upstream: ${upstream}\ncontrol: {socket: false}` }).control).toEqual({
      socket: false,
    })
    expect(refusal({ yaml: `upstream: ${upstream}\ncontrol: {socket: true}` }).message).toContain(
      'control.socket',
    )
  })

  it('follows flags before variables before the file, setting by setting', () => {
    const config = load({
      flags: { logLevel: 'debug' },
      env: { IMAPTAP_LOG__LEVEL: 'error', IMAPTAP_LOG__WIRE: 'true', IMAPTAP_LISTEN: 'imap://127.0.0.1:2' },
      yaml: `upstream: ${upstream}\nlog: {level: warn, wire: false, file: x.log}\nlisten: imap://127.0.0.1:3`,
    })
    expect(config.log).toEqual({ level: 'debug', wire: true, file: '/etc/x.log' })
    expect(config.listen).toEqual([{ protocol: 'imap', host: '127.0.0.1', port: 2 }])
  })

  it('reads the file that IMAPTAP_CONFIG names', () => {
    const env = { IMAPTAP_CONFIG: 'x.yaml' }
    expect(
      load({ env, readFile: (path) => ({ ok: true, value: `upstream: imaps://${path}` }) }).upstream.host,
    ).toBe('x.yaml')
  })

  it('takes -q and -v as levels, and an exact level before both', () => {
    expect(load({ flags: { upstream, quiet: true } }).log.level).toBe('warn')
    expect(load({ flags: { upstream, verbose: true } }).log.level).toBe('debug')
    expect(load({ flags: { upstream, quiet: true, logLevel: 'silent' } }).log.level).toBe('silent')
  })
})

describe('a configuration is refused', () => {
  it('without an upstream, naming the place where it is missed', () => {
    expect(refusal({}).message).toMatch(/^--upstream: is required/)
    expect(refusal({}).isUsage).toBe(true)
    expect(refusal({ yaml: 'log: {}' }).message).toMatch(/^\/etc\/it\.yaml:1:1: upstream: is required/)
    expect(refusal({ yaml: 'log: {}' }).isUsage).toBe(false)
  })

  it('with the problems of all sources at once', () => {
    const { problems } = refusal({
      flags: { upstream: 'x', leafKey: 'dsa' },
      env: { IMAPTAP_LOG__LEVEL: 'loud' },
      yaml: 'dashboard: maybe\nfoo: 1',
    })
    expect(problems.map(({ where }) => where)).toEqual([
      '--upstream',
      '--leaf-key',
      'IMAPTAP_LOG__LEVEL',
      '/etc/it.yaml:1:12: dashboard',
      '/etc/it.yaml:2:1: foo',
    ])
  })

  it('with a certificate and no key, wherever it was named', () => {
    expect(refusal({ flags: { upstream, cert: '/c' } }).message).toMatch(/^--cert: needs its private key/)
    expect(refusal({ env: { IMAPTAP_UPSTREAM: upstream, IMAPTAP_TLS__KEY: '/k' } }).message).toMatch(
      /^IMAPTAP_TLS__KEY: needs its certificate/,
    )
    const inFile = refusal({ yaml: `upstream: ${upstream}\ntls:\n  cert: c.pem` })
    expect(inFile.message).toMatch(/^\/etc\/it\.yaml:3:9: tls\.cert: needs its private key/)
  })

  it('with a certificate in one source and its key in another it is not', () => {
    const { tls } = load({ flags: { upstream, cert: '/c' }, env: { IMAPTAP_TLS__KEY: '/k' } })
    expect([tls.cert, tls.key]).toEqual(['/c', '/k'])
  })

  it('with a file that cannot be read', () => {
    const { message } = refusal({ yaml: `upstream: {url: ${upstream}, ca: missing.pem}` })
    expect(message).toBe('/etc/it.yaml:1:47: upstream.ca: cannot read /etc/missing.pem')
    const long = refusal({ yaml: `upstream: {url: ${upstream}, ca: ${'x'.repeat(200)}/missing.pem}` })
    expect(long.message).toBe(`/etc/it.yaml:1:47: upstream.ca: cannot read …${'x'.repeat(27)}/missing.pem`)
  })

  it('with one listener named twice, unless the system chooses the port', () => {
    const twice = ['imap://127.0.0.1:1', 'imaps://127.0.0.1:1']
    expect(refusal({ flags: { upstream, listen: twice } }).message).toBe(
      '--listen: names imaps://127.0.0.1:1 twice',
    )
    const chosen = ['imap://127.0.0.1:0', 'imaps://127.0.0.1:0']
    expect(load({ flags: { upstream, listen: chosen } }).listen).toHaveLength(2)
  })

  it.each([
    ['imaps://127.0.0.1:1993', 'imaps://127.0.0.1:1993'],
    ['imaps://localhost:1993', 'imaps://*:1993'],
    ['imap://10.0.0.1:1143', 'imap://10.0.0.1:1143'],
  ])('when the upstream %s is its own listener %s', (url, listen) => {
    expect(refusal({ flags: { upstream: url, listen: [listen] } }).message).toContain('is the proxy itself')
  })

  it('when the file cannot be had', () => {
    const error = refusal({
      flags: { config: 'x.yaml' },
      readFile: () => ({ ok: false, message: 'no such file' }),
    })
    expect(error.message).toBe('x.yaml: no such file')
    expect(error.isUsage).toBe(false)
  })
})
