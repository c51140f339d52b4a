/** Threat 28: what takes a mailbox or a message along to where the policy does not look. */

import { expect, it } from 'vitest'

import { describeThreat, expectRefused, token } from './support.ts'

describeThreat('threat 28: RENAME, COPY, MOVE, REPLACE, APPEND', {}, (stage) => {
  it.each([
    // Parent/Secret would come along.
    'RENAME Parent Pub2',
    'RENAME "Parent" "Pub/Below"',
    'RENAME {6+}\r\nParent Pub2',
    'RENAME Pub Secret',
    'RENAME Pub Secret/New',
    'RENAME Pub "Secret/New/Deeper"',
    'RENAME INBOX Secret/Old',
    'RENAME Pub Parent/Secret',
    'CREATE Secret/New',
    'CREATE Parent/Secret/New',
    'XFER Parent localhost',
    'DELETE Parent',
  ])('%j is refused', async (command) => {
    await expectRefused(await stage().enter(), `a ${command}\r\n`)
  })

  it.each([
    'RENAME Secret Mine',
    'RENAME Parent/Secret Mine',
    'RENAME Secret INBOX/Mine',
    'RENAME Secret/Sub Mine',
    'COPY 1 Secret',
    'UID COPY 1:* Secret',
    'MOVE 1 Secret',
    'UID MOVE 1 Parent/Secret',
    'REPLACE 1 Secret {14+}\r\nSubject: x\r\n\r\n',
    'UID REPLACE 1 Secret {14+}\r\nSubject: x\r\n\r\n',
    'APPEND Secret {14+}\r\nSubject: x\r\n\r\n',
    'APPEND Secret (\\Seen) {14+}\r\nSubject: x\r\n\r\n {3+}\r\ny\r\n',
    'APPEND Secret/Sub {14+}\r\nSubject: x\r\n\r\n',
    'DELETE Secret',
    'DELETE Parent/Secret',
  ])('%j is about a mailbox that does not exist', async (command) => {
    const session = await stage().enter()
    await session.send(`a ${command}\r\n`)
    expect(await session.peer.until(/^a .*\r\n/mu)).toMatch(/^a (?:NO|BAD) /mu)
    expect(session.upstream).not.toMatch(/secret/iu)
    expect(session.heard).not.toContain(token)
  })

  it('a message of 200 kB for it is not taken either', async () => {
    const session = await stage().enter()
    const body = 'x'.repeat(200_000)
    await session.send(`a APPEND Secret {${body.length}+}\r\n${body}\r\n`)
    await session.settle()
    expect(session.heard).toMatch(/^a NO /mu)
    expect(session.upstream).not.toMatch(/secret/iu)
  })

  it('what has no hidden child is renamed', async () => {
    const session = await stage().enter()
    await session.expectOk('CREATE Plain')
    await session.expectOk('RENAME Plain Plainer')
    await session.expectOk('DELETE Plainer')
  })
})
