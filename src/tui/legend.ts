/** What the signs on the screen mean, as the help tells it; draws none of them. */

import type { HelpRow } from './key-table.ts'

/** Signs that this program draws, never text from a peer. */
export function legendRows(): HelpRow[] {
  return [...section('Signs in the list', LIST), ...section('Signs in a transcript', TRANSCRIPT)]
}

type Meaning = readonly [sign: string, meaning: string]

const LIST: readonly Meaning[] = [
  ['ST ○', 'connected, not logged in'],
  ['ST ◐', 'logged in, no mailbox selected'],
  ['ST ●', 'a mailbox is selected'],
  ['ST ◌', 'in IDLE: waits for news'],
  ['ST ·', 'closed'],
  ['ST H', 'a message of it is held at a breakpoint'],
  ['ST ✖', 'TLS failed'],
  ['* S4', 'marked with Space'],
  ['USER ann?', 'tried to log in as ann; nobody is logged in'],
  ['TLS -/1.3', 'client / server: the leg with `-` is in cleartext; in few columns -/3'],
  ['CMD', 'commands so far'],
  ['NOW', 'the command that runs, and since when: amber from 1s, red from 5s'],
  ['NOW +2', 'two more run beside it; for a closed session NOW tells why it closed'],
  ['p95', '95 of 100 commands were answered within this time (the last 128, not IDLE)'],
  ['IN/OUT', 'octets from the client / from the server'],
  ['F E1 W2', 'faults of the session: 1 error (unreadable, TLS, a finding), 2 warnings'],
  ['faults E1 W0', 'in the top line: the same, of all sessions'],
]

const TRANSCRIPT: readonly Meaning[] = [
  ['C  S', 'the client says, the server says'],
  ['S ↓', 'the server by itself: between commands or in IDLE'],
  ['▸ 3 × OK', 'three such responses in a row, of which the first is shown: Enter opens them (▾)'],
  ['> and ┊', 'the selected line, and the other lines of the same command'],
  ['W C05', 'a finding: Error, Warning or Note, and its ID; the lines below tell more'],
  ['░░▇▇▇', 'time to the first octet, then until the end; longer is slower, tripled each step'],
  ['wait', 'time to the first octet of the answer'],
  ['shared', 'other commands ran beside it: responses may be theirs'],
  ['…', 'still runs; at the end of text: cut'],
  ['‹redacted›', 'a credential, or what may be one'],
  ['· ! ✖ <-', 'from imaptap: a note, a warning, an error, something rewritten'],
]

function section(title: string, meanings: readonly Meaning[]): HelpRow[] {
  return [
    { isHeading: true, shown: '', help: title },
    ...meanings.map(([shown, help]) => ({ isHeading: false, shown, help })),
  ]
}
