/** Threat 14: a server with somebody else's name (RFC 7817). */

import { generateKeyPairSync } from 'node:crypto'
import type { SecureContextOptions } from 'node:tls'
import { describe, expect, it } from 'vitest'

import { openCa } from '../../src/net/ca-files.ts'
import { toPem, writeCertificate, type AlternativeName } from '../../src/net/certificate.ts'
import { behindStartTls, behindTls, speakImap, type Conduct } from '../support/fake-upstream.ts'
import { createTempFolder } from '../support/temp-folder.ts'
import { Legs, useLegs } from './legs.ts'

const day = 24 * 60 * 60 * 1000
const login = 'a LOGIN ann hush-hush\r\n'

describe.each(['imaps', 'imap+starttls'] as const)('threat 14: wrong identity, by %s', (protocol) => {
  const legs = useLegs({ protocol })

  function serve(identity: SecureContextOptions): string[] {
    const lines: string[] = []
    const onLine = (line: string): void => void lines.push(line)
    const wrap: (identity: SecureContextOptions, conduct: Conduct) => Conduct =
      protocol === 'imaps' ? behindTls : behindStartTls
    legs().serve(wrap(identity, speakImap({ onLine, ...(protocol !== 'imaps' && { greeting: '' }) })))
    return lines
  }

  async function expectRefused(identity: SecureContextOptions, why: RegExp): Promise<void> {
    const failed = legs().live.of('tls-failed').length
    const lines = serve(identity)
    const peer = await legs().openTls()
    expect(await peer.send(login).end()).toMatch(/^\* BYE \[UNAVAILABLE\] /u)
    expect(lines).toEqual([])
    expect(legs().received).not.toContain('hush')
    const [told] = legs().live.of('tls-failed').slice(failed)
    expect(told).toMatchObject({ side: 'server' })
    expect(`${told?.reason} ${told?.advice}`).toMatch(why)
  }

  async function expectTaken(identity: SecureContextOptions): Promise<void> {
    const lines = serve(identity)
    const peer = await legs().openTls()
    expect(await peer.send(login).until(/^a .*\r\n/mu)).toMatch(/^a OK /mu)
    expect(lines).toEqual([login.trimEnd()])
    peer.close()
  }

  const issue = (names: readonly AlternativeName[], commonName = '') => issueFor(legs(), names, commonName)

  it('the right one is taken', () => expectTaken(legs().identities.issue('127.0.0.1')))

  it('another name is refused', () =>
    expectRefused(legs().identities.issue('mail.example'), /mail\.example|127\.0\.0\.1/u))

  it('an expired one is refused', () =>
    expectRefused(legs().identities.issue('127.0.0.1', -9, -1), /expired/iu))

  it('one that is not yet valid is refused', () =>
    expectRefused(legs().identities.issue('127.0.0.1', 1, 9), /valid/iu))

  it('the common name counts for nothing', async () =>
    expectRefused(await issue([], '127.0.0.1'), /127\.0\.0\.1/u))

  it('nor beside another alternative name', async () =>
    expectRefused(await issue([{ kind: 'dns', name: 'mail.example' }], '127.0.0.1'), /127\.0\.0\.1/u))

  it.each(['127.0.0.1\0.evil.example', '127.0.0.1, IP Address:127.0.0.1', '*', '*.0.0.1', '127.0.0.1'])(
    'a DNS name %j is no address',
    async (name) => expectRefused(await issue([{ kind: 'dns', name }]), /127\.0\.0\.1/u),
  )

  it('one of an authority that nobody trusts is refused', async () => {
    const folder = await createTempFolder('t14')
    const { issuer } = await openCa(folder.join('ca'))
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const cert = writeCertificate({
      commonName: '',
      publicKey,
      role: 'server',
      names: [{ kind: 'ip', address: '127.0.0.1' }],
      notBefore: new Date(Date.now() - day),
      notAfter: new Date(Date.now() + day),
      signedBy: issuer,
    })
    await folder.remove()
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' })
    await expectRefused({ cert: toPem(cert), key }, /trust|authority|signed|issuer/iu)
  })

  it('a session that one server gave is no passport for another', async () => {
    for (let round = 0; round < 3; round++) await expectTaken(legs().identities.issue('127.0.0.1'))
    for (let round = 0; round < 3; round++)
      await expectRefused(legs().identities.issue('mail.example'), /mail\.example|127\.0\.0\.1/u)
    await expectTaken(legs().identities.issue('127.0.0.1'))
  })
})

describe.each(['TLSv1.2', 'TLSv1.3'] as const)(
  'threat 14: a name for one of two hosts, under %s',
  (maxVersion) => {
    it('is none for the other, though it was resumed where it is right', async () => {
      const a = await Legs.start({ protocol: 'imaps', upstreamName: 'a.example' })
      const b = await Legs.start({ protocol: 'imaps', upstreamName: 'b.example', upstreamCa: a.caFile })
      try {
        const ticketKeys = Buffer.alloc(48, 7)
        const identity = { ...a.identities.issue('a.example'), maxVersion, ticketKeys, sessionIdContext: 'x' }
        for (const legs of [a, b]) legs.serve(behindTls(identity, speakImap()))
        for (let round = 0; round < 3; round++) {
          const peer = await a.openTls()
          await peer.until(/^\* OK fake ready\r\n/u)
          peer.close()
        }
        for (let round = 0; round < 3; round++) {
          const peer = await b.openTls()
          expect(await peer.end()).toMatch(/^\* BYE \[UNAVAILABLE\] /u)
        }
      } finally {
        await a.stop()
        await b.stop()
      }
    })
  },
)

async function issueFor(
  legs: Legs,
  names: readonly AlternativeName[],
  commonName: string,
): Promise<SecureContextOptions> {
  const { issuer } = await openCa(legs.caFolder)
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const cert = writeCertificate({
    commonName,
    publicKey,
    role: 'server',
    names,
    notBefore: new Date(Date.now() - day),
    notAfter: new Date(Date.now() + day),
    signedBy: issuer,
  })
  return { cert: toPem(cert), key: privateKey.export({ type: 'pkcs8', format: 'pem' }) }
}
