/** Runs every check over the events of all sessions and tells what they find; knows no single check and no sink. */

import { commandName, type Command } from '../imap/commands/index.ts'
import type { Fault } from '../imap/fault.ts'
import type { Message } from '../imap/message.ts'
import { codeWord } from '../imap/response-code.ts'
import type { Response, TaggedResponse, UntaggedData, UntaggedResponse } from '../imap/responses/index.ts'
import type { ProxyEvent, SessionId } from '../relay/event.ts'
import type { Exchange } from '../session/exchanges.ts'
import type { Check, Hooks, SeenCommand, SeenCompletion } from './check.ts'
import { allChecks } from './checks/index.ts'
import { glanceFetch } from './fetch-glance.ts'
import type { FindingEvent } from './finding.ts'
import { firstLine } from './first-line.ts'
import { History } from './model/history.ts'
import { rememberSelected, rememberUntagged } from './model/mailbox-memory.ts'
import { noteQuirks } from './model/lossy-quirks.ts'
import { recognizeServer } from './model/server-kind.ts'
import { SessionModel, WORK_KEPT } from './model/session-model.ts'
import { Work } from './model/work.ts'
import { Scene } from './scene.ts'

export interface EngineOptions {
  /** Ids or names of checks that tell nothing. */
  readonly suppressed?: readonly string[]
}

type MessageEvent = Extract<ProxyEvent, { readonly kind: 'message' }>

/** Hooks of all checks by what they listen to, so that a message costs only those who care for it. */
interface Dispatch {
  readonly opened: readonly NonNullable<Hooks['opened']>[]
  readonly secured: readonly NonNullable<Hooks['secured']>[]
  readonly tlsFailed: readonly NonNullable<Hooks['tlsFailed']>[]
  readonly clientData: readonly NonNullable<Hooks['clientData']>[]
  readonly anyUntagged: readonly NonNullable<Hooks['anyUntagged']>[]
  readonly continuation: readonly NonNullable<Hooks['continuation']>[]
  readonly message: readonly NonNullable<Hooks['message']>[]
  readonly bent: readonly NonNullable<Hooks['bent']>[]
  readonly unreadable: readonly NonNullable<Hooks['unreadable']>[]
  readonly warning: readonly NonNullable<Hooks['warning']>[]
  readonly exchange: readonly NonNullable<Hooks['exchange']>[]
  readonly closed: readonly NonNullable<Hooks['closed']>[]
  readonly commands: ReadonlyMap<string, readonly ((scene: Scene, seen: SeenCommand) => void)[]>
  readonly completions: ReadonlyMap<string, readonly ((scene: Scene, seen: SeenCompletion) => void)[]>
  readonly untagged: ReadonlyMap<string, readonly ((scene: Scene, data: UntaggedData) => void)[]>
}

const dispatch = makeDispatch(allChecks)

export class FindingsEngine {
  readonly #scenes = new Map<SessionId, Scene>()
  readonly #history = new History()
  readonly #suppressed: ReadonlySet<string>

  constructor({ suppressed = [] }: EngineOptions = {}) {
    this.#suppressed = new Set(suppressed)
  }

  /** What this event shows. Octets of a message are looked at within the call only. */
  observe(event: ProxyEvent): readonly FindingEvent[] {
    const scene = this.#sceneOf(event)
    scene.at = event.at
    scene.event = event
    scene.exchange = 'exchange' in event ? event.exchange : undefined
    take(scene, event)
    if (event.kind === 'closed') this.#scenes.delete(event.session)
    return scene.take()
  }

  /** What is known of a session that is live. */
  model(session: SessionId): SessionModel | undefined {
    return this.#scenes.get(session)?.model
  }

  #sceneOf(event: ProxyEvent): Scene {
    const known = this.#scenes.get(event.session)
    if (known) return known
    const scene = new Scene(new SessionModel(event.session, event.at), this.#history, this.#suppressed)
    this.#scenes.set(event.session, scene)
    return scene
  }
}

