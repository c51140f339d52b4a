/** What the audit says that upstream got, where that is not what the client said; as dialogues. */

import { describe, expect, it } from 'vitest'

import { writeDecision } from '../../src/audit/record.ts'
import { decidedBy, makeGuard, playGuarded } from '../relay/guarded/support.ts'
import { enterScene, openScene, selectScene, type Scene } from './support/guarded-scene.ts'

const view = 'default: allow\nrules:\n  - {name: view, rewrite: [examine, peek]}\n'
const secret = "default: allow\nmailboxes: [{match: Secret, hidden: true}, {match: '**', rights: all}]\n"

const sent = ({ dialogue }: Scene): readonly (readonly [string, string | undefined])[] =>
  dialogue.of('decided').map(({ decided }) => [decided.rule, decided.sent])

describe('what upstream got is told', () => {
  it('of a mailbox that is only looked at', () => {
    const scene = enterScene(view)
    scene.dialogue.client('a SELECT INBOX').toServer('a EXAMINE INBOX')
    expect(sent(scene)).toEqual([
      ['view', 'a EXAMINE INBOX'],
      ['default', undefined],
    ])
  })

  it('of a message that is not marked as seen', () => {
    const scene = selectScene('default: allow\nrules: [{name: view, rewrite: peek}]\n', 'INBOX')
    scene.dialogue.client('a FETCH 1 BODY[]').toServer('a FETCH 1 BODY.PEEK[]')
    expect(sent(scene)).toEqual([
      ['view', 'a FETCH 1 BODY.PEEK[]'],
      ['default', undefined],
    ])
  })

  it('of a hidden name, without the token that upstream got for it', () => {
    const scene = enterScene(secret)
    scene.dialogue.client('a STATUS Secret (MESSAGES)')
    expect(sent(scene)).toEqual([
      ['visibility', 'a STATUS <no-such-name> (MESSAGES)'],
      ['default', undefined],
    ])
  })

  it('of a hidden name that a message streams into', () => {
    const scene = enterScene(secret)
    scene.dialogue.client('a APPEND Secret {300000}')
    expect(sent(scene)).toEqual([
      ['visibility', 'a APPEND <no-such-name> {300000}'],
      ['default', undefined],
    ])
  })

  it('of an ID whose fields were taken out, with the decision that let it through', () => {
    const scene = enterScene('default: allow\nid: {keep: [name]}\n')
    scene.dialogue.client('a ID ("name" "x" "os" "y")').toServer('a ID ("name" "x")')
    expect(sent(scene)).toEqual([['default', 'a ID ("name" "x")']])
  })

  it.each([980, 985, 990, 995, 1_000, 4_000, 6_000])(
    'within 2,000 characters, and with no part of a token: behind %i messages',
    (count) => {
      const scene = selectScene(secret, 'INBOX')
      scene.dialogue.client(`a COPY ${Array(count).fill('1').join(',')} Secret`)
      const [[rule, line = ''] = []] = sent(scene)
      expect(rule).toBe('visibility')
      expect(line).toMatch(/^a COPY 1,1,/u)
      expect(line).toMatch(/(?:1| <.*|…)$/u)
      expect(line).not.toMatch(/x[0-9a-f]/u)
      expect(line.length).toBeLessThanOrEqual(2_000)
    },
  )

  it('in the record that has to be durable before the command goes on', () => {
    const guard = makeGuard({
      decide: ({ command }) => ({
        action: {
          kind: 'forward',
          command: command.name === 'SELECT' ? { ...command, name: 'EXAMINE' } : command,
        },
        decided: [decidedBy('view', 'rewrite')],
      }),
    })
    const { relay } = playGuarded(guard, { isAudited: true }).dialogue
    const octets = Buffer.from('a SELECT INBOX\r\n')
    const effects = [...relay.handle({ kind: 'received', from: 'client', octets, at: 1 })]
    const recorded = effects.flatMap((effect) =>
      effect.kind === 'record' && effect.event.kind === 'decided'
        ? [writeDecision(effect.event, 0, { origin: undefined, policy: undefined })]
        : [],
    )
    expect(recorded).toEqual([expect.stringContaining('"sent":"a EXAMINE INBOX"')])
    expect(effects.some((effect) => effect.kind === 'send' && effect.to === 'server')).toBe(false)
  })
})

describe('nothing is told', () => {
  it('of what goes on as it came, whatever rules look at it', () => {
    const scene = openScene(view)
    const { dialogue, policy } = scene
    dialogue.client('l LOGIN ann secret').server('l OK done')
    dialogue.client('i ID NIL').server('i OK done').client('e ENABLE CONDSTORE').server('e OK done')
    dialogue.client('f NOOP').server('f OK done').client('x LOGOUT')
    expect(sent(scene).map(([rule, line]) => `${rule} ${line}`)).toEqual(Array(5).fill('default undefined'))
    expect(policy().hits.of('view').count).toBe(0)
  })
})
