/** What a session's responses mean for its guard, and what the client may hear of them; knows no rule. */

import type { Command } from '../imap/commands/index.ts'
import type { Response } from '../imap/responses/index.ts'
import type { CompressMode } from '../relay/compression.ts'
import type {
  GuardAction,
  GuardedCommand,
  GuardedResponse,
  GuardedResponseAction,
  EndOfSession,
  GlancedLine,
} from '../relay/guard.ts'
import { isAuthenticated } from '../session/state.ts'
import type { AliasBook } from './alias-book.ts'
import { announceDisabled } from './cleartext-login.ts'
import { decideAlgorithm } from './compress-rule.ts'
import { ContentGlance, mayBringContent } from './content-glance.ts'
import { filterResponse, readsWord } from './filter-response.ts'
import { HiddenNames } from './filter/context.ts'
import { SaidNames } from './filter/said-names.ts'
import type { SessionAccount } from './ledger.ts'
import { hideCapabilities, mayAnnounce } from './hidden-capabilities.ts'
import type { EndReason, LoginGuard } from './login-guard.ts'
import type { UserView } from './mailbox-view.ts'
import { neutralizeListing } from './neutral-listing.ts'
import { decidedBy } from './refusals.ts'
import type { ServerNames } from './server-names.ts'

export interface ResponseGuardParts {
  readonly account: SessionAccount
  readonly login: LoginGuard
  readonly names: ServerNames
  readonly book: AliasBook
  compress(): CompressMode
  isEnforced(): boolean
  /** Messages whose content goes out are counted. */
  countsContent(): boolean
  visible(): UserView
  /** Capabilities that are hidden from this session, as patterns. */
  hidden(): readonly string[]
  /** A login would cross a network in cleartext, and the policy does not want that. */
  isLoginExposed(): boolean
}

export class ResponseGuard {
  readonly #parts: ResponseGuardParts
  readonly #hiddenNames = new HiddenNames()
  readonly #content = new ContentGlance()
  /** Sticky: responses of a command that asked for labels may come at any time. */
  #readsPlaces = false

  constructor(parts: ResponseGuardParts) {
    this.#parts = parts
  }

  /** From here on FETCH responses may name mailboxes. */
  readPlaces(): void {
    this.#readsPlaces = true
  }

