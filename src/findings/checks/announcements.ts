/** Checks of what a server announces and switches on: CAPABILITY and ENABLED (RFC 9051 sections 6.1.1, 6.3.1, 7.2.2). */

import type { Command } from '../../imap/commands/index.ts'
import type { Check } from '../check.ts'
import type { Scene } from '../scene.ts'
import { KEPT, keepText } from '../model/kept-text.ts'
import { isAlone, isWhole } from './attribution.ts'

const capabilityCount: Check = {
  id: 'S30',
  name: 'capability-count',
  level: 'error',
  side: 'server',
  title: 'CAPABILITY was answered by none or by several CAPABILITY responses',
  reference: 'RFC 9051 section 6.1.1',
  advice: 'The server must answer CAPABILITY by exactly one untagged CAPABILITY response.',
  completions: {
    CAPABILITY(scene, { response, work }) {
      if (response.status !== 'OK' || !isAlone(scene, work)) return
      const count = work.count('CAPABILITY')
      if (count !== 1)
        scene.raise(capabilityCount, { text: `CAPABILITY was answered by ${count} CAPABILITY responses` })
    },
  },
}

/** RFC 1730 has only the first. */
const revisions = ['IMAP4', 'IMAP4REV1', 'IMAP4REV2']

const oddCapabilities: Check = {
  id: 'S31',
  name: 'odd-capabilities',
  level: 'error',
  side: 'server',
  title: 'Capabilities name no revision of IMAP, or both LITERAL+ and LITERAL-',
  reference: 'RFC 9051 section 7.2.2, RFC 7888 section 5',
  advice: 'The server must announce IMAP4rev1 or IMAP4rev2, and only one of LITERAL+ and LITERAL-.',
  capabilities(scene, upper) {
    if (!revisions.some((revision) => upper.has(revision)))
      scene.raise(oddCapabilities, { text: `none of ${upper.size} capabilities is a revision of IMAP` })
    if (upper.has('LITERAL+') && upper.has('LITERAL-'))
      scene.raise(oddCapabilities, { text: 'LITERAL+ and LITERAL- are both announced' })
  },
}

interface Announced {
  words: ReadonlySet<string> | undefined
  /** Behind login, or being logged in. */
  isInside: boolean
  /** In answer to CAPABILITY: what a login announces may come from another machine. */
  isAnswer: boolean
  /** ENABLE succeeded since. */
  hasEnabled: boolean
  /** The response that announced them. */
  lines: readonly string[]
}

const makeAnnounced = (): Announced => ({
  words: undefined,
  isInside: false,
  isAnswer: false,
  hasEnabled: false,
  lines: [],
})
/** What changes as one compresses, which imaptap may do by itself. */
const changeable = new Set(['COMPRESS=DEFLATE'])
/** Names that a finding shows. */
const NAMES_SHOWN = 8

const forget = ({ model }: Scene): void => {
  model.note(makeAnnounced).words = undefined
}

/** What was announced while the login was in progress is for behind it, if it succeeds. */
const finishLogin = ({ model }: Scene, { response }: { response: { status: string } }): void => {
  const announced = model.note(makeAnnounced)
  if (response.status !== 'OK' || !announced.isInside) announced.words = undefined
}

const hear: NonNullable<Check['capabilities']> = (scene, upper, isIn) => {
  const announced = scene.model.note(makeAnnounced)
  const isAnswer = scene.model.oldest?.name === 'CAPABILITY'
  const isProven = announced.hasEnabled && announced.isAnswer && isAnswer
  if (announced.words && announced.isInside === isIn) compare(scene, announced, { upper, isProven })
  const lines = scene.lines()
  Object.assign(announced, { words: upper, isInside: isIn, isAnswer, hasEnabled: false, lines })
}

function compare(
  scene: Scene,
  { words, isInside: isIn, isAnswer, hasEnabled, lines }: Announced,
  { upper, isProven }: { readonly upper: ReadonlySet<string>; readonly isProven: boolean },
): void {
  const added = [...upper].filter((word) => !words?.has(word) && !changeable.has(word))
  const gone = [...(words ?? [])].filter((word) => !upper.has(word) && !changeable.has(word))
  if (added.length + gone.length === 0) return
  // A greeting's code may name what matters before login only, and CAPABILITY the rest (Cyrus).
  if (!isAnswer && !isIn && gone.length === 0) return
  const changes = [...added.map((word) => `+${word}`), ...gone.map((word) => `-${word}`)]
  const when = hasEnabled ? 'behind ENABLE' : 'without a reason'
  scene.raise(changedCapabilities, {
    text: `capabilities changed ${when}: ${changes.slice(0, NAMES_SHOWN).join(' ')}`,
    before: lines,
    // Nothing forbids it outright but for ENABLE; a balancer with unequal servers behind it does this.
    level: isProven ? 'error' : 'warning',
  })
}

