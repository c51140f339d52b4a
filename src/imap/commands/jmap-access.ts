/** GETJMAPACCESS (RFC 9698): asks where the same mail is to be had over JMAP. */

import type { CommandForm } from './form.ts'

export interface JmapAccessCommand {
  readonly tag: string
  readonly name: 'GETJMAPACCESS'
}

export const jmapAccess: CommandForm<JmapAccessCommand> = {
  names: ['GETJMAPACCESS'],
  read: (_cursor, { tag, name }) => ({ tag, name }),
  write: () => {},
}
