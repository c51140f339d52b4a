/** Who may compress: what is announced of COMPRESS (RFC 4978), and what the command is answered; knows no streams. */

import type { CompressMode } from '../relay/compression.ts'
import { forward, type CommandFacts, type CommandVerdict, type LegFacts } from '../relay/verdict.ts'
import { isAuthenticated } from '../session/state.ts'

const DEFLATE = 'COMPRESS=DEFLATE'

/** The capabilities with COMPRESS=DEFLATE as this mode has it; what is changed is told in `notes`, a sentence for each change. */
export function adaptCompress(
  mode: CompressMode,
  capabilities: readonly string[],
  { view, isLoginOpen, isCompressed }: LegFacts,
  notes: string[],
): readonly string[] {
  if (mode === 'follow') return capabilities
  const isLoggedIn = isLoginOpen || isAuthenticated(view.state)
  const isOffered = isOurs(mode) && isLoggedIn && !isCompressed
  const has = capabilities.some((name) => name.toUpperCase() === DEFLATE)
  if (isOffered === has) return capabilities
  notes.push(isOffered ? `${DEFLATE} is offered: imaptap answers it on the client's leg` : whyHidden(mode))
  return isOffered
    ? [...capabilities, DEFLATE]
    : capabilities.filter((name) => name.toUpperCase() !== DEFLATE)
}

export function decideCompress(
  mode: CompressMode,
  { message }: CommandFacts,
  legs: LegFacts,
): CommandVerdict {
  const command = message?.command()
  const isRead = command?.ok === true && command.value.name === 'COMPRESS'
  return decideAlgorithm(mode, isRead ? command.value.algorithm : '', legs)
}

/** The same for a command that was read already. */
export function decideAlgorithm(
  mode: CompressMode,
  algorithm: string,
  { view, isCompressed }: Pick<LegFacts, 'view' | 'isCompressed'>,
): CommandVerdict {
  if (algorithm.toUpperCase() !== 'DEFLATE')
    return refuse('CANNOT', 'only DEFLATE is read here', 'imaptap reads DEFLATE only')
  if (isCompressed)
    return refuse('COMPRESSIONACTIVE', 'DEFLATE is active already', 'the connection is compressed already')
  if (mode === 'follow') return forward
  if (!isOurs(mode)) return refuse('CANNOT', 'compression is not available here', whyRefused(mode))
  return isAuthenticated(view.state)
    ? { kind: 'compress' }
    : refuse('CANNOT', 'compression is for after login', 'nobody is logged in')
}

/** The client's leg is compressed by imaptap itself, whatever upstream offers. */
const isOurs = (mode: CompressMode): boolean => mode === 'client' || mode === 'both'

function whyHidden(mode: CompressMode): string {
  return isOurs(mode)
    ? `${DEFLATE} is hidden: the client's leg has no use for it now`
    : `${DEFLATE} is hidden: ${whyRefused(mode)}`
}

const whyRefused = (mode: CompressMode): string =>
  mode === 'upstream' ? 'imaptap compresses towards the server by itself' : 'asked for by --compress never'

function refuse(code: string, text: string, reason: string): CommandVerdict {
  return {
    kind: 'answer',
    status: 'NO',
    code,
    text,
    rule: 'compress',
    note: `COMPRESS was refused: ${reason}`,
  }
}
