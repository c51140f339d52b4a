/** The words of policy explain, test and table: their flags and help; it does not know what they do. */

import { Option, type Command } from 'commander'

export interface ExplainFlags {
  readonly command: string
  readonly user?: string
  readonly selected?: string
  readonly address?: string
  readonly listener?: string
  readonly client?: string
  readonly separator?: string
  readonly time?: string
  readonly literal?: readonly string[]
  readonly json?: boolean
}

export interface PolicyTestFlags {
  readonly filter?: string
  readonly session?: readonly string[]
  readonly failOn?: 'deny' | 'hold' | 'never'
  readonly json?: boolean
}

export interface PolicyTableFlags {
  readonly user?: string
  readonly markdown?: boolean
  readonly json?: boolean
}

/** What each does; each answers with an exit code. */
export interface PolicyTrialActions {
  policyExplain(file: string, flags: ExplainFlags): Promise<number>
  policyTest(file: string, captures: readonly string[], flags: PolicyTestFlags): Promise<number>
  policyTable(file: string, flags: PolicyTableFlags): Promise<number>
}

/** `policy` is the command that they stand under. */
export function addPolicyTrials(
  policy: Command,
  actions: PolicyTrialActions,
  done: (exitCode: number) => void,
): void {
  addCommand(policy, 'explain', 'say what a policy does with one command, and why')
    .requiredOption('--command <text>', 'the command, without its tag')
    .option('--user <name>', 'who is logged in (default: user)')
    .option('--selected <mailbox>', "what is selected, '' for none (default: INBOX)")
    .option('--address <address>', 'where the client comes from (default: 127.0.0.1)')
    .option('--client <name>', 'as it tells by ID: Name/1.0 (default: it does not)')
    .option('--listener <url>', 'where it came in (default: imaps://127.0.0.1:1993)')
    .option('--separator <character>', "between the server's names (default: /)")
    .option('--time <time>', 'as if it was then: 2026-11-21T08:30')
    .addOption(repeatable('--literal <text>', 'a literal of the command, in place of {}; repeatable'))
    .option('--json', 'one JSON object')
    .addHelpText('after', explainNotes)
    .action(async (file: string, flags: ExplainFlags) => done(await actions.policyExplain(file, flags)))
  addCommand(policy, 'test', 'run a policy over recorded sessions')
    .argument('<capture...>', 'captures or folders, compressed or not; - is stdin')
    .option('--filter <expression>', 'only commands that it fits; see: imaptap help filter')
    .addOption(repeatable('--session <ids>', 'only these sessions: S1,S4; repeatable', splitIds))
    .addOption(
      new Option('--fail-on <effect>', 'exit code 1 when a command would have been refused or held')
        .choices(['deny', 'hold', 'never'])
        .default('never'),
    )
    .option('--json', 'one JSON object')
    .addHelpText('after', testNotes)
    .action(async (file: string, captures: string[], flags: PolicyTestFlags) =>
      done(await actions.policyTest(file, captures, flags)),
    )
  addCommand(policy, 'table', 'say what a policy does with every command there is')
    .option('--user <name>', 'as this user (default: user)')
    .addOption(new Option('--markdown', 'a table in Markdown').conflicts('json'))
    .option('--json', 'one JSON object')
    .addHelpText('after', tableNotes)
    .action(async (file: string, flags: PolicyTableFlags) => done(await actions.policyTable(file, flags)))
}

function addCommand(policy: Command, name: string, description: string): Command {
  return policy
    .command(name)
    .description(description)
    .argument('<file>', 'YAML file with the policy, or a configuration that has one')
    .helpOption('-h, --help', 'print this help')
}

const whole = (value: string): readonly string[] => [value]
const splitIds = (value: string): readonly string[] => value.split(',').map((word) => word.trim())

function repeatable(flags: string, description: string, read = whole): Option {
  return new Option(flags, description).argParser((value: string, earlier: readonly string[] | undefined) => [
    ...(earlier ?? []),
    ...read(value),
  ])
}

const explainNotes = `
The real engine is asked, between an invented client and an invented server that
agrees to everything. > marks the rule that decides, + one that fits and lets
the next decide, ~ one that only runs dry. The command is written as clients do:
names in other letters in modified UTF-7 (Entw&APw-rfe).

Examples:
  imaptap policy explain gateway.yaml --user ann --command 'UID MOVE 5 Trash'
  imaptap policy explain gateway.yaml --selected Archive --command 'EXPUNGE'
  imaptap policy explain gateway.yaml --command 'APPEND Drafts {}' --literal 'Subject: x'`

const testNotes = `
What was recorded is put to the policy as it was said; what upstream answered
then is taken for its answer now. Behind a refused SELECT the commands to that
mailbox are refused too. Credentials and mails that were left out of a capture
are guessed at, and counted.

Examples:
  imaptap policy test gateway.yaml monday.ndjson
  imaptap policy test gateway.yaml captures/ --fail-on deny && echo nobody will notice`

const tableNotes = `
Examples:
  imaptap policy table gateway.yaml --user ann
  imaptap policy table profiles/read-only.yaml --markdown > read-only.md`
