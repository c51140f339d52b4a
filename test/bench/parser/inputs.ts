/** What the readers are given: three kinds of server traffic, made the same way in every process. */

import { unreachable } from '../../../src/imap/fault.ts'
import { makeCorpus } from '../upstream/corpus.ts'

export const inputNames = ['fetch', 'mix', 'bodies'] as const
export type InputName = (typeof inputNames)[number]

export const aboutInput: Readonly<Record<InputName, string>> = {
  fetch: '10,000 FETCH with UID, FLAGS, ENVELOPE and BODYSTRUCTURE',
  mix: 'LIST, STATUS and SEARCH, short lines and long ones',
  bodies: '16 FETCH with bodies in literals of 256 KiB to 1 MiB',
}

export function makeInput(name: InputName): Buffer {
  switch (name) {
    case 'fetch':
      return makeCorpus('metadata')
    case 'bodies':
      return makeCorpus('bodies')
    case 'mix':
      return makeMix()
    default:
      return unreachable(name)
  }
}

const MAILBOXES = 4_000
const SEARCHES = 40
const HITS = 2_000

function makeMix(): Buffer {
  const lines: string[] = []
  for (let at = 0; at < MAILBOXES; at++) {
    const name = at % 5 === 0 ? `"Projects/Year ${at}/Reports"` : `Archive/${at}`
    lines.push(`* LIST (\\HasNoChildren${at % 7 === 0 ? ' \\Subscribed' : ''}) "/" ${name}`)
    lines.push(`* STATUS ${name} (MESSAGES ${at} UNSEEN ${at % 9} UIDNEXT ${at + 1} UIDVALIDITY 1720000000)`)
  }
  for (let search = 0; search < SEARCHES; search++) {
    const hits = Array.from({ length: HITS }, (_, hit) => 3 * hit + search + 1)
    lines.push(`* SEARCH ${hits.join(' ')}`)
  }
  return Buffer.from(lines.map((line) => `${line}\r\n`).join(''), 'latin1')
}