function take(scene: Scene, event: ProxyEvent): void {
  const { model } = scene
  switch (event.kind) {
    case 'message':
      return takeMessage(scene, event)
    case 'exchange-completed':
      return takeExchange(scene, event.exchange, event.view.user)
    case 'opened':
      model.address = event.address
      model.listener = event.listener
      model.upstream = event.upstream
      model.serverKind = recognizeServer({ upstream: event.upstream })
      for (const hook of dispatch.opened) hook(scene, event)
      return
    case 'secured':
      for (const hook of dispatch.secured) hook(scene, event)
      model.tls[event.side] = event.tls
      return
    case 'tls-failed':
      for (const hook of dispatch.tlsFailed) hook(scene, event)
      return
    case 'changed':
      model.user = event.view.user
      return
    case 'unreadable':
      for (const hook of dispatch.unreadable) hook(scene, event)
      return
    case 'warning':
      for (const hook of dispatch.warning) hook(scene, event)
      return
    case 'closed':
      for (const hook of dispatch.closed) hook(scene, event)
      return
    default:
  }
}

function takeMessage(scene: Scene, event: MessageEvent): void {
  // What imaptap said itself is nobody's fault; a greeting of its own begins the session all the same.
  if (event.isOurs === true) return takeOwn(scene, event)
  for (const hook of dispatch.message) hook(scene, event)
  if (event.side === 'server') takeResponse(scene, event)
  else if (event.message.kind === 'command') takeCommand(scene, event)
  else takeClientData(scene, event)
  scene.model.lastAt[event.side] = event.at
}

function takeOwn({ model }: Scene, event: MessageEvent): void {
  if (model.state === 'opening' && event.side === 'server') model.noteOwnGreeting()
}

function takeCommand(scene: Scene, event: MessageEvent): void {
  const { model } = scene
  const parsed = event.message.command()
  if (!parsed.ok) {
    openWork(scene, event, undefined)
    return takeClientData(scene, event)
  }
  const name = commandName(parsed.value)
  const seen: SeenCommand = { command: parsed.value, name, event }
  for (const hook of dispatch.commands.get(name) ?? none) hook(scene, seen)
  for (const hook of dispatch.commands.get('*') ?? none) hook(scene, seen)
  // Answered by imaptap: the server never saw it.
  if (event.exchange?.completedAt !== undefined) return
  // What the server has to answer is what went on: a breakpoint may have changed it.
  const went = event.sent?.kind === 'command' ? event.sent.command() : parsed
  openWork(scene, event, went.ok ? went.value : undefined)
  if (went.ok) model.observeCommand(went.value, event.at)
}

function openWork({ model }: Scene, event: MessageEvent, command: Command | undefined): void {
  const { exchange } = event
  if (exchange?.completedAt !== undefined) return
  // A line without a tag, such as an empty one, opens none.
  if (!exchange && !command) return
  if (!exchange || model.open.size >= WORK_KEPT) {
    model.isOverrun = true
    return
  }
  const { id, tag, openedAt } = exchange
  const { state, mailbox } = model
  const name = command && event.sent?.kind === 'command' ? commandName(command) : exchange.name
  const selects = model.makeMailbox(command)
  model.begin(new Work({ id, tag, name, command, openedAt, state, mailbox, selects }))
}

function takeClientData(scene: Scene, event: MessageEvent): void {
  for (const hook of dispatch.clientData) hook(scene, event)
  if (event.message.kind === 'idle-done') scene.model.observeDone()
}

function takeResponse(scene: Scene, event: MessageEvent): void {
  const glance = isSampled(scene.model.oldest) ? undefined : glanceFetch(event.message)
  if (glance) return takeUntagged(scene, glance)
  const parsed = event.message.response()
  if (!parsed.ok) return miss(scene, event.message)
  if (parsed.quirks.length > 0) bend(scene, parsed.quirks)
  const response: Response = parsed.value
  if (response.kind === 'tagged') return takeCompletion(scene, response, event)
  if (response.kind === 'continuation') {
    for (const hook of dispatch.continuation) hook(scene, response)
    return
  }
  for (let each: UntaggedResponse | undefined = response; each; each = each.glued) {
    takeUntagged(scene, each.data)
  }
  showRewritten(scene, event)
}

/** FETCH responses of one command that are read whole in any case, and one in so many of those that follow. */
const READ_WHOLE = 8
const READ_ONE_OF = 32

function isSampled(work: Work | undefined): boolean {
  const count = work?.count('FETCH') ?? 0
  return count < READ_WHOLE || count % READ_ONE_OF === 0
}

