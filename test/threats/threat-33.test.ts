/** Threat 33: a client that speaks for a proxy that the server trusts. */

import { expect, it } from 'vitest'

import { quote } from '../oracle/direct.ts'
import { Peer } from '../support/peer.ts'
import { cuts, describeThreat } from './support.ts'

const spoofed = [
  'x-originating-ip',
  'x-originating-port',
  'x-connected-ip',
  'x-connected-port',
  'x-proxy-ttl',
  'x-session-id',
  'x-session-ext-id',
  'x-forward-user',
  'x-forward-anything',
  'x-connected-name',
  'X-Originating-IP',
  'X-FORWARD-x',
]

/** Dovecot believes whoever comes from here. */
const trusting = {
  extra:
    'login_trusted_networks = 127.0.0.0/8\nlogin_log_format_elements = user=<%u> rip=%r session=<%{session}>',
}

describeThreat('threat 33: ID spoofing', { dovecot: trusting }, (stage, kind) => {
  it.each(spoofed)('%s is absent upstream', async (field) => {
    const session = await stage().greet()
    await session.send(`a ID ("name" "honest" "${field}" "192.0.2.66" "version" "1")\r\n`)
    await session.peer.until(/^a OK .*\r\n/mu)
    expect(session.upstream).toBe('a ID ("name" "honest" "version" "1")\r\n')
  })

  it.each([
    '" x-originating-ip" "192.0.2.66"',
    '"x-originating-ip " "192.0.2.66"',
    '{16+}\r\nx-originating-ip "192.0.2.66"',
    '"x-originating-ip" {10+}\r\n192.0.2.66',
    '"x-originating-ip" NIL',
    '"x-originating-ip" "192.0.2.66" "x-originating-ip" "192.0.2.67"',
  ])('so it is as %j', async (pair) => {
    const session = await stage().greet()
    await session.send(`a ID (${pair})\r\n`)
    await session.peer.until(/^a (?:OK|BAD) .*\r\n/mu)
    expect(session.upstream).not.toMatch(/originating|192\.0\.2/iu)
  })

  const id = 'a ID ("x-originating-ip" "192.0.2.66" "name" "honest")\r\n'
  it.each(cuts(id))('and so it is cut at %d', async (at) => {
    const session = await stage().greet()
    await session.send(id, at)
    await session.peer.until(/^a OK .*\r\n/mu)
    expect(session.upstream).toBe('a ID ("name" "honest")\r\n')
  })

  it('the server takes the client for who it is', async () => {
    const session = await stage().greet()
    await session.send('a ID ("x-originating-ip" "192.0.2.66")\r\n')
    await session.peer.until(/^a OK .*\r\n/mu)
    await session.expectOk(`LOGIN ann ${quote(stage().passwordOf('ann'))}`)
    const logs = stage().logs()
    expect(logs).not.toContain('192.0.2.66')
    // It would have: or nothing above would mean a thing.
    if (kind !== 'dovecot') return
    const peer = await Peer.open(stage().port)
    await peer.until(/^\* OK .*\r\n/mu)
    await peer.run('a ID ("x-originating-ip" "192.0.2.77")')
    await peer.run(`b LOGIN ann ${quote(stage().passwordOf('ann'))}`)
    peer.close()
    expect(stage().logs()).toContain('192.0.2.77')
  })
})
