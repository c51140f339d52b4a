/** Rows of the list of extensions: fetch. */

import type { Extension } from './extension.ts'

export const fetch: readonly Extension[] = []
