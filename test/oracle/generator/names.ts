/** Spells the name of a mailbox in every way that some server, or some gateway, may take for the same name. */

import { encodeMailboxName } from '../../../src/imap/mailbox.ts'
import { sharedPrefixes } from '../world.ts'
import type { Stage } from './stage.ts'
import { marks } from './marks.ts'

/** A decoded name: a canary's where the client knows it, else what may list one. */
export function pickTarget({ dice, world }: Stage): string {
  if (world.isBlind) return dice.pick(blindTargets)
  const neighbour = world.neighbours.length > 0 && dice.chance(6) ? dice.pick(world.neighbours) : undefined
  if (neighbour === undefined) return dice.pick(world.canaries).name
  return `${dice.pick(sharedPrefixes)}/${neighbour.user}/${dice.pick(neighbour.canaries).name}`
}

const blindTargets = [
  '*',
  '%',
  'Canary*',
  'Canary%',
  'Can%/%',
  '*ary*',
  'V*',
  '%/%',
  'Family/%',
  'Family/*',
  'Family/Chil%',
  'Stir*',
  'St%',
  '%anary%',
  'Family',
  'INBOX',
  '',
  'Work',
  'canary*',
  'V&APY-gel*',
  '*/*',
  '#shared',
  '~',
  'shared/*',
  'Other Users/*',
  'user/*',
] as const

export const pickVisible = ({ dice, world }: Stage): string => dice.pick(world.visible)

/** Latin1 octets of the name, not yet quoted. */
export function spellName(stage: Stage, name = pickTarget(stage)): string {
  const { dice } = stage
  const spelled = dice.chance(45) ? encodeMailboxName(name) : dice.pick(spellings)(name, stage)
  return dice.chance(6) ? dice.pick(spellings)(spelled, stage) : spelled
}

type Spelling = (name: string, stage: Stage) => string

const utf8 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')

const swapCase = (text: string): string =>
  text
    .split('')
    .map((sign) => (sign === sign.toUpperCase() ? sign.toLowerCase() : sign.toUpperCase()))
    .join('')

/** One sign of the name in base64 although it can stand for itself. */
function shiftNeedlessly(name: string, { dice }: Stage): string {
  const at = dice.below(Math.max(1, name.length))
  const count = 1 + dice.below(3)
  const shifted = Buffer.from(name.slice(at, at + count), 'utf16le')
    .swap16()
    .toString('base64')
  const mutf7 = shifted.replaceAll('=', '').replaceAll('/', ',')
  const end = dice.pick(['-', '-', '-', '', '=-'])
  return `${encodeMailboxName(name.slice(0, at))}&${mutf7}${end}${encodeMailboxName(name.slice(at + count))}`
}

const insert = (name: string, piece: string, { dice }: Stage): string => {
  const at = dice.below(name.length + 1)
  return name.slice(0, at) + piece + name.slice(at)
}

