/** Writes docs/findings.md from the list of checks; it does not know how a row looks. */

import { writeFileSync } from 'node:fs'
import { allChecks } from '../findings/checks/index.ts'
import { writeFindingsPage } from '../findings/page.ts'

const page = new URL('../../docs/findings.md', import.meta.url)

if (import.meta.main) writeFileSync(page, writeFindingsPage(allChecks))
