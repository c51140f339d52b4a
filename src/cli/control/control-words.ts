/** The words of attach, sessions, kill, approvals and tail: their flags and help; it does not know what they do. */

import type { Command } from 'commander'
import type { SocketFlags } from './open-daemon.ts'

export interface SessionsFlags extends SocketFlags {
  readonly json?: boolean
}

export interface ApprovalsFlags extends SocketFlags {
  readonly json?: boolean
}

export interface TailFlags extends SocketFlags {
  readonly filter?: string
  readonly wire?: boolean
  readonly json?: boolean
}

/** What each does; each answers with an exit code. */
export interface ControlActions {
  attach(flags: SocketFlags): Promise<number>
  sessions(flags: SessionsFlags): Promise<number>
  kill(sessions: readonly string[], flags: SocketFlags): Promise<number>
  approvals(words: readonly string[], flags: ApprovalsFlags): Promise<number>
  tail(flags: TailFlags): Promise<number>
}

export function addControl(
  program: Command,
  actions: ControlActions,
  done: (exitCode: number) => void,
): void {
  addCommand(program, 'attach', 'open the dashboard of a running imaptap')
    .addHelpText('after', attachNotes)
    .action(async (flags: SocketFlags) => done(await actions.attach(flags)))
  addCommand(program, 'sessions', 'list the sessions of a running imaptap')
    .option('--json', 'one JSON object')
    .action(async (flags: SessionsFlags) => done(await actions.sessions(flags)))
  addCommand(program, 'kill', 'end sessions of a running imaptap')
    .argument('<session...>', 'as sessions names them: S1')
    .action(async (names: string[], flags: SocketFlags) => done(await actions.kill(names, flags)))
  addCommand(program, 'approvals', 'list, allow or deny what a policy holds')
    .usage('[list | allow ID... | deny ID...] [options]')
    .argument('[words...]', 'list is the default; an ID is as list names it: S1/3')
    .option('--json', 'the list as one JSON object')
    .addHelpText('after', approvalsNotes)
    .action(async (words: string[], flags: ApprovalsFlags) => done(await actions.approvals(words, flags)))
  addCommand(program, 'tail', 'print what happens in a running imaptap')
    .option('--filter <expression>', 'only what it fits; see: imaptap help filter')
    .option('--wire', 'every line both ways too, credentials blanked')
    .option('--json', 'a capture: one JSON object a line')
    .addHelpText('after', tailNotes)
    .action(async (flags: TailFlags) => done(await actions.tail(flags)))
}

function addCommand(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .option('--socket <path>', 'its control socket, if there are several')
    .helpOption('-h, --help', 'print this help')
}

const attachNotes = `
Quitting it leaves the imaptap and its sessions alone. The socket is for the
user who runs that imaptap; the proxy's --control says where it lies.`

const approvalsNotes = `
A rule of the policy with hold: asks a person first. Until somebody rules, the
command waits; behind its deadline THEN happens. Who ruled is recorded.

Examples:
  imaptap approvals
  imaptap approvals allow S1/3 S4/1
  imaptap approvals deny S2/7`

const tailNotes = `
Examples:
  imaptap tail --filter '~c FETCH & ~t >200ms'
  imaptap tail --wire --json > now.capture; imaptap show now.capture`
