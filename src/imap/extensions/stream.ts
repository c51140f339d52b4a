/** Rows of the list of extensions: stream. */

import type { Extension } from './extension.ts'

export const stream: readonly Extension[] = []
