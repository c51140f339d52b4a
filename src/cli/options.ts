/** The words a person can type: commands, flags and help; it does not know what any command does. */

import { Command, InvalidArgumentError, Option } from 'commander'
import { hideAddress } from '../config/endpoint-url.ts'
import type { Flags } from '../config/flags.ts'
import { suggest } from '../config/nearest-word.ts'
import type { EncodeFlags } from './commands/encode.ts'
import type { ParseFlags } from './commands/parse.ts'
import { addAudit, type AuditActions } from './audit/audit-words.ts'
import { addControl, type ControlActions } from './control/control-words.ts'
import { exitCodes } from './exit-codes.ts'
import { Failure } from './failure.ts'
import { addEncode, addParse } from './parse/parse-words.ts'
import { addPolicy, type PolicyActions } from './policy/policy-words.ts'
import { addView, type ViewActions } from './view/view-words.ts'
import { addFilterPage, addReading, type ReadingActions } from './reading/reading-words.ts'

export const caActions = ['init', 'path', 'show', 'export'] as const
export type CaAction = (typeof caActions)[number]

export interface CaFlags {
  readonly caDir?: string
  readonly der?: boolean
}

export interface DemoOptions {
  /** Play one session and end. */
  readonly once: boolean
}

/** What each command does; each answers with an exit code. */
export interface Actions extends ControlActions, ReadingActions, ViewActions, AuditActions, PolicyActions {
  proxy(flags: Flags): Promise<number>
  checkConfig(file: string): Promise<number>
  ca(action: CaAction, flags: CaFlags): Promise<number>
  demo(options: DemoOptions): Promise<number>
  parse(flags: ParseFlags, file: string | undefined): Promise<number>
  encode(flags: EncodeFlags, file: string | undefined): Promise<number>
}

export interface Output {
  write(text: string): unknown
}

export interface ProgramParts {
  readonly actions: Actions
  readonly version: string
  readonly out: Output
  /** Told the exit code of the command that ran. */
  readonly done: (exitCode: number) => void
}

