/** Holds the policy of all sessions, and puts another in its place as a whole when its files change; decides nothing. */

import { createHash } from 'node:crypto'
import type { PolicyConfig } from '../config/config.ts'
import type { PolicyDocument } from '../config/policy-document.ts'
import { BadConfiguration, writeProblem, type Problem } from '../config/problem.ts'
import { compilePolicy, withDryRun, type CompiledPolicy } from '../policy/compile.ts'
import { writeEffect } from '../policy/effect-words.ts'
import type { Millis } from '../relay/input.ts'
import type { PolicyPort, PolicyStatus } from '../relay/policy-status.ts'
import { FileWatch, signFiles, type FileWatchOptions } from './file-watch.ts'

/** What came of reading the files again. */
export type Reload =
  | {
      readonly ok: true
      readonly version: string
      /** What held until now. */
      readonly before: string
    }
  /** The old policy goes on. */
  | { readonly ok: false; readonly problems: readonly string[] }

export interface PolicyHostOptions {
  /** Milliseconds of the clock that events have. */
  now(): Millis
  /** One sentence for a person: why changes are not seen. */
  onProblem(problem: string): void
  /** Where tests stand in for the file system. */
  readonly watch?: FileWatchOptions['watch']
}

export type ReloadListener = (reload: Reload) => void

export class PolicyHost implements PolicyPort {
  readonly #options: PolicyHostOptions
  readonly #listeners = new Set<ReloadListener>()
  #config: PolicyConfig
  /** Changed in one assignment: whoever decides sees all of one policy. */
  #current: CompiledPolicy
  #version: string
  #loadedAt: Millis
  #problem: string | undefined
  /** Dry runs were switched since the files were read. */
  #isChangedByHand = false
  #watch: FileWatch | undefined

  private constructor(config: PolicyConfig, current: CompiledPolicy, options: PolicyHostOptions) {
    this.#config = config
    this.#current = current
    this.#options = options
    this.#version = versionOf(config.document)
    this.#loadedAt = options.now()
  }

  /** Throws BadConfiguration for a policy with mistakes. */
  static open(config: PolicyConfig, options: PolicyHostOptions): PolicyHost {
    return new PolicyHost(config, requirePolicy(config), options)
  }

  get current(): CompiledPolicy {
    return this.#current
  }

  get files(): readonly string[] {
    return this.#config.files
  }

  /** Twelve hex digits: the same for the same policy. */
  get version(): string {
    return this.#version
  }

  /** Told of every reload, whatever came of it; answers how to stop that. */
  onReload(listener: ReloadListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** From the files as they are; dry runs that were set by hand are what the files say again. */
  reload(): Reload {
    const reload = this.#read()
    this.#problem = reload.ok ? undefined : reload.problems.join('\n')
    for (const listener of this.#listeners) listener(reload)
    return reload
  }

  #read(): Reload {
    const signature = signFiles(this.files)
    try {
      const config = this.#config.readAgain?.()
      if (!config) return { ok: false, problems: [this.#config.readAgain ? gone : unreadable] }
      const current = requirePolicy(config, this.#current)
      if (signFiles(this.files) !== signature) return { ok: false, problems: [moving] }
      const before = this.#version
      this.#take(config, current)
      return { ok: true, version: this.#version, before }
    } catch (error) {
      if (error instanceof BadConfiguration) return { ok: false, problems: error.problems.map(writeProblem) }
      return { ok: false, problems: [`the policy could not be read again: ${String(error)}`] }
    }
  }

  #take(config: PolicyConfig, current: CompiledPolicy): void {
    const version = versionOf(config.document)
    // What is the same stays: what waits for a person need not be decided anew.
    if (version !== this.#version || this.#isChangedByHand) this.#current = current
    this.#config = config
    this.#version = version
    this.#isChangedByHand = false
    this.#loadedAt = this.#options.now()
    this.#watch?.follow(config.files)
  }

  /** From now on changes of the files are taken by themselves. */
  watch(): void {
    if (this.#watch || !this.#config.readAgain) return
    this.#watch = new FileWatch({
      onChange: () => void this.reload(),
      onProblem: (problem) => this.#options.onProblem(problem),
      watch: this.#options.watch,
    })
    this.#watch.follow(this.files)
  }

  close(): void {
    this.#watch?.close()
    this.#watch = undefined
    this.#listeners.clear()
  }

  status(): PolicyStatus {
    const { mode, document, rules, hits } = this.#current
    return {
      mode,
      default: document.default,
      files: this.files,
      loadedAt: this.#loadedAt,
      problem: this.#problem,
      rules: rules.map(({ name, effect, condition, isDryRun, record }) => ({
        name,
        effect: writeEffect(effect),
        when: condition?.text,
        hits: hits.of(name).count,
        lastHit: hits.of(name).lastAt,
        isDryRun,
        record,
      })),
    }
  }

  setDryRun(name: string | undefined, on: boolean): string | undefined {
    const isKnown = name === undefined || this.#current.rules.some((rule) => rule.name === name)
    if (!isKnown) return `there is no rule "${name}"`
    this.#current = withDryRun(this.#current, name, on)
    this.#isChangedByHand = true
    return undefined
  }
}

const gone = 'the configuration has no policy any more: the one before goes on until imaptap is restarted'
const unreadable = 'this policy came from no file'
const moving = 'a file of the policy changed while it was read: the policy before goes on until it rests'

/** A policy that is ready, or BadConfiguration with every mistake. */
export function requirePolicy(config: PolicyConfig, before?: CompiledPolicy): CompiledPolicy {
  const compiled = compilePolicy(config.document, before)
  if (compiled.ok) return compiled.policy
  throw new BadConfiguration(compiled.problems.map((problem): Problem => ({ source: 'file', ...problem })))
}

/** Of what the policy says, not of where it says it. */
function versionOf(document: PolicyDocument): string {
  const text = JSON.stringify(document, (key, value: unknown) =>
    key === 'where' || key === 'places' ? undefined : value,
  )
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}
