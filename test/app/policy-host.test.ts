/** The policy of all sessions: read again, watched, and never half. */

import { mkdirSync, renameSync, symlinkSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { PolicyHost, type Reload } from '../../src/app/policy-host.ts'
import { loadPolicyFile } from '../../src/config/policy-settings.ts'
import { BadConfiguration } from '../../src/config/problem.ts'
import type { CompiledPolicy } from '../../src/policy/compile.ts'
import { decide } from '../policy/support/rule-scene.ts'
import { createTempFolder, type TempFolder } from '../support/temp-folder.ts'

const hosts: PolicyHost[] = []
let temp: TempFolder
beforeEach(async () => {
  temp = await createTempFolder('policy-host')
})
afterEach(async () => {
  for (const host of hosts.splice(0)) host.close()
  await temp.remove()
})

const folder = (): string => temp.path

function open(file: string): { host: PolicyHost; reloads: Reload[]; problems: string[] } {
  const problems: string[] = []
  let at = 0
  const host = PolicyHost.open(loadPolicyFile(file), {
    now: () => ++at,
    onProblem: (text) => problems.push(text),
  })
  hosts.push(host)
  const reloads: Reload[] = []
  host.onReload((reload) => reloads.push(reload))
  return { host, reloads, problems }
}

/** Both rules of one generation, so that half of one would show. */
const generation = (number: number): string =>
  [
    'default: allow',
    'rules:',
    `  - {name: copy, when: 'command == "COPY"', deny: generation ${number}}`,
    `  - {name: move, when: 'command == "MOVE"', deny: generation ${number}}`,
  ].join('\n')

function answersOf(policy: CompiledPolicy): readonly string[] {
  return ['COPY 1 x', 'MOVE 1 x'].map((line) => {
    const { final } = decide(policy, line, { selected: 'INBOX' })
    return final?.effect.kind === 'deny' ? final.effect.text : 'nothing'
  })
}

describe('a policy that is read again', () => {
  it('takes the place of the one before as a whole', () => {
    const file = join(folder(), 'policy.yaml')
    writeFileSync(file, generation(1))
    const { host, reloads } = open(file)
    const before = host.version
    writeFileSync(file, generation(2))
    expect(host.reload('SIGHUP')).toEqual({
      ok: true,
      by: 'SIGHUP',
      before,
      version: host.version,
      ended: [],
    })
    expect(host.version).not.toBe(before)
    expect(answersOf(host.current)).toEqual(['generation 2', 'generation 2'])
    expect(reloads).toHaveLength(1)
  })

  it('does not take it where it has a mistake, and says where', () => {
    const file = join(folder(), 'policy.yaml')
    writeFileSync(file, generation(1))
    const { host, reloads } = open(file)
    const { current } = host
    writeFileSync(file, generation(2).replace('"MOVE"', '"MVOE"'))
    const message = `${file}:4:36: rules.1.when: there is no command "MVOE", did you mean "MOVE"?`
    expect(host.reload('SIGHUP')).toEqual({ ok: false, by: 'SIGHUP', problems: [message] })
    expect(host.current).toBe(current)
    expect(host.status().problem).toBe(message)
    unlinkSync(file)
    expect(host.reload('SIGHUP')).toMatchObject({ ok: false, problems: [`${file}: no such file`] })
    writeFileSync(file, '')
    expect(host.reload('SIGHUP')).toMatchObject({
      ok: false,
      problems: [expect.stringContaining('has no rules')],
    })
    expect(host.current).toBe(current)
    writeFileSync(file, generation(3))
    host.reload('SIGHUP')
    expect(host.status().problem).toBeUndefined()
    expect(reloads.map(({ ok }) => ok)).toEqual([false, false, false, true])
  })

  it('is never seen half, over a hundred reloads, good and bad, while decisions run', async () => {
    const file = join(folder(), 'policy.yaml')
    writeFileSync(file, generation(0))
    const { host } = open(file)
    const seen = new Set<string>()
    let decisions = 0
    let isOver = false
    const decideOn = async (): Promise<void> => {
      while (!isOver) {
        const { current } = host
        const [copy, move] = answersOf(current)
        expect(copy).toBe(move)
        expect(current.rules.map(({ name }) => name)).toEqual(['copy', 'move'])
        seen.add(String(copy))
        decisions += 1
        await new Promise(setImmediate)
      }
    }
    const sessions = Promise.all([decideOn(), decideOn(), decideOn()])
    let kept = 0
    for (let round = 1; round <= 100; round++) {
      const text = generation(round)
      const isBad = round % 2 === 0
      writeFileSync(file, isBad ? text.slice(0, text.length - 5) : text)
      const before = host.current
      const reload = host.reload('SIGHUP')
      expect(reload.ok).toBe(!isBad)
      if (isBad && host.current === before) kept += 1
      await new Promise(setImmediate)
    }
    isOver = true
    await sessions
    expect(kept).toBe(50)
    expect(answersOf(host.current)).toEqual(['generation 99', 'generation 99'])
    expect(decisions).toBeGreaterThan(100)
    expect(seen.has('nothing')).toBe(false)
    expect(seen.size).toBeGreaterThan(40)
  })

  it('keeps what was counted', () => {
    const file = join(folder(), 'policy.yaml')
    writeFileSync(file, generation(1))
    const { host } = open(file)
    host.current.hits.note(decide(host.current, 'COPY 1 x', { selected: 'x' }), 77)
    writeFileSync(file, generation(2))
    host.reload('SIGHUP')
    expect(host.status().rules).toMatchObject([
      { name: 'copy', effect: 'deny NO [NOPERM]', hits: 1, lastHit: 77, isDryRun: false, record: 'count' },
      { name: 'move', hits: 0, lastHit: undefined, when: 'command == "MOVE"' },
    ])
  })

  it('is not opened with a mistake in it', () => {
    const file = join(folder(), 'policy.yaml')
    writeFileSync(file, 'default: deny')
    expect(() => open(file)).toThrow(BadConfiguration)
  })

  it('stays where it came from no file, or is gone from its configuration', () => {
    const file = join(folder(), 'policy.yaml')
    writeFileSync(file, generation(1))
    const config = loadPolicyFile(file)
    const options = { now: () => 0, onProblem: () => {} }
    const bare = PolicyHost.open({ document: config.document, files: [] }, options)
    expect(bare.reload('SIGHUP')).toMatchObject({
      ok: false,
      problems: ['this policy came from no file'],
    })
    const lost = PolicyHost.open({ ...config, readAgain: () => undefined }, options)
    expect(lost.reload('SIGHUP')).toMatchObject({
      ok: false,
      problems: [expect.stringContaining('has no policy any more')],
    })
  })

  it('is not taken from files that change while they are read', () => {
    const file = join(folder(), 'policy.yaml')
    writeFileSync(file, generation(1))
    const config = loadPolicyFile(file)
    const readAgain = () => {
      const read = loadPolicyFile(file)
      utimesSync(file, 1, 1)
      return read
    }
    const host = PolicyHost.open({ ...config, readAgain }, { now: () => 0, onProblem: () => {} })
    expect(host.reload('SIGHUP')).toMatchObject({
      ok: false,
      problems: [expect.stringContaining('changed while it was read')],
    })
  })
})

describe('a dry run set by hand', () => {
  const by = 'ann by the dashboard'

  function openFirst(yaml = generation(1)): { host: PolicyHost; reloads: Reload[]; file: string } {
    const file = join(folder(), 'policy.yaml')
    writeFileSync(file, yaml)
    return { ...open(file), file }
  }

  it('holds for a rule or for all, until the files are read again', () => {
    const { host, reloads } = openFirst()
    host.take({ rule: 'move', isDryRun: true, by })
    expect(answersOf(host.current)).toEqual(['generation 1', 'nothing'])
    expect(host.status().rules[1]?.isDryRun).toBe(true)
    host.take({ rule: undefined, isDryRun: true, by })
    expect(host.status().mode).toBe('dry-run')
    host.reload('SIGHUP')
    expect(host.status().rules[1]?.isDryRun).toBe(false)
    expect(host.status().mode).toBe('enforce')
    expect(reloads).toMatchObject([
      {
        by: 'SIGHUP',
        ended: [
          { rule: 'move', isDryRun: true, by },
          { rule: undefined, isDryRun: true, by },
        ],
      },
    ])
  })

  it('is told of, by whom and when, only while it is not as the files say', () => {
    const { host } = openFirst()
    expect(host.status().switched).toBeUndefined()
    host.take({ rule: undefined, isDryRun: true, by })
    expect(host.status().switched).toEqual([{ rule: undefined, isDryRun: true, by, at: expect.any(Number) }])
    host.take({ rule: undefined, isDryRun: false, by })
    expect(host.status().switched).toBeUndefined()
  })

  it('did not end with files that say the same by now, and stays with files that have a mistake', () => {
    const { host, reloads, file } = openFirst()
    host.take({ rule: undefined, isDryRun: true, by })
    writeFileSync(file, 'mode: of no kind')
    host.reload('SIGHUP')
    expect(host.status()).toMatchObject({ mode: 'dry-run', switched: [{ by }] })
    writeFileSync(file, `mode: dry-run\n${generation(2)}`)
    host.reload('SIGHUP')
    expect(host.status().mode).toBe('dry-run')
    expect(host.status().switched).toBeUndefined()
    expect(reloads).toMatchObject([{ ok: false }, { ok: true, ended: [] }])
  })

  it.each([
    ['of all', undefined, true, 'looser'],
    ['of what is enforced already', undefined, false, 'none'],
    ['of a rule that refuses', 'no', true, 'looser'],
    ['of a rule that allows', 'yes', true, 'tighter'],
    ['of a rule that only records', 'note', true, 'tighter'],
    ['of a rule that nobody has written', 'on', true, 'unknown'],
    ['that ends, of a rule that refuses', 'dry-no', false, 'tighter'],
    ['that ends, of a rule that allows', 'dry-yes', false, 'looser'],
    ['that ends, of a rule that asks', 'dry-ask', false, 'looser'],
    ['of a rule that asks', 'ask', true, 'looser'],
  ] as const)('%s: what it does to what may pass is known before', (_, rule, isDryRun, weight) => {
    const { host } = openFirst(
      [
        'default: deny',
        'rules:',
        `  - {name: no, when: 'command == "COPY"', deny: true}`,
        `  - {name: yes, when: 'command == "MOVE"', allow: true}`,
        `  - {name: note, when: 'command == "FETCH"', record: log}`,
        `  - {name: dry-no, when: 'command == "STORE"', deny: true, dryRun: true}`,
        `  - {name: dry-yes, when: 'command == "APPEND"', allow: true, dryRun: true}`,
        `  - {name: dry-ask, when: 'command == "DELETE"', hold: {for: 1s, otherwise: allow}, dryRun: true}`,
        `  - {name: ask, when: 'command == "RENAME"', hold: {for: 1s, otherwise: deny}}`,
      ].join('\n'),
    )
    expect(host.weigh({ rule, isDryRun, by })).toBe(weight)
  })
})

describe('a watched policy', () => {
  const seesNext = async (host: PolicyHost, number: number): Promise<void> =>
    vi.waitFor(() => expect(answersOf(host.current)).toEqual(Array(2).fill(`generation ${number}`)), 5_000)

  it('is read when its file is written in place, replaced, removed and made anew', async () => {
    const dir = folder()
    const file = join(dir, 'policy.yaml')
    writeFileSync(file, generation(1))
    const { host, reloads, problems } = open(file)
    host.watch()
    writeFileSync(file, generation(2))
    await seesNext(host, 2)
    expect(reloads).toMatchObject([{ ok: true, by: 'file change' }])
    writeFileSync(join(dir, 'new'), generation(3))
    renameSync(join(dir, 'new'), file)
    await seesNext(host, 3)
    unlinkSync(file)
    await vi.waitFor(() => expect(host.status().problem).toContain('no such file'), 5_000)
    writeFileSync(file, generation(4))
    await seesNext(host, 4)
    expect(host.status().problem).toBeUndefined()
    expect(problems).toEqual([])
  })

  it('is read when a link on its way is turned, as mounts of orchestrators do', async () => {
    const dir = folder()
    for (const [name, number] of [
      ['one', 1],
      ['two', 2],
    ] as const) {
      mkdirSync(join(dir, name))
      writeFileSync(join(dir, name, 'policy.yaml'), generation(number))
    }
    symlinkSync('one', join(dir, 'data'))
    symlinkSync('data/policy.yaml', join(dir, 'policy.yaml'))
    const { host } = open(join(dir, 'policy.yaml'))
    host.watch()
    symlinkSync('two', join(dir, 'data.tmp'))
    renameSync(join(dir, 'data.tmp'), join(dir, 'data'))
    await seesNext(host, 2)
    writeFileSync(join(dir, 'two', 'policy.yaml'), generation(3))
    await seesNext(host, 3)
  })

  it('is read when something changes that it extends, also since a reload', async () => {
    const dir = folder()
    const file = join(dir, 'policy.yaml')
    mkdirSync(join(dir, 'sub'))
    const base = join(dir, 'sub', 'base.yaml')
    writeFileSync(file, generation(1))
    writeFileSync(base, generation(2))
    const { host } = open(file)
    host.watch()
    writeFileSync(file, 'extends: ./sub/base.yaml')
    await seesNext(host, 2)
    writeFileSync(base, generation(3))
    await seesNext(host, 3)
  })

  it('that is only touched ends nothing that was switched by hand; one that is another does', async () => {
    const file = join(folder(), 'policy.yaml')
    writeFileSync(file, generation(1))
    const config = loadPolicyFile(file)
    let reads = 0
    const readAgain = () => {
      reads += 1
      return loadPolicyFile(file)
    }
    const host = PolicyHost.open({ ...config, readAgain }, { now: () => 0, onProblem: () => {} })
    hosts.push(host)
    const reloads: Reload[] = []
    host.onReload((reload) => reloads.push(reload))
    host.watch()
    host.take({ rule: 'move', isDryRun: true, by: 'ann' })
    writeFileSync(file, `# The same.\n${generation(1)}`)
    await vi.waitFor(() => expect(reads).toBeGreaterThan(0), 5_000)
    expect([reloads, host.status().switched]).toMatchObject([[], [{ rule: 'move' }]])
    writeFileSync(file, generation(2))
    await seesNext(host, 2)
    expect(reloads).toMatchObject([{ ok: true, by: 'file change', ended: [{ rule: 'move', by: 'ann' }] }])
  })

  it('tells when changes cannot be seen, and goes on', () => {
    const file = join(folder(), 'policy.yaml')
    writeFileSync(file, generation(1))
    const problems: string[] = []
    const host = PolicyHost.open(loadPolicyFile(file), {
      now: () => 0,
      onProblem: (text) => problems.push(text),
      watch: () => {
        throw new Error('no space left')
      },
    })
    hosts.push(host)
    host.watch()
    expect(problems).toEqual([expect.stringMatching(/are not seen \(no space left\): send SIGHUP/u)])
    writeFileSync(file, generation(2))
    host.reload('SIGHUP')
    expect(answersOf(host.current)).toEqual(['generation 2', 'generation 2'])
  })

  it('is quiet once it is closed', async () => {
    const dir = folder()
    const file = join(dir, 'policy.yaml')
    writeFileSync(file, generation(1))
    const { host, reloads } = open(file)
    host.watch()
    host.close()
    const other = open(file)
    other.host.watch()
    writeFileSync(file, generation(2))
    await seesNext(other.host, 2)
    expect(reloads).toEqual([])
  })
})
