/** Reads the authorities that upstream's certificate is held against; it verifies nothing itself. */

import { readFileSync } from 'node:fs'

import { AuthorityError, readCertificate } from './ca-files.ts'

const advice =
  "give the PEM file of the authority behind the upstream server's certificate: --upstream-ca FILE"

/** The PEM in this file. OpenSSL would take a file without a certificate for one that trusts nobody, in silence. */
export function readUpstreamCa(path: string): Buffer {
  const pem = readOrExplain(path)
  readCertificate(path, pem, advice)
  return pem
}

function readOrExplain(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new AuthorityError(`cannot read ${path}: ${code}`, advice)
  }
}
