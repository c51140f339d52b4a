/** One ECDSA P-256 certificate for upstream and every proxy of a run, so that all do the same work in a handshake. */

import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Certificates {
  /** PEM file of the authority that signed the certificate. */
  readonly authority: string
  readonly certificate: string
  readonly key: string
  /** Certificate and key in one file, as haproxy wants them. */
  readonly bundle: string
}

export function makeCertificates(folder: string): Certificates {
  const at = (name: string): string => join(folder, name)
  const files = {
    authority: at('ca.crt'),
    certificate: at('leaf.crt'),
    key: at('leaf.key'),
    bundle: at('leaf.pem'),
  }
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  openssl(
    ['req', '-x509', ...newKey, '-days', '2', '-subj', '/CN=imaptap bench CA', '-keyout', at('ca.key')],
    files.authority,
  )
  openssl(['req', ...newKey, '-subj', '/CN=localhost', '-keyout', files.key], at('leaf.csr'))
  writeFileSync(at('leaf.ext'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\n')
  const signer = [
    '-CA',
    files.authority,
    '-CAkey',
    at('ca.key'),
    '-CAcreateserial',
    '-extfile',
    at('leaf.ext'),
  ]
  openssl(['x509', '-req', '-in', at('leaf.csr'), ...signer, '-days', '2'], files.certificate)
  writeFileSync(files.bundle, readFileSync(files.certificate, 'utf8') + readFileSync(files.key, 'utf8'), {
    mode: 0o600,
  })
  return files
}

function openssl(args: readonly string[], out: string): void {
  const done = spawnSync('openssl', [...args, '-out', out], { encoding: 'utf8' })
  if (done.error) throw new Error(`openssl is needed to make certificates: ${done.error.message}`)
  if (done.status !== 0) throw new Error(`openssl ${args[0] ?? ''} failed: ${done.stderr}`)
}
