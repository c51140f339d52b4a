/** Rows of the list of extensions: mailbox. */

import type { Extension } from './extension.ts'

export const mailbox: readonly Extension[] = []