function bend(scene: Scene, quirks: readonly Fault[]): void {
  for (const hook of dispatch.bent) hook(scene, quirks)
  noteQuirks(scene.model, quirks)
}

function miss({ model }: Scene, message: Message): void {
  const line = firstLine(message, HEAD)
  // An empty line says nothing.
  if (line !== '\r\n') model.miss(!/^\* +\d+ +FETCH /iu.test(line))
}

/** Octets of an unreadable line that are looked at: a star, a number and a word. */
const HEAD = 24

function takeUntagged(scene: Scene, data: UntaggedData): void {
  const { model } = scene
  for (const hook of dispatch.untagged.get(data.name) ?? none) hook(scene, data)
  for (const hook of dispatch.anyUntagged) hook(scene, data)
  countFor(model.oldest, data)
  if (model.state === 'opening' && data.name === 'OK')
    model.serverKind ??= recognizeServer({ greeting: data.text.text })
  model.observeUntagged(data, scene.at)
  rememberUntagged(scene, data)
}

function countFor(work: Work | undefined, data: UntaggedData): void {
  if (!work) return
  const code = 'text' in data && typeof data.text === 'object' ? data.text.code : undefined
  work.noteUntagged(data.name, code && codeWord(code))
}

function takeCompletion(scene: Scene, response: TaggedResponse, event: MessageEvent): void {
  const { model } = scene
  const work = event.exchange && model.open.get(event.exchange.id)
  const seen: SeenCompletion = { response, work, event }
  for (const hook of dispatch.completions.get(work?.name ?? '') ?? none) hook(scene, seen)
  for (const hook of dispatch.completions.get('*') ?? none) hook(scene, seen)
  model.observeCompletion(work, response, event.at)
  if (work?.selects && response.status === 'OK') rememberSelected(scene)
  showRewritten(scene, event)
}

/** The client saw what a rule wrote in the server's place. */
function showRewritten({ model }: Scene, { sent }: MessageEvent): void {
  const parsed = sent?.response()
  if (!parsed?.ok) return
  const response = parsed.value
  const words =
    response.kind === 'untagged' && response.data.name === 'CAPABILITY'
      ? response.data.capabilities
      : codeWords(response)
  if (words) model.shown = new Set(words.map((word) => word.toUpperCase()))
}

function codeWords(response: Response): readonly string[] | undefined {
  const text = response.kind === 'untagged' && 'text' in response.data ? response.data.text : undefined
  const code =
    response.kind === 'tagged' ? response.text.code : typeof text === 'object' ? text.code : undefined
  return code?.name === 'CAPABILITY' ? code.capabilities : undefined
}

function takeExchange(scene: Scene, exchange: Exchange, user: string | undefined): void {
  const { model } = scene
  const work = model.open.get(exchange.id)
  model.user = user
  for (const hook of dispatch.exchange) hook(scene, exchange, work)
  model.finish(exchange.id)
}

const none: readonly never[] = []

function makeDispatch(checks: readonly Check[]): Dispatch {
  const all = <Key extends keyof Hooks>(key: Key): NonNullable<Hooks[Key]>[] =>
    checks.flatMap((check) => {
      const hook = check[key]
      return hook === undefined ? [] : [hook]
    })
  return {
    opened: all('opened'),
    secured: all('secured'),
    tlsFailed: all('tlsFailed'),
    clientData: all('clientData'),
    anyUntagged: all('anyUntagged'),
    continuation: all('continuation'),
    message: all('message'),
    bent: all('bent'),
    unreadable: all('unreadable'),
    warning: all('warning'),
    exchange: all('exchange'),
    closed: all('closed'),
    commands: byName(all('commands')),
    completions: byName(all('completions')),
    // Each hook is called with the data of its own name only, which the map cannot express.
    untagged: byName(
      all('untagged') as unknown as Readonly<Record<string, (scene: Scene, data: UntaggedData) => void>>[],
    ),
  }
}

function byName<Hook>(tables: readonly Readonly<Record<string, Hook>>[]): Map<string, Hook[]> {
  const named = new Map<string, Hook[]>()
  for (const table of tables) {
    for (const [name, hook] of Object.entries(table)) {
      const hooks = named.get(name)
      if (hooks) hooks.push(hook)
      else named.set(name, [hook])
    }
  }
  return named
}
