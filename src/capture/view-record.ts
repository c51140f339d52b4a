/** A session's view as its changes since the last record, and back; knows no event. */

import type { SelectedMailbox, SessionState, SessionView } from '../session/session.ts'
import { isFields, optionalText, type Fields } from './fields.ts'

type Kind = 'state' | 'text' | 'flag' | 'number' | 'list' | 'mailbox'

/** Every field, so that the compiler asks for a new one here. */
const viewFields = {
  state: 'state',
  user: 'text',
  client: 'text',
  server: 'text',
  mailbox: 'mailbox',
  capabilities: 'list',
  enabled: 'list',
  isIdle: 'flag',
} satisfies Record<keyof SessionView, Kind>

const mailboxFields = {
  name: 'text',
  isReadOnly: 'flag',
  exists: 'number',
  uidValidity: 'number',
  uidNext: 'number',
} satisfies Record<keyof SelectedMailbox, Kind>

const states: readonly unknown[] = [
  'opening',
  'not-authenticated',
  'authenticated',
  'selected',
  'logout',
] satisfies readonly SessionState[]

/** Whether a value of JSON may stand in such a field; `null` says that it is no longer known. */
function fits(kind: Kind, value: unknown): boolean {
  if (kind === 'state') return states.includes(value)
  if (kind === 'flag') return typeof value === 'boolean'
  if (kind === 'list') return Array.isArray(value) && value.every((item) => typeof item === 'string')
  if (value === null) return true
  if (kind === 'mailbox') return isFields(value)
  return typeof value === (kind === 'text' ? 'string' : 'number')
}

// `Object.keys` knows the names of a literal's fields as text only.
const viewKeys = Object.keys(viewFields) as (keyof SessionView)[]
const mailboxKeys = Object.keys(mailboxFields) as (keyof SelectedMailbox)[]

/** What a session looks like before anything is known of it. */
export const unknownView: SessionView = {
  state: 'opening',
  user: undefined,
  client: undefined,
  server: undefined,
  mailbox: undefined,
  capabilities: [],
  enabled: [],
  isIdle: false,
}

/** The fields that differ, `null` for what is gone; undefined when nothing does. */
export function diffView(view: SessionView, told: SessionView): Fields | undefined {
  let changes: Record<string, unknown> | undefined
  for (const key of viewKeys) {
    const kind = viewFields[key]
    if (kind === 'mailbox') {
      const change = diffMailbox(view.mailbox, told.mailbox)
      if (change !== undefined) (changes ??= {})['mailbox'] = change
    } else if (view[key] !== told[key] && !(kind === 'list' && isSameList(view[key], told[key]))) {
      ;(changes ??= {})[key] = view[key] ?? null
    }
  }
  return changes
}

/** A mailbox of another name is told whole, by its name. */
function diffMailbox(
  mailbox: SelectedMailbox | undefined,
  told: SelectedMailbox | undefined,
): Fields | null | undefined {
  if (!mailbox) return told ? null : undefined
  if (told?.name !== mailbox.name) return { ...mailbox }
  let changes: Record<string, unknown> | undefined
  for (const key of mailboxKeys) if (mailbox[key] !== told[key]) (changes ??= {})[key] = mailbox[key] ?? null
  return changes
}

const isSameList = (one: unknown, other: unknown): boolean =>
  Array.isArray(one) &&
  Array.isArray(other) &&
  one.length === other.length &&
  one.every((item, at) => item === other[at])

/** A live view as it is now. */
export function copyView(view: SessionView): SessionView {
  const { state, user, client, server, mailbox, capabilities, enabled, isIdle } = view
  return { state, user, client, server, mailbox: mailbox && { ...mailbox }, capabilities, enabled, isIdle }
}

/** The view after these changes. What is not of the right kind is as it was: a capture may be edited by hand. */
export function patchView(told: SessionView, changes: unknown): SessionView {
  if (!isFields(changes)) return told
  const view: Record<string, unknown> = { ...told }
  for (const key of viewKeys) {
    const value = changes[key]
    if (value === undefined || !fits(viewFields[key], value)) continue
    view[key] = key === 'mailbox' ? patchMailbox(told.mailbox, value) : readValue(viewFields[key], value)
  }
  // Every field of a view was there, and each new value fits its field.
  return view as unknown as SessionView
}

/** A mailbox with a name is another one; without one it is what was selected, of which something changed. */
function patchMailbox(told: SelectedMailbox | undefined, value: unknown): SelectedMailbox | undefined {
  if (!isFields(value)) return undefined
  const base = typeof value['name'] === 'string' ? { ...unknownMailbox, name: value['name'] } : told
  if (!base) return undefined
  const mailbox: Record<string, unknown> = { ...base }
  for (const key of mailboxKeys) {
    const own = value[key]
    const kind = mailboxFields[key]
    const isOwn = own === null ? kind === 'number' : own !== undefined && fits(kind, own)
    if (isOwn) mailbox[key] = readValue(kind, own)
  }
  // As for a view.
  return mailbox as unknown as SelectedMailbox
}

const readValue = (kind: Kind, value: unknown): unknown =>
  kind === 'text' ? optionalText(value) : (value ?? undefined)

const unknownMailbox: SelectedMailbox = {
  name: '',
  isReadOnly: false,
  exists: undefined,
  uidValidity: undefined,
  uidNext: undefined,
}
