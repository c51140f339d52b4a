/** The policy explain command: what a policy does with one command, and why; it does not know how a rule is asked. */

import { isIP } from 'node:net'
import type { Writable } from 'node:stream'

import { readListenUrl } from '../../config/listen-url.ts'
import { printable } from '../../imap/printable.ts'
import { exitCodes } from '../exit-codes.ts'
import { Failure } from '../failure.ts'
import { hintAtLetters, requireBareCommand } from '../policy/command-hints.ts'
import { explainJson, explainText } from '../policy/explain-report.ts'
import { explain } from '../policy/explanation.ts'
import { openPolicy, wallTimeOf } from '../policy/open-policy.ts'
import type { ExplainFlags } from '../policy/trial-words.ts'
import type { Circumstances } from '../policy/try-command.ts'
import { choosePaint } from '../reading/paint.ts'

export interface PolicyWorld {
  readonly out: Writable & { readonly isTTY?: boolean }
  readonly env: Readonly<Record<string, string | undefined>>
  readonly now: () => Date
}

export function runPolicyExplain(file: string, flags: ExplainFlags, world: PolicyWorld): number {
  const current = openPolicy(file)
  const about = circumstancesOf(flags, world)
  requireBareCommand(flags.command, current.document.unknownCommands)
  const command = wholeCommand(flags)
  const hint = hintAtLetters(flags.command)
  const explanation = { ...explain(current, about, command), ...(hint !== undefined && { hint }) }
  const lines =
    flags.json === true
      ? [explainJson(command, about, explanation)]
      : explainText(flags.command, about, { explanation, paint: choosePaint(world.out, world.env) })
  world.out.write(lines.map((line) => `${line}\n`).join(''))
  return exitCodes.ok
}

function circumstancesOf(flags: ExplainFlags, { now }: PolicyWorld): Circumstances {
  const { user = 'user', selected = 'INBOX', address = '127.0.0.1', separator = '/' } = flags
  const { listener = 'imaps://127.0.0.1:1993' } = flags
  const url = readListenUrl(listener)
  if (user === '') throw usage('--user is empty', 'name who is logged in: --user ann')
  if (isIP(address) === 0)
    throw usage(`--address: ${printable(address)} is no address`, 'write it as 192.0.2.1 or 2001:db8::1')
  if (!url.ok) throw usage(`--listener: ${url.message}`, 'write it as imaps://127.0.0.1:1993')
  if (!/^[\x21-\x7e]$/u.test(separator))
    throw usage('--separator is one character', 'servers have / or . between the levels of a name')
  return {
    user,
    selected: selected === '' ? undefined : selected,
    address,
    listener,
    client: flags.client,
    separator,
    wallTime: wallTimeOf(flags.time === undefined ? now() : readTime(flags.time)),
  }
}

function readTime(text: string): Date {
  const date = new Date(text)
  if (!Number.isNaN(date.getTime())) return date
  throw usage(`--time: ${printable(text)} is no time`, 'write it as 2026-11-21T08:30')
}

/** A literal stands where the command has `{}`. */
function wholeCommand({ command, literal = [] }: ExplainFlags): string {
  const text = command.replace(/(?:\r?\n|\\r\\n)$/u, '')
  if (/[\r\n]/u.test(text))
    throw usage('--command is one line', 'what a literal holds goes into --literal TEXT')
  const parts = text.split('{}')
  if (parts.length - 1 !== literal.length)
    throw usage(
      `--command has ${parts.length - 1} {} and there are ${literal.length} --literal`,
      "write {} where a literal stands: --command 'APPEND Drafts {}' --literal 'Subject: x'",
    )
  return parts.map((part, at) => part + (at < literal.length ? literalOf(literal[at] ?? '') : '')).join('')
}

function literalOf(text: string): string {
  const octets = text.replaceAll(/\r?\n/gu, '\r\n')
  return `{${Buffer.byteLength(octets)}+}\r\n${octets}`
}

const usage = (message: string, advice: string): Failure => new Failure(message, exitCodes.usage, advice)
