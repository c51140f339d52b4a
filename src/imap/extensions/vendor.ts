/** Rows of the list of extensions: vendor. */

import type { Extension } from './extension.ts'

export const vendor: readonly Extension[] = []
