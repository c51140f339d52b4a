/** Certificates for upstreams of tests, good ones and bad ones, from an authority of their own. */

import type { SecureContextOptions } from 'node:tls'

import { openCa } from '../../src/net/ca-files.ts'
import { leafKey, mintLeaf, readServerName } from '../../src/net/leaf.ts'

export interface Identities {
  /** PEM file to trust. */
  readonly caFile: string
  /** Days are counted from now. */
  issue(name: string, validFrom?: number, validTo?: number): SecureContextOptions
}

const dayMs = 24 * 60 * 60 * 1000

export async function openIdentities(folder: string): Promise<Identities> {
  const ca = await openCa(folder)
  const key = await leafKey('ecdsa')
  return {
    caFile: ca.files.certificatePath,
    issue(name, validFrom = -1, validTo = 1) {
      const cert = mintLeaf({
        name: readServerName(name) ?? { kind: 'dns', name: 'localhost' },
        publicKey: key.publicKey,
        issuer: ca.issuer,
        notBefore: new Date(Date.now() + validFrom * dayMs),
        notAfter: new Date(Date.now() + validTo * dayMs),
      })
      return { cert, key: key.privateKeyPem }
    },
  }
}
