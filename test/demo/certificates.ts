/** Certificates for tests of the demo, minted in a folder of their own; they know no server. */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DemoCertificates } from '../../src/demo/run-demo.ts'
import { Authority } from '../../src/net/authority.ts'

export interface TestCertificates extends DemoCertificates {
  /** The authority's PEM file. */
  readonly file: string
  remove(): Promise<void>
}

export async function mintForTest(name = 'localhost'): Promise<TestCertificates> {
  const dir = await mkdtemp(join(tmpdir(), 'imaptap-test-'))
  const authority = await Authority.open({ dir, leafKey: 'ecdsa' })
  return {
    tls: { secureContext: authority.contextFor(name) },
    authority: authority.certificatePem,
    file: authority.path,
    remove: () => rm(dir, { recursive: true, force: true }),
  }
}
