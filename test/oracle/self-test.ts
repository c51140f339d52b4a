/** `npm run oracle:self-test`: plants one bug after the other in a copy of the sources; the oracle has to find each. */

import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

import { run } from '../support/child.ts'
import { createTempFolder } from '../support/temp-folder.ts'
import { plants, type Plant } from './plants.ts'
import type { ServerKind } from './servers.ts'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1.5' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    'no-control': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(
    'npm run oracle:self-test -- [--minutes N] [--seed S] [--only WORDS] [--no-control]\n\nMinutes are for each bug at most.',
  )
  process.exit(0)
}
const project = join(import.meta.dirname, '..', '..')
const folder = await createTempFolder('plant')
const sources = folder.join('src')
let missed = 0
try {
  await copyProject()
  if (!values['no-control']) for (const server of ['dovecot', 'cyrus'] as const) await playControl(server)
  const chosen = plants.filter(({ name }) => name.includes(values.only ?? ''))
  for (const plant of chosen) if (!(await isFound(plant))) missed++
  console.log(`${chosen.length - missed} of ${chosen.length} planted bugs found`)
} finally {
  await folder.remove()
}
process.exitCode = missed > 0 || process.exitCode === 1 ? 1 : 0

/** The oracle's own files stay where they are: only what is under test is spoiled. */
async function copyProject(): Promise<void> {
  await mkdir(sources, { recursive: true })
  await cp(join(project, 'src'), sources, { recursive: true })
  await cp(join(project, 'package.json'), folder.join('package.json'))
  await symlink(join(project, 'node_modules'), folder.join('node_modules'))
}

/** Whatever is found without a bug says nothing about the bug. */
async function playControl(server: ServerKind): Promise<void> {
  const { isSound, told } = await playOracle(server)
  if (isSound) return console.log(`${server}: nothing is found without a bug`)
  console.log(`${server}: something is found without any bug, so that nothing is proved:\n${told}`)
  process.exitCode = 1
}

async function isFound(plant: Plant): Promise<boolean> {
  const path = join(sources, plant.file)
  const sound = await readFile(path, 'utf8')
  if (sound.split(plant.find).length !== 2)
    throw new Error(`"${plant.name}" does not apply: its text does not stand once in ${plant.file}`)
  await writeFile(
    path,
    sound.replace(plant.find, () => plant.put),
  )
  try {
    const began = Date.now()
    const { isBypassFound, told } = await playOracle(plant.server)
    const seconds = Math.round((Date.now() - began) / 1000)
    console.log(`${isBypassFound ? 'found ' : 'MISSED'} ${seconds} s, ${plant.server}: ${plant.name}`)
    if (isBypassFound) console.log(`       ${told.split('\n').find((line) => line.includes('BYPASS')) ?? ''}`)
    else console.log(told.split('\n').slice(-12).join('\n'))
    return isBypassFound
  } finally {
    await writeFile(path, sound)
  }
}

interface Played {
  /** It ended as a run does that finds nothing. */
  readonly isSound: boolean
  readonly isBypassFound: boolean
  readonly told: string
}

async function playOracle(server: ServerKind): Promise<Played> {
  const args = ['--server', server, '--seed', values.seed, '--minutes', values.minutes, '--sources', sources]
  const file = join(import.meta.dirname, 'main.ts')
  const limits = { timeoutMs: (Number(values.minutes) + 2) * 60_000 }
  const stops = ['--stop-after', '1', '--no-shrink']
  const { code, stdout, stderr } = await run(process.execPath, [file, ...args, ...stops], limits)
  const told = `${stdout.toString()}${stderr}`
  // A crash is no finding: it may be the oracle's own.
  return { isSound: code === 0, isBypassFound: code === 1 && told.includes('BYPASS'), told }
}
