/** What a policy may say in YAML; it does not know what a condition means, nor where the policy stands. */

import { z } from 'zod'
import { capability, checked, nonEmpty, oneOrMany } from './checked-text.ts'
import { explainRight, findListedUserFault, findRuleNameFault, findUserFault } from './policy-names.ts'
import { longestWait, readDuration, readSize } from './quantity.ts'
import { isMap } from './settings.ts'

const text = checked(nonEmpty)

/** It goes to the client in one line, where a bracket in front would be a response code. */
const sentence = checked(findSentenceFault)

function findSentenceFault(written: string): string | undefined {
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(written)) return 'must be one line without control characters'
  if (written.startsWith('[')) return 'must not begin with [: a response code goes into `code`'
  return written.length > 200 ? 'must not be longer than 200 characters' : nonEmpty(written)
}

/** In the place of `true`: YAML has no `yes` and `no`. */
const trueOrSentence = checked((written) =>
  /^(?:yes|no|on|off|true|false)$/iu.test(written)
    ? `${written} is text here, which the client would be told: write true, or a sentence`
    : findSentenceFault(written),
)

const code = checked((written) =>
  /^[A-Z][A-Z0-9-]*$/u.test(written) ? undefined : 'must be a response code such as NOPERM, LIMIT or CANNOT',
)

const command = checked((written) =>
  /^[A-Z][A-Z0-9.=-]*(?: [A-Z][A-Z0-9.=-]*)?$/u.test(written)
    ? undefined
    : 'must be a command in capital letters, such as XFOO or UID XFOO',
)

const aDuration = 'must be a duration such as 2s, 5m or 24h'
/** For what is only compared. */
const span = checked(findSpanFault, aDuration)
/** For what a timer waits for. */
const wait = checked(
  (written) => ((readDuration(written) ?? 0) > longestWait ? 'must be 24h at most' : findSpanFault(written)),
  aDuration,
)

function findSpanFault(written: string): string | undefined {
  return (readDuration(written) ?? 0) > 0 ? undefined : aDuration
}

const octets = z.union([
  checked((written) =>
    (readSize(written) ?? 0) > 0 ? undefined : 'must be a size such as 64KiB, 25MiB or 1GB',
  ),
  z.int().min(1),
])

const count = z.int().min(1)

interface Mistaken {
  readonly code?: string | undefined
  readonly input?: unknown
}

/** `true` alone may stand there: what to write by somebody who meant the opposite. */
const insteadOfFalse = (instead: string) => ({
  error: ({ input }: Mistaken) => (input === false ? `expected true: ${instead}` : undefined),
})

const insteadOfMap = (example: string) => ({
  error: ({ code: kind, input }: Mistaken) =>
    kind === 'invalid_type' && isMap(input)
      ? `expected a list, got a map: each entry begins with a dash, such as \`${example}\``
      : undefined,
})

const denial = z.strictObject({
  status: z.enum(['NO', 'BAD']).optional().describe('Default: NO.'),
  code: code.optional().describe('Response code without its brackets. Default: NOPERM with NO.'),
  text: sentence.optional().describe('What the client is told.'),
})

const hold = z.strictObject({
  for: wait.optional().describe('How long somebody has to rule. Default: 5m.'),
  otherwise: z.enum(['allow', 'deny']).optional().describe('What happens when nobody did. Default: deny.'),
  text: sentence.optional().describe('What the client is told when it is refused.'),
})

const rule = z.strictObject({
  name: checked(findRuleNameFault).describe('Unique: in the log, the audit and the dashboard.'),
  when: text.optional().describe('Condition (CEL). Default: always.'),
  allow: z
    .literal(true, insteadOfFalse('leave it out, and write deny: true to refuse'))
    .optional()
    .describe('The command goes on, and no other rule is asked.'),
  deny: z
    .union([z.literal(true), trueOrSentence, denial])
    .optional()
    .describe('The command is refused: true, what the client is told, or a map.'),
  hide: oneOrMany(capability)
    .optional()
    .describe('Capabilities hidden from sessions that the condition fits.'),
  rewrite: oneOrMany(z.enum(['examine', 'peek', 'strip-id']))
    .optional()
    .describe(
      'SELECT becomes EXAMINE, BODY[] becomes BODY.PEEK[], ID loses its fields; the next rules decide.',
    ),
  hold: z
    .union([z.literal(true), wait, hold])
    .optional()
    .describe('Somebody has to agree: true, how long they have, or a map.'),
  delay: wait.optional().describe('The command waits; the next rules decide.'),
  close: z
    .union([z.literal(true), trueOrSentence])
    .optional()
    .describe('The session ends with BYE: true, or what the client is told.'),
  record: z
    .enum(['log', 'audit'])
    .optional()
    .describe('Where it is written down that the rule fitted. Alone it is an effect that decides nothing.'),
  dryRun: z.boolean().optional().describe('Only say what the rule would do. Default: false.'),
})

const rights = z.enum(['read', 'flag', 'insert', 'create', 'delete'], {
  error: ({ input }: Mistaken) =>
    input === 'all' ? 'all stands alone: write rights: all, without a list' : explainRight(input),
})

