/** Threat 26: ENABLE, which changes what the names behind it mean, and may come in one segment with them. */

import { describe, expect, it } from 'vitest'

import { sayThen, useLegs } from './legs.ts'
import { describeThreat, hiding, token } from './support.ts'

/** One character for an octet. */
const octets = (text: string): string => Buffer.from(text).toString('latin1')
const secret = octets('"Sécret"')
/** Nobody can guess it; in UTF-8 it is a literal. */
const alias = '(?:\\{\\d+\\}\\r\\n)?[a-z][0-9a-f]{32}[^\\r]*'
const questions = /^T\w+ (?:LIST "" ""|NAMESPACE)\r\n/gmu

describe('threat 26: UTF8=ACCEPT reinterprets names', () => {
  const legs = useLegs({ policy: hiding })

  /** What upstream and client hear of ENABLE and what is pipelined behind it, where the server enables this. */
  async function enable(
    enabled: string,
    behind: string,
    status = 'OK',
  ): Promise<{ sent: string; heard: string }> {
    const seen = { isAnswered: false, isEarly: false, tag: '' }
    legs().serve(
      sayThen('* OK hi\r\n', (tag, line) => {
        if (line.includes('LIST "" ""')) return `* LIST (\\Noselect) "/" ""\r\n${tag} OK done\r\n`
        if (line.includes('NAMESPACE')) return `${tag} BAD what?\r\n`
        if (line.includes('LOGIN')) return `${tag} OK in\r\n`
        if (line.startsWith('b ') && !seen.isAnswered) seen.isEarly = true
        if (line.startsWith('b ')) seen.tag = tag
        if (!line.includes('ENABLE'))
          return /\{\d+\}$/u.test(line) ? '+ go\r\n' : `${seen.tag} NO no such mailbox\r\n`
        seen.isAnswered = true
        return `${enabled}${tag} ${status} done\r\n`
      }),
    )
    const peer = await legs().greet()
    await peer.run('l LOGIN ann hush')
    const heard = await peer.send(`a ENABLE UTF8=ACCEPT\r\n${behind}`).until(/^b .*\r\n/mu)
    expect(seen.isEarly, 'it waited for the answer').toBe(false)
    return { sent: legs().received.replace(questions, '').replace('l LOGIN ann hush\r\n', ''), heard }
  }

  it.each(['SELECT', 'EXAMINE', 'DELETE', 'SUBSCRIBE'])(
    'enabled: %s in the same segment waits, and its name is UTF-8',
    async (verb) => {
      const { sent, heard } = await enable('* ENABLED UTF8=ACCEPT\r\n', `b ${verb} ${secret}\r\n`)
      expect(heard).toMatch(/^b NO no such mailbox\r\n/mu)
      expect(sent).toMatch(new RegExp(`^a ENABLE UTF8=ACCEPT\\r\\nb ${verb} ${alias}\\r\\n$`, 'u'))
      expect(sent).not.toContain('cret')
    },
  )

  it('enabled: the name in modified UTF-7 is hidden as well, since servers differ', async () => {
    const { sent } = await enable('* ENABLED UTF8=ACCEPT\r\n', 'b SELECT S&AOk-cret\r\n')
    expect(sent).not.toContain('S&AOk-cret')
  })

  it.each([
    ['says ENABLED of nothing', '* ENABLED\r\n', 'OK'],
    ['says ENABLED of something else', '* ENABLED CONDSTORE\r\n', 'OK'],
    ['says nothing', '', 'OK'],
    ['refuses', '', 'BAD'],
    ['announces it only', '* CAPABILITY IMAP4rev1 UTF8=ACCEPT\r\n', 'OK'],
  ])('a server that %s: UTF-8 in a name is not in the grammar', async (_what, enabled, status) => {
    const { sent, heard } = await enable(enabled, `b SELECT ${secret}\r\n`, status)
    expect(heard).toMatch(/^b BAD /mu)
    expect(sent).toBe('a ENABLE UTF8=ACCEPT\r\n')
  })

  it.each([
    ['says ENABLED of nothing', '* ENABLED\r\n'],
    ['says nothing', ''],
  ])('a server that %s: modified UTF-7 is decoded', async (_what, enabled) => {
    const { sent } = await enable(enabled, 'b SELECT S&AOk-cret\r\n')
    expect(sent).toMatch(new RegExp(`^a ENABLE UTF8=ACCEPT\\r\\nb SELECT ${alias}\\r\\n$`, 'u'))
    expect(sent).not.toContain('cret')
  })

  it('a literal behind ENABLE is read as it has to be, wherever it is cut', async () => {
    const name = octets('Sécret')
    const { sent } = await enable('* ENABLED UTF8=ACCEPT\r\n', `b SELECT {${name.length}+}\r\n${name}\r\n`)
    expect(sent).toMatch(new RegExp(`\\r\\nb SELECT ${alias}\\r\\n$`, 'u'))
    expect(sent).not.toContain('cret')
  })
})

describeThreat('threat 26: what the real server enables', {}, (stage) => {
  it.each(['UTF8=ACCEPT', 'IMAP4rev2', 'UTF8=ACCEPT IMAP4rev2', 'utf8=accept'])(
    'ENABLE %s with names behind it',
    async (what) => {
      for (const name of [secret, 'S&AOk-cret', `{7+}\r\n${octets('Sécret')}`, `{10+}\r\nS&AOk-cret`]) {
        const session = await stage().enter('ann', '')
        await session.send(`a ENABLE ${what}\r\nb EXAMINE ${name}\r\nc FETCH 1:* BODY.PEEK[]\r\n`)
        await session.peer.until(/^c .*\r\n/mu)
        expect(session.heard).toMatch(/^b (?:NO|BAD) /mu)
        expect(session.heard).not.toContain(token)
        expect(session.upstream).not.toMatch(/S&AOk-cret|S\xc3\xa9cret/u)
      }
    },
  )

  it('ENABLE and what is behind it go upstream one after the other', async () => {
    const session = await stage().enter('ann', '')
    await session.send('a ENABLE CONDSTORE\r\nb EXAMINE Pub\r\n')
    await session.peer.until(/^b OK .*\r\n/mu)
    expect(session.upstream).toBe('a ENABLE CONDSTORE\r\nb EXAMINE Pub\r\n')
    expect(session.heard.indexOf('\r\nb OK')).toBeGreaterThan(session.heard.search(/^a OK/mu))
  })
})
