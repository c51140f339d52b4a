/** The certificates that clients get to see: the operator's own, or those of the local CA; knows no TLS. */

import type { Config } from '../config/config.ts'
import { Authority } from '../net/authority.ts'
import { defaultCaDir } from '../net/ca-files.ts'
import { presentCertificate, type CertificateSource } from '../net/certificate-source.ts'

export interface Certificates {
  readonly source: CertificateSource
  readonly caPath: string | undefined
}

export async function openCertificates({ tls }: Config): Promise<Certificates> {
  if (tls.cert !== undefined && tls.key !== undefined) {
    return { source: await presentCertificate({ cert: tls.cert, key: tls.key }), caPath: undefined }
  }
  const authority = await Authority.open({
    dir: tls.caDir ?? defaultCaDir(process.env),
    leafKey: tls.leafKey,
  })
  return { source: authority, caPath: authority.path }
}
