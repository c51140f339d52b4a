/** Holds the source tree to its map: who may import whom, how files open, how long they are, where their tests lie. */

import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'

/**
 * Each room with the rooms that it may import. A room names only rooms above it, so that no circle can arise;
 * `src/README.md` has the same table for people.
 */
const arrows = {
  imap: [],
  config: [],
  session: ['imap'],
  relay: ['session', 'imap'],
  findings: ['relay', 'session', 'imap'],
  stats: ['relay', 'session', 'imap'],
  filter: ['findings', 'relay', 'session', 'imap'],
  policy: ['relay', 'session', 'imap', 'config'],
  capture: ['findings', 'relay', 'session', 'imap', 'config'],
  control: ['capture', 'findings', 'relay', 'session', 'imap'],
  log: ['findings', 'relay', 'session', 'imap', 'config'],
  audit: ['findings', 'relay', 'session', 'imap', 'config'],
  net: ['relay', 'session', 'imap', 'config'],
  tui: ['filter', 'stats', 'findings', 'relay', 'session', 'imap'],
  app: [
    'audit',
    'control',
    'capture',
    'filter',
    'findings',
    'net',
    'log',
    'policy',
    'relay',
    'session',
    'imap',
    'config',
  ],
  demo: ['app', 'findings', 'net', 'relay', 'session', 'imap', 'config'],
  cli: [
    'demo',
    'tui',
    'app',
    'audit',
    'control',
    'capture',
    'filter',
    'stats',
    'findings',
    'net',
    'log',
    'policy',
    'relay',
    'session',
    'imap',
    'config',
  ],
  'index.ts': ['app', 'findings', 'relay', 'session', 'imap', 'config'],
} satisfies Record<string, readonly string[]>

/** No sockets, files, timers, clock or randomness, and no packages but those that are pure as well. */
const pureRooms = ['imap', 'session', 'relay', 'findings', 'stats', 'filter', 'policy']

/** Computation alone. */
const purePackages = new Set(['re2js', '@marcbachmann/cel-js'])

/** Each package with the files that may import it. */
const packages: Readonly<Record<string, RegExp>> = {
  blessed: /^tui\/screen\.ts$/,
  commander: /^cli\//,
  'node-forge': /^net\//,
  pino: /^log\//,
  '@marcbachmann/cel-js': /^policy\/condition\.ts$/,
  re2js: /^(filter\/pattern|policy\/linear-pattern)\.ts$/,
  yaml: /^config\//,
  zod: /^config\//,
}

const longest = 350

