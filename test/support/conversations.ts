/** Generates conversations, sound and broken, and plays them with any cuts; knows no expected outcome. */

import fc from 'fast-check'

import type { Side } from '../../src/imap/raw-message.ts'
import type { Exchange } from '../../src/session/exchanges.ts'
import { Dialogue, type PlayOptions } from './play.ts'

/** What one side says at a time. One character is one octet; it need not end where a message does. */
export interface Turn {
  readonly from: Side
  readonly text: string
}

/** Turns in their order, the greeting somewhere among them. */
export type Conversation = readonly Turn[]

const tag = fc.constantFrom('a', 'a', 'a', 'b', 'b', 'A.2', '*', '+')
const size = fc.integer({ min: 0, max: 40 })
const octets = (maxLength: number): fc.Arbitrary<string> =>
  fc.uint8Array({ maxLength }).map((values) => String.fromCharCode(...values))
const lineEnd = fc.constantFrom('\r\n', '\r\n', '\r\n', '\n', '\r\r\n')

/** Announced and given; given short or long now and then, as broken peers do. */
const literal = fc
  .tuple(
    size,
    fc.constantFrom('', '+'),
    fc.constantFrom('', '', '~'),
    fc.constantFrom('exact', 'exact', 'missing', 'long'),
  )
  .chain(([length, plus, tilde, honesty]) =>
    octets(length).map((content) => {
      const body = content.padEnd(length, 'x')
      const given = honesty === 'missing' ? '' : honesty === 'long' ? `${body}and more` : body
      return `${tilde}{${length}${plus}}\r\n${given}`
    }),
  )

const argument = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom('x', 'INBOX', '1:*', '(\\Seen)', '()', '*', '{5}', '"', '"a', '(', '{3+}x'),
  },
  { weight: 2, arbitrary: fc.constantFrom('"a b"', '"a\\"b"', '"a {3}"', '""', '"\\') },
  { weight: 3, arbitrary: literal },
  { weight: 1, arbitrary: octets(12) },
)
const spaced = fc.array(argument, { maxLength: 4 }).map((words) => words.map((word) => ` ${word}`).join(''))

const word = fc.constantFrom(
  'NOOP',
  'LOGIN',
  'SELECT',
  'APPEND',
  'UID FETCH',
  'uid store',
  'SEARCH',
  'LOGOUT',
  'ID',
  'XFOO',
  'CLOSE',
  'UID',
)
const base64 = fc.constantFrom('AGFubgBzZWNyZXQ=', '=', '', '*', 'dXNlcg==', 'a {4}')

const clientText = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.tuple(tag, word, spaced, lineEnd).map(([t, w, rest, end]) => `${t} ${w}${rest}${end}`),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        tag,
        fc.constantFrom('PLAIN', 'LOGIN', 'XOAUTH2', 'CRAM-MD5'),
        fc.array(base64, { maxLength: 3 }),
        lineEnd,
      )
      .map(([t, mechanism, lines, end]) => [`${t} AUTHENTICATE ${mechanism}`, ...lines, ''].join(end)),
  },
  { weight: 2, arbitrary: tag.map((t) => `${t} IDLE\r\n`) },
  {
    weight: 2,
    arbitrary: fc.constantFrom('DONE\r\n', 'done\n', '\r\n', '\n', 'nonsense\r\n', 'a', ' ', '\r', '"\r\n'),
  },
  { weight: 2, arbitrary: octets(30) },
)

const serverText = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('+ go\r\n', '+\r\n', '+ AGp4=\r\n', '+ {4}\r\n', '+ ') },
  {
    weight: 8,
    arbitrary: fc
      .tuple(
        tag,
        fc.constantFrom('OK', 'NO', 'BAD', 'ok'),
        fc.constantFrom('', ' done', ' [TRYCREATE] no', ' {5}'),
        lineEnd,
      )
      .map(([t, status, text, end]) => `${t} ${status}${text}${end}`),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      '* 3 EXISTS\r\n',
      '* LIST () "/" a\r\n',
      '* CAPABILITY IMAP4rev1 IDLE\r\n',
      '* OK [CAPABILITY ID] x\r\n',
      '* OK split\r\nhere it goes on\r\n',
      '* BYE\r\n',
      '\r\n',
      '\n',
      '* ',
      '* 1 FE',
      '* FLAGS (\\Seen',
      '*\r\n',
    ),
  },
  { weight: 4, arbitrary: literal.map((text) => `* 1 FETCH (BODY[] ${text} UID 4)\r\n`) },
  { weight: 2, arbitrary: spaced.map((text) => `* LIST${text}\r\n`) },
  { weight: 2, arbitrary: octets(30) },
)