const spellings: readonly Spelling[] = [
  (name) => utf8(name),
  (name) => utf8(name.normalize('NFD')),
  (name) => encodeMailboxName(name.normalize('NFD')),
  (name) => encodeMailboxName(name.toLowerCase()),
  (name) => encodeMailboxName(name.toUpperCase()),
  (name) => encodeMailboxName(swapCase(name)),
  shiftNeedlessly,
  shiftNeedlessly,
  (name) => `${encodeMailboxName(name)}/`,
  (name) => `${encodeMailboxName(name)}//`,
  (name) => `/${encodeMailboxName(name)}`,
  (name) => encodeMailboxName(name).replaceAll('/', '//'),
  (name) => encodeMailboxName(name).replaceAll('/', '.'),
  (name) => encodeMailboxName(name).replaceAll('/', '^'),
  (name) => encodeMailboxName(name).replaceAll('/', '\\'),
  (name) => `INBOX.${encodeMailboxName(name)}`,
  (name) => `INBOX/${encodeMailboxName(name)}`,
  (name) => `INBOX//${encodeMailboxName(name)}`,
  (name, { world }) => `user.${world.user}.${encodeMailboxName(name)}`,
  (name, { world }) => `user/${world.user}/${encodeMailboxName(name)}`,
  (name, { world }) => `Other Users/${world.user}/${encodeMailboxName(name)}`,
  (name, { world }) => `Other Users.${world.user}.${encodeMailboxName(name)}`,
  (name, { world }) => `shared/${world.user}/${encodeMailboxName(name)}`,
  (name, { world }) => `~${world.user}/${encodeMailboxName(name)}`,
  (name) => `Shared Folders/${encodeMailboxName(name)}`,
  (name) => `~/${encodeMailboxName(name)}`,
  (name) => `#mh/${encodeMailboxName(name)}`,
  (name, { world }) => `../${world.user}/.${encodeMailboxName(name)}`,
  (name) => `Work/../${encodeMailboxName(name)}`,
  (name) => `./${encodeMailboxName(name)}`,
  (name) => `${encodeMailboxName(name)}/../${encodeMailboxName(name)}`,
  (name) => `${encodeMailboxName(name)} `,
  (name) => ` ${encodeMailboxName(name)}`,
  (name) => `${encodeMailboxName(name)}\0`,
  (name) => `${encodeMailboxName(name)}\0x`,
  (name) => `${encodeMailboxName(name)}\r`,
  (name) => `${encodeMailboxName(name)}&-`,
  (name) => `${encodeMailboxName(name)}&`,
  (name) => `${encodeMailboxName(name)}&AAA-`,
  (name) => `&AAA-${encodeMailboxName(name)}`,
  (name, stage) => insert(encodeMailboxName(name), '&IAs-', stage),
  (name, stage) => insert(utf8(name), utf8('\u200b'), stage),
  (name, stage) => insert(utf8(name), '\xc0\xaf', stage),
  (name, stage) =>
    insert(encodeMailboxName(name), stage.dice.pick(['%', '*', '?', '%2F', '=', '\\', '"', '&-']), stage),
  (name) => `${encodeMailboxName(name).slice(0, -1)}%`,
  (name) => `${encodeMailboxName(name).slice(0, -1)}*`,
  (name) => `*${encodeMailboxName(name).slice(1)}`,
  (name, { world }) => `${encodeMailboxName(name)}@localhost${world.user.slice(0, 0)}`,
  (name) => utf8(name.replaceAll(/[A-Za-z]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0))),
  (name) =>
    encodeMailboxName(name.replaceAll(/[a-z]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0))),
  (name) => utf8(name).replace('\xc3\xb6', '\xf6'),
  (name) => encodeMailboxName(name).replace('&APY-', '&AG8DCA-'),
  (name) => encodeMailboxName(name).replace('&APY-', '&AP-&Y-'),
  (name) => encodeMailboxName(`${name}/x`),
  (name) => encodeMailboxName(`Work/a ${name}`),
  (name) => encodeMailboxName(`Nobody/one ${name} two`),
  (name) => encodeMailboxName(`Nobody ${name}`),
  (name) => encodeMailboxName(`${name}/Below`),
  (name) => encodeMailboxName(name.split('/')[0] ?? name),
]

/** A whole argument: the name as an atom, in quotes or in a literal of some form. */
export function writeToken(stage: Stage, name = spellName(stage)): string {
  const { dice } = stage
  const isAtom = /^[^\s"\\(){}%*\0-\x1f\x7f-\xff]+$/.test(name)
  const form = dice.below(100)
  if (form < 40) return isAtom ? name : quoted(name)
  if (form < 65) return quoted(name)
  if (form < 70) return name === '' ? '""' : name
  if (form < 74) return `"${name}"`
  if (form < 78) return overQuoted(name)
  return literalOf(stage, name)
}

export const quoted = (name: string): string => `"${name.replaceAll(/["\\]/g, '\\$&')}"`

/** Escapes that RFC 3501 does not have; a reader that takes them off sees the name. */
const overQuoted = (name: string): string =>
  `"${name
    .split('')
    .map((sign, at) => (at % 3 === 0 ? `\\${sign}` : sign))
    .join('')}"`

/** A literal that is counted right, asked for or not. */
export function literalOf({ dice }: Stage, octets: string): string {
  const size = `${dice.chance(10) ? '0' : ''}${octets.length}`
  return dice.pick([
    `{${size}}\r\n${marks.await}${octets}`,
    `{${size}}\r\n${marks.await}${octets}`,
    `{${size}+}\r\n${octets}`,
    `{${size}+}\r\n${octets}`,
    `{${size}}\r\n${octets}`,
    `~{${size}}\r\n${marks.await}${octets}`,
    `~{${size}+}\r\n${octets}`,
    `{${size}+}\r\n${marks.pause}${octets}`,
    `{${size}-}\r\n${octets}`,
  ])
}
