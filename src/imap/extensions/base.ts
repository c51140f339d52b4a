/** Rows of the list of extensions: base. */

import type { Extension } from './extension.ts'

export const base: readonly Extension[] = []
