/** Streams that one reader takes for another thing than the next: a command within a literal, a string, a line or a word. */

import { line, opener, payload, tagOf } from './commands.ts'
import { marks } from './marks.ts'
import { pickVisible, quoted, spellName } from './names.ts'
import type { Draft, Family, Stage } from './stage.ts'

/** A whole command under a tag of its own, as it would stand in a stream. */
const inner = (stage: Stage): string => `${tagOf(stage)} ${payload(stage)}\r\n`

const carriers = [
  'APPEND Work ',
  'APPEND Nothing ',
  'APPEND INBOX (\\Seen) ',
  'SELECT ',
  'STATUS ',
  'SEARCH TEXT ',
  'SEARCH CHARSET UTF-8 BODY ',
  'SETMETADATA Work (/private/comment ',
  'ID ("name" ',
  'LOGIN ',
  'CREATE ',
  'SUBSCRIBE ',
  'LIST "" ',
  'REPLACE 999999 INBOX ',
  'UID REPLACE 1 Work ',
  'STORE 1 +FLAGS ',
  'FETCH 1 BODY[HEADER.FIELDS (',
  'XFOO ',
  'X-UNKNOWN a ',
  'NOOP ',
  'CAPABILITY ',
  'ENABLE ',
  'AUTHENTICATE ',
  'COPY 1 ',
  'UID ',
  'APPEND Work CATENATE (TEXT ',
  'APPEND Work UTF8 (~',
  'IDLE ',
  'DONE ',
  'STARTTLS ',
  'XAPPLEPUSHSERVICE mailboxes (',
  'SYNCAPPLY ',
  'THREAD REFERENCES ',
  '',
] as const

/** A command that ends in a literal whose content is a command, announced in every right and wrong way. */
const literals: Family = (stage) => {
  const { dice } = stage
  const content = inner(stage)
  const announcement = announce(stage, content.length)
  const isLast = Number(/^~?\{(\d+)\+?\}\r\n$/.exec(announcement)?.[1]) !== content.length
  const end = dice.pick(['\r\n', '\r\n', ')\r\n', '', ' x\r\n', ' {3+}\r\nabc\r\n', '\n'])
  const text = `${tagOf(stage)} ${dice.pick(carriers)}${announcement}${dice.chance(30) ? marks.await : ''}${content}${end}`
  return { text: text + (dice.chance(30) ? inner(stage) : ''), isLast: isLast || end !== '\r\n' }
}

/** Announcements that servers and gateways are known to count differently. */
function announce({ dice }: Stage, size: number): string {
  const near = size + dice.pick([0, 0, 0, 0, -1, 1, -2, 2, -size, 7, 1000])
  return dice.pick([
    `{${near}}\r\n`,
    `{${near}}\r\n`,
    `{${near}+}\r\n`,
    `{${near}+}\r\n`,
    `~{${near}}\r\n`,
    `~{${near}+}\r\n`,
    `{${near}-}\r\n`,
    `{0${near}}\r\n`,
    `{+${near}}\r\n`,
    `{${near} }\r\n`,
    `{ ${near}}\r\n`,
    `{${near}++}\r\n`,
    `{-${near}}\r\n`,
    '{}\r\n',
    '{+}\r\n',
    `{${near}}\n`,
    `{${near}+}\n`,
    `{${near}}\r`,
    `{${near}} \r\n`,
    `{${near}}x\r\n`,
    `"{${near}+}\r\n`,
    `{${2 ** 32 + near}}\r\n`,
    `{${2 ** 32 + near}+}\r\n`,
    `{${2n ** 64n + BigInt(near)}+}\r\n`,
    `{${2 ** 31}+}\r\n`,
    '{99999999999999999999999999}\r\n',
    `{${near}e0}\r\n`,
    `{0x${near.toString(16)}}\r\n`,
    `{${near}+}{${near}+}\r\n`,
    `({${near}+}\r\n`,
    `{${near}+}\r\n\r\n`,
    `literal{${near}+}\r\n`,
    `+{${near}}\r\n`,
    `{${near}\0}\r\n`,
  ])
}

