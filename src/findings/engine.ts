/** Runs every check over the events of all sessions and tells what they find; knows no single check and no sink. */

import { commandName, type Command } from '../imap/commands/index.ts'
import type { Fault } from '../imap/fault.ts'
import { limits } from '../imap/limits.ts'
import type { Message } from '../imap/message.ts'
import { codeWord, type ResponseCode } from '../imap/response-code.ts'
import type { FetchData } from '../imap/responses/fetch.ts'
import type { Response, TaggedResponse, UntaggedData, UntaggedResponse } from '../imap/responses/index.ts'
import type { ProxyEvent, SessionId } from '../relay/event.ts'
import type { Exchange } from '../session/exchanges.ts'
import type { SeenCommand, SeenCompletion } from './check.ts'
import { allChecks } from './checks/index.ts'
import { makeDispatch } from './dispatch.ts'
import { glanceFetch } from './fetch-glance.ts'
import type { FindingEvent } from './finding.ts'
import { firstLine } from './first-line.ts'
import { History } from './model/history.ts'
import { keepWords } from './model/kept-text.ts'
import { rememberNumbers, rememberSelected, rememberUntagged } from './model/mailbox-memory.ts'
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

const none: readonly never[] = []

const dispatch = makeDispatch(allChecks)
const everyCommand = dispatch.commands.get('*') ?? none
const unknownCommands = dispatch.commands.get('unknown') ?? none
const everyCompletion = dispatch.completions.get('*') ?? none

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
    scene.exchange = exchangeOf(event)
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

function exchangeOf(event: ProxyEvent): Exchange | undefined {
  return event.kind === 'message' || event.kind === 'exchange-completed' ? event.exchange : undefined
}

function take(scene: Scene, event: ProxyEvent): void {
  const { model } = scene
  switch (event.kind) {
    case 'message':
      return takeMessage(scene, event)
    case 'exchange-completed':
      return takeExchange(scene, event.exchange, event.view.user)
    case 'opened':
      model.isHeardWhole = event.view.state === 'opening'
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
  // The question was imaptap's, and so is the answer: it belongs to no command that is known here.
  if (event.isForUs === true) return void (scene.model.lastAt[event.side] = event.at)
  if (event.message.raw.parts.length > 1) for (const hook of dispatch.literals) hook(scene, event)
  if (event.side === 'server') takeResponse(scene, event)
  else if (event.message.kind === 'command') takeCommand(scene, event)
  else takeClientData(scene, event)
  scene.model.lastAt[event.side] = event.at
}

function takeOwn(scene: Scene, { exchange, message, side }: MessageEvent): void {
  const { model } = scene
  if (model.state === 'opening' && side === 'server') model.noteOwnGreeting()
  if (exchange && firstLine(message, 1) !== '+') scene.ownAnswer = exchange.id
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
  for (const hook of everyCommand) hook(scene, seen)
  if (seen.command.name === 'unknown') for (const hook of unknownCommands) hook(scene, seen)
  // Answered by imaptap: the server never saw it.
  if (event.exchange?.completedAt !== undefined) return
  // What the server has to answer is what went on: a breakpoint may have changed it.
  const went = event.sent?.kind === 'command' ? event.sent.command() : parsed
  openWork(scene, event, went.ok ? went.value : undefined)
  if (went.ok) model.observeCommand(went.value, event.at)
}

function openWork({ model }: Scene, event: MessageEvent, sent: Command | undefined): void {
  const { exchange } = event
  if (exchange?.completedAt !== undefined) return
  // A line without a tag, such as an empty one, opens none.
  if (!exchange && !sent) return
  if (!exchange || model.open.size >= WORK_KEPT) {
    model.isOverrun = true
    return
  }
  const { id, tag, openedAt } = exchange
  const mailbox = model.mailbox?.isOpen ? model.mailbox.name : undefined
  const name = sent && event.sent?.kind === 'command' ? commandName(sent) : exchange.name
  // A huge one would be kept until its answer came, and a thousand of them beside it.
  const command = event.message.raw.octets <= limits.commandKept ? sent : undefined
  const selects = model.makeMailbox(command)
  model.begin(new Work({ id, tag, name, command, openedAt, mailbox, selects }))
}

function takeClientData(scene: Scene, event: MessageEvent): void {
  for (const hook of dispatch.clientData) hook(scene, event)
  if (event.message.kind === 'idle-done') scene.model.observeDone()
}

function takeResponse(scene: Scene, event: MessageEvent): void {
  const glance = isSampled(scene.model.oldest) ? undefined : glanceFetch(event.message)
  if (glance) return takeGlance(scene, glance)
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
    takeUntagged(scene, each)
  }
  showRewritten(scene, event)
}

/** Thousands of these come for one command: only those who want their numbers hear of them. */
function takeGlance(scene: Scene, data: FetchData): void {
  const { model } = scene
  for (const hook of dispatch.glances) hook(scene, data)
  model.oldest?.noteFetch()
  model.observeUntagged(data)
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

function takeUntagged(scene: Scene, response: UntaggedResponse): void {
  const { data } = response
  const { model } = scene
  for (const hook of dispatch.untagged.get(data.name) ?? none) hook(scene, data)
  hearCapabilities(scene, response)
  for (const hook of dispatch.anyUntagged) hook(scene, data)
  countFor(model.oldest, data)
  if (model.state === 'opening' && data.name === 'OK')
    model.serverKind ??= recognizeServer({ greeting: data.text.text })
  model.observeUntagged(data)
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
  hearCapabilities(scene, response)
  for (const hook of everyCompletion) hook(scene, seen)
  model.observeCompletion(work, response)
  // What was glanced at is remembered at the end of it.
  if (work?.name.endsWith('FETCH')) rememberNumbers(scene)
  if (work?.selects && response.status === 'OK') rememberSelected(scene)
  showRewritten(scene, event)
}

/** The client saw what a rule wrote in the server's place. */
function showRewritten({ model }: Scene, { sent }: MessageEvent): void {
  const parsed = sent?.response()
  const words = parsed?.ok === true ? announcedBy(parsed.value) : undefined
  if (words) model.shown = keepWords(words)
}

function hearCapabilities(scene: Scene, response: Response): void {
  const words = announcedBy(response)
  if (!words) return
  const { model } = scene
  const isInside = model.isAuthenticated || model.isOpen('LOGIN') || model.isOpen('AUTHENTICATE')
  const kept = keepWords(words)
  for (const hook of dispatch.capabilities) hook(scene, kept, isInside)
}

/** As data, and in the code of a greeting or completion. */
function announcedBy(response: Response): readonly string[] | undefined {
  if (response.kind === 'continuation') return undefined
  if (response.kind === 'tagged') return wordsOf(response.text.code)
  const { data } = response
  if (data.name === 'CAPABILITY') return data.capabilities
  return data.name === 'OK' || data.name === 'PREAUTH' ? wordsOf(data.text.code) : undefined
}

const wordsOf = (code: ResponseCode | undefined): readonly string[] | undefined =>
  code?.name === 'CAPABILITY' ? code.capabilities : undefined

function takeExchange(scene: Scene, exchange: Exchange, user: string | undefined): void {
  const { model } = scene
  const work = model.open.get(exchange.id)
  model.user = user
  for (const hook of dispatch.exchange) hook(scene, exchange, work)
  model.finish(exchange.id)
}
