/** Threat 41: whether a hidden mailbox exists, told by how its refusal differs from that of a name that nobody has. */

import { describe, expect, it } from 'vitest'

import { describeThreat, message, token, type Session } from './support.ts'

/** Each hidden mailbox, and a name like it that no mailbox has. */
const pairs = [
  ['Secret', 'Absent'],
  ['"Secret"', '"Absent"'],
  ['{6+}\r\nSecret', '{6+}\r\nAbsent'],
  ['Secret/Sub', 'Absent/Sub'],
  ['Parent/Secret', 'Parent/Absent'],
  ['S&AOk-cret', 'A&AOk-sent'],
  ['Secret/Nothing', 'Absent/Nothing'],
] as const

const text = message('x')
const about = (name: string): readonly string[] => [
  `SELECT ${name}`,
  `EXAMINE ${name}`,
  `SELECT ${name} (CONDSTORE)`,
  `STATUS ${name} (MESSAGES UIDNEXT UIDVALIDITY UNSEEN RECENT)`,
  `STATUS ${name} (SIZE HIGHESTMODSEQ MAILBOXID)`,
  `COPY 1 ${name}`,
  `COPY 999 ${name}`,
  `UID COPY 1 ${name}`,
  `UID COPY 999 ${name}`,
  `MOVE 1 ${name}`,
  `UID MOVE 1 ${name}`,
  `APPEND ${name} {${text.length}+}\r\n${text}`,
  `APPEND ${name} (\\Seen) " 1-Feb-2025 10:00:00 +0100" {${text.length}+}\r\n${text}`,
  `REPLACE 1 ${name} {${text.length}+}\r\n${text}`,
  `LIST "" ${name}`,
  `LIST "" ${name} RETURN (STATUS (MESSAGES))`,
  `LIST "" ${name} RETURN (SUBSCRIBED CHILDREN)`,
  `LSUB "" ${name}`,
  `XLIST "" ${name}`,
  `SUBSCRIBE ${name}`,
  `LSUB "" ${name}`,
  `UNSUBSCRIBE ${name}`,
  `LSUB "" ${name}`,
  `GETACL ${name}`,
  `MYRIGHTS ${name}`,
  `LISTRIGHTS ${name} bob`,
  `SETACL ${name} bob lr`,
  `DELETEACL ${name} bob`,
  `GETQUOTAROOT ${name}`,
  `GETMETADATA ${name} (/private/comment /shared/comment)`,
  `SETMETADATA ${name} (/private/comment "x")`,
  `SETMETADATA ${name} (/private/comment NIL)`,
  `GETANNOTATION ${name} "/comment" "value.priv"`,
  `ESEARCH IN (mailboxes ${name}) RETURN (COUNT ALL) ALL`,
  `ESEARCH IN (subtree ${name}) RETURN (COUNT ALL) ALL`,
  `NOTIFY SET (mailboxes ${name} (MessageNew MessageExpunge))`,
  `RENAME ${name} Elsewhere`,
  `DELETE ${name}`,
]

describeThreat('threat 41: the existence oracle', {}, (stage) => {
  describe.each(pairs)('%j', (hidden, absent) => {
    it('is answered octet for octet as %j', async () => {
      const [one, other] = [await stage().enter(), await stage().enter()]
      for (const [at, command] of about(hidden).entries()) {
        const asked = about(absent)[at] ?? ''
        const heard = await hear(one, command)
        expect(neutral(heard, hidden), command).toBe(neutral(await hear(other, asked), absent))
        expect(heard).not.toContain(token)
      }
    })
  })

  it('is not told by the mailbox that it lies below', async () => {
    const session = await stage().enter()
    expect(await session.run('DELETE Parent')).toMatch(/^t\d+ NO \[CANNOT\] /mu)
    expect(await session.run('LIST "" Parent')).not.toContain('Children')
    expect(session.upstream).not.toContain('DELETE')
    const bob = await stage().enter('bob')
    // His has nothing below.
    expect(await bob.run('DELETE Parent')).toMatch(/^t\d+ NO \[CANNOT\] /mu)
    expect(await bob.run('LIST "" Parent')).not.toContain('Children')
  })

  it('is not told by how many mailboxes the server looked at', async () => {
    const session = await stage().enter()
    for (const pattern of ['"*"', '"S*"', 'Secret', '"%"'])
      expect(await session.run(`LIST "" ${pattern}`)).not.toContain('calls')
  })

  it('is not told by what is selected afterwards, either', async () => {
    const [one, other] = [await stage().enter(), await stage().enter()]
    for (const [session, name] of [
      [one, 'Secret'],
      [other, 'Absent'],
    ] as const) {
      await session.run(`SELECT ${name}`)
      await session.run('FETCH 1 (FLAGS)')
      await session.run('CLOSE')
    }
    expect(neutral(one.heard, 'Secret')).toBe(neutral(other.heard, 'Absent'))
  })
})

async function hear(session: Session, command: string): Promise<string> {
  session.mark()
  await session.send(`a ${command}\r\n`)
  await session.peer.until(/^a (?:OK|NO|BAD) .*\r\n/mu)
  return session.heard
}

/** Times and counts of work, and the name that the client gave. */
function neutral(heard: string, name: string): string {
  const plain = name.replace(/^"|"$|^\{.*\r\n/gsu, '')
  return heard
    .replaceAll(/\d+\.\d+(?: \+ \d+\.\d+)*(?= sec)/gu, 'TIME')
    .replaceAll(plain, 'NAME')
    .replaceAll(Buffer.from('S\u00e9cret').toString('latin1'), 'NAME')
    .replaceAll(Buffer.from('A\u00e9sent').toString('latin1'), 'NAME')
}
