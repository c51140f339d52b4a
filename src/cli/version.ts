/** Which imaptap this is; package.json alone knows. */

import { readFileSync } from 'node:fs'

export function readVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  const [, version = 'unknown'] = /"version": "([^"]+)"/.exec(text) ?? []
  return version
}
