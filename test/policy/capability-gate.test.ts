/** Commands that use a hidden capability: which rule refuses them, what counts for it, and what a dry run of it lets pass. */

import { describe, expect, it } from 'vitest'

import type { Scene } from './support/guarded-scene.ts'
import { enterScene, selectScene } from './support/guarded-scene.ts'

const allow = 'default: allow\n'
const hiding = (rule: string): string => `${allow}rules: [{name: quiet, ${rule}}]\n`
const decisions = ({ dialogue }: Scene): readonly string[] =>
  dialogue.of('decided').map(({ decided: { rule, effect, why, isDryRun } }) => {
    const words = `${rule} ${effect}: ${why}`
    return isDryRun ? `dry run ${words}` : words
  })
const hits = ({ policy }: Scene, rule = 'quiet') => policy().hits.of(rule)

describe('a command that uses what a rule hides', () => {
  it('is refused by that rule, which counts it', () => {
    const scene = enterScene(hiding('hide: [MOVE, IDLE]'))
    scene.dialogue.client('a IDLE').toServer().toClient('a BAD this is not available here')
    expect(decisions(scene)).toEqual(['quiet deny: it uses IDLE, which is hidden'])
    expect(hits(scene)).toMatchObject({ count: 1, dryRuns: 0 })
  })

  it('is refused by the first that closes the last way to it, and the others count nothing', () => {
    const scene = enterScene(
      `${allow}rules:
  - {name: other, hide: [MOVE]}
  - {name: no-more, when: 'user == "bob"', hide: [IDLE]}
  - {name: first, hide: [IDLE]}
  - {name: second, hide: [IDLE]}
`,
    )
    scene.dialogue.client('a IDLE').toServer()
    expect(decisions(scene)).toEqual(['first deny: it uses IDLE, which is hidden'])
    expect(['other', 'no-more', 'first', 'second'].map((rule) => hits(scene, rule).count)).toEqual([
      0, 0, 1, 0,
    ])
  })

  it('is refused by the one that leaves none of several ways to it', () => {
    const scene = selectScene(
      `${allow}rules: [{name: one, hide: [CONTEXT=SEARCH]}, {name: two, hide: [PARTIAL]}, {name: three, hide: [ESEARCH]}]\n`,
      'INBOX',
    )
    scene.dialogue.client('a CAPABILITY').server('* CAPABILITY CONTEXT=SEARCH PARTIAL ESEARCH', 'a OK done')
    scene.dialogue.events.length = 0
    scene.dialogue.client('b SEARCH RETURN (PARTIAL 1:5) ALL')
    expect(decisions(scene)).toEqual(['two deny: it uses CONTEXT=SEARCH or PARTIAL, which is hidden'])
  })

  it('counts for no rule where it is hidden from everybody', () => {
    const scene = enterScene(`hideCapabilities: [IDLE]\n${hiding('hide: [IDLE]')}`)
    scene.dialogue.client('a IDLE').toServer()
    expect(decisions(scene)).toEqual(['capabilities deny: it uses IDLE, which is hidden'])
    expect(hits(scene).count).toBe(0)
  })

  it('is no business of it where the command uses none of it', () => {
    const scene = selectScene(hiding('hide: [IDLE]'), 'INBOX')
    scene.dialogue.client('a UID MOVE 1 Trash', 'b NOOP')
    expect(hits(scene).count).toBe(0)
    expect(decisions(scene).filter((line) => line.startsWith('quiet'))).toEqual([])
  })
})

describe('a dry run of a rule that hides', () => {
  it('lets the command pass, announces the capability, and says what would have been', () => {
    const scene = enterScene(hiding('hide: [IDLE, X-*], dryRun: true'))
    const { dialogue } = scene
    dialogue.client('a CAPABILITY').server('* CAPABILITY IMAP4rev1 IDLE', 'a OK done')
    dialogue.toServer('a CAPABILITY').toClient('* CAPABILITY IMAP4rev1 IDLE', 'a OK done')
    dialogue.events.length = 0
    dialogue.client('b IDLE').toServer('b IDLE')
    expect(decisions(scene)).toEqual([
      'dry run quiet deny: it uses what the rule hides: IDLE, X-*',
      'default allow: no rule decides about it',
    ])
    expect(hits(scene)).toMatchObject({ count: 1, dryRuns: 1 })
    dialogue.server('+ idling').client('DONE').server('b OK done').take('server')
    dialogue.events.length = 0
    dialogue.client('c NOOP').toServer('c NOOP')
    expect(decisions(scene)).toEqual(['default allow: it only opens or closes a session'])
    expect(hits(scene).count).toBe(1)
  })

  it('says nothing where another refuses the command before', () => {
    const scene = enterScene(
      `${allow}rules: [{name: quiet, hide: [IDLE], dryRun: true}, {name: real, hide: [IDLE]}]\n`,
    )
    scene.dialogue.client('a IDLE').toServer()
    expect(decisions(scene)).toEqual(['real deny: it uses IDLE, which is hidden'])
    expect(hits(scene).count).toBe(0)
  })
})
