/** Makes commands out of templates: each place filled with a name, a set or a message; tags are given here. */

import { openMessage } from '../truth.ts'
import { followers, templates } from './templates.ts'
import { literalOf, pickVisible, quoted, spellName, writeToken } from './names.ts'
import type { Stage } from './stage.ts'

const sets = [
  '1',
  '1:*',
  '*',
  '2',
  '1:4294967295',
  '$',
  '1,2',
  '*:1',
  '4294967295:*',
  '1:2,2:1',
  '0',
  '1:999999999999',
  '$,1',
  '$:*',
]

/** Without a tag and without a line end. */
export function fill(template: string, stage: Stage): string {
  return template.replaceAll(/%([MRUVNSLWO])/g, (_, place: string) => fillPlace(place, stage))
}

function fillPlace(place: string, stage: Stage): string {
  const { dice, world } = stage
  switch (place) {
    case 'M':
      return writeToken(stage)
    case 'R':
      return spellName(stage)
    case 'U':
      return encodeUrl(spellName(stage), stage)
    case 'V':
      return quoted(pickVisible(stage).replace('\u00fc', '&APw-'))
    case 'N':
      return `New${dice.key(4)}`
    case 'S':
      return dice.pick(sets)
    case 'L':
      return literalOf(stage, openMessage(dice.below(9)))
    case 'O':
      return world.neighbours.length > 0 ? dice.pick(world.neighbours).user : 'nobody'
    default:
      return world.user
  }
}

/** RFC 5092 section 3: signs may be encoded that need not be. */
function encodeUrl(name: string, { dice }: Stage): string {
  return name
    .split('')
    .map((sign) => {
      const mustBe = !/[\w&=~.$\-!*'(),/]/.test(sign)
      return mustBe || dice.chance(15) ? `%${sign.charCodeAt(0).toString(16).padStart(2, '0')}` : sign
    })
    .join('')
}

export const anyCommand = (stage: Stage): string => fill(stage.dice.pick(templates), stage)

export const opener = (stage: Stage): string =>
  fill(stage.dice.pick(['SELECT %M', 'EXAMINE %M', 'SELECT %M (CONDSTORE)', 'UID SELECT %M']), stage)

export const follower = ({ dice }: Stage): string => dice.pick(followers)

/** What does visible harm to a canary when it is executed although it was hidden in something else. */
export function payload(stage: Stage): string {
  return stage.dice.chance(40)
    ? fill(stage.dice.pick(harms), stage)
    : fill(
        stage.dice.pick([
          'DELETE %R',
          'STATUS %R (UIDVALIDITY MESSAGES)',
          'SUBSCRIBE %R/x',
          'UNSUBSCRIBE %R',
        ]),
        stage,
      )
}

const harms = [
  'APPEND %R {3+}\r\nabc',
  'COPY 1 %R',
  'SETACL %R anyone lr',
  'GETACL %R',
  'GETMETADATA %R /private/comment',
  'SETMETADATA %R (/private/comment "x")',
  'RENAME %R Renamed',
  'LIST "" *',
  'LSUB "" *',
] as const

export const tagOf = ({ dice }: Stage): string => dice.pick(tags) + dice.below(1000)

const tags = ['a', 'A', 'b', 'x.', '1', 'tag-', 'Z', '!', 'a,', '#']

/** A tagged command with its line end. */
export const line = (stage: Stage, command: string): string => `${tagOf(stage)} ${command}\r\n`
