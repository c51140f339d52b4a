/** The words of parse and encode: their flags and help; it does not know what they do. */

import { InvalidArgumentError, Option, type Command } from 'commander'
import type { EncodeFlags } from '../commands/encode.ts'
import type { ParseFlags } from '../commands/parse.ts'

export function addParse(
  program: Command,
  run: (flags: ParseFlags, file: string | undefined) => Promise<void>,
): void {
  program
    .command('parse')
    .description('read recorded octets, one JSON object a message')
    .argument('[file]', 'what one side sent, - or nothing for stdin')
    .addOption(new Option('--from <side>', 'whose octets they are').choices(['client', 'server']))
    .option('--trace [file]', 'read C: and S: lines instead, both sides in context')
    .option('--lf', 'lines may end in LF alone')
    .option('--strict', 'the grammar and nothing else: a fault is exit code 1')
    .option('--reveal', 'show passwords and other secrets')
    .addOption(new Option('--chunk <octets>', 'feed it this many octets at a time').argParser(readSize))
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', parseExamples)
    .action((file: string | undefined, flags: ParseFlags) => run(flags, file))
}

export function addEncode(
  program: Command,
  run: (flags: EncodeFlags, file: string | undefined) => Promise<void>,
): void {
  program
    .command('encode')
    .description('make octets of what parse printed')
    .argument('[file]', 'JSON lines, - or nothing for stdin')
    .addOption(
      new Option('--literals <style>', "a client's literals, {n} or {n+}")
        .choices(['synchronizing', 'non-synchronizing'])
        .default('synchronizing'),
    )
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', encodeExamples)
    .action((file: string | undefined, flags: EncodeFlags) => run(flags, file))
}

function readSize(text: string): number {
  const size = /^\d{1,15}$/u.test(text) ? Number(text) : 0
  if (size < 1) throw new InvalidArgumentError('It must be a number from 1 on.')
  return size
}

const parseExamples = `
Each object has offset, octets, from, kind, name, tag, ok, faults and value.
Secrets are shown as their size. Exit code 1: the last message has no end.

Examples:
  printf 'a1 NOOP\\r\\n' | imaptap parse --from client
  imaptap parse --from server server.octets | jq 'select(.name=="FETCH")'
  imaptap parse --from server --strict server.octets
  imaptap parse --trace session.trace

A trace:
  S: * OK ready
  C: a1 LOGIN ann {6}
  S: + go on
  C: secret
  S| a1 OK \\xc2\\xa1Hola!\\r\\n`

const encodeExamples = `
Of each object kind, value and, of completions, tag are wanted. What could not
be read is written as it was. What is written is read back first: octets come
out only where they say the same as the object.

Examples:
  imaptap parse --from client --reveal FILE | imaptap encode
  echo '{"kind":"command","value":{"tag":"a","name":"NOOP"}}' | imaptap encode`
