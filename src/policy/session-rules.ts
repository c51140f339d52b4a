/** Which rules are left for a session's commands, once all that cannot fit this user, client and address is left out; decides nothing. */

import type { CompiledRule } from './compiled-rule.ts'
import { askBroadly } from './evaluate.ts'
import type { RuleContext } from './rule-context.ts'
import type { RuleIndex } from './rule-index.ts'

/** Lists that are kept: of each command that a client uses, and of some that it made up. */
const mostLists = 256

/** What such a list holds for: it changes with a login, an ID or TLS, and not from command to command. */
interface Standing {
  readonly index: RuleIndex
  readonly user: string
  readonly client: string
  readonly clientVersion: string
  readonly isOn: boolean
  readonly version: string
  readonly cipher: string
  readonly name: string
}

/** One for a session, whose address and listener stay. */
export class SessionRules {
  readonly #lists = new Map<string, readonly CompiledRule[]>()
  #standing: Standing | undefined

  /** In their order; the context has been told of the command. */
  of(index: RuleIndex, context: RuleContext): readonly CompiledRule[] {
    this.#settle(index, context)
    const key = `${context.command} ${context.actions.join(' ')}`
    const known = this.#lists.get(key)
    if (known) return known
    const rules = [...index.rulesFor(context.command, context.actions)].filter((rule) =>
      mayFit(rule, context),
    )
    if (this.#lists.size >= mostLists) this.#lists.clear()
    this.#lists.set(key, rules)
    return rules
  }

  #settle(index: RuleIndex, { user, client, clientVersion, tls }: RuleContext): void {
    const { isOn, version, cipher, name } = tls
    const standing = { index, user, client, clientVersion, isOn, version, cipher, name }
    if (this.#standing && isSame(this.#standing, standing)) return
    this.#standing = standing
    this.#lists.clear()
  }
}

const isSame = (one: Standing, other: Standing): boolean =>
  one.index === other.index &&
  one.user === other.user &&
  one.client === other.client &&
  one.clientVersion === other.clientVersion &&
  one.isOn === other.isOn &&
  one.version === other.version &&
  one.cipher === other.cipher &&
  one.name === other.name

/** What came to no answer is asked again with each command. */
function mayFit(rule: CompiledRule, context: RuleContext): boolean {
  const answer = askBroadly(rule, context, 'standing')
  return answer === undefined || !answer.ok || answer.fits
}