const changedCapabilities: Check = {
  id: 'S32',
  name: 'changed-capabilities',
  level: 'error',
  side: 'server',
  title: 'Capabilities changed because of ENABLE, or within one state',
  reference: 'RFC 9051 section 6.3.1',
  advice: 'The server must announce the same capabilities before and behind ENABLE, from all its machines.',
  capabilities: hear,
  exchange(scene, { name }) {
    // Upstream may be another connection from here on.
    if (name === 'STARTTLS') forget(scene)
  },
  completions: {
    LOGIN: finishLogin,
    AUTHENTICATE: finishLogin,
    COMPRESS: forget,
    UNAUTHENTICATE: forget,
    LANGUAGE: forget,
    ID: forget,
    ENABLE({ model }, { response }) {
      if (response.status === 'OK') model.note(makeAnnounced).hasEnabled = true
    },
  },
}

/** Words of ENABLE that are remembered; a client that asks for more is not judged. */
const REQUESTED = 200
const makeRequested = (): Set<string> => new Set()

const unaskedEnabled: Check = {
  id: 'S33',
  name: 'odd-enabled',
  level: 'error',
  side: 'server',
  title: 'ENABLE was completed without ENABLED, or something was enabled that nobody asked for',
  reference: 'RFC 9051 section 6.3.1, RFC 5161 section 3.2',
  advice: 'The server must answer ENABLE by one ENABLED response that names only what was asked for.',
  noise: { icloud: 'note' },
  commands: {
    ENABLE({ model }, { command }) {
      if (command.name !== 'ENABLE') return
      const requested = model.note(makeRequested)
      for (const word of command.capabilities)
        if (requested.size < REQUESTED) requested.add(keepText(word.toUpperCase()))
    },
  },
  untagged: {
    ENABLED(scene, { capabilities }) {
      const { model } = scene
      const requested = model.note(makeRequested)
      if (!isWhole(model) || requested.size >= REQUESTED) return
      if ([...model.open.values()].some(({ name, command }) => name === 'ENABLE' && !command)) return
      const unasked = capabilities.filter((word) => !isAskedFor(scene, requested, word.toUpperCase()))
      if (unasked.length === 0) return
      scene.raise(unaskedEnabled, {
        text: `${unasked.slice(0, NAMES_SHOWN).join(' ')} was enabled, and no ENABLE asked for it`,
      })
    },
  },
  completions: {
    ENABLE(scene, { response, work }) {
      if (response.status !== 'OK' || !isAlone(scene, work) || work.count('ENABLED') > 0) return
      const [word] = newlyEnabled(scene, work.command)
      if (word === undefined) return
      scene.raise(unaskedEnabled, {
        text: `ENABLE ${work.tag} asked for ${word}, which is announced, and was completed without ENABLED`,
      })
    },
  },
}

/** What must be on now: where nothing new is, Dovecot and Cyrus leave ENABLED out. */
function newlyEnabled({ model }: Scene, command: Command | undefined): readonly string[] {
  if (command?.name !== 'ENABLE') return []
  const words = command.capabilities.map((word) => word.toUpperCase())
  const isOn = (word: string): boolean =>
    model.enabled.has(word) ||
    (word === 'CONDSTORE' && model.isCondstoreAware) ||
    (word.startsWith('UTF8=') && model.isUtf8)
  return words.filter((word) => model.has(word) && !isOn(word))
}

/** QRESYNC brings CONDSTORE along (RFC 7162 section 3.2.3), and so does asking for mod-sequences; rev2 speaks UTF-8. */
function isAskedFor({ model }: Scene, requested: ReadonlySet<string>, word: string): boolean {
  if (requested.has(word.slice(0, KEPT))) return true
  if (word === 'CONDSTORE') return model.isCondstoreAware || requested.has('QRESYNC')
  return word.startsWith('UTF8=') && [...requested].some((one) => /^(?:UTF8=|IMAP4REV2$)/u.test(one))
}

export const announcementChecks: readonly Check[] = [
  capabilityCount,
  oddCapabilities,
  changedCapabilities,
  unaskedEnabled,
]
