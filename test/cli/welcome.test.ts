/** The first lines a person reads. */

import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { writeWarnings, writeWelcome } from '../../src/cli/welcome.ts'
import type { Listen } from '../../src/config/config.ts'
import type { Flags } from '../../src/config/flags.ts'
import { loadConfig } from '../../src/config/load.ts'

function configOf(flags: Flags) {
  return loadConfig({ flags: { upstream: 'imaps://x', ...flags }, env: {}, isReadable: () => true })
}

function welcome(address: Listen, flags: Flags = {}, caFile: string | undefined = '/ca.pem') {
  return writeWelcome({ config: configOf(flags), addresses: [address], caFile })
}

describe('the welcome', () => {
  it('offers a trial that works from this machine, whatever address is listened on', () => {
    expect(welcome({ protocol: 'imap', host: '::', port: 1143 }).at(-1)).toBe(
      'try:\n  openssl s_client -quiet -crlf -starttls imap -connect localhost:1143 \\\n    -CAfile /ca.pem',
    )
  })

  it('quotes a path that a shell would split', () => {
    const lines = welcome({ protocol: 'imaps', host: '::1', port: 1 }, {}, "/my ca's/ca.pem")
    expect(lines.at(-1)).toMatch(/-connect \[::1\]:1 \\\n +-CAfile '\/my ca'\\''s\/ca\.pem'$/)
  })

  it('names the folder of the CA in the command that shows it, when it is not the usual one', () => {
    const lines = welcome({ protocol: 'imaps', host: '127.0.0.1', port: 1 }, { caDir: '/my ca' })
    expect(lines.join('\n')).toContain("imaptap ca show --ca-dir '/my ca' says how")
  })

  it('stays within the width of a terminal', () => {
    const address = { protocol: 'imap', host: '127.0.0.1', port: 31143 } as const
    const lines = welcome(address, {}, '/home/ann/.local/share/imaptap/ca.pem').join('\n').split('\n')
    expect(lines.filter((line) => `imaptap: ${line}`.length > 84)).toEqual([])
  })

  it("names the operator's own certificate, and no CA", () => {
    const lines = welcome(
      { protocol: 'imaps', host: '127.0.0.1', port: 1 },
      { cert: '/c.pem', key: '/k.pem' },
    )
    expect(lines.join('\n')).toContain('/c.pem')
    expect(lines.join('\n')).not.toContain('/ca.pem')
  })
})

it('says what is enforced, and where it is audited', () => {
  const profile = fileURLToPath(new URL('../../profiles/read-only.yaml', import.meta.url))
  const config = configOf({ policy: profile, audit: '/var/audit.ndjson' })
  const lines = writeWelcome({ config, addresses: config.listen, caFile: undefined })
  expect(lines).toContain(`enforcing the policy of ${profile}`)
  expect(lines).toContain('auditing to /var/audit.ndjson (strict)')
})

describe('a warning', () => {
  it.each<[string, Flags, Readonly<Record<string, string>>, number]>([
    ['not needed for TLS', {}, {}, 0],
    ['needed for cleartext to another machine', { upstream: 'imap://10.0.0.5' }, {}, 1],
    ['not needed for cleartext on this machine', { upstream: 'imap://localhost' }, {}, 0],
    ['needed for STARTTLS that others can reach', { listen: ['imap://0.0.0.0:1143'] }, {}, 1],
    ['not needed for STARTTLS on this machine', { listen: ['imap://[::1]:1143'] }, {}, 0],
    ['not needed for TLS that others can reach', { listen: ['imaps://0.0.0.0:1993'] }, {}, 0],
    ['needed without verification', { insecureUpstream: true }, {}, 1],
    ['needed for a key log, however it was asked for', { keyLog: 'k' }, {}, 1],
    ['needed for a key log of the environment', {}, { SSLKEYLOGFILE: 'k' }, 1],
  ])('is %s', (_, flags, env, count) => {
    expect(writeWarnings(configOf(flags), env)).toHaveLength(count)
  })
})
