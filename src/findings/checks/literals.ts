/** Checks of a server's literals and of NUL (RFC 9051 sections 4.3 and 9): who may announce what, and which octets may come. */

import type { FetchItem } from '../../imap/fetch-item.ts'
import type { MessageData } from '../../imap/syntax.ts'
import type { Check } from '../check.ts'
import type { Scene } from '../scene.ts'

const nulOutOfPlace: Check = {
  id: 'S14',
  name: 'nul-out-of-place',
  level: 'error',
  side: 'server',
  title: 'A literal8 or a NUL where only BINARY may have one',
  reference: 'RFC 9051 section 4.3.1, RFC 9051 section 9',
  advice:
    'The server must encode such data, or send it as BINARY only; clients may cut texts off at the NUL.',
  bent(scene, quirks) {
    for (const { rule, text } of quirks) if (nulRules.has(rule)) scene.raise(nulOutOfPlace, { text })
  },
  untagged: {
    FETCH: (scene, { items }) => checkData(scene, items),
    UIDFETCH: (scene, { items }) => checkData(scene, items),
  },
}

function checkData(scene: Scene, items: readonly FetchItem[]): void {
  for (const item of items) {
    const data = dataOf(item)
    if (data instanceof Uint8Array && data.includes(0))
      scene.raise(nulOutOfPlace, { text: `${item.name} of a message has a NUL` })
  }
}

const nulRules = new Set(['binary-string', 'nul-in-literal'])

/** Of items that may have no NUL; the data themselves are never shown. */
function dataOf(item: FetchItem): MessageData | undefined {
  switch (item.name) {
    case 'BODY[]':
    case 'RFC822':
    case 'RFC822.HEADER':
    case 'RFC822.TEXT':
      return item.data
    default:
      return undefined
  }
}

const serverDoesNotWait: Check = {
  id: 'S15',
  name: 'plus-in-server-literal',
  level: 'error',
  side: 'server',
  title: 'A server announces a non-synchronizing literal, which only clients may',
  reference: 'RFC 9051 section 4.3, RFC 7888 section 3',
  advice: 'The server must announce literals without a plus sign; clients may not find their end.',
  bent(scene, quirks) {
    if (scene.event?.kind !== 'message' || scene.event.side !== 'server') return
    if (quirks.some(({ rule }) => rule === 'plus-from-server'))
      scene.raise(serverDoesNotWait, { text: 'a literal is announced with {n+}' })
  },
}

export const literalChecks: readonly Check[] = [nulOutOfPlace, serverDoesNotWait]
