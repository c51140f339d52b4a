/** Streams around the places where the grammar changes: IDLE, AUTHENTICATE, LOGIN, COMPRESS, STARTTLS, UNAUTHENTICATE. */

import { follower, line, opener, payload, tagOf } from './commands.ts'
import { marks } from './marks.ts'
import { quoted } from './names.ts'
import type { Family, Stage } from './stage.ts'

const inner = (stage: Stage): string => `${tagOf(stage)} ${payload(stage)}\r\n`

const idling: Family = (stage) => {
  const { dice } = stage
  const wait = dice.chance(70) ? marks.await : ''
  const end = dice.pick([
    'DONE\r\n',
    'done\r\n',
    'DONE \r\n',
    ' DONE\r\n',
    'DONE\n',
    'DONEx\r\n',
    '',
    '\r\n',
    'D\r\n',
    'DO\r\n',
    'a DONE\r\n',
    'DONE {3+}\r\nabc\r\n',
    'DONE\0\r\n',
    '"DONE"\r\n',
    'NOOP\r\n',
    '* DONE\r\n',
    'DONE\r',
  ])
  const many = dice.chance(20) ? inner(stage) : ''
  const stir = dice.chance(3) ? marks.stir : ''
  return {
    text: `i IDLE\r\n${wait}${stir}${many}${end}${inner(stage)}`,
    isLast: end !== 'DONE\r\n' || many !== '',
  }
}

const plain = ({ world }: Stage): string =>
  Buffer.from(`\0${world.user}\0${world.password}`, 'latin1').toString('base64')

/** A SASL line that is a command, before a login and behind it. */
const sasl: Family = (stage) => {
  const { dice, world } = stage
  const isFresh = dice.chance(40)
  const mechanism = dice.pick([
    'PLAIN',
    'PLAIN',
    'LOGIN',
    'SCRAM-SHA-256',
    'XFOO',
    'PLAIN =',
    'EXTERNAL',
    'ANONYMOUS',
    'plain',
  ])
  const command = inner(stage)
  const asOther = Buffer.from(`${world.user}\0admin\0${world.password}`, 'latin1').toString('base64')
  const reply = dice.pick([
    command,
    '*\r\n',
    `*\r\n${command}`,
    ` *\r\n${command}`,
    `${plain(stage)}\r\n${command}`,
    `${plain(stage)}\n${command}`,
    `${plain(stage)}==\r\n${command}`,
    `${plain(stage).slice(0, -1)}\r\n${command}`,
    `${asOther}\r\n${command}`,
    `\r\n${command}`,
    `${Buffer.from(command, 'latin1').toString('base64')}\r\n`,
    `{${command.length}+}\r\n${command}`,
    `=\r\n${command}`,
    `${'A'.repeat(9000)}\r\n${command}`,
    `${Buffer.from(world.user).toString('base64')}\r\n${marks.await}${command}`,
  ])
  const wait = dice.chance(75) ? marks.await : ''
  return {
    text: `s AUTHENTICATE ${mechanism}\r\n${wait}${reply}`,
    isLast: true,
    ...(isFresh && { begins: 'fresh' as const }),
  }
}

/** Commands that are there before it is known who speaks, and around a login of any spelling. */
const loggingIn: Family = (stage) => {
  const { dice, world } = stage
  const user = quoted(world.user)
  const password = quoted(world.password)
  const login = dice.pick([
    `LOGIN ${user} ${password}\r\n`,
    `LOGIN {${world.user.length}+}\r\n${world.user} {${world.password.length}+}\r\n${world.password}\r\n`,
    `LOGIN {${world.user.length}}\r\n${marks.await}${world.user} ${password}\r\n`,
    `LOGIN ${user} "wrong"\r\n`,
    `LOGIN ~{${world.user.length}+}\r\n${world.user} ${password}\r\n`,
    `AUTHENTICATE PLAIN ${plain(stage)}\r\n`,
    `AUTHENTICATE PLAIN\r\n${marks.await}${plain(stage)}\r\n`,
    `LOGIN "${world.user}*admin" ${password}\r\n`,
    `LOGIN ${user.toUpperCase()} ${password}\r\n`,
    `LOGIN "${world.user}@localhost" ${password}\r\n`,
    `LOGIN "${world.user}+Canary" ${password}\r\n`,
    `LOGIN " ${world.user}" ${password}\r\n`,
  ])
  const before = dice.chance(40) ? inner(stage) : ''
  const wait = dice.chance(40) ? marks.await : ''
  const behind =
    line(stage, opener(stage)) + line(stage, follower(stage)) + inner(stage) + 'l LIST "" "*"\r\n'
  return { text: `${before}l ${login}${wait}${behind}`, begins: 'fresh', isLast: true }
}

/** The stream is compressed from the completion on; whatever is not is nobody's. */
const compressing: Family = (stage) => {
  const { dice } = stage
  const ask = dice.pick([
    'COMPRESS DEFLATE\r\n',
    'COMPRESS deflate\r\n',
    'COMPRESS DEFLATE \r\n',
    'COMPRESS LZ4\r\n',
  ])
  const surplus = dice.chance(25) ? inner(stage) : ''
  const behind = dice.chance(70) ? marks.await + marks.deflate : ''
  return {
    text: `z ${ask}${surplus}${behind}${line(stage, opener(stage))}${line(stage, follower(stage))}${inner(stage)}z2 LIST "" "*"\r\n`,
    isLast: true,
  }
}

/** Octets in the clear behind STARTTLS must not be the first of what is secured. */
const securing: Family = (stage) => {
  const { dice, world } = stage
  const login = `l LOGIN ${quoted(world.user)} ${quoted(world.password)}\r\n`
  const surplus = dice.chance(60) ? dice.pick([inner(stage), login, `${login}${inner(stage)}`]) : ''
  const wait = dice.chance(60) ? marks.await : ''
  return {
    text: `t STARTTLS\r\n${surplus}${wait}${marks.secure}${login}${marks.await}${inner(stage)}l2 LSUB "" "*"\r\n`,
    begins: 'fresh',
    isLast: true,
  }
}

/** Whoever logs out of a connection, or in again, takes nothing along. */
const leaving: Family = (stage) => {
  const { dice, world } = stage
  const login = `l LOGIN ${quoted(world.user)} ${quoted(world.password)}\r\n`
  const command = dice.pick([
    'UNAUTHENTICATE',
    'LOGOUT',
    'PROXYAUTH admin',
    `PROXYAUTH ${world.user}`,
    'UNSELECT',
    'CLOSE',
  ])
  return {
    text: `u ${command}\r\n${dice.chance(30) ? marks.await : ''}${dice.chance(60) ? login : ''}${inner(stage)}${line(stage, opener(stage))}${line(stage, follower(stage))}`,
    isLast: true,
  }
}

export const modeFamilies = { idling, sasl, loggingIn, compressing, securing, leaving }
