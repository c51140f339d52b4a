/** The schema that editors use is the one that checks. */

import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { writeJsonSchema } from '../../src/config/publish-schema.ts'
import { isMap, settings } from '../../src/config/settings.ts'

it('config.schema.json is fresh: run node src/config/publish-schema.ts', () => {
  const published = readFileSync(new URL('../../config.schema.json', import.meta.url), 'utf8')
  expect(published).toBe(writeJsonSchema())
})

it('every setting of the table is in the schema, and the schema has no other', () => {
  const paths = settings.map(({ path }) => path.join('.'))
  const listed = listPaths(JSON.parse(writeJsonSchema()), [])
  // What is within a policy has no flag and no variable.
  const settable = listed.filter((path) => !path.startsWith('policy.'))
  expect(settable.toSorted()).toEqual([...paths, 'upstream'].toSorted())
})

it('every setting is described', () => {
  const schema = writeJsonSchema()
  for (const { path } of settings) {
    expect(schema).toMatch(new RegExp(`"${path.at(-1)}": \\{\\s+"description": "`))
  }
})

/** The leaves, and a map that may also be a text. */
function listPaths(schema: unknown, path: readonly string[]): readonly string[] {
  if (!isMap(schema)) return []
  const { properties, anyOf } = schema
  if (isMap(properties)) {
    return Object.entries(properties).flatMap(([key, inner]) => listPaths(inner, [...path, key]))
  }
  const inner = Array.isArray(anyOf) ? anyOf.flatMap((branch) => listPaths(branch, path)) : []
  return [...new Set([...inner, ...(inner.length === 0 ? [path.join('.')] : [])])]
}