export function buildProgram({ actions, version, out, done }: ProgramParts): Command {
  const program = new Command('imaptap')
    .description('See and steer what an IMAP client and its server say to each other.')
    .usage('--upstream URL [options]\n       imaptap COMMAND [options]')
    .version(`imaptap ${version}`, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .addHelpText('after', topExamples)
    .exitOverride()
    .configureHelp({ helpWidth: 80 })
    // Faults are printed in one place, by main, in one form.
    .configureOutput({ writeOut: (text) => out.write(text), writeErr: () => {} })
  addProxy(program, async (flags) => done(await actions.proxy(flags)))
  addCa(program, async (action, flags) => done(await actions.ca(action, flags)))
  program
    .command('check-config')
    .description('check a file and say what it would do')
    .argument('<file>', 'YAML file')
    .action(async (file: string) => done(await actions.checkConfig(file)))
  program
    .command('demo')
    .description('watch scripted sessions, nothing to set up')
    .option('--once', 'play one session and end')
    .action(async ({ once }: { once?: boolean }) => done(await actions.demo({ once: once ?? false })))
  addControl(program, actions, done)
  addReading(program, actions, done)
  addView(program, actions, done)
  addAudit(program, actions, done)
  addPolicy(program, actions, done)
  addFilterPage(program, (text) => out.write(text))
  addParse(program, async (flags, file) => done(await actions.parse(flags, file)))
  addEncode(program, async (flags, file) => done(await actions.encode(flags, file)))
  return program
}

/** `imaptap --upstream URL` is short for `imaptap proxy --upstream URL`, `help ca` for `ca --help`. */
export function expandShorthand(argv: readonly string[]): readonly string[] {
  const [first, ...rest] = argv
  if (first === undefined) return ['--help']
  if (first === 'help') return [...rest, '--help']
  const isTopFlag = ['-h', '--help', '-V', '--version'].includes(first)
  return first.startsWith('-') && !isTopFlag ? ['proxy', ...argv] : argv
}

/** Asked before parsing: with `--help` behind it, the parser would pass over any wrong word. */
export function requireCommand(program: Command, argv: readonly string[]): void {
  const [word = ''] = argv
  const known = program.commands.map((command) => command.name())
  if (word.startsWith('-') || known.includes(word)) return
  const isUrl = word.includes('://') || word.includes('@')
  throw new Failure(
    `unknown command '${hideAddress(word)}'${suggest(word, known)}`,
    exitCodes.usage,
    isUrl ? 'a URL goes after its flag: imaptap --upstream URL' : 'see: imaptap --help',
  )
}

function addProxy(program: Command, run: (flags: Flags) => Promise<void>): void {
  const proxy = program
    .command('proxy')
    .description('pass IMAP on and show it (the default)')
    .usage('--upstream URL [options]')
    .addHelpText('after', proxyExamples)
  addLegFlags(proxy)
  addWatchFlags(proxy)
  proxy.action(run)
}

function addLegFlags(proxy: Command): void {
  proxy
    .optionsGroup('Upstream, the real server:')
    .option('--upstream <url>', 'imaps://HOST, imap+starttls://HOST or imap://HOST')
    .option('--upstream-ca <file>', 'trust the authorities in this PEM file instead')
    .option('--upstream-name <name>', 'name its certificate must carry, if not HOST')
    .option('--insecure-upstream', 'accept any certificate from it (dangerous)')
    .optionsGroup('Clients:')
    .addOption(repeatable('--listen <url>', 'imap://HOST:PORT or imaps://HOST:PORT; repeatable'))
    .addOption(repeatable('--proxy-protocol-from <net>', 'balancers that send a PROXY header; repeatable'))
    .option('--policy <file>', 'what clients may do: a YAML file')
    .addOption(repeatable('--hide-capability <name>', 'hide it from clients; NAME-* works; repeatable'))
    .option('--compress <mode>', 'who compresses: follow, client, upstream, both or never')
    .option('--cert <file>', 'certificate to show them, PEM (needs --key)')
    .option('--key <file>', 'private key of --cert, PEM')
    .option('--ca-dir <dir>', 'folder of the CA that signs made certificates')
    .option('--leaf-key <kind>', 'key of made certificates: ecdsa or rsa')
}

function addWatchFlags(proxy: Command): void {
  proxy
    .optionsGroup('Watching:')
    .option('--dashboard', 'show live sessions (default on a terminal)')
    .option('--no-dashboard', 'log lines instead')
    .option('--log <file>', 'write JSON lines to this file, - for stdout')
    .option('--log-level <level>', 'debug, info, warn, error or silent')
    .addOption(new Option('-q, --quiet', 'warnings and errors only').conflicts('verbose'))
    .option('-v, --verbose', 'more detail')
    .option('--wire', 'log every line both ways, credentials blanked')
    .option('--capture <path>', 'keep all that is said in this file or folder')
    .option('--capture-secrets', 'with its credentials (dangerous)')
    .option('--capture-bodies', 'with the text of mails')
    .option('--capture-max-size <size>', 'begin a new file at this size: 100MiB')
    .option('--capture-max-age <time>', 'begin a new file at this age: 24h')
    .option('--capture-quota <size>', 'all files together; the oldest go first: 1GiB')
    .option('--capture-compress <kind>', 'of closed files: zstd, gzip or none')
    .option('--audit <file>', 'a record of every decision of the policy')
    .option('--audit-mode <mode>', 'strict: on disk before a command goes on; or relaxed')
    .option('--findings', 'report what is wrong (default with the dashboard)')
    .option('--no-findings', 'do not look for it')
    .addOption(repeatable('--ignore-finding <id>', 'do not report this one; repeatable'))
    .option('--control <path>', 'unix socket for attach, sessions, kill and tail')
    .option('--no-control', 'no such socket')
    .option('--key-log <file>', 'write TLS secrets, for Wireshark')
    .optionsGroup('Other:')
    .option('--config <file>', 'read settings from a YAML file')
    .helpOption('-h, --help', 'print this help')
}

function addCa(program: Command, run: (action: CaAction, flags: CaFlags) => Promise<void>): void {
  const ca = program.command('ca').description('the local CA: init, path, show, export').helpCommand(false)
  const descriptions: Readonly<Record<CaAction, string>> = {
    init: 'make the CA, if there is none',
    path: 'print where its certificate lies',
    show: 'print its facts and how to trust it',
    export: 'print its certificate (PEM)',
  }
  for (const action of caActions) {
    const command = ca
      .command(action)
      .description(descriptions[action])
      .option('--ca-dir <dir>', 'folder of the CA')
    if (action === 'export') command.option('--der', 'print DER octets instead')
    command.action((flags: CaFlags) => run(action, flags))
  }
}

function repeatable(flags: string, description: string): Option {
  return new Option(flags, description).argParser((value: string, earlier: readonly string[] | undefined) => {
    if (value === '') throw new InvalidArgumentError('It is empty.')
    return [...(earlier ?? []), value]
  })
}

const topExamples = `
First minute:
  imaptap demo
  imaptap --upstream imaps://imap.example.com
      then point a mail client at imaps://127.0.0.1:1993
      or at imap://127.0.0.1:1143 (STARTTLS)
  imaptap ca show
      how to make the mail client trust what it sees there
  printf 'a1 NOOP\\r\\n' | imaptap parse --from client
      what recorded octets say, as JSON

All flags: imaptap proxy --help`

const proxyExamples = `
Every flag can stand in a YAML file (--config) or in a variable, such as
IMAPTAP_UPSTREAM or IMAPTAP_LOG__LEVEL. Flags win, then variables, then YAML.

Examples:
  imaptap --upstream imaps://imap.example.com
  imaptap --upstream imap+starttls://10.0.0.5 --upstream-name imap.example.com
  imaptap --upstream imaps://imap.example.com --no-dashboard --wire
  imaptap --config imaptap.yaml --listen imaps://0.0.0.0:993`
