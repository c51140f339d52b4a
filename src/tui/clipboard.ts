/** The sequence that puts text into the clipboard of a terminal, also from within tmux; knows no terminal library. */

/** Octets of base64 that terminals take: xterm and tmux drop what is longer. */
const LONGEST = 74_994

/** OSC 52; undefined where the text is too long for it. */
export function clipboardSequence(
  text: string,
  { isTmux }: { readonly isTmux: boolean },
): string | undefined {
  const encoded = Buffer.from(text).toString('base64')
  if (encoded.length > LONGEST) return undefined
  const sequence = `\x1b]52;c;${encoded}\x07`
  // tmux passes on what is wrapped so, with its escapes doubled.
  return isTmux ? `\x1bPtmux;${sequence.replaceAll('\x1b', '\x1b\x1b')}\x1b\\` : sequence
}
