/** Rows of the list of extensions: search. */

import type { Extension } from './extension.ts'

export const search: readonly Extension[] = []
