/** What each client is sent to do under a policy, one step after the other, and the words in which it tells what came of it. */

import type { ClientLogin } from '../../support/clients/client.ts'

/** In this order: what a profile lets through changes what later steps find. */
export const steps = [
  'list',
  'open',
  'read',
  'flag',
  'mark deleted',
  'expunge',
  'copy',
  'move',
  'append',
  'draft',
  'create',
  'subscribe',
  'delete',
  'close',
] as const
export type Step = (typeof steps)[number]

/** `OK`, or how the client tells of the refusal; of `list`, `open` and `read` what it found. A client may lack a step. */
export type Told = Readonly<Partial<Record<Step, string>>>

export interface Errand {
  readonly name: string
  readonly tool: { readonly program: string; readonly package: string } | undefined
  readonly run: (login: ClientLogin) => Promise<Told>
}

export const draft = 'Subject: a draft\r\n\r\nnot sent yet\r\n'
