/** Conversations in which credentials go by, sound and out of place; and the search for what of them shows in a text. */

import type { Side } from '../../src/imap/raw-message.ts'
import { findSecretTraces } from './secret-traces.ts'

export interface Step {
  readonly from: Side
  readonly text: string
}

export interface Scene {
  readonly name: string
  readonly steps: readonly Step[]
  /** What must be nowhere, beside the password. */
  readonly secrets?: readonly string[]
}

export const password = 'Zq7vXw2mK9pLbR'
/** As people choose them: what needs quoting stands between two words that can be looked for. */
export const hard = 'Zq7vXw"2m\\ )K9pLbRt'
export const token = 'ya29TqWv4xPzLm8Kd3'

const c = (text: string): Step => ({ from: 'client', text: `${text}\r\n` })
const s = (text: string): Step => ({ from: 'server', text: `${text}\r\n` })
export const encode = (text: string): string => Buffer.from(text, 'latin1').toString('base64')
export const quote = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
const sized = (text: string, plus = ''): string => `{${text.length}${plus}}\r\n${text}`

const failed = s('a NO [AUTHENTICATIONFAILED] no')
const done = s('a OK done')

const logins: readonly Scene[] = [
  ['an atom', `ann ${password}`],
  ['quoted', `ann ${quote(hard)}`],
  ['quoted with needless escapes', `ann "${password.slice(0, 3)}\\${password.slice(3)}"`],
  ['non-synchronizing literals', `${sized('ann', '+')} ${sized(hard, '+')}`],
  ['an atom and a non-synchronizing literal', `ann ${sized(password, '+')}`],
  ['a literal8', `ann ~${sized(password, '+')}`],
  ['two spaces', `ann  ${password}`],
  ['junk behind it', `ann ${password} junk`],
  ['junk behind the quotes', `ann ${quote(hard)}junk`],
  ['junk before it', `ann junk ${quote(hard)}`],
  ['a quoted string without its end', `ann "${password}`],
  ['a user without its closing quote', `"ann ${password}`],
  ['a tab', `ann\t${password}`],
  ['NULs and 8-bit octets', `ann "\0${password}\xff"`],
  ['no user', password],
  ['a brace that announces nothing', `ann ${password}{5}`],
  ['a literal of the wrong size', `ann {5+}\r\n${password}`],
].flatMap(([name = '', rest = '']) =>
  ['LOGIN', 'login', ' LOGIN'].flatMap((word): Scene[] => [
    { name: `${word} with ${name}, taken`, steps: [c(`a ${word} ${rest}`), done, c('b NOOP'), s('b OK')] },
    {
      name: `${word} with ${name}, refused and echoed`,
      steps: [
        c(`a ${word} ${rest}`),
        s(`a BAD Error in IMAP command: ${word} ${rest.replaceAll(/[\r\n]/gu, ' ')}`),
        s(`* BAD Error in IMAP command: ${rest.replaceAll(/[\r\n]/gu, ' ')}`),
      ],
    },
  ]),
)

const odd: readonly Scene[] = [
  {
    name: 'LOGIN with synchronizing literals',
    steps: [c('a LOGIN {3}'), s('+ go'), c(`ann {${hard.length}}`), s('+ go'), c(hard), done],
  },
  {
    name: 'LOGIN with literals sent without waiting',
    steps: [c(`a LOGIN {3}\r\nann ${sized(hard)}`), s('+ go'), s('+ go'), failed],
  },
  {
    name: 'a refused literal whose octets come all the same',
    steps: [c(`a LOGIN ann {${password.length}}`), s('a NO no'), c(password), s(`${password} BAD what`)],
  },
  {
    name: 'a refused literal whose octets were sent ahead',
    steps: [c(`a LOGIN ann ${sized(password)}`), s('a BAD no literals'), s(`${password} BAD ${password}?`)],
  },
  {
    name: 'a refused literal of several words',
    steps: [
      c(`a LOGIN ann ${sized(`my ${password} word`)}`),
      s('a NO no'),
      s(`my BAD Unknown command ${password}`),
    ],
  },
  {
    name: 'a refused literal whose first word is the password',
    steps: [
      c(`a LOGIN ann ${sized(`${password} word`)}`),
      s('a NO no'),
      s(`${password} BAD Unknown command`),
    ],
  },
  {
    name: "a refused literal with a command's word in it",
    steps: [
      c(`a LOGIN ann ${sized(`${password} noop it`)}`),
      s('a NO no'),
      s(`${password} BAD what ${password}`),
    ],
  },
  {
    name: 'a password on a line of its own',
    steps: [
      c(password),
      s('* BAD what'),
      s(`${password} BAD what`),
      s(`* BAD Unknown: ${password}`),
      c('a NOOP'),
      s('a OK'),
    ],
  },
  {
    name: 'user and password on a line of their own',
    steps: [c(`ann ${password}`), s(`ann BAD Unknown command ${password.toUpperCase()}`)],
    secrets: [password.toUpperCase()],
  },
  {
    name: 'LOGIN without its tag',
    steps: [c(`LOGIN ann ${password}`), s(`LOGIN BAD Unknown command ANN ${password}`)],
  },
  {
    name: 'a password in front of a literal that is refused',
    steps: [c(`${password} word {5}`), s(`${password} BAD what`)],
  },
  { name: 'a command that hangs when the client leaves', steps: [c(`a LOGIN ann "${password}`)] },
  {
    name: 'a command word that is the password',
    steps: [c(`a ${password}`), s(`a BAD Unknown command ${password}`)],
  },
  {
    name: 'LOGIN after login',
    steps: [
      c('l LOGIN ann secret'),
      s('l OK'),
      c(`a LOGIN ann ${password}`),
      s(`a BAD already: ann ${password}`),
    ],
  },
]

