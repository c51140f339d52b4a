/** Prints what ended a command and chooses its exit code; it does not know any command. */

import { styleText } from 'node:util'
import { CommanderError } from 'commander'
import { hideAddress, hideUserinfo } from '../config/endpoint-url.ts'
import { suggest } from '../config/nearest-word.ts'
import { BadConfiguration, writeProblem } from '../config/problem.ts'
import { settings } from '../config/settings.ts'
import { exitCodes } from './exit-codes.ts'
import { Failure } from './failure.ts'
import type { Output } from './options.ts'

/** A file of the wrong kind has a problem on each line: the first ones say enough. */
const shownProblems = 20

const flagNames = [...settings.map(({ flag }) => `--${flag}`), '--config', '--quiet', '--verbose']

export interface ReportOptions {
  readonly err: Output
  /** `IMAPTAP_DEBUG` is set: stacks are wanted. */
  readonly isDebug: boolean
  /** The command whose help says more; undefined: the words before any command were wrong. */
  readonly command?: string | undefined
}

export function report(error: unknown, { err, isDebug, command }: ReportOptions): number {
  if (error instanceof CommanderError) return reportUsage(error, err, command)
  if (error instanceof BadConfiguration) return reportProblems(error, err)
  const advice = readAdvice(error)
  if (error instanceof Failure || (error instanceof Error && advice !== undefined)) {
    writeLines(err, [complain(error.message), ...(advice === undefined ? [] : [indent(advice)])])
    return error instanceof Failure ? error.exitCode : exitCodes.runtime
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  if (isDebug) writeLines(err, [complain(`unexpected: ${hideUserinfo(stack)}`)])
  else writeLines(err, [complain(`${describeUnexpected(error)} (IMAPTAP_DEBUG=1 shows where)`)])
  return exitCodes.runtime
}

/** Rooms below this one cannot know Failure: an error that carries advice is meant for the person too. */
function readAdvice(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('advice' in error)) return undefined
  return typeof error.advice === 'string' ? error.advice : undefined
}

/** Help and version end a command too, in commander's eyes, and are no fault. */
function reportUsage(error: CommanderError, err: Output, command: string | undefined): number {
  const advice = indent(`see: imaptap ${command === undefined ? '' : `${command} `}--help`)
  const isNoFault = error.code === 'commander.version' || error.code === 'commander.helpDisplayed'
  if (isNoFault || (error.code === 'commander.help' && error.exitCode === 0)) return exitCodes.ok
  if (error.code === 'commander.help') {
    writeLines(err, [complain('a command is missing'), advice])
    return exitCodes.usage
  }
  writeLines(err, [complain(tidy(error.message)), advice])
  return exitCodes.usage
}

function reportProblems(error: BadConfiguration, err: Output): number {
  const shown = error.problems.slice(0, shownProblems)
  // Problems of a file stand bare, so that editors can jump to `file:line:col`.
  const lines = shown.map((problem) =>
    problem.source === 'file' ? writeProblem(problem) : complain(writeProblem(problem)),
  )
  const more = error.problems.length - shown.length
  if (more > 0) lines.push(complain(`and ${more} more`))
  if (error.isUsage) lines.push(indent('see: imaptap proxy --help'))
  writeLines(err, lines)
  return error.isUsage ? exitCodes.usage : exitCodes.badConfiguration
}

/** One line, without the value of a flag and without any word that may hold a password. */
function tidy(message: string): string {
  const plain = message.replace(/^error: /, '')
  const [, surplus, expected, got] =
    /^(too many arguments.*?)\. Expected (\d+) arguments? but got (\d+): /.exec(plain) ?? []
  // The arguments themselves are never repeated: `ann:secret@host` is a URL without its flag.
  if (surplus !== undefined) return `${surplus}: expected ${expected ?? '0'}, got ${got ?? 'more'}`
  const [first = '', suggestion = ''] = plain.replace(quotedWord, tameWord).split('\n')
  const [, assigned] = /^unknown option '([^=']+)=/.exec(first) ?? []
  if (assigned !== undefined) return `unknown option '${assigned}'${suggest(assigned, flagNames)}`
  const [, meant] = /^\(Did you mean (.*)\?\)$/.exec(suggestion) ?? []
  const sentence = hideUserinfo(first).replace(/\.$/, '')
  return meant === undefined ? sentence : `${sentence}, did you mean ${meant}?`
}

/** What a person typed, up to the quote that ends it; a line break in it is part of it. */
const quotedWord = /(?<=^unknown (?:command|option) ').*(?='(?:\n\(Did you mean .*)?$)/s

/** Of `--flag=value` the flag may stay. */
function tameWord(word: string): string {
  return /^--[\w-]+=/.test(word) ? word : hideAddress(word)
}

function describeUnexpected(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return `unexpected ${hideUserinfo(text.split('\n')[0] ?? '')}`
}

function complain(text: string): string {
  // The name alone is coloured: the sentence stays readable in every theme.
  return `${styleText('red', 'imaptap:', { stream: process.stderr })} ${text}`
}

function indent(text: string): string {
  return `         ${text}`
}

function writeLines(err: Output, lines: readonly string[]): void {
  err.write(lines.map((line) => `${line}\n`).join(''))
}
