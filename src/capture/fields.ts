/** Reads fields of a parsed record, whatever stands there; knows no record. */

import { printable } from '../imap/printable.ts'

/** An object of JSON. */
export type Fields = Readonly<Record<string, unknown>>

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Text that a program printed once, and that may have been changed since: nothing in it moves a cursor. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? printable(value) : '')
export const numberOf = (value: unknown): number => (typeof value === 'number' ? value : 0)
export const optionalText = (value: unknown): string | undefined =>
  typeof value === 'string' ? printable(value) : undefined
export const optionalNumber = (value: unknown): number | undefined =>
  typeof value === 'number' ? value : undefined
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