  reads(word: string): boolean {
    if (word === 'CAPABILITY' || word === 'ENABLED') return true
    return readsWord(this.#parts.visible(), word, this.#readsPlaces)
  }

  glances(word: string): boolean {
    return mayBringContent(word) && this.#parts.countsContent()
  }

  /** Counts messages whose content goes out; the one that is too many does not. */
  glance(glanced: GlancedLine): EndOfSession | undefined {
    const { account, names } = this.#parts
    if (!this.#parts.countsContent() || !this.#content.brings(glanced)) return undefined
    const refusal = account.chargeMessage(this.#content.uid, names.selectedName, glanced.at)
    return refusal && this.#parts.isEnforced() ? endBy(refusal) : undefined
  }

  filter(facts: GuardedResponse): GuardedResponseAction {
    const refusal = this.#observe(facts)
    if (!this.#parts.isEnforced()) return { kind: 'forward' }
    if (refusal) return endBy(refusal)
    const capable = this.#adaptCapabilities(facts)
    const { view, how, book } = {
      view: this.#parts.visible(),
      how: this.#parts.names.how,
      book: this.#parts.book,
    }
    // Only what `decide` kept is a command of this exchange.
    const command = facts.exchange && (facts.memory as Command | undefined)
    const neutral = view.hidesAnything ? neutralizeListing(capable.response, command) : capable.response
    if (capable.response.kind === 'tagged' && command && endingShells.has(command.name))
      this.#hiddenNames.forgetShells()
    const said = command && view.hidesAnything ? new SaidNames(command, facts.exchange?.user) : undefined
    const filtered = filterResponse(
      { response: neutral },
      { view, how, book, hiddenNames: this.#hiddenNames, said },
    )
    if ('notes' in filtered) return { ...filtered, notes: [...capable.notes, ...filtered.notes] }
    if (neutral === facts.response) return filtered
    return { kind: 'replace', response: neutral, notes: capable.notes }
  }

  /** COMPRESS is a matter of each leg; undefined for everything else, and where it goes on. */
  decideCompress({ command, legs }: GuardedCommand): GuardAction | undefined {
    if (command.name !== 'COMPRESS') return undefined
    const verdict = decideAlgorithm(this.#parts.compress(), command.algorithm, legs)
    if (verdict.kind === 'forward') return undefined
    if (verdict.kind === 'compress') return verdict
    const { status, code, text } = verdict
    return { kind: 'answer', status, code, text }
  }

  #observe({ response, exchange, memory, legs, at }: GuardedResponse): EndReason | undefined {
    const { names, account } = this.#parts
    names.noteEnabled(legs.view.enabled)
    if (response.kind === 'untagged')
      return this.#parts.isEnforced()
        ? undefined
        : account.chargeContent(response.data, names.selectedName, at)
    if (response.kind !== 'tagged' || !exchange) return undefined
    // Only what `decide` kept is a command of this exchange.
    const command = memory as Command | undefined
    // A server that is in trouble has not judged the password (RFC 5530 section 3).
    const isOutage = response.status === 'NO' && response.text.code?.name === 'UNAVAILABLE'
    return command && this.#settle(command, isOutage ? 'BAD' : response.status, at)
  }

  #settle(command: Command, status: 'OK' | 'NO' | 'BAD', at: number): EndReason | undefined {
    const { names, login } = this.#parts
    switch (command.name) {
      case 'LOGIN':
      case 'AUTHENTICATE':
        if (status === 'OK') names.beginAnew()
        return login.settle(status, at)
      case 'PROXYAUTH':
        return status === 'OK' ? login.become(command.user, at) : undefined
      case 'SELECT':
      case 'EXAMINE':
        // Refused, it leaves nothing selected (RFC 9051 section 6.3.2); a server that thinks otherwise gives no more than before.
        if (status !== 'OK') return undefined
        names.noteSelected(command.mailbox)
        // Another policy hid it while the server looked for it.
        return this.#parts.visible().isHidden(command.mailbox, names.how) ? goneMeanwhile : undefined
      case 'CLOSE':
      case 'UNSELECT':
        if (status === 'OK') names.noteSelected(undefined)
        return undefined
      default:
        return undefined
    }
  }

  #adaptCapabilities({ response, legs, isLoginOpen }: GuardedResponse): {
    readonly response: Response
    readonly notes: readonly string[]
  } {
    if (!mayAnnounce(response)) return { response, notes: [] }
    const hide = hideCapabilities(this.#parts.hidden(), this.#parts.compress())
    const verdict = hide(response, { ...legs, isLoginOpen })
    const shown = verdict.kind === 'replace' ? verdict : { response, notes: [] }
    if (isAuthenticated(legs.view.state) || !this.#parts.isLoginExposed()) return shown
    const disabled = announceDisabled(shown.response)
    return { response: disabled.response, notes: [...shown.notes, ...disabled.notes] }
  }
}

/** What was told of mailboxes that are not there no longer holds behind these. */
const endingShells: ReadonlySet<Command['name']> = new Set(['LIST', 'CREATE', 'RENAME'])

const goneMeanwhile: EndReason = {
  rule: 'visibility',
  code: 'UNAVAILABLE',
  text: 'the selected mailbox is not there any more',
  why: 'the policy hides the mailbox that is selected',
}

const endBy = ({ rule = 'limit', why, code, text }: EndReason): EndOfSession => ({
  kind: 'end',
  decided: decidedBy({ rule, why }, 'close'),
  code,
  text,
})

/** As a server does whose mailbox was deleted by somebody else (RFC 2180 section 3.3): whoever had selected it leaves. */
export const endInHidden: EndOfSession = endBy(goneMeanwhile)

/** What a session was allowed while the policy was only asked is not known any more. */
export const endDry: EndOfSession = endBy({
  rule: 'enforced',
  code: 'UNAVAILABLE',
  text: 'the policy is enforced from now on: log in again',
  why: 'the session began while the policy was only asked',
})