interface Mechanism {
  readonly name: string
  /** What the client says, before base64. */
  readonly messages: readonly string[]
  readonly challenges: readonly string[]
}

const mechanisms: readonly Mechanism[] = [
  { name: 'PLAIN', messages: [`\0ann\0${password}`], challenges: [''] },
  { name: 'PLAIN', messages: [`ann\0${password}`], challenges: [''] },
  { name: 'LOGIN', messages: ['ann', password], challenges: ['Username:', 'Password:'] },
  { name: 'LOGIN', messages: [`\0ann\0${password}`], challenges: ['Username:'] },
  { name: 'XOAUTH2', messages: [`user=ann\x01auth=Bearer ${token}\x01\x01`], challenges: [''] },
  { name: 'OAUTHBEARER', messages: [`n,a=ann,\x01host=x\x01auth=Bearer ${token}\x01\x01`], challenges: [''] },
  { name: 'CRAM-MD5', messages: [`ann ${token}`], challenges: ['<1896.697170952@postoffice>'] },
  {
    name: 'SCRAM-SHA-256',
    messages: ['n,,n=ann,r=rOprNGfwEbeRWgbNEkqO', `c=biws,r=x,p=${token}`],
    challenges: ['', `r=x,s=${token},i=4096`],
  },
  { name: 'X-UNHEARD-OF', messages: [`${password}:${token}`], challenges: [''] },
]

const dialogues: readonly Scene[] = mechanisms.flatMap((mechanism): Scene[] => {
  const { name, messages } = mechanism
  const sent = messages.map(encode)
  const challenges = mechanism.challenges.map((challenge) => s(`+ ${encode(challenge)}`))
  const answers = sent.map(c)
  const inTurn = challenges.flatMap((challenge, at) => [challenge, answers[at] ?? c('')])
  const secrets = [token, ...sent.filter((text) => text !== encode('ann'))]
  const [first = '', ...rest] = sent
  const begin = c(`a AUTHENTICATE ${name}`)
  const error = s(`+ ${encode(`{"status":"400","token":"${token}"}`)}`)
  const label = `AUTHENTICATE ${name} of ${messages.length}`
  return [
    { name: `${label}, taken`, steps: [begin, ...inTurn, done], secrets },
    {
      name: `${label}, in lower case`,
      steps: [c(`a authenticate ${name.toLowerCase()}`), ...inTurn, done],
      secrets,
    },
    {
      name: `${label}, initial response`,
      steps: [c(`a AUTHENTICATE ${name} ${first}`), ...rest.flatMap((text) => [s('+ '), c(text)]), done],
      secrets,
    },
    {
      name: `${label}, all at once, echoed`,
      steps: [
        c(`a AUTHENTICATE ${name} ${sent.join(' ')}`),
        s(`a BAD Too many arguments: ${sent.join(' ')}`),
      ],
      secrets,
    },
    {
      name: `${label}, initial response in quotes`,
      steps: [c(`a AUTHENTICATE "${name}" "${sent.join('" "')}"`), failed],
      secrets,
    },
    {
      name: `${label}, cancelled`,
      steps: [begin, ...inTurn, s('+ '), c('*'), s('a BAD cancelled')],
      secrets,
    },
    { name: `${label}, failed by a challenge`, steps: [begin, ...inTurn, error, c(''), failed], secrets },
    {
      name: `${label}, failed by a challenge, dummy line`,
      steps: [begin, ...inTurn, error, c('AQ=='), failed],
      secrets,
    },
    { name: `${label}, not waiting`, steps: [begin, ...answers, ...challenges, done], secrets },
    {
      name: `${label}, not waiting, refused and echoed`,
      steps: [begin, ...answers, s('a NO no'), ...sent.map((text) => s(`${text} BAD Unknown command`))],
      secrets,
    },
    {
      name: `${label}, refused, sent all the same`,
      steps: [begin, s('a NO no'), ...answers, s(`* BAD Error in IMAP command: ${first}`)],
      secrets,
    },
    { name: `${label}, never ended`, steps: [begin, ...inTurn], secrets },
  ]
})

/** The server's greeting is part of the scene, so that cuts fall into it as well. */
export const opening: readonly Step[] = [s('* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hi')]

export const scenes = [...logins, ...odd, ...dialogues]

/** What of the scene's secrets shows in the text. */
export function tracesIn(text: string, { secrets = [] }: Scene): string[] {
  const words = [password, hard, ...secrets.filter((secret) => !secret.includes('='))]
  return [
    ...words.flatMap((word) => findSecretTraces(text, word)),
    ...secrets.filter((secret) => text.includes(secret)),
  ]
}
