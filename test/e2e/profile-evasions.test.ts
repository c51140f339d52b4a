/** Ways around limits of messages and of attachments, tried on real servers: each of them once worked. */

import { expect, it } from 'vitest'

import { literal } from '../oracle/direct.ts'
import { describeThreat, message, type Session, type Stage } from '../threats/support.ts'

/** Until the gateway has ended the session, or the server has answered. */
async function ask(session: Session, command: string): Promise<string> {
  session.mark()
  await session.send(`a ${command}\r\n`)
  await Promise.race([session.peer.until(/^a (?:OK|NO|BAD) .*\r\n/mu), session.cut()])
  return session.heard
}

const fill = async (stage: Stage, ...texts: readonly string[]): Promise<void> => {
  const answers = await stage.ann.runAll(texts.map((text) => `APPEND INBOX ${literal(text)}`))
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 'OK'))
}

const budget = '  default: allow\n  limits: { messagesPerHour: 2 }\n'

describeThreat('messages that pretend to be one', { policy: budget }, (stage) => {
  it('are counted each, whatever their keywords and the header fields that are asked for', async () => {
    await fill(stage(), message('two'), message('three'), message('four'))
    await stage().ann.runAll(['SELECT INBOX', 'STORE 1:* +FLAGS (UID 1)', 'UNSELECT'])
    const session = await stage().enter()
    const items = '(FLAGS BODY.PEEK[HEADER.FIELDS (UID 1)] BODY.PEEK[TEXT])'
    const heard = await ask(session, `FETCH 1:* ${items}`)
    expect(heard.match(/ sings\r\n/gu)).toHaveLength(2)
    // The session ended within the third.
    expect(heard).not.toMatch(/^a /mu)
    const again = await stage().enter('ann', '')
    await again.expectOk('EXAMINE INBOX')
    expect(await ask(again, 'FETCH 4 BODY.PEEK[TEXT]')).toMatch(/^a NO \[OVERQUOTA\]/mu)
  })
})

describeThreat('messages behind URLs', { policy: budget }, (stage) => {
  it('are counted each, also where one response has them all', async () => {
    await fill(stage(), message('two'), message('three'), message('four'))
    const session = await stage().enter()
    const made: string[] = []
    for (const uid of [1, 2, 3, 4]) {
      const rump = `imap://ann@localhost/INBOX/;uid=${uid};urlauth=user+ann`
      const answer = await session.expectOk(`GENURLAUTH "${rump}" INTERNAL`)
      made.push(/^\* GENURLAUTH "?([^"\r]*)/mu.exec(answer)?.[1] ?? '')
    }
    const heard = await ask(session, `URLFETCH ${made.map((url) => `"${url}"`).join(' ')}`)
    expect(heard.match(/ sings\r\n/gu)).toHaveLength(2)
    expect(heard).not.toMatch(/^a /mu)
  })
})

const bounded = '  extends: no-attachments-above\n  limits: { attachmentOctets: 2KiB }\n'
const lines = 'QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB\r\n'.repeat(200)

function multipart(before: string, within: string, behind: string): string {
  const head =
    'From: a@example.test\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n'
  return `${head}${before}\r\n--b\r\n${within}\r\n--b--\r\n${behind}\r\n`
}

const text = 'Content-Type: text/plain\r\n\r\nhello'
const nested = `Content-Type: multipart/mixed; boundary=c\r\n\r\n${lines}\r\n--c\r\n${text}\r\n--c--\r\n`

describeThreat('attachments that are in no part', { policy: bounded }, (stage) => {
  it('before, behind and without a boundary, and within a part, do not go out', async () => {
    const [before, behind, none, inner] = [2, 3, 4, 5]
    await fill(
      stage(),
      multipart(lines, text, ''),
      multipart('', text, lines),
      multipart(lines, text, '').replaceAll('--b', '--x'),
      multipart('', nested, ''),
    )
    const session = await stage().enter()
    for (const at of [before, behind, none, inner])
      for (const item of ['BODY.PEEK[]', 'BODY.PEEK[TEXT]', 'BODY.PEEK[]<0.4000>'])
        expect(await ask(session, `FETCH ${at} ${item}`)).toMatch(/^a NO \[LIMIT\][^\r]*\r\n$/u)
    expect(await ask(session, `FETCH ${inner} BODY.PEEK[1]`)).toMatch(/^a NO \[LIMIT\]/u)
    expect(await ask(session, `FETCH ${inner} BODY.PEEK[1.1]`)).toMatch(/hello/u)
    expect(await ask(session, `FETCH ${before}:${behind} BODY.PEEK[1]`)).toMatch(/hello[^]*hello/u)
    expect(await ask(session, 'FETCH 1 BODY.PEEK[]')).toMatch(/open sings/u)
  })
})
