/** Holds the policy of all sessions, and puts another in its place as a whole when its files change; decides nothing. */

import { createHash } from 'node:crypto'
import type { PolicyConfig } from '../config/config.ts'
import type { PolicyDocument } from '../config/policy-document.ts'
import { BadConfiguration, writeProblem, type Problem } from '../config/problem.ts'
import { withPolicyFaults } from '../policy/all-faults.ts'
import { compilePolicy, withDryRun, type CompiledPolicy } from '../policy/compile.ts'
import { writeEffect } from '../policy/effect-words.ts'
import type { Millis } from '../relay/input.ts'
import { isLoosened, type LiveSwitch, type PolicyStatus } from '../relay/policy-status.ts'
import { FileWatch, signFiles, type FileWatchOptions } from './file-watch.ts'

/** What came of reading the files again. */
type Outcome =
  | {
      readonly ok: true
      readonly version: string
      /** What held until now. */
      readonly before: string
      /** What was switched by hand and is now as the files say. */
      readonly ended: readonly LiveSwitch[]
    }
  /** The old policy goes on, and what was switched by hand with it. */
  | { readonly ok: false; readonly problems: readonly string[] }

type Refusal = Extract<Outcome, { ok: false }>
type Read = { readonly ok: true; readonly config: PolicyConfig; readonly current: CompiledPolicy } | Refusal

/** With who asked for it: `SIGHUP`, `file change`, ... */
export type Reload = Outcome & { readonly by: string }

/** A dry run to begin or to end, of a rule or of all. */
export type Switch = Omit<LiveSwitch, 'at'>

export interface PolicyHostOptions {
  /** Milliseconds of the clock that events have. */
  now(): Millis
  /** One sentence for a person: why changes are not seen. */
  onProblem(problem: string): void
  /** Why a policy without a mistake cannot be taken just now. */
  findObstacle?(next: CompiledPolicy): string | undefined
  /** Where tests stand in for the file system. */
  readonly watch?: FileWatchOptions['watch']
}

export type ReloadListener = (reload: Reload) => void

export class PolicyHost {
  readonly #options: PolicyHostOptions
  readonly #listeners = new Set<ReloadListener>()
  #config: PolicyConfig
  /** Changed in one assignment: whoever decides sees all of one policy. */
  #current: CompiledPolicy
  /** The same, but for what was switched by hand. */
  #asRead: CompiledPolicy
  #version: string
  #loadedAt: Millis
  #problem: string | undefined
  /** By rule; what is as the files say is not among them. */
  readonly #switched = new Map<string | undefined, LiveSwitch>()
  #watch: FileWatch | undefined

  private constructor(config: PolicyConfig, current: CompiledPolicy, options: PolicyHostOptions) {
    this.#config = config
    this.#current = current
    this.#asRead = current
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

  /** From the files as they are: what was switched by hand ends with it. */
  reload(by: string): Reload {
    return this.#settle(this.#read(), by)
  }

  /** Files that say the same as before, as those do that were only touched, end nothing that was switched by hand. */
  #followChange(): void {
    const read = this.#read()
    const isSame = read.ok && this.#problem === undefined && versionOf(read.config.document) === this.#version
    if (isSame) this.#adopt(read.config)
    else this.#settle(read, 'file change')
  }

  #settle(read: Read, by: string): Reload {
    const reload: Reload = { ...(read.ok ? this.#take(read) : read), by }
    this.#problem = reload.ok ? undefined : reload.problems.join('\n')
    for (const listener of this.#listeners) listener(reload)
    return reload
  }

  #read(): Read {
    const signature = signFiles(this.files)
    try {
      const config = this.#config.readAgain?.()
      if (!config) return { ok: false, problems: [this.#config.readAgain ? gone : unreadable] }
      const current = requirePolicy(config, this.#current)
      if (signFiles(this.files) !== signature) return { ok: false, problems: [moving] }
      const obstacle = this.#options.findObstacle?.(current)
      if (obstacle !== undefined) return { ok: false, problems: [obstacle] }
      return { ok: true, config, current }
    } catch (thrown) {
      const error = withPolicyFaults(thrown)
      if (error instanceof BadConfiguration) return { ok: false, problems: error.problems.map(writeProblem) }
      return { ok: false, problems: [`the policy could not be read again: ${String(error)}`] }
    }
  }

  #take({ config, current }: Extract<Read, { ok: true }>): Outcome {
    const version = versionOf(config.document)
    const before = this.#version
    const switched = [...this.#switched.values()]
    // What is the same stays: what waits for a person need not be decided anew.
    if (version !== this.#version || switched.length > 0) this.#current = current
    this.#asRead = this.#current
    this.#version = version
    this.#switched.clear()
    this.#loadedAt = this.#options.now()
    this.#adopt(config)
    const ended = switched.filter(({ rule, isDryRun }) => isDryRunIn(current, rule) !== isDryRun)
    return { ok: true, version, before, ended }
  }

  #adopt(config: PolicyConfig): void {
    this.#config = config
    this.#watch?.follow(config.files)
  }

  /** From now on changes of the files are taken by themselves. */
  watch(): void {
    if (this.#watch || !this.#config.readAgain) return
    this.#watch = new FileWatch({
      onChange: () => this.#followChange(),
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
      ...(this.#switched.size > 0 && { switched: [...this.#switched.values()] }),
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

  /** What a switch would do to what may pass; `none`: it is so already. */
  weigh({ rule: name, isDryRun }: Switch): 'unknown' | 'none' | 'tighter' | 'looser' {
    const is = isDryRunIn(this.#current, name)
    if (is === undefined) return 'unknown'
    if (is === isDryRun) return 'none'
    const rule = this.#current.rules.find((one) => one.name === name)
    // Without a rule it is all of the policy.
    const isLooser = rule ? isLoosened({ effect: writeEffect(rule.effect) }, isDryRun) : isDryRun
    return isLooser ? 'looser' : 'tighter'
  }

  /** Until it is switched again, or the files are read again. */
  take(asked: Switch): void {
    const { rule, isDryRun } = asked
    if (isDryRunIn(this.#asRead, rule) === isDryRun) this.#switched.delete(rule)
    else this.#switched.set(rule, { ...asked, at: this.#options.now() })
    this.#current = withDryRun(this.#current, rule, isDryRun)
  }
}

/** Undefined where there is no such rule. */
function isDryRunIn({ mode, rules }: CompiledPolicy, name: string | undefined): boolean | undefined {
  return name === undefined ? mode === 'dry-run' : rules.find((rule) => rule.name === name)?.isDryRun
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
