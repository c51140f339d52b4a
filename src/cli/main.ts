/** The door of the command line: arguments in, exit code out; it does not know what any command does. */

import type { Command } from 'commander'
import { BadConfiguration } from '../config/problem.ts'
import { exitCodes } from './exit-codes.ts'
import { buildProgram, expandShorthand, requireCommand } from './options.ts'
import { report, type ReportOptions } from './report.ts'
import { readVersion } from './version.ts'
import { actions } from './wiring.ts'

/** `argv` without the program and the script. */
export async function main(argv: readonly string[]): Promise<number> {
  let exitCode: number = exitCodes.ok
  let command: string | undefined
  const program = buildProgram({
    actions,
    version: readVersion(),
    out: process.stdout,
    done: (code) => {
      exitCode = code
    },
  })
  try {
    const words = expandShorthand(argv)
    requireCommand(program, words)
    command = findCommand(program, words)
    await program.parseAsync(words, { from: 'user' })
    return exitCode
  } catch (error) {
    return report(await tellAll(error), { ...reportOptions(), command })
  }
}

/** As it is written in front of `--help`. */
function findCommand(program: Command, [word = '-', next = '']: readonly string[]): string | undefined {
  if (word.startsWith('-')) return undefined
  const inner = program.commands.find((one) => one.name() === word)?.commands
  return inner?.some((one) => one.name() === next) === true ? `${word} ${next}` : word
}

/** What judges policies is loaded only where something is wrong with one. */
async function tellAll(error: unknown): Promise<unknown> {
  if (!(error instanceof BadConfiguration) || !error.rest) return error
  const { withPolicyFaults } = await import('../policy/all-faults.ts')
  return withPolicyFaults(error)
}

/** `main` as the whole process: the exit code is set, and nothing forgotten keeps it alive. */
export async function runProcess(argv: readonly string[]): Promise<void> {
  process.on('uncaughtException', (error) => process.exit(report(error, reportOptions())))
  process.stdout.on('error', leaveWhenUnread)
  process.exitCode = await main(argv)
  setTimeout(() => process.exit(), lingerMillis).unref()
}

/** Milliseconds that open handles may still take after a command has answered. */
const lingerMillis = 1_000

/** `imaptap --help | head -1` closes our stdout early, which is no fault. */
function leaveWhenUnread(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
  process.exit()
}

function reportOptions(): ReportOptions {
  const debug = process.env['IMAPTAP_DEBUG'] ?? ''
  return { err: process.stderr, isDebug: debug !== '' && debug !== '0' }
}

if (import.meta.main) await runProcess(process.argv.slice(2))