const mailbox = z.strictObject({
  users: z
    .union([checked(findUserFault), z.array(checked(findListedUserFault)).min(1)])
    .optional()
    .describe('Whom it is about; * stands for anything. Default: everybody.'),
  match: oneOrMany(text).describe('Mailboxes, levels joined by /: * within a level, ** over levels.'),
  rights: z
    .union([z.literal('all'), rights, z.array(rights)], {
      error: ({ input }: Mistaken) => explainRight(input),
    })
    .optional()
    .describe(
      'What may be done there: all, or some of read, flag, insert, create, delete; [] only shows it.',
    ),
  hidden: z
    .literal(true, insteadOfFalse('leave it out, and write rights'))
    .optional()
    .describe('For these users it does not exist.'),
})

const failedLogins = z
  .strictObject(
    {
      free: z.int().min(0).optional().describe('Failures without a delay. Default: 3.'),
      first: wait.optional().describe('The first delay; each further one is twice as long. Default: 1s.'),
      longest: wait.optional().describe('The longest delay. Default: 1m.'),
      forget: span.optional().describe('Time after which failures are forgotten. Default: 1h.'),
    },
    {
      error: ({ code: kind }: Mistaken) =>
        kind === 'invalid_type' ? 'must be a map such as {free: 3, first: 1s, longest: 1m}' : undefined,
    },
  )
  .superRefine((delays, context) => {
    const fault = findDelayFault(delays)
    if (fault) context.addIssue({ code: 'custom', path: [fault.key], message: fault.message })
  })

/** The longest would win, and what somebody wrote as the first delay be none. */
function findDelayFault({
  first = '1s',
  longest,
}: Delays): { readonly key: keyof Delays; readonly message: string } | undefined {
  const least = readDuration(first) ?? 0
  const most = readDuration(longest ?? '1m') ?? least
  // Of what is too long for both it is told already.
  if (least <= most || least > longestWait) return undefined
  return longest === undefined
    ? { key: 'first', message: 'is longer than `longest`, which is 1m by default: write `longest` as well' }
    : { key: 'longest', message: `must not be shorter than \`first\`, which is ${first}` }
}

interface Delays {
  readonly first?: string | undefined
  readonly longest?: string | undefined
}

const limits = z.strictObject({
  preAuthTime: wait.optional().describe('Time that a client has to log in.'),
  preAuthOctets: octets.optional().describe('Octets that a client may send before it is logged in.'),
  commandsPerSecond: count
    .optional()
    .describe('Commands of one user, in all sessions; before its login those of the session.'),
  octetsPerHour: octets.optional().describe('From the server to one user, in all sessions.'),
  messagesPerHour: count.optional().describe('Messages whose content one user fetches, in all sessions.'),
  sessionsPerUser: count.optional().describe('Sessions of one user at a time.'),
  sessionsPerAddress: count.optional().describe('Sessions from one address at a time.'),
  failedLogins: failedLogins.optional().describe('Growing delays behind failed logins.'),
  appendOctets: octets.optional().describe('Size of a message that comes in.'),
  literalOctets: octets.optional().describe('Size of any other literal.'),
  attachmentOctets: octets
    .optional()
    .describe('Messages with a larger attachment are not given out, nor taken in.'),
})

const id = z.strictObject({
  keep: oneOrMany(text).optional().describe('Fields of ID that clients may send. Default: all but x-*.'),
  set: z.record(z.string(), z.string()).optional().describe('Fields that are sent in any case.'),
  forwardAddress: z
    .boolean()
    .optional()
    .describe("Tell the server the client's address by ID (x-originating-ip and others). Default: false."),
})

/** The map that stands under `policy:`, or alone in a file of its own. */
export const policyMap = z.strictObject({
  mode: z
    .enum(['enforce', 'dry-run'])
    .optional()
    .describe('Whether the policy holds, or is only recorded. Default: enforce.'),
  default: z
    .enum(['allow', 'deny'])
    .optional()
    .describe('What happens to commands that no rule decides. Default: deny.'),
  extends: oneOrMany(text)
    .optional()
    .describe('Profiles by name, such as read-only, or by path; own rules come first.'),
  rules: z
    .array(rule, insteadOfMap('- name: no-deleting'))
    .optional()
    .describe('In order: the first that allows, denies, holds or closes decides.'),
  hideCapabilities: oneOrMany(capability)
    .optional()
    .describe('Capabilities hidden from everybody, and refused when used.'),
  unknownCommands: oneOrMany(command)
    .optional()
    .describe('Commands that imaptap cannot read and rules may allow all the same.'),
  mailboxes: z
    .array(mailbox, insteadOfMap('- match: INBOX'))
    .optional()
    .describe('Rights on mailboxes: the first that fits a mailbox holds.'),
  otherMailboxes: z
    .enum(['visible', 'hidden'])
    .optional()
    .describe(
      'Mailboxes that no pattern fits. Default: hidden where `mailboxes` grants rights, else visible.',
    ),
  limits: limits.optional().describe('How much, how often, how many.'),
  allowProxyLogin: z
    .boolean()
    .optional()
    .describe('May users log in as somebody else (authzid, user*master, PROXYAUTH)? Default: false.'),
  allowCleartextLogin: z
    .boolean()
    .optional()
    .describe('May users log in without TLS on a listener that is not on loopback? Default: false.'),
  id: id.optional().describe('What the server is told by ID.'),
})

export type PolicySettings = z.infer<typeof policyMap>
export type RuleSettings = z.infer<typeof rule>
export type MailboxSettings = z.infer<typeof mailbox>
export type LimitsSettings = z.infer<typeof limits>
