/** What both lanes of a session are made of; type only. */

import type { Kept, MakeDigester } from '../imap/assembler.ts'
import type { Conversation } from './conversation.ts'
import type { Gate } from './gate.ts'
import type { Send } from './lane.ts'

export interface LaneParts {
  readonly talk: Conversation
  readonly gate: Gate
  readonly send: Send
  readonly makeDigester: MakeDigester | undefined
  readonly kept: Kept | undefined
}
