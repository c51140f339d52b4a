import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const file = fileURLToPath(new URL('../../src/cli/helper-threads.ts', import.meta.url))

/** Threads by name, each with how far it stands back, in a process of their own. */
const script = `
  if (process.env.REFUSES_PRIORITY) {
    const { default: os } = await import('node:os')
    os.getPriority = () => { throw new Error('EPERM') }
    ;(await import('node:module')).syncBuiltinESMExports()
  }
  const { readdirSync, readFileSync } = await import('node:fs')
  const { lowerHelpers } = await import(${JSON.stringify(file)})
  const threads = process.platform === 'linux' ? readdirSync('/proc/self/task') : []
  const look = () => threads.map((id) => ({
    name: readFileSync('/proc/self/task/' + id + '/comm', 'latin1').trim(),
    nice: Number(readFileSync('/proc/self/task/' + id + '/stat', 'latin1').split(') ')[1].split(' ')[16]),
  }))
  const before = look()
  lowerHelpers()
  console.log(JSON.stringify({ before, after: look() }))
`

interface Thread {
  readonly name: string
  readonly nice: number
}

function run(env: NodeJS.ProcessEnv = {}): {
  readonly before: readonly Thread[]
  readonly after: readonly Thread[]
} {
  const text = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  })
  return JSON.parse(text)
}

const isHelper = ({ name }: Thread): boolean => name === 'V8Worker'
/** 19 is as far as it goes. */
const lowered = ({ name, nice }: Thread): Thread => ({ name, nice: Math.min(nice + 10, 19) })

describe('the threads on which V8 compiles and collects', () => {
  it('stand back, where the system names them, and no other thread does', () => {
    const { before, after } = run()
    const expected = before.map((thread) => (isHelper(thread) ? lowered(thread) : thread))
    expect(after).toEqual(expected)
    expect(before.some(isHelper)).toBe(process.platform === 'linux')
  })

  it('hold nothing up where the system does not say how far this process stands back', () => {
    const { before, after } = run({ REFUSES_PRIORITY: 'yes' })
    const others = (threads: readonly Thread[]): readonly Thread[] => threads.filter((one) => !isHelper(one))
    expect(others(after)).toEqual(others(before))
  })
})
