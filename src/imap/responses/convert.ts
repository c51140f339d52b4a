/** CONVERTED and CONVERSION as responses (RFC 5259): converted parts of a message, and what can be converted to what. */

import {
  readConvertedItem,
  readCorrelator,
  readParameterNames,
  writeConvertedItem,
  type ConvertedItem,
} from '../conversion.ts'
import { readStringOrNil } from '../strings.ts'
import { readList } from '../syntax.ts'
import { quirkZero } from '../words.ts'
import type { UntaggedForm } from './form.ts'

export interface ConvertedData {
  readonly name: 'CONVERTED'
  readonly message: number
  /** Of the CONVERT that this answers. */
  readonly tag: string
  readonly items: readonly ConvertedItem[]
}

export interface ConversionData {
  readonly name: 'CONVERSION'
  readonly from: string
  readonly to: string
  /** The names of the parameters that the conversion takes. */
  readonly parameters?: readonly string[]
}

export const converted: UntaggedForm<ConvertedData> = {
  names: ['CONVERTED'],
  isNumbered: true,
  read(cursor, { name, number, isZeroFirst }) {
    if (isZeroFirst) quirkZero(cursor, number)
    cursor.readSpace()
    const tag = readCorrelator(cursor)
    cursor.readSpace()
    const items = readList(cursor, readConvertedItem)
    if (items.length === 0) cursor.quirk('empty-list', 'parentheses with nothing in them')
    return { name, message: number, tag, items }
  },
  write(writer, { message, tag, items }) {
    writer.word(`${message} CONVERTED (TAG `)
    writer.string(tag)
    writer.word(') ')
    writer.list(items, writeConvertedItem)
  },
}

export const conversion: UntaggedForm<ConversionData> = {
  names: ['CONVERSION'],
  isNumbered: false,
  read(cursor, { name }) {
    cursor.readSpace()
    const from = readStringOrNil(cursor)
    cursor.readSpace()
    const to = readStringOrNil(cursor)
    const parameters = readParameterNames(cursor)
    return parameters ? { name, from, to, parameters } : { name, from, to }
  },
  write(writer, { from, to, parameters }) {
    writer.word('CONVERSION ')
    writer.string(from)
    writer.space()
    writer.string(to)
    if (!parameters) return
    writer.space()
    writer.list(parameters, (list, name) => list.string(name))
  },
}
