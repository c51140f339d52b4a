/** Writes the tables of docs/policy.md from what conditions can ask for; it does not know how a table looks. */

import { readFileSync, writeFileSync } from 'node:fs'
import { withLanguage } from '../policy/language-page.ts'

const page = new URL('../../docs/policy.md', import.meta.url)

if (import.meta.main) writeFileSync(page, withLanguage(readFileSync(page, 'utf8')))
