/** Colours for text that goes to a terminal, and none for any other; knows no command. */

import { styleText } from 'node:util'

type Style = Parameters<typeof styleText>[0]

export type Paint = (style: Style, text: string) => string

export const noPaint: Paint = (_style, text) => text

/** Colours where the stream is a terminal and NO_COLOR is not set. */
export function choosePaint(
  out: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): Paint {
  const hasColour = out.isTTY === true && (env['NO_COLOR'] ?? '') === ''
  return hasColour ? (style, text) => styleText(style, text, { validateStream: false }) : noPaint
}
