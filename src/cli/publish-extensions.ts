/** Writes docs/extensions.md from the list of extensions; it does not know how a row looks. */

import { writeFileSync } from 'node:fs'
import { extensions } from '../imap/extensions/index.ts'
import { writePage } from '../imap/extensions/page.ts'

const page = new URL('../../docs/extensions.md', import.meta.url)

if (import.meta.main) writeFileSync(page, writePage(extensions))
