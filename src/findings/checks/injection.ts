/** Checks of what may have been injected on the way: octets around STARTTLS, and data before login (RFC 9051 section 11.3). */

import type { ResponseText } from '../../imap/response-text.ts'
import type { UntaggedData } from '../../imap/responses/index.ts'
import type { Check } from '../check.ts'
import type { Scene } from '../scene.ts'
import type { SessionModel } from '../model/session-model.ts'
import { isWhole } from './attribution.ts'

/** What `relay/prelude.ts` and `relay/relay.ts` say of upstream's answer to STARTTLS. */
const aroundStartTls =
  /^upstream (?:sent octets in the clear behind its STARTTLS answer|answered STARTTLS before it was sent|answered a command that was never sent)/u

const startTlsInjection: Check = {
  id: 'X01',
  name: 'octets-around-starttls',
  level: 'error',
  side: 'server',
  title: 'The server sent octets in the clear around its answer to STARTTLS',
  reference: 'RFC 9051 sections 6.2.1 and 11.3',
  advice: 'Somebody on the path may be injecting responses: use imaps where the server has it.',
  warning(scene, { reason }) {
    if (aroundStartTls.test(reason)) scene.raise(startTlsInjection, { text: reason })
  },
}

/** What there is only behind login: mailboxes, messages, and who may do what with them. */
const insideData: ReadonlySet<UntaggedData['name']> = new Set<UntaggedData['name']>([
  'ACL',
  'ESEARCH',
  'EXISTS',
  'EXPUNGE',
  'FETCH',
  'FLAGS',
  'LIST',
  'LISTRIGHTS',
  'LSUB',
  'METADATA',
  'MYRIGHTS',
  'QUOTA',
  'QUOTAROOT',
  'RECENT',
  'SEARCH',
  'SORT',
  'STATUS',
  'THREAD',
  'UIDFETCH',
  'VANISHED',
  'XLIST',
])

/** Commands whose success leaves the client logged out; any other may be a vendor's own login. */
const outsideCommands = new Set(['CAPABILITY', 'NOOP', 'ID', 'LOGOUT', 'LANGUAGE', 'COMPRESS', 'STARTTLS'])
const makeEntry = (): { mayBeInside: boolean } => ({ mayBeInside: false })

const dataBeforeLogin: Check = {
  id: 'X02',
  name: 'data-before-login',
  level: 'error',
  side: 'server',
  title: 'Data of mailboxes or messages came before anybody had logged in',
  reference: 'RFC 9051 sections 3 and 11.3',
  advice: 'The client must not believe it: somebody on the path may have injected it.',
  anyUntagged(scene, { name }) {
    const { model } = scene
    if (model.state !== 'not-authenticated' || !insideData.has(name)) return
    if (model.hasMissed || !isWhole(model) || model.note(makeEntry).mayBeInside) return
    scene.raise(dataBeforeLogin, { text: `${name} came before anybody had logged in` })
  },
  completions: {
    '*'({ model }, { response, work }) {
      if (response.status !== 'OK' || model.state !== 'not-authenticated') return
      if (work && outsideCommands.has(work.name)) return
      // The login itself moves the state; what else succeeds here may be a login that is not known.
      if (work?.name !== 'LOGIN' && work?.name !== 'AUTHENTICATE') model.note(makeEntry).mayBeInside = true
    },
  },
}

/** Nothing protects what the server says. */
const isUpstreamClear = ({ tls, upstream }: SessionModel): boolean =>
  tls.server === undefined && upstream.startsWith('imap:')

/** Codes that make people or clients do something. */
const leading = new Set(['ALERT', 'REFERRAL', 'WEBALERT'])

function judgeCode(scene: Scene, { code }: ResponseText): void {
  if (!code || !leading.has(code.name)) return
  if (scene.model.isAuthenticated || !isUpstreamClear(scene.model)) return
  scene.raise(codeInTheClear, { text: `${code.name} came in the clear before login` })
}

const codeInTheClear: Check = {
  id: 'X03',
  name: 'code-in-the-clear',
  level: 'warning',
  side: 'server',
  title: 'ALERT or a referral came in the clear, before login',
  reference: 'RFC 9051 section 7.1, RFC 2221 section 4',
  advice: 'Do not follow it: anybody on the path can have written it; use TLS towards the server.',
  untagged: {
    OK: (scene, { text }) => judgeCode(scene, text),
    NO: (scene, { text }) => judgeCode(scene, text),
    BAD: (scene, { text }) => judgeCode(scene, text),
    BYE: (scene, { text }) => judgeCode(scene, text),
  },
  completions: { '*': (scene, { response }) => judgeCode(scene, response.text) },
}

const preauthInTheClear: Check = {
  id: 'X04',
  name: 'preauth-in-the-clear',
  level: 'warning',
  side: 'server',
  title: 'PREAUTH greets on a connection without TLS, which leaves no room for STARTTLS',
  reference: 'RFC 9051 section 7.1.4',
  advice: 'Use imaps towards the server: behind PREAUTH nobody can ask for TLS any more.',
  untagged: {
    PREAUTH(scene) {
      if (scene.model.state === 'opening' && isUpstreamClear(scene.model))
        scene.raise(preauthInTheClear, { text: 'the server greets with PREAUTH in the clear' })
    },
  },
  warning(scene, { reason }) {
    if (reason.startsWith('upstream greets with PREAUTH')) scene.raise(preauthInTheClear, { text: reason })
  },
}

export const injectionChecks: readonly Check[] = [
  startTlsInjection,
  dataBeforeLogin,
  codeInTheClear,
  preauthInTheClear,
]