/** Lines that end where only some readers end them. */
const lineEnds: Family = (stage) => {
  const { dice } = stage
  const end = dice.pick([
    '\n',
    '\r',
    '\r\r\n',
    '\n\r',
    '\0\r\n',
    '\x0b',
    '\x85',
    ' \n',
    '\r \n',
    '\n\n',
    '\x1a\r\n',
    '\u00e2\u0080\u00a8',
  ])
  const first = dice.pick([
    'NOOP',
    `STATUS INBOX (MESSAGES)`,
    'CAPABILITY',
    'ID NIL',
    `SUBSCRIBE "a`,
    'XFOO',
    'LIST "" "',
  ])
  return { text: `${tagOf(stage)} ${first}${end}${inner(stage)}`, isLast: true }
}

/** Quoted strings that go on, or end, where they must not. */
const quotedStrings: Family = (stage) => {
  const { dice } = stage
  const command = inner(stage)
  const name = spellName(stage)
  const text = dice.pick([
    `SUBSCRIBE "x\r\n${command}"\r\n`,
    `SUBSCRIBE "x\\\r\n${command}"\r\n`,
    `SUBSCRIBE "x\\"\r\n${command}`,
    `SUBSCRIBE "x\n${command}"\r\n`,
    `SELECT "${name}\\"\r\n${command}`,
    `SELECT "${name.slice(0, 2)}\\${name.slice(2)}"\r\n`,
    `SELECT "${name}"x\r\n`,
    `SELECT ${name.slice(0, 3)}"${name.slice(3)}"\r\n`,
    `SELECT "${name}" "${name}"\r\n`,
    `STATUS ${quoted(name)}(MESSAGES UIDVALIDITY)\r\n`,
    `SELECT\t${quoted(name)}\r\n`,
    `SELECT  ${quoted(name)}\r\n`,
    `SELECT ${quoted(name)} \r\n`,
    `ID ("a" "x\r\n${command}")\r\n`,
    `ID ("a" "\\\r\n${command}")\r\n`,
    `ID ("name" "x" "${name}" {${command.length}+}\r\n${command})\r\n`,
    `COPY 1 "INBOX\0${name}"\r\n`,
    `SELECT "${name}\0"\r\n`,
    `SELECT (${quoted(name)})\r\n`,
    `SELECT INBOX ${quoted(name)}\r\n`,
    `UID SELECT ${quoted(name)}\r\n`,
    `SELECT \u00a0${quoted(name)}\r\n`,
  ])
  return { text: `${tagOf(stage)} ${text}${line(stage, 'FETCH 1:* (UID BODY[])')}`, isLast: true }
}

/** Tags that are more than a tag. */
const tags: Family = (stage) => {
  const command = payload(stage)
  const tag = stage.dice.pick([
    '+',
    '*',
    '',
    ' ',
    'a\r',
    'a\n',
    '"a"',
    'a b',
    '{3+}\r\nabc',
    '(a)',
    'a\0',
    '\\',
    '%',
    'a'.repeat(5000),
    '+ OK',
    '* OK',
    ']',
    '\xff',
  ])
  return { text: `${tag} ${command}\r\n`, isLast: true }
}

/** A SELECT for one reader, another command for the next: everything in one segment and in several. */
const pipelined: Family = (stage) => {
  const { dice } = stage
  const visible = quoted(pickVisible(stage).replace('\u00fc', '&APw-'))
  const commands = [
    line(stage, `SELECT ${visible}`),
    line(stage, opener(stage)),
    line(stage, 'FETCH 1:* (UID BODY[])'),
    line(
      stage,
      dice.pick(['NOOP', 'UNSELECT', 'CLOSE', 'CHECK', 'STORE 1:* +FLAGS (\\Flagged)', 'UID SEARCH ALL']),
    ),
    line(stage, payload(stage)),
  ]
  const drawn = Array.from({ length: 2 + dice.below(5) }, () => dice.pick(commands))
  return { text: drawn.join(dice.chance(30) ? marks.pause : '') }
}