/** Files whose test lies elsewhere: the first pattern that fits says where. */
const testedElsewhere: readonly (readonly [files: RegExp, test: string])[] = [
  // A command or a response is tested through its registry, with every other.
  [/^imap\/commands\/[a-z-]+\.ts$/, 'imap/commands/index.test.ts'],
  [/^imap\/responses\/[a-z-]+\.ts$/, 'imap/responses/index.test.ts'],
  // The pieces of the demo are tested by playing it.
  [/^demo\/server\//, 'demo/imap-server.test.ts'],
  [/^demo\/client\//, 'demo/scripted-client.test.ts'],
  [/^demo\//, 'demo/run-demo.test.ts'],
  // What a row keeps of an event is there to be told again.
  [/^tui\/noted\.ts$/, 'tui/retelling.test.ts'],
  // Panes are tested as the text that they put on the screen.
  // Screens that look into things, as what keys make of them.
  [
    /^tui\/screens\/(tree|findings|statistics|log|list-cursor|rule|source-filter)(-[a-z]+)?\.ts$/,
    'tui/screens/inspector.test.ts',
  ],
  [/^tui\/tree\//, 'tui/tree/tree.test.ts'],
  // What view is made of is tested as what comes of a capture.
  [/^cli\/view\/(?!growing)[a-z-]+\.ts$/, 'cli/view/open-capture.test.ts'],
  [/^tui\/(panes\/|screens\/|frame\.ts$|layout\.ts$|span\.ts$|paint\.ts$)/, 'tui/frame.test.ts'],
  [/^tui\/(key-table|legend)\.ts$/, 'tui/keys.test.ts'],
  [/^tui\/(palette|filter-slot)\.ts$/, 'tui/prompt.test.ts'],
  // One reducer, many files: tested as events in, state out.
  [
    /^tui\/(model|act|observe|observe-message|observe-exchange|row-text|state|selection|transcript|closed-transcripts|rates|latency|navigation)\.ts$/,
    'tui/model.test.ts',
  ],
  [
    /^cli\/(exit-codes|failure|version|wiring|open-dashboard|commands\/check-config)\.ts$/,
    'cli/main.test.ts',
  ],
  [/^cli\/commands\/ca\.ts$/, 'cli/ca.test.ts'],
  // What parse and encode are made of is tested as what they print.
  [/^cli\/(commands\/encode|parse\/[a-z-]+)\.ts$/, 'cli/commands/parse.test.ts'],
  // Everything that speaks to a daemon is tested before one.
  [/^cli\/(commands\/(attach|sessions|kill|tail)|control\/[a-z-]+)\.ts$/, 'cli/control/commands.test.ts'],
  [
    /^(control\/(channel|viewer|control-client|control-error)|app\/control-host)\.ts$/,
    'control/control-server.test.ts',
  ],
  [/^cli\/publish-extensions\.ts$/, 'imap/extensions/page.test.ts'],
  [/^imap\/extensions\//, 'imap/extensions/index.test.ts'],
  [/^session\/(wire-(lane|parser)|lone-dialogue|login-evidence)\.ts$/, 'session/wire-reader.test.ts'],
  // The layers of a configuration are tested as what comes of them together.
  // One codec, many files: tested as what comes back of what was told.
  [
    /^capture\/(exchange-record|view-record|message-record|plain-record|decode|json-text|fields|record-start)\.ts$/,
    'capture/record.test.ts',
  ],
  [
    /^capture\/(source|scan-capture|line-cutter|run-clock|header|capture-fault)\.ts$/,
    'capture/read-capture.test.ts',
  ],
  [/^capture\/(line-file|file-system|capture-place)\.ts$/, 'capture/writer.test.ts'],
  [/^config\/(flags|layer|explain|problem|settings|schema)\.ts$/, 'config/load.test.ts'],
  // The engine's parts are tested as dialogues with the whole of it.
  [
    /^relay\/(lane|client-lane|server-lane|conversation|completion|discretion|ending|harmless|shown)\.ts$/,
    'relay/relay.test.ts',
  ],
  [/^relay\/(prelude|wrong-protocol|client-tls)\.ts$/, 'relay/starttls.test.ts'],
  [
    /^relay\/(gate|command-hold|holds|hold-rule|own-voice|telling|lane-parts)\.ts$/,
    'relay/breakpoints.test.ts',
  ],
  [/^relay\/verdict\.ts$/, 'relay/capabilities.test.ts'],
  // What is said of a failed handshake is tested with real failing handshakes.
  [/^net\/(client|server)-failures\.ts$/, 'net/tls-failure.test.ts'],
  // Certificates are tested by those who make and verify them.
  [/^net\/(certificate|der)\.ts$/, 'net/authority.test.ts'],
  [/^imap\/(fetch-attribute|body-extension)\.ts$/, 'imap/body-structure.test.ts'],
  [/^imap\/(response-codes\/[a-z-]+|response-text)\.ts$/, 'imap/response-code.test.ts'],
  [/^imap\/search-keys\//, 'imap/search-key.test.ts'],
  [/^imap\/append-message\.ts$/, 'imap/commands/append.test.ts'],
  [/^imap\/fault\.ts$/, 'imap/cursor.test.ts'],
  [
    /^config\/(policy-file|policy-parts|policy-schema|checked-text|yaml-scalar)\.ts$/,
    'config/policy-settings.test.ts',
  ],
  [/^app\/file-watch\.ts$/, 'app/policy-host.test.ts'],
  [/^cli\/policy\/policy-words\.ts$/, 'cli/commands/policy-check.test.ts'],
  [/^net\/session-watch\.ts$/, 'net/limits.test.ts'],
  [/^net\/turn-away\.ts$/, 'app/admission.test.ts'],
  [/^policy\/ledger\//, 'policy/ledger.test.ts'],
  [
    /^relay\/(guard|guarded-[a-z-]+|clearance|clearance-words|command-intake|forwarding|lanes|lane-surface|pipelining|response-name|response-ruling|streamed-append|strict-line)\.ts$/,
    'relay/guarded/smuggling.test.ts',
  ],
  [/^policy\/alias\//, 'policy/alias.test.ts'],
  [/^policy\/filter\//, 'policy/filter-response.test.ts'],
  [/^policy\/(capability-pattern|used-words)\.ts$/, 'policy/hidden-capabilities.test.ts'],
  [/^cli\/policy\/sample-trial\.ts$/, 'policy/profiles.test.ts'],
  [
    /^audit\/(audit-fault|audit-file|audit-files|audit-lock|lost-records|open-writer)\.ts$/,
    'audit/writer.test.ts',
  ],
  [/^audit\/chain-checker\.ts$/, 'audit/verify.test.ts'],
  [/^cli\/name-of-user\.ts$/, 'cli/control/commands.test.ts'],
  [/^cli\/audit\//, 'cli/commands/audit-verify.test.ts'],
  [/^policy\/(compress-rule|rewrite|rules)\.ts$/, 'relay/capabilities.test.ts'],
  // A check is tested as what it finds in conversations, and what it does not.
  [
    /^findings\/(checks\/|engine\.ts|dispatch\.ts|scene\.ts|first-line\.ts|model\/)/,
    'findings/traces.test.ts',
  ],
  [/^cli\/publish-findings\.ts$/, 'findings/page.test.ts'],
  // The words, tokens and comparisons of a filter are tested as what a filter matches.
  [/^filter\/(words|tokens|value-test|measure|pattern|subject)\.ts$/, 'filter/filter.test.ts'],
  // What show, lint and stats are made of is tested as what they print.
  [/^cli\/(commands\/(lint|stats)|reading\/[a-z-]+)\.ts$/, 'cli/commands/show.test.ts'],
  [/^filter\/guide\.ts$/, 'cli/commands/show.test.ts'],
  [/^stats\/(argument-words|search-words)\.ts$/, 'stats/fingerprint.test.ts'],
  [/^stats\/buckets\.ts$/, 'stats/command-table.test.ts'],
  [/^index\.ts$/, 'package.test.ts'],
]

interface SourceFile {
  /** Below `src/` or `test/`. */
  readonly path: string
  readonly room: string
  readonly text: string
  readonly imports: readonly string[]
}

const root = join(import.meta.dirname, '..')
const sources = readSources('src')
const tests = readSources('test')

describe('the arrows', () => {
  it('name every room, and only rooms named before: there is no circle', () => {
    const named = Object.keys(arrows)
    expect(new Set(sources.map(({ room }) => room))).toEqual(new Set(named))
    for (const [at, targets] of Object.values(arrows).entries()) {
      expect(named.slice(0, at)).toEqual(expect.arrayContaining(targets))
    }
  })

  it.each(Object.entries(arrows))('of %s are kept', (room, targets) => {
    const strays = sources
      .filter((file) => file.room === room)
      .flatMap((file) => neighbours(file).map((target) => ({ from: file.path, to: target })))
      .filter(({ to }) => roomOf(to) !== room && !targets.some((target) => target === roomOf(to)))
    expect(strays).toEqual([])
  })

  it('never leave src, but for package.json', () => {
    const strays = sources.flatMap((file) => neighbours(file).filter((target) => target.startsWith('..')))
    expect(strays).toEqual([])
  })
})

describe('packages', () => {
  it.each(pureRooms)('and Node are unknown to the pure room %s', (room) => {
    const strays = sources
      .filter((file) => file.room === room)
      .flatMap(outsiders)
      .filter((name) => !purePackages.has(name))
    expect(strays).toEqual([])
  })

  it('are imported only where they are at home', () => {
    const strays = sources.flatMap((file) =>
      outsiders(file)
        .filter((name) => !name.startsWith('node:'))
        .filter((name) => !packages[name]?.test(file.path))
        .map((name) => `${file.path} imports ${name}`),
    )
    expect(strays).toEqual([])
  })

  it('of the list are the dependencies of package.json', () => {
    const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    const declared =
      typeof manifest === 'object' && manifest && 'dependencies' in manifest ? manifest.dependencies : {}
    expect(Object.keys(declared ?? {}).toSorted()).toEqual(Object.keys(packages).toSorted())
  })
})

describe('every source file', () => {
  it('opens with one sentence: its job, and what it does not know', () => {
    const strays = sources.filter(({ text }) => !isOneSentence(openingComment(text))).map(({ path }) => path)
    expect(strays).toEqual([])
  })

  it(`has at most ${longest} lines`, () => {
    const long = sources.filter(({ text }) => text.split('\n').length - 1 > longest).map(({ path }) => path)
    expect(long).toEqual([])
  })

  it('has named exports only', () => {
    const strays = sources.filter(({ text }) => /^export default\b/m.test(text)).map(({ path }) => path)
    expect(strays).toEqual([])
  })

  it('has a name in kebab-case', () => {
    const strays = sources.filter(({ path }) => !/^([a-z0-9-]+\/)*[a-z0-9-]+\.ts$/.test(path))
    expect(strays.map(({ path }) => path)).toEqual([])
  })

  it('hides nothing behind a marker for later', () => {
    const marker = new RegExp(
      `\\b(${['TO', 'FIX'].map((word) => `${word}${word === 'TO' ? 'DO' : 'ME'}`).join('|')}|XXX)\\b`,
    )
    expect(sources.filter(({ text }) => marker.test(text)).map(({ path }) => path)).toEqual([])
  })
})

describe('tests', () => {
  it('mirror the sources: what has no counterpart is printed', () => {
    const testPaths = new Set(tests.map(({ path }) => path))
    const goneTests = testedElsewhere.map(([, test]) => test).filter((test) => !testPaths.has(test))
    expect(goneTests).toEqual([])
    const untested = sources
      .filter((file) => hasCode(file) && !isTested(file, testPaths))
      .map(({ path }) => path)
    printList('src files without a test file', untested)
    printList('test files without a src file', findOrphans())
  })

  it('are all run: none is left out by hand', () => {
    const left = /\b(it|test|describe|suite)\.(only|todo|skip|fails)\b/
    expect(tests.filter(({ text }) => left.test(text)).map(({ path }) => path)).toEqual([])
  })

  it('are left out only for want of a tool, which CI does not allow', () => {
    const conditional = tests.filter(
      ({ path, text }) => path.endsWith('.test.ts') && /\.(skipIf|runIf)\(/.test(text),
    )
    const strays = conditional.filter(
      ({ text }) => !/import \{[^}]*\brequireTool\b/.test(text) || /\.runIf\(/.test(text),
    )
    expect(strays.map(({ path }) => path)).toEqual([])
  })
})

/** All but this file, which names what it looks for. */
function readSources(folder: 'src' | 'test'): readonly SourceFile[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && path !== 'architecture.test.ts')
    .toSorted()
    .map((path) => readSource(folder, path))
}

function readSource(folder: string, path: string): SourceFile {
  const text = readFileSync(join(root, folder, path), 'utf8')
  const found = text.matchAll(/\b(?:from|import)\s*\(?\s*'([\w@./:-]+)'/g)
  return { path, room: roomOf(path), text, imports: [...found].flatMap(([, name]) => name ?? []) }
}

function roomOf(path: string): string {
  return path.split('/')[0] ?? ''
}

/** Files of our own that a file imports, below `src/`. */
function neighbours({ path, imports }: SourceFile): readonly string[] {
  return imports.filter((name) => name.startsWith('.')).map((name) => relative('.', join(path, '..', name)))
}

function outsiders({ imports }: SourceFile): readonly string[] {
  return imports.filter((name) => !name.startsWith('.'))
}

function openingComment(text: string): string {
  return /^\/\*\* ([^\n]*) \*\/\n\n/.exec(text)?.[1] ?? ''
}

function isOneSentence(text: string): boolean {
  return /^[^\n]{20,170}\.$/.test(text) && !/[.!?] [A-Z]/.test(text)
}

/** False where types alone are declared: the compiler has tested them. */
function hasCode({ text }: SourceFile): boolean {
  return (
    /^(export )?(async )?(const|function|class|abstract class|let)\b/m.test(text) ||
    /^export abstract/m.test(text)
  )
}

/** Tests in a room's folder that mirror none of its files; those of whole rooms and programs lie beside the rooms. */
function findOrphans(): readonly string[] {
  const paths = new Set(sources.map(({ path }) => path))
  const rooms = new Set(sources.map(({ room }) => room))
  return tests
    .filter(({ path, room }) => path.endsWith('.test.ts') && rooms.has(room))
    .map(({ path }) => path)
    .filter((path) => !paths.has(path.replace('.test.ts', '.ts')))
    .filter((path) => !testedElsewhere.some(([, test]) => test === path))
}

function printList(title: string, paths: readonly string[]): void {
  if (paths.length > 0) console.warn(`${title}:\n  ${paths.join('\n  ')}`)
}

function isTested({ path }: SourceFile, testPaths: ReadonlySet<string>): boolean {
  if (testPaths.has(path.replace(/\.ts$/, '.test.ts'))) return true
  return testedElsewhere.some(([files]) => files.test(path))
}
