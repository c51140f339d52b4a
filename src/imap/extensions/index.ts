/** Every extension that the language knows; docs/extensions.md is made from it, and a test holds it to the registries. */

import { base } from './base.ts'
import type { Extension } from './extension.ts'
import { fetch } from './fetch.ts'
import { mailbox } from './mailbox.ts'
import { search } from './search.ts'
import { stream } from './stream.ts'
import { vendor } from './vendor.ts'

export type { Extension, Registry } from './extension.ts'

export const extensions: readonly Extension[] = [
  ...base,
  ...stream,
  ...mailbox,
  ...fetch,
  ...search,
  ...vendor,
]
