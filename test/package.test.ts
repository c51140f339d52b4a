/** The package as a user gets it: packed, unpacked in an empty folder, run, imported and compiled against. */

import { execFileSync } from 'node:child_process'
import {
  accessSync,
  constants,
  cpSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isMap } from '../src/config/settings.ts'
import { readVersion } from '../src/cli/version.ts'
import { createTempFolder, type TempFolder } from './support/temp-folder.ts'

const root = join(import.meta.dirname, '..')
const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const tsc = join(root, 'node_modules/typescript/bin/tsc')

const largestOctets = 1_100_000

let folder: TempFolder
let room = ''
let installed = ''
let tarball = ''

beforeAll(async () => {
  folder = await createTempFolder('package')
  room = folder.path
  const stage = join(room, 'stage')
  mkdirSync(stage)
  for (const name of ['package.json', ...field('files').filter((one) => one !== 'dist')]) {
    cpSync(join(root, name), join(stage, name), { recursive: true })
  }
  run(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json'), '--outDir', join(stage, 'dist')])
  // Scripts would build into the checkout, where another test may be reading.
  const [name] = run(
    'npm',
    ['pack', '--ignore-scripts', '--silent', '--pack-destination', room],
    stage,
  ).split('\n')
  tarball = join(room, name ?? '')
  installed = join(room, 'node_modules/imaptap')
  mkdirSync(installed, { recursive: true })
  run('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1'])
  for (const dependency of Object.keys(map('dependencies'))) {
    const place = join(room, 'node_modules', dependency)
    mkdirSync(dirname(place), { recursive: true })
    symlinkSync(join(root, 'node_modules', dependency), place)
  }
}, 60_000)

afterAll(() => folder.remove())

describe('the tarball', () => {
  it('holds what is needed and nothing else', () => {
    const paths = run('tar', ['-tzf', tarball])
      .trim()
      .split('\n')
      .map((path) => path.replace(/^package\//, ''))
    const tops = new Set(paths.map((path) => path.split('/')[0]))
    const listed = field('files')
    expect(tops).toEqual(new Set([...listed.map((path) => path.split('/')[0]), 'package.json']))
    const pages = paths.filter((path) => path.startsWith('docs/'))
    expect(pages.filter((path) => !listed.includes(path))).toEqual([])
    expect(paths.filter((path) => path.startsWith('dist/') && !/\.(js|d\.ts)$/.test(path))).toEqual([])
  })

  it('is small', () => {
    expect(statSync(tarball).size).toBeLessThan(largestOctets)
  })

  it('has every file that package.json points to', () => {
    const targets = [...leaves(map('exports')), ...leaves(map('bin'))]
    expect(targets).toContain('./dist/index.js')
    for (const target of targets) accessSync(join(installed, target))
    accessSync(join(installed, 'bin/imaptap.js'), constants.X_OK)
  })
})

describe('the installed program', () => {
  it('tells its version', () => {
    expect(imaptap('--version')).toBe(`imaptap ${readVersion()}\n`)
  })

  it('checks a file', () => {
    writeFileSync(join(room, 'imaptap.yaml'), 'upstream: imaps://imap.example.com\n')
    expect(imaptap('check-config', 'imaptap.yaml')).toContain('imaptap.yaml: ok\n')
  })
})

describe('the installed library', () => {
  it('is imported by its name', () => {
    writeFileSync(
      join(room, 'use.mjs'),
      `import { lineMessage, octetsOf, readResponse, readResponses } from 'imaptap'
       import schema from 'imaptap/config.schema.json' with { type: 'json' }
       const octets = octetsOf('* 3 EXISTS\\r\\n')
       const [message] = readResponses(octets)
       console.log(message.kind, JSON.stringify(message.value))
       console.log(JSON.stringify(readResponse(lineMessage('server', octets))), schema.title)`,
    )
    expect(run(process.execPath, ['use.mjs'], room)).toBe(
      'untagged {"name":"EXISTS","count":3}\n' +
        '{"ok":true,"value":{"kind":"untagged","data":{"name":"EXISTS","count":3}},"quirks":[]} imaptap configuration\n',
    )
  })

  it('has types, for programs with the types of Node and without', () => {
    writeFileSync(
      join(room, 'use.ts'),
      `import { createProxy, loadConfig, readCommand, type Config, type ObservedEvent } from 'imaptap'
       import { lineMessage, octetsOf, readCommands, readResponseStream } from 'imaptap'
       const config: Config = loadConfig({ flags: { upstream: 'imaps://imap.example.com' }, env: {} })
       const read = readCommand(lineMessage('client', octetsOf('a NOOP\\r\\n')))
       export const tag: string | undefined = read.ok ? read.value.tag : undefined
       export const seen: ObservedEvent['kind'][] = []
       for (const message of readCommands(octetsOf('a LOGIN b c\\r\\n'))) {
         if (message.kind === 'command' && message.value?.name === 'LOGIN') message.value.password.reveal().at(0)
       }
       export async function count(stream: AsyncIterable<Uint8Array>): Promise<number> {
         let exists = 0
         for await (const message of readResponseStream(stream)) {
           if (message.kind === 'untagged' && message.value?.name === 'EXISTS') exists = message.value.count
         }
         return exists
       }
       createProxy(config).then((proxy) => proxy.bus.subscribe((event) => seen.push(event.kind)))
       // @ts-expect-error the configuration is complete
       export const wrong: Config = { listen: [] }`,
    )
    symlinkSync(join(root, 'node_modules/@types'), join(room, 'node_modules/@types'))
    const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2024', '--lib', 'es2024']
    expect(run(process.execPath, [tsc, ...options, '--types', 'node', 'use.ts'], room)).toBe('')
    expect(run(process.execPath, [tsc, ...options, '--types', '', '--skipLibCheck', 'use.ts'], room)).toBe('')
  })
})

function imaptap(...words: readonly string[]): string {
  return run(process.execPath, [join(installed, 'bin/imaptap.js'), ...words], room)
}

function run(program: string, words: readonly string[], cwd = root): string {
  try {
    return execFileSync(program, words, { cwd, encoding: 'utf8', stdio: 'pipe', timeout: 60_000 })
  } catch (error) {
    // The compiler tells its findings on stdout, which the error's own message leaves out.
    throw new Error(isFailedRun(error) ? `${error.message}\n${error.stdout}` : String(error), {
      cause: error,
    })
  }
}

function isFailedRun(error: unknown): error is Error & { readonly stdout: string } {
  return error instanceof Error && 'stdout' in error && typeof error.stdout === 'string'
}

function map(name: string): Readonly<Record<string, unknown>> {
  const value = isMap(manifest) ? manifest[name] : undefined
  return isMap(value) ? value : {}
}

function field(name: string): readonly string[] {
  const value = isMap(manifest) ? manifest[name] : undefined
  return Array.isArray(value) ? value.map(String) : []
}

function leaves(value: unknown): readonly string[] {
  return isMap(value) ? Object.values(value).flatMap(leaves) : [String(value)]
}
