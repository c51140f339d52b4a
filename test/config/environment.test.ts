/** What IMAPTAP_* variables may say. */

import { describe, expect, it } from 'vitest'
import { readEnvironment, type Environment } from '../../src/config/environment.ts'
import { writeProblem } from '../../src/config/problem.ts'

function settingsOf(env: Environment) {
  const read = readEnvironment(env)
  if (!('settings' in read)) throw new Error(read.map(writeProblem).join('\n'))
  return read.settings
}

function problemsOf(env: Environment): readonly string[] {
  const read = readEnvironment(env)
  return 'settings' in read ? [] : read.map(writeProblem)
}

describe('the environment', () => {
  it('names every kind of setting', () => {
    const env = {
      IMAPTAP_UPSTREAM: 'imaps://x',
      IMAPTAP_UPSTREAM__INSECURE: 'yes',
      IMAPTAP_LISTEN: 'imap://a:1, imaps://b:2',
      IMAPTAP_HIDE_CAPABILITIES: 'IDLE,X-*',
      IMAPTAP_TLS__CA_DIR: 'ca',
      IMAPTAP_LOG__WIRE: '0',
      IMAPTAP_DASHBOARD: 'off',
      IMAPTAP_CONTROL__SOCKET: 'run/c.sock',
    }
    expect(settingsOf(env)).toEqual({
      upstream: { url: 'imaps://x', insecure: true },
      listen: ['imap://a:1', 'imaps://b:2'],
      hideCapabilities: ['IDLE', 'X-*'],
      tls: { caDir: 'ca' },
      log: { wire: false },
      findings: {},
      control: { socket: 'run/c.sock' },
      capture: {},
      audit: {},
      proxyProtocol: {},
      dashboard: false,
    })
  })

  it('switches the control socket off by any word for no', () => {
    expect(settingsOf({ IMAPTAP_CONTROL__SOCKET: 'off' }).control).toEqual({ socket: false })
    expect(settingsOf({ IMAPTAP_CONTROL__SOCKET: 'yes' }).control).toEqual({ socket: 'yes' })
  })

  it('says nothing by an empty variable', () => {
    expect(settingsOf({ IMAPTAP_UPSTREAM: '', IMAPTAP_LOG__LEVEL: '' }).upstream).toEqual({})
  })

  it('may hold what Kubernetes sets for a service called imaptap', () => {
    const env = { IMAPTAP_PORT: 'tcp://10.0.0.1:993', IMAPTAP_PORT_993_TCP: 'x', IMAPTAP_SERVICE_HOST: 'x' }
    expect(problemsOf(env)).toEqual([])
  })

  it.each([
    ['IMAPTAP_UPSTREM', 'unknown variable, did you mean IMAPTAP_UPSTREAM?'],
    ['IMAPTAP_LOG__LEVLE', 'unknown variable, did you mean IMAPTAP_LOG__LEVEL?'],
    ['IMAPTAP_TLS__SOMETHING', 'unknown variable'],
  ])('is refused for a slip such as %s', (name, message) => {
    expect(problemsOf({ [name]: 'x' })).toEqual([`${name}: ${message}`])
  })

  it('names the variable of each wrong value, without a password', () => {
    const env = { IMAPTAP_UPSTREAM: 'imaps://bob:hunter2@x', IMAPTAP_LOG__WIRE: 'maybe' }
    const problems = problemsOf(env)
    expect(problems[0]).toMatch(/^IMAPTAP_UPSTREAM: must not carry/)
    expect(problems[1]).toBe('IMAPTAP_LOG__WIRE: expected true or false, got text')
    expect(problems.join('')).not.toContain('hunter2')
  })
})
