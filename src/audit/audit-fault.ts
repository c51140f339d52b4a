/** What is wrong with an audit file, said for people: what, where and what to do; knows no exit code. */

import { printable } from '../imap/printable.ts'

export class AuditFault extends Error {
  readonly advice: string

  constructor(path: string, text: string, advice: string) {
    // In a shared folder anybody may have named a file.
    super(printable(`${path}: ${text}`))
    this.name = 'AuditFault'
    this.advice = printable(advice)
  }
}

/** A state of the file that no system call has a word for. */
export class PlaceError extends Error {
  readonly code: keyof typeof places

  constructor(code: keyof typeof places) {
    super(code)
    this.code = code
  }
}

const places = {
  ENOTOURS: ['it belongs to another user', 'name another file, or remove this one'],
  ENOFILE: ['it is no plain file', 'name another path'],
  ESHARED: [
    'something else writes to it',
    'give each imaptap a file of its own; look at it with: imaptap audit verify FILE',
  ],
  EREMOVED: ['somebody has removed it', 'send SIGHUP, and a new file goes on with the same chain'],
  EREPLACED: [
    'another file lies in its place',
    'move that one away and send SIGHUP, and a new file goes on with the same chain',
  ],
  ECUT: [
    'somebody has cut it short',
    'have it renamed instead of truncated; move it away and send SIGHUP, and a new file goes on with the same chain',
  ],
  ECHANGED: [
    'it does not hold what was written any more',
    'look at it with: imaptap audit verify FILE; move it away and send SIGHUP, and a new file goes on with the same chain',
  ],
} as const

const reasons: Readonly<Record<string, readonly [text: string, advice: string]>> = {
  ...places,
  ENOSPC: ['the disk is full', 'make room'],
  EDQUOT: ['the disk quota of this user is used up', 'make room'],
  EIO: ['the disk reports an error', 'check the disk'],
  EACCES: ['it may not be written', 'name another path, or change who may write there'],
  EPERM: ['it may not be written', 'name another path, or change who may write there'],
  EROFS: ['the file system is read-only', 'name another path'],
  ELOOP: ['it is a symbolic link, which an audit does not follow', 'name the file itself'],
  EISDIR: ['it is a folder', 'name a file'],
  ENOENT: ['its folder does not exist', 'make the folder, or name another path'],
  ENOTDIR: ['its folder is no folder', 'name another path'],
  EEXIST: ['it appeared while it was being made', 'try again'],
}

export function explainError(path: string, error: unknown): AuditFault {
  if (error instanceof AuditFault) return error
  const code = codeOf(error)
  const [text, advice] = reasons[code] ?? [
    error instanceof Error ? error.message : String(error),
    'check the disk',
  ]
  return new AuditFault(path, text, advice)
}

export const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
