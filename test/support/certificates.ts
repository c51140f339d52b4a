/** A test authority and a server certificate signed by it, minted with openssl into a folder. */

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { runOrThrow } from './child.ts'
import { toolPath } from './tools.ts'

export interface CertificateFiles {
  readonly caFile: string
  readonly certFile: string
  readonly keyFile: string
}

const names = 'DNS:localhost,IP:127.0.0.1,IP:127.0.0.2,IP:::1'

/** Good for `localhost` and the loopback addresses, for two days. */
export async function mintCertificates(folder: string): Promise<CertificateFiles> {
  const files = {
    caFile: join(folder, 'ca.pem'),
    certFile: join(folder, 'server.pem'),
    keyFile: join(folder, 'server.key'),
  }
  const caKeyFile = join(folder, 'ca.key')
  const requestFile = join(folder, 'server.csr')
  const extensionsFile = join(folder, 'server.ext')
  await writeFile(
    extensionsFile,
    `subjectAltName=${names}\nbasicConstraints=critical,CA:FALSE\nextendedKeyUsage=serverAuth\n`,
  )
  await openssl([
    'req',
    '-x509',
    ...newKey(caKeyFile),
    '-subj',
    '/CN=imaptap test authority',
    '-out',
    files.caFile,
    '-days',
    '2',
  ])
  await openssl(['req', '-new', ...newKey(files.keyFile), '-subj', '/CN=localhost', '-out', requestFile])
  await openssl(
    ['x509', '-req', '-in', requestFile, '-CA', files.caFile, '-CAkey', caKeyFile, '-CAcreateserial'].concat([
      '-extfile',
      extensionsFile,
      '-out',
      files.certFile,
      '-days',
      '2',
    ]),
  )
  return files
}

function newKey(keyFile: string): string[] {
  return ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', keyFile]
}

async function openssl(args: readonly string[]): Promise<void> {
  await runOrThrow(toolPath('openssl'), args)
}
