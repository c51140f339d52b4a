/** The words of view; it does not know what it does. */

import type { Command } from 'commander'

export interface ViewFlags {
  /** Findings to leave out. */
  readonly ignore?: string
  /** False for `--no-findings`. */
  readonly findings?: boolean
}

export interface ViewActions {
  view(files: readonly string[], flags: ViewFlags): Promise<number>
}

export function addView(program: Command, actions: ViewActions, done: (exitCode: number) => void): void {
  program
    .command('view')
    .description('the dashboard on a capture')
    .argument('<file...>', 'captures or folders of them, compressed or not')
    .option('--ignore <ids>', 'findings to leave out: S11,C22')
    .option('--no-findings', 'leave out what lint would find; opens in half the time')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', examples)
    .action(async (files: string[], flags: ViewFlags) => done(await actions.view(files, flags)))
}

const examples = `
Keys are those of the dashboard; ? lists them. A compressed capture is unpacked
to a file of its own, which nobody else can open and which is gone at the end.

Examples:
  imaptap view tap.ndjson
  imaptap view captures/ --ignore C22`
