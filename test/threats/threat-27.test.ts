/** Threat 27: other spellings of a hidden name, with every command that takes one. */

import { describe, expect, it } from 'vitest'

import { describeThreat, token, type Kind } from './support.ts'

/** Of Secret; which of them a server takes for it differs from one to the next. */
const spellings = [
  'Secret',
  'secret',
  'SeCReT',
  'Secret/',
  'Secret//',
  '/Secret',
  'INBOX/Secret',
  'INBOX.Secret',
  'inbox/secret/',
  'user.ann.Secret',
  'user/ann/Secret',
  'Other Users/ann/Secret',
  'shared/ann/Secret',
  '#user/ann/Secret',
  '~ann/Secret',
  './Secret',
  'Pub/../Secret',
  'Secret ',
  ' Secret',
  '/Secret/./',
  '&/zM-ecret',
  'S&AGU-cret',
  'S&AOk-cret',
  'Se&AwE-cret',
  'S&AMk-CRET',
  'Parent/Secret',
  'Parent//Secret',
  'Parent.Secret',
  'Parent\\Secret',
  'parent/secret',
  'Secret/Sub',
  'Secret.Sub',
  'Secret/New',
] as const

/** Refused or answered as for a name that does not exist. */
const refused = (name: string): readonly string[] => [
  `SELECT ${name}`,
  `EXAMINE ${name}`,
  `SELECT ${name} (CONDSTORE)`,
  `STATUS ${name} (MESSAGES UNSEEN)`,
  `APPEND ${name} {14+}\r\nSubject: x\r\n\r\n`,
  `COPY 1 ${name}`,
  `UID COPY 1 ${name}`,
  `MOVE 1 ${name}`,
  `UID MOVE 1 ${name}`,
  `REPLACE 1 ${name} {14+}\r\nSubject: x\r\n\r\n`,
  `DELETE ${name}`,
  `RENAME ${name} Elsewhere`,
  `RENAME Pub ${name}`,
  `RENAME Pub ${name}/Below`,
  `CREATE ${name}`,
  `GETACL ${name}`,
  `SETACL ${name} bob lr`,
  `DELETEACL ${name} ann`,
  `GETMETADATA ${name} /private/comment`,
  `SETMETADATA ${name} (/private/comment "x")`,
  `SETANNOTATION ${name} "/comment" ("value.priv" "x")`,
]

/** Servers may say OK to these, whatever they are given. */
const tolerated = (name: string): readonly string[] => [
  // Dovecot tells the rights that somebody would have.
  `LISTRIGHTS ${name} bob`,
  `MYRIGHTS ${name}`,
  `SUBSCRIBE ${name}`,
  `UNSUBSCRIBE ${name}`,
  `GETQUOTAROOT ${name}`,
  `GETANNOTATION ${name} "/comment" "value.priv"`,
  `RESETKEY ${name}`,
  `XFER ${name} localhost`,
  `XLIST "" ${name}`,
  `LIST "" ${name}`,
  `LIST ${name} "*"`,
  `LIST "" (${name}) RETURN (STATUS (MESSAGES))`,
  `LSUB "" ${name}`,
  `ESEARCH IN (mailboxes ${name}) SUBJECT x`,
  `ESEARCH IN (subtree ${name}) SUBJECT x`,
  `NOTIFY SET (mailboxes ${name} (MessageNew MessageExpunge))`,
]

const quoted = (text: string): string => `"${text.replaceAll(/["\\]/gu, '\\$&')}"`

describeThreat('threat 27: aliases', {}, (stage, kind) => {
  describe.each(spellings)('%s', (name) => {
    it('is denied to every command that names a mailbox', async () => {
      const wrong: string[] = []
      for (const [status, commands] of [
        ['NO|BAD', refused(quoted(name))],
        ['OK|NO|BAD', tolerated(quoted(name))],
      ] as const)
        for (const command of commands) {
          const session = await stage().enter()
          await session.send(`a ${command}\r\n`)
          const answer = await session.peer.until(/^a (?:OK|NO|BAD) .*\r\n/mu)
          const isRight =
            new RegExp(`^a (?:${status}) `, 'mu').test(answer) &&
            !isTold(session.heard, name) &&
            !isNamed(session.upstream, kind, command)
          if (!isRight) wrong.push(`${command}\n  upstream: ${session.upstream}\n  client: ${session.heard}`)
          session.peer.close()
        }
      expect(wrong).toEqual([])
    })
  })

  it('and so is a name in a literal, or in an atom', async () => {
    for (const form of ['{6+}\r\nSecret', 'Secret', '{7+}\r\nSecret/', 'secret']) {
      const session = await stage().enter()
      await session.send(`a STATUS ${form} (MESSAGES)\r\n`)
      expect(await session.peer.until(/^a .*\r\n/mu)).toMatch(/^a NO /u)
      expect(session.upstream).not.toMatch(/secret/iu)
    }
  })
})

/** What only the canary has: its messages, their number, and its name in another spelling than the client's. */
const isTold = (heard: string, name: string): boolean =>
  heard.includes(token) || /MESSAGES 3|\b3 EXISTS/u.test(heard) || withoutName(heard, name).includes('LIST (')

const withoutName = (heard: string, name: string): string =>
  heard
    .split('\r\n')
    // The separator's own line, and the name that the client gave.
    .filter((line) => !line.endsWith('""') && !line.includes(name))
    .filter((line) => /s(?:e|&AOk-)cret/iu.test(line))
    .join('\r\n')

/** Patterns go upstream as they are: their answers are filtered. */
const isNamed = (upstream: string, _: Kind, command: string): boolean =>
  !/^(?:X?LIST|LSUB)/u.test(command) && /cret/iu.test(upstream)
