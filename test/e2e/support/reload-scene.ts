/** Policies in generations that differ in every part that is asked, bad ones among them, and sessions that ask all the time. */

import { Peer } from '../../support/peer.ts'

/**
 * Three commands are refused by three parts of it: two rules, and the rights of the mailbox or a third rule by turns.
 * Whoever takes part of one generation and part of another answers them with different numbers.
 */
export function writeGeneration(number: number): string {
  const refuses = (name: string): string =>
    `  - {name: ${name}-${number}, when: 'command == "${name.toUpperCase()}"', deny: generation ${number}}`
  const rights = isWithRights(number) ? 'all' : '[read, insert, create, delete]'
  return [
    `default: ${isWithRights(number) ? 'allow' : 'deny'}`,
    'mailboxes:',
    `  - {match: '**', rights: ${rights}}`,
    'rules:',
    ...['copy', 'move', 'store'].map(refuses),
    '  - {name: rest, allow: true}',
    '',
  ].join('\n')
}

const isWithRights = (number: number): boolean => number % 2 === 1

/** A file with a mistake, and the line and column where that stands: another line for each number. */
export function writeMistake(number: number): { readonly text: string; readonly place: string } {
  const before = '# a mistake is coming\n'.repeat(number)
  const [first = '', ...rest] = writeGeneration(number).split('\n')
  const mistakes = [
    { line: `defualt: allow`, column: 1 },
    { line: 'default: maybe', column: 10 },
    { line: 'default: "allow', column: 16 },
    { line: `${first}\nrules: [{name: late, when: 'comand == "COPY"', deny: true}]`, column: 29 },
  ] as const
  const { line, column } = mistakes[number % mistakes.length] ?? mistakes[0]
  const isRule = line.includes('\n')
  const text = [line, ...(isRule ? [] : rest)].join('\n')
  const place = `${number + (isRule ? 2 : 1)}:${column}`
  return { text: before + text, place }
}

export type Answered =
  | { readonly kind: 'whole'; readonly generation: number }
  | { readonly kind: 'mixed'; readonly text: string }

/** Of which one generation the refusals of one turn are. */
export function judgeTurn(text: string): Answered {
  const numberOf = (tag: string): number =>
    Number(new RegExp(`^${tag}\\d+ NO \\[NOPERM\\] generation (\\d+)\\r$`, 'mu').exec(text)?.[1])
  const generation = numberOf('c')
  const hasRights = !/^s\d+ NO \[NOPERM\] not permitted here: flag\r$/mu.test(text)
  const isWhole =
    generation === numberOf('m') &&
    hasRights === isWithRights(generation) &&
    (!hasRights || numberOf('s') === generation)
  return isWhole ? { kind: 'whole', generation } : { kind: 'mixed', text }
}

export interface Turn {
  /** What held when it was sent, and when it was answered. */
  readonly sent: number
  readonly answered: number
  readonly judged: Answered
}

/** One client that asks, reads and asks again; all four commands come in one piece, and are decided in one go. */
export class AskingSession {
  readonly turns: Turn[] = []
  readonly #peer: Peer
  readonly #holding: () => number
  #isDone = false
  #turn = 0

  private constructor(peer: Peer, holding: () => number) {
    this.#peer = peer
    this.#holding = holding
  }

  /** `holding` says which generation the proxy has by now. */
  static async open(
    port: number,
    { name, password }: { readonly name: string; readonly password: string },
    holding: () => number,
  ): Promise<AskingSession> {
    const peer = await Peer.open(port)
    await peer.until(/^\* OK .*\r\n/u)
    await peer.run(`l LOGIN ${name} ${password}`)
    await peer.run('x SELECT INBOX')
    const session = new AskingSession(peer, holding)
    // What has to be asked of the server before a mailbox can be named is asked now.
    await session.ask()
    return session
  }

  /** Until it is told to stop; rejects when the session ends or a command is not answered. */
  async work(): Promise<void> {
    while (!this.#isDone) await this.ask()
  }

  stop(): void {
    this.#isDone = true
  }

  async ask(): Promise<Turn> {
    this.#turn += 1
    const at = this.#turn
    const sent = this.#holding()
    const lines = [
      `f${at} FETCH 1 (UID)`,
      `c${at} COPY 1 INBOX`,
      `m${at} MOVE 1 INBOX`,
      `s${at} STORE 1 FLAGS ()`,
    ]
    this.#peer.send(lines.map((line) => `${line}\r\n`).join(''))
    const last = await this.#peer.until(new RegExp(`^f${at} [^]*?\\r\\n`, 'mu'))
    const turn = { sent, answered: this.#holding(), judged: judgeTurn(last) }
    if (!/^f\d+ OK /mu.test(last)) throw new Error(`what is allowed did not go on: ${last}`)
    this.turns.push(turn)
    return turn
  }

  get isAlive(): boolean {
    return !this.#peer.hasEnded && this.#peer.error === undefined
  }

  close(): void {
    this.#peer.close()
  }
}
