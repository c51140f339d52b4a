/** The page about policies says what conditions can ask, and its examples are policies that hold. */

import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

import { loadPolicyFile } from '../../src/config/policy-settings.ts'
import { compilePolicy } from '../../src/policy/compile.ts'
import { variables } from '../../src/policy/context.ts'
import { withLanguage } from '../../src/policy/language-page.ts'

const page = readFileSync(new URL('../../docs/policy.md', import.meta.url), 'utf8')

it('is up to date: node src/cli/publish-policy-page.ts', () => {
  expect(page).toBe(withLanguage(page))
})

it('has every variable', () => {
  for (const { name } of variables) expect(page).toContain(`| \`${name}\` |`)
})

const examples = [...page.matchAll(/^```yaml\n(.*?)^```/gmsu)].map(([, yaml = '']) => yaml)

it('has examples', () => {
  expect(examples.length).toBeGreaterThan(3)
})

it.each(examples)('has an example that is a policy: %s', (yaml) => {
  const { document } = loadPolicyFile('example.yaml', (path) =>
    path.endsWith('example.yaml')
      ? { ok: true, value: yaml }
      : { ok: true, value: readFileSync(path, 'utf8') },
  )
  expect(compilePolicy(document)).toMatchObject({ ok: true })
})
