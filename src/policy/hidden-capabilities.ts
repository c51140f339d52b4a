/** Capabilities that a policy hides: taken out wherever they are announced, and refused when they are used all the same. */

import { printable } from '../imap/printable.ts'
import type { Command } from '../imap/commands/index.ts'
import type { GuardAnswer } from '../relay/guard.ts'
import { capabilitiesOf } from '../imap/announced-capabilities.ts'
import type { Response, UntaggedData, UntaggedResponse } from '../imap/responses/index.ts'
import type { CompressMode } from '../relay/compression.ts'
import type { LegFacts, ResponseVerdict } from '../relay/verdict.ts'
import { fitsCapability, isUnbindable } from './capability-pattern.ts'
import type { UserView } from './mailbox-view.ts'
import { makeRules } from './rules.ts'
import { capabilitiesUsedBy, type Alternatives } from './used-capabilities.ts'

/** Gives the response as the client may have it; for responses without capabilities that is always `forward`. */
export type HideCapabilities = (response: Response, legs: LegFacts) => ResponseVerdict

/** What leads around the proxy (RFC 2221, RFC 2193, RFC 9698, Courier), in every session under a policy. */
const alwaysHidden = ['LOGIN-REFERRALS', 'MAILBOX-REFERRALS', 'JMAPACCESS', 'SMAP1*'] as const

/** What takes URLs, which may name any mailbox. */
const ofUrls = ['URLAUTH*', 'CATENATE', 'URL-PARTIAL'] as const

/** Beside what the policy says: what cannot be had under it. */
export function impliedHidden(view: UserView): readonly string[] {
  return view.hidesAnything ? [...alwaysHidden, ...ofUrls] : alwaysHidden
}

/** Patterns as of `--hide-capability`, in any case. */
export function hideCapabilities(patterns: readonly string[], compress: CompressMode): HideCapabilities {
  const rules = makeRules({ hideCapabilities: patterns, compress, reason: 'the policy hides it' })
  const hide: HideCapabilities = (response, legs) => {
    if (response.kind === 'untagged' && response.glued)
      return hideBoth(response, response.glued, (one) => hide(one, legs))
    return dropOdd(response) ?? rules.decideResponse(response, legs)
  }
  return hide
}

/** Whether anything on its line may announce capabilities. */
export const mayAnnounce = (response: Response): boolean =>
  capabilitiesOf(response) !== undefined ||
  (response.kind === 'untagged' && (response.glued !== undefined || findOdd(response.data) !== undefined))

/** Two responses stand on one line. */
function hideBoth(
  { data }: UntaggedResponse,
  glued: UntaggedResponse,
  hide: (response: Response) => ResponseVerdict,
): ResponseVerdict {
  const verdicts = [hide({ kind: 'untagged', data }), hide(glued)]
  const [first, second] = verdicts.map((verdict) =>
    verdict.kind === 'replace' ? verdict.response : undefined,
  )
  if (!first && !second) return { kind: 'forward' }
  return {
    kind: 'replace',
    response: {
      kind: 'untagged',
      data: first?.kind === 'untagged' ? first.data : data,
      glued: second?.kind === 'untagged' ? second : glued,
    },
    rule: 'capabilities',
    notes: verdicts.flatMap((verdict) => (verdict.kind === 'replace' ? verdict.notes : [])),
  }
}

/** There they announce nothing (RFC 9051 section 7.1), but to clients that do not look. */
const findOdd = (data: UntaggedData) =>
  (data.name === 'NO' || data.name === 'BAD' || data.name === 'BYE') && data.text.code?.name === 'CAPABILITY'
    ? data
    : undefined

function dropOdd(response: Response): ResponseVerdict | undefined {
  const data = response.kind === 'untagged' ? findOdd(response.data) : undefined
  if (!data) return undefined
  return {
    kind: 'replace',
    response: { kind: 'untagged', data: { ...data, text: { text: data.text.text } } },
    rule: 'capabilities',
    notes: [`capabilities were left out of ${data.name}, where they are not announced`],
  }
}

/** Characters of a name that a client chose. */
const SHOWN = 40

/** A refusal, and for those who may know it which capability is behind it. */
export interface HiddenUse {
  readonly answer: GuardAnswer
  /** One printable sentence; the client is not told. */
  readonly why: string
}

/**
 * Why a command is refused: it needs a capability that is hidden. What another capability gives as well, which the server
 * has announced (upper case) and which is not hidden, may be used.
 */
export function enforceHidden(
  command: Command,
  patterns: readonly string[],
  announced: readonly string[] = [],
): HiddenUse | undefined {
  if (command.name === 'AUTHENTICATE' && isUnbindable(`AUTH=${command.mechanism}`))
    return {
      answer: refuseMechanism,
      why: `AUTH=${printable(command.mechanism, SHOWN)} cannot work through a proxy`,
    }
  if (patterns.length === 0) return undefined
  const hiding = patterns.map((pattern) => pattern.toUpperCase())
  const needed = capabilitiesUsedBy(command).find((any) => isOutOfReach(any, hiding, announced))
  if (!needed) return undefined
  return {
    answer: command.name === 'AUTHENTICATE' ? refuseMechanism : refuse,
    why: explainUse(needed, hiding),
  }
}

/** Of several names of one ability the hidden ones, and the pattern that hides them where it is another word. */
function explainUse(alternatives: Alternatives, hiding: readonly string[]): string {
  const pairs = alternatives.flatMap((name) => {
    const pattern = hiding.find((one) => fitsCapability(one, name))
    return pattern === undefined ? [] : [[name, pattern] as const]
  })
  const names = pairs.map(([name]) => printable(name, SHOWN)).join(' or ')
  const others = new Set(pairs.filter(([name, pattern]) => name !== pattern).map(([, pattern]) => pattern))
  const by = others.size === 0 ? '' : ` by ${[...others].join(' and ')}`
  return `it uses ${names}, which is hidden${by}`
}

function isOutOfReach(
  alternatives: Alternatives,
  hiding: readonly string[],
  announced: readonly string[],
): boolean {
  const isHidden = (name: string): boolean => hiding.some((pattern) => fitsCapability(pattern, name))
  if (!alternatives.some(isHidden)) return false
  const visible = alternatives.filter((name) => !isHidden(name))
  if (visible.length === 0) return true
  // Before the server has announced anything the name that all know it by decides.
  return announced.length === 0
    ? isHidden(alternatives[0] ?? '')
    : !visible.some((name) => announced.some((one) => one === name || fitsCapability(name, one)))
}

/** As servers answer what they do not have. */
const refuse: GuardAnswer = { kind: 'answer', status: 'BAD', text: 'this is not available here' }

const refuseMechanism: GuardAnswer = {
  kind: 'answer',
  status: 'NO',
  code: 'CANNOT',
  text: 'this mechanism is not available here',
}