/** What is longer than somebody's buffer, so that its end may be read as another command. */
const overlong: Family = (stage): Draft => {
  const size = stage.dice.pick([1000, 4096, 8190, 8192, 16_384, 65_530, 65_536])
  const filler = stage.dice.pick(['x', ' ', '(', '"', 'a ', '\\', '%', '*'])
  const long = filler.repeat(Math.ceil(size / filler.length)).slice(0, size)
  return {
    text: `${tagOf(stage)} ${stage.dice.pick(carriers)}${long}${inner(stage)}${inner(stage)}`,
    isLast: true,
  }
}

/**
 * A command whose literal the server refuses in words and waits for all the same: the head of the next command, which
 * is harmless, is that literal, and its rest is a command.
 */
const swallowed: Family = (stage) => {
  const { dice } = stage
  const head = dice.pick([
    'n1 ENABLE ',
    'n1 ENABLE ',
    'n1 ID ("a" "',
    'n1 SEARCH TEXT "',
    'n1 SEARCH KEYWORD ',
    'n1 STORE 1 FLAGS ',
    'n1 XFOO ',
  ])
  const tail = /"$/.test(head) ? (head.includes('(') ? '")' : '"') : ''
  const size = Math.max(0, head.length + dice.pick([0, 0, 0, 0, 1, 2, -1, -2]))
  const carrier = dice
    .pick([...refusedCarriers])
    .replace('%M', quoted(dice.chance(60) ? 'Nothing' : spellName(stage)))
  const announcement = `${dice.chance(50) ? '~' : ''}{${size}+}\r\n`
  const close = carrier.includes('(') ? ')' : ''
  return {
    text: `s1 ${carrier}${announcement}${'y'.repeat(size)}${close}\r\n${marks.await}${head}${payload(stage)}${tail}\r\nn2 NOOP\r\n`,
    isLast: true,
  }
}

const refusedCarriers = [
  'APPEND %M X-EXT (a ',
  'APPEND %M UTF8 (',
  'APPEND %M X-EXT ',
  'APPEND %M (\\Seen) X-EXT (a b ',
  'APPEND %M ',
  'APPEND %M (\\Nonsense) "no date" ',
  'APPEND %M CATENATE (TEXT ',
  'APPEND %M CATENATE (URL "/Nothing/;UID=1" TEXT ',
  'APPEND %M CATENATE (URL ',
  'APPEND %M ANNOTATION (/comment (value.priv ',
  'REPLACE 999999 %M ',
  'REPLACE 999999 %M X-EXT (a ',
  'UID REPLACE 0 %M ',
  'SELECT %M (X-EXT (a ',
  'SETMETADATA %M (/private/comment ',
  'SETMETADATA %M (/nonsense ',
  'SETANNOTATION %M "/comment" ("value.priv" ',
  'STATUS %M (X ',
  'CREATE %M (USE (X) X-EXT ',
  'RENAME %M ',
  'COPY 1 ',
  'SEARCH CHARSET NONSENSE TEXT ',
  'SEARCH X-NONSENSE ',
  'SORT (NONSENSE) NONSENSE SUBJECT ',
  'FETCH 1 BODY[HEADER.FIELDS (',
  'SETQUOTA %M (',
  'LIST (X-OPTION ',
  'ID ("a" ',
  'GENURLAUTH ',
  'URLFETCH ',
  'NOTIFY SET (X ',
  'SCAN "" %M ',
  'LISTRIGHTS %M ',
  'SETACL %M ',
] as const

export const smugglingFamilies = { swallowed, literals, lineEnds, quotedStrings, tags, pipelined, overlong }
