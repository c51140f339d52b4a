/** The words of show, lint and stats, and the page of the filter language; it does not know what they do. */

import { InvalidArgumentError, Option, type Command } from 'commander'
import { filterGuide } from '../../filter/guide.ts'
import { rowOrders, type Grouping, type RowOrder } from '../../stats/command-table.ts'

export interface ShowFlags {
  readonly filter?: string
  readonly session?: readonly string[]
  readonly json?: boolean
  readonly wire?: boolean
  readonly tree?: boolean
  /** False for `--no-findings`. */
  readonly findings?: boolean
  readonly ignore?: readonly string[]
}

export interface LintFlags {
  readonly filter?: string
  readonly session?: readonly string[]
  readonly json?: boolean
  readonly failOn?: 'error' | 'warning' | 'note' | 'never'
  readonly ignore?: readonly string[]
  readonly config?: string
}

export interface StatsFlags {
  readonly filter?: string
  readonly session?: readonly string[]
  readonly json?: boolean
  readonly by?: Grouping
  readonly sort?: RowOrder
  readonly top?: number
}

/** What each does; each answers with an exit code. */
export interface ReadingActions {
  show(files: readonly string[], flags: ShowFlags): Promise<number>
  lint(files: readonly string[], flags: LintFlags): Promise<number>
  stats(files: readonly string[], flags: StatsFlags): Promise<number>
}

export function addReading(
  program: Command,
  actions: ReadingActions,
  done: (exitCode: number) => void,
): void {
  addCommand(program, 'show', 'print what a capture holds, a line for each command')
    .addOption(new Option('--json', 'a capture again, of what fits').conflicts(['wire', 'tree']))
    .addOption(new Option('--wire', 'every line both ways, credentials blanked').conflicts('tree'))
    .option('--tree', 'every message as what it means')
    .option('--no-findings', 'leave out what lint would find; twice as fast')
    .addOption(listOption('--ignore <ids>', 'findings to leave out: S11,C22; repeatable'))
    .addHelpText('after', showExamples)
    .action(async (files: string[], flags: ShowFlags) => done(await actions.show(files, flags)))
  addCommand(program, 'lint', 'judge what both sides said in a capture')
    .option('--json', 'one JSON object')
    .addOption(
      new Option('--fail-on <level>', 'exit code 1 from this level on')
        .choices(['error', 'warning', 'note', 'never'])
        .default('error'),
    )
    .addOption(listOption('--ignore <ids>', 'findings to leave out: S11,C22; repeatable'))
    .option('--config <file>', 'leave out what this YAML file ignores too')
    .addHelpText('after', lintExamples)
    .action(async (files: string[], flags: LintFlags) => done(await actions.lint(files, flags)))
  addCommand(program, 'stats', 'add up the commands of a capture')
    .option('--json', 'one JSON object')
    .addOption(
      new Option('--by <what>', 'a row for each').choices(['command', 'user', 'client']).default('command'),
    )
    .addOption(new Option('--sort <column>', 'largest first').choices(rowOrders).default('total'))
    .addOption(new Option('--top <rows>', 'rows that are printed').argParser(readCount))
    .addHelpText('after', statsExamples)
    .action(async (files: string[], flags: StatsFlags) => done(await actions.stats(files, flags)))
}

/** `imaptap help filter` is asked for like the help of a command. */
export function addFilterPage(program: Command, print: (text: string) => unknown): void {
  const page = program.command('filter').description('how filters are written')
  page.helpInformation = () => filterGuide
  page.helpOption('-h, --help', 'print this help').action(() => void print(filterGuide))
}

function addCommand(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .argument('<file...>', 'captures or folders, compressed or not; - is stdin')
    .option('--filter <expression>', 'only what it fits; see: imaptap help filter')
    .addOption(listOption('--session <ids>', 'only these sessions: S1,S4; repeatable'))
    .helpOption('-h, --help', 'print this help')
}

/** `S1,S4`, also repeated. */
function listOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser((value: string, earlier: readonly string[] | undefined) => {
    const words = value.split(',').map((word) => word.trim())
    if (words.includes('')) throw new InvalidArgumentError('It has an empty word.')
    return [...(earlier ?? []), ...words]
  })
}

function readCount(text: string): number {
  const count = /^\d{1,9}$/u.test(text) ? Number(text) : 0
  if (count < 1) throw new InvalidArgumentError('It must be a number from 1 on.')
  return count
}

const showExamples = `
A line is: time, session, tag, command -> answer, untagged responses, octets
from the server, wait until the first of them, transfer of the others. <- is
said by a server by itself, -- by imaptap; findings stand below their command.
The time is that of the command; lines stand in the order of the answers.

Examples:
  imaptap show tap.ndjson --filter '~c FETCH & ~t >200ms'
  imaptap show captures/ --session S4 --wire
  imaptap show tap.ndjson --session S4 --json > s4.ndjson`

const lintExamples = `
Examples:
  imaptap lint tap.ndjson
  imaptap lint tap.ndjson --fail-on warning --ignore C22 && echo sound
  imaptap lint tap.ndjson --json | jq '.findings[] | [.id, .count]'`

const statsExamples = `
Times of half and of 95 in 100 commands are within 5%. IDLE is counted apart.

Examples:
  imaptap stats tap.ndjson
  imaptap stats captures/ --by client --sort p95
  imaptap stats tap.ndjson --filter '~u ann' --json`
