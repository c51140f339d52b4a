/** GETQUOTA and SETQUOTA (RFC 9208 section 4.1): quota roots by name, and their limits. */

import type { Cursor } from '../cursor.ts'
import { readAString } from '../strings.ts'
import { readList } from '../syntax.ts'
import { readName, readNumber64 } from '../words.ts'
import type { CommandForm } from './form.ts'

export interface GetQuotaCommand {
  readonly tag: string
  readonly name: 'GETQUOTA'
  /** May be empty. */
  readonly root: string
}

export interface SetQuotaCommand {
  readonly tag: string
  readonly name: 'SETQUOTA'
  readonly root: string
  readonly limits: readonly QuotaLimit[]
}

export interface QuotaLimit {
  /** Upper case: `STORAGE`, in units of 1024 octets, `MESSAGE`, `MAILBOX`, `ANNOTATION-STORAGE`, or another. */
  readonly resource: string
  readonly limit: bigint
}

export const getQuota: CommandForm<GetQuotaCommand> = {
  names: ['GETQUOTA'],
  read(cursor, { tag, name }) {
    cursor.readSpace()
    return { tag, name, root: readAString(cursor) }
  },
  write(writer, { root }) {
    writer.space()
    writer.astring(root)
  },
}

export const setQuota: CommandForm<SetQuotaCommand> = {
  names: ['SETQUOTA'],
  read(cursor, { tag, name }) {
    cursor.readSpace()
    const root = readAString(cursor)
    cursor.readSpace()
    return { tag, name, root, limits: readList(cursor, readLimit) }
  },
  write(writer, { root, limits }) {
    writer.space()
    writer.astring(root)
    writer.space()
    writer.list(limits, (to, { resource, limit }) => to.word(`${resource} ${limit}`))
  },
}

function readLimit(cursor: Cursor): QuotaLimit {
  const resource = readName(cursor)
  cursor.readSpace()
  return { resource, limit: readNumber64(cursor) }
}
