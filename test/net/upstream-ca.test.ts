import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { AuthorityError } from '../../src/net/ca-files.ts'
import { readUpstreamCa } from '../../src/net/upstream-ca.ts'
import { openIdentities } from '../support/identities.ts'
import { createTempFolder, type TempFolder } from '../support/temp-folder.ts'

let folder: TempFolder
beforeAll(async () => {
  folder = await createTempFolder('trusted')
  writeFileSync(folder.join('garbage.pem'), 'not a certificate')
})
afterAll(() => folder.remove())

it('an authority is read as it stands in its file', async () => {
  const { caFile } = await openIdentities(folder.join('ca'))
  expect(readUpstreamCa(caFile).toString()).toMatch(/^-----BEGIN CERTIFICATE-----\n/)
})

it.each([
  ['missing.pem', /cannot read .*missing\.pem: ENOENT/],
  ['.', /cannot read .*: EISDIR/],
  ['garbage.pem', /garbage\.pem is not a readable PEM certificate/],
])('%s is refused with the flag to mend', (name, reason) => {
  const read = (): Buffer => readUpstreamCa(folder.join(name))
  expect(read).toThrow(reason)
  expect(read).toThrow(AuthorityError)
  expect(read).toThrow(expect.objectContaining({ advice: expect.stringMatching(/--upstream-ca FILE/) }))
})