const longText = fc
  .tuple(
    fc.constantFrom(70_000, 140_000, 1_100_000),
    fc.constantFrom('', 'a ', 'a LOGIN ', '* ', '* 1 FETCH (', '+ '),
  )
  .chain(([length, head]) =>
    fc.constantFrom('', '\r\n', ' {6+}\r\nabc\r\nd\r\n').map((end) => `${head}${'x'.repeat(length)}${end}`),
  )

const turn = (text: { client: fc.Arbitrary<string>; server: fc.Arbitrary<string> }): fc.Arbitrary<Turn> =>
  fc.oneof(
    text.client.map((said): Turn => ({ from: 'client', text: said })),
    text.server.map((said): Turn => ({ from: 'server', text: said })),
  )

const early = fc.array(
  clientText.map((text): Turn => ({ from: 'client', text })),
  { maxLength: 2 },
)
const greeting = fc.constantFrom(
  '* OK hi\r\n',
  '* OK [CAPABILITY IMAP4rev1] hi {5}\r\n',
  '* PREAUTH hi\n',
  '* BYE no\r\n',
)

const compose = (turns: fc.Arbitrary<Turn[]>): fc.Arbitrary<Conversation> =>
  fc
    .tuple(early, greeting, turns)
    .map(([before, text, rest]): Turn[] => [...before, { from: 'server', text }, ...rest])
    .filter(isUntouched)

/**
 * The rules would apply to these, so that the law of transparency does not hold for what has them: STARTTLS and
 * COMPRESS are answered here, and capabilities that cannot work behind a proxy are hidden.
 */
function isUntouched(turns: readonly Turn[]): boolean {
  const text = turns.map((said) => said.text).join('')
  return !/STARTTLS|COMPRESS|GSS|KERBEROS|DIGEST-MD5|NTLM|-PLUS/iu.test(text)
}

/** Anything that two sides may say to each other, in lines short enough to be cut at every octet. */
export const conversation = compose(
  fc.array(turn({ client: clientText, server: serverText }), { maxLength: 24, size: 'max' }),
)

/** The same with lines that pass every limit on what is held. */
export const longConversation = compose(
  fc.array(
    turn({
      client: fc.oneof({ weight: 3, arbitrary: clientText }, { weight: 1, arbitrary: longText }),
      server: fc.oneof({ weight: 3, arbitrary: serverText }, { weight: 1, arbitrary: longText }),
    }),
    { maxLength: 8, size: 'max' },
  ),
)

/** Sizes of chunks, taken in turn, over and over. */
export const cuts = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 8 })

export const whole: readonly number[] = [Number.MAX_SAFE_INTEGER]

/** Plays the turns, each cut into chunks of the sizes given; `onTurn` is called after each turn. */
export function playTurns(
  turns: Conversation,
  sizes: readonly number[],
  { onTurn, ...options }: PlayOptions & { readonly onTurn?: (talk: Dialogue, turn: Turn) => void } = {},
): Dialogue {
  const talk = new Dialogue(options).input({ kind: 'connected' })
  let cut = 0
  for (const said of turns) {
    for (let at = 0; at < said.text.length;) {
      const end = at + (sizes[cut++ % sizes.length] ?? 1)
      talk.raw(said.from, said.text.slice(at, end))
      at = end
    }
    onTurn?.(talk, said)
  }
  return talk
}

export const said = (turns: Conversation, side: Side): string =>
  turns
    .filter(({ from }) => from === side)
    .map(({ text }) => text)
    .join('')

export const otherSide = (side: Side): Side => (side === 'client' ? 'server' : 'client')

/** All of an exchange that must not depend on how the octets were cut: everything but the times. */
export type ExchangeFacts = Pick<
  Exchange,
  | 'id'
  | 'tag'
  | 'name'
  | 'args'
  | 'status'
  | 'code'
  | 'text'
  | 'octetsIn'
  | 'octetsOut'
  | 'untagged'
  | 'attribution'
>

export function completedExchanges(talk: Dialogue): ExchangeFacts[] {
  return talk.of('exchange-completed').map(({ exchange }) => {
    const {
      id,
      tag: shownTag,
      name,
      args,
      status,
      code,
      text,
      octetsIn,
      octetsOut,
      untagged,
      attribution,
    } = exchange
    return { id, tag: shownTag, name, args, status, code, text, octetsIn, octetsOut, untagged, attribution }
  })
}
