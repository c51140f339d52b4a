/** Writes config.schema.json for editors, from the same schema that checks files; it does not know who reads it. */

import { writeFileSync } from 'node:fs'
import { z } from 'zod'
import { settingsSchema } from './schema.ts'

export function writeJsonSchema(): string {
  const schema = { title: 'imaptap configuration', ...z.toJSONSchema(settingsSchema, { io: 'input' }) }
  return `${JSON.stringify(schema, null, 2)}\n`
}

if (import.meta.main) writeFileSync(new URL('../../config.schema.json', import.meta.url), writeJsonSchema())
