/** Signs within a stream's text that are not octets but things that the client does; everything else is latin1 octets. */

export const marks = {
  /** Waits until the other side says something that may let the client go on: `+`, a completion, the end. */
  await: '\ue000',
  /** What follows comes in a segment of its own. */
  pause: '\ue001',
  /** From here on both directions are compressed. */
  deflate: '\ue002',
  /** The client begins its TLS handshake. */
  secure: '\ue003',
  /** Something happens in the stirred canaries. */
  stir: '\ue004',
} as const

export type Act = keyof typeof marks

export type Step = { readonly kind: 'send'; readonly octets: string } | { readonly kind: Act }

const acts = new Map<string, Act>(Object.entries(marks).map(([act, sign]) => [sign, act as Act]))

export function stepsOf(text: string): Step[] {
  return text
    .split(/([\ue000-\ue004])/)
    .filter((part) => part !== '')
    .map((part) => {
      const act = acts.get(part)
      return act === undefined ? { kind: 'send', octets: part } : { kind: act }
    })
}

/** For people: one line of printable text. */
export function showStream(text: string): string {
  const shown = text.split('').map((sign) => {
    const act = acts.get(sign)
    if (act !== undefined) return `<${act}>`
    if (sign === '\r') return '\\r'
    if (sign === '\n') return '\\n'
    if (sign === '\\') return '\\\\'
    return sign >= ' ' && sign <= '~' ? sign : `\\x${sign.charCodeAt(0).toString(16).padStart(2, '0')}`
  })
  return shown.join('')
}
