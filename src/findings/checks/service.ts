/** Checks of what stands in the way of a session: the wrong port, OAuth's errors, responses that nobody can read. */

import { readOauthError } from '../../imap/blank-challenge.ts'
import type { Check } from '../check.ts'
import { toldQuirks, toldServerQuirks } from './told-quirks.ts'

const oauth = new Set(['XOAUTH2', 'OAUTHBEARER'])

const oauthError: Check = {
  id: 'P08',
  name: 'oauth-error',
  level: 'warning',
  side: 'client',
  title: 'The server refused an OAuth token and said why',
  reference: 'RFC 7628 section 3.2.2',
  advice:
    'Get a new token, with the scope that is named; "invalid_token" and 401 mean that it is expired or of another account.',
  continuation(scene, { text }) {
    const command = scene.model.oldest?.command
    if (command?.name !== 'AUTHENTICATE' || !oauth.has(command.mechanism.toUpperCase())) return
    const error = readOauthError(text.text.trim())
    if (!error) return
    const fields = Object.entries(error).map(([key, value]) => `${key} ${value}`)
    scene.raise(oauthError, { text: `OAuth: ${fields.join(', ')}` })
  },
}

const wrongPort: Check = {
  id: 'P09',
  name: 'not-an-imap-server',
  level: 'error',
  side: 'server',
  title: 'Upstream, or the client, speaks another protocol than IMAP',
  reference: 'RFC 9051 section 7.1.1',
  advice: 'Check the port: IMAP is on 143 (cleartext, STARTTLS) and 993 (TLS).',
  warning(scene, { reason }) {
    const found = /^(upstream|the client) speaks /u.exec(reason)
    if (!found) return
    scene.raise(wrongPort, { text: reason, side: found[1] === 'upstream' ? 'server' : 'client' })
  },
}

const bentGrammar: Check = {
  id: 'P10',
  name: 'response-not-in-grammar',
  level: 'warning',
  side: 'server',
  title: 'A response that does not follow the grammar, though its meaning is clear',
  reference: 'RFC 9051 section 9',
  advice: "Report it to the server's makers; other clients may fail on it.",
  bent(scene, quirks) {
    const quirk = quirks.find(({ rule }) => !toldQuirks.has(rule) && !toldServerQuirks.has(rule))
    if (!quirk) return
    scene.raise(bentGrammar, { text: `${quirk.text} (octet ${quirk.at}, ${quirk.rule})` })
  },
}

const unreadable: Check = {
  id: 'P11',
  name: 'response-unreadable',
  level: 'error',
  side: 'server',
  title: 'A response that cannot be read',
  reference: 'RFC 9051 section 9',
  advice: "It went on as it came; look at its octets, and report it to the server's makers.",
  unreadable(scene, { side, fault }) {
    if (side !== 'server') return
    scene.raise(unreadable, { text: `${fault.text} (octet ${fault.at}, ${fault.rule})` })
  },
}

export const serviceChecks: readonly Check[] = [oauthError, wrongPort, bentGrammar, unreadable]
