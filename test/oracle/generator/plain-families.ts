/** Streams that are well-formed, or nearly: commands one behind the other, in every order, mode and encoding. */

import { marks } from './marks.ts'
import { anyCommand, fill, follower, line, opener } from './commands.ts'
import { pickVisible, quoted, spellName, writeToken } from './names.ts'
import { PARENT } from '../world.ts'
import type { Draft, Family, Stage } from './stage.ts'

const several = (stage: Stage, most: number, make: () => string): string =>
  Array.from({ length: 1 + stage.dice.below(most) }, make).join('')

const direct: Family = (stage) => ({ text: several(stage, 2, () => line(stage, anyCommand(stage))) })

/** Behind a SELECT that was refused, nothing may be selected that was not before. */
const opened: Family = (stage) => ({
  text: line(stage, opener(stage)) + several(stage, 3, () => line(stage, follower(stage))),
})

/** A command of every registered form, with whatever arguments its grammar allows. */
const registered: Family = (stage) => {
  const command = stage.dice.pick(stage.pool)
  return {
    text: line(
      stage,
      command.replaceAll('%M', () => writeToken(stage)),
    ),
    isLast: /^(?:IDLE|AUTHENTICATE|STARTTLS|COMPRESS|LOGOUT)/i.test(command),
  }
}

const lists: Family = (stage) => {
  const command = fill(stage.dice.pick(listers), stage)
  const isSubscribing = stage.dice.chance(10)
  return { text: (isSubscribing ? line(stage, 'SUBSCRIBE Work') : '') + line(stage, command) }
}

const listers = [
  'LIST "" "*"',
  'LIST "" "%"',
  'LIST "" %M',
  'LIST %M %M',
  'LIST "" %R*',
  'LIST "" "%R%"',
  'LSUB "" "*"',
  'LSUB "" "%"',
  'LSUB "" "%/%"',
  'XLIST "" "*"',
  'RLIST "" "*"',
  'RLSUB "" "*"',
  'LIST (SUBSCRIBED) "" "*" RETURN (STATUS (UIDVALIDITY MESSAGES))',
  'LIST (SUBSCRIBED RECURSIVEMATCH) "" "%" RETURN (CHILDREN SUBSCRIBED)',
  'LIST (RECURSIVEMATCH SUBSCRIBED) "Family" "%"',
  'LIST (SUBSCRIBED REMOTE) "" ("INBOX" "*" %M) RETURN (CHILDREN STATUS (UIDNEXT))',
  'LIST "" ("Can%" "V%" "Family/%" "Stir%") RETURN (SUBSCRIBED STATUS (UIDVALIDITY))',
  'LIST "" "*" RETURN (METADATA (/private/comment) MYRIGHTS SPECIAL-USE)',
  'LIST "" "%" RETURN (STATUS (UIDVALIDITY MESSAGES) MYRIGHTS METADATA (/private/comment))',
  'LIST "" ("%" "%/%") RETURN (CHILDREN STATUS (UIDVALIDITY UNSEEN))',
  'LIST "" ("%/%" "%/%/%") RETURN (STATUS (MESSAGES) METADATA (/private/comment))',
  'STATUS "*" (MESSAGES)',
  'NAMESPACE',
  'GETMETADATA "*" /private/comment',
  'GETANNOTATION "*" "/comment" "*"',
  'GETQUOTA ""',
  'GETQUOTAROOT INBOX',
  'GETACL Family',
  'SCAN "" "*" "sings"',
  'ESEARCH IN (PERSONAL) ALL',
  'SEARCH FOLDER "*" ALL',
  'FETCH 1:* (FLAGS X-MAILBOX)',
]

/** Whoever renames a parent renames what is below it; whoever is put above it gets at it. */
const parents: Family = (stage) => {
  const own = stage.dice.pick(stage.world.canaries)
  const below = own.name.startsWith(`${PARENT}/`) ? (own.name.split('/')[1] ?? '') : 'x'
  const child = stage.world.isBlind ? '%' : below
  const command = stage.dice.pick([
    `RENAME ${PARENT} Elsewhere`,
    `RENAME "${PARENT}/" Elsewhere`,
    `RENAME ${PARENT} Work/Elsewhere`,
    `RENAME ${PARENT.toLowerCase()} Elsewhere`,
    `RENAME ${PARENT} INBOX/Else`,
    `RENAME INBOX.${PARENT} Elsewhere`,
    `XRENAME ${PARENT} Elsewhere`,
    `DELETE ${PARENT}`,
    `RENAME ${PARENT} ${PARENT}/Down`,
    `CREATE ${PARENT}`,
    `LIST ${PARENT}/ %`,
    `RENAME %M Elsewhere`,
    `UNSUBSCRIBE ${PARENT}`,
    `SETACL ${PARENT} anyone lrswipkxtea`,
  ])
  return {
    text:
      line(stage, fill(command.replace('%M', quoted(spellName(stage))), stage)) +
      line(stage, `STATUS Elsewhere/${child} (MESSAGES UIDVALIDITY)`) +
      line(stage, `SELECT Elsewhere/${child}`) +
      line(stage, follower(stage)),
  }
}

/** A mode that changes how names are read: what follows must be read as the server reads it. */
const enabling: Family = (stage) => {
  const { dice } = stage
  const mode = dice.pick([
    'UTF8=ACCEPT',
    'IMAP4rev2',
    'CONDSTORE',
    'QRESYNC',
    'UTF8=ONLY',
    'UTF8=ACCEPT IMAP4rev2',
    'X-ALL',
  ])
  const enable = line(stage, `ENABLE ${mode}`)
  return {
    text: `${enable}${dice.chance(40) ? marks.await : ''}${line(stage, opener(stage))}${line(stage, follower(stage))}`,
  }
}

const sets: Family = (stage) => ({
  text:
    line(stage, `SELECT ${quoted(pickVisible(stage).replace('\u00fc', '&APw-'))}`) +
    line(stage, 'UID SEARCH RETURN (SAVE) ALL') +
    line(stage, fill(stage.dice.pick(setCommands), stage)),
})

const setCommands = [
  'UID FETCH 1:4294967295 (FLAGS)',
  'UID COPY $ %M',
  'UID MOVE $ %M',
  'COPY * %M',
  'FETCH 4294967295:* (UID)',
  'UID STORE $ +FLAGS (\\Flagged)',
  'UID EXPUNGE 1:*',
  'UID COPY 1:4294967295 %M',
]

/** Messages that come in by several ways at once. */
const appending: Family = (stage) => ({
  text: line(
    stage,
    fill(
      stage.dice.pick([
        'APPEND %V %L %L',
        'APPEND %M %L',
        'APPEND %V () %L CATENATE (URL "/%U/;UID=1")',
        'APPEND %V CATENATE (TEXT {2+}\r\nab URL "/%U;UIDVALIDITY=1/;UID=1/;SECTION=1")',
        'APPEND %V CATENATE (URL "/%U/;UID=1/;SECTION=HEADER" TEXT {2+}\r\nab)',
        'APPEND %V CATENATE (URL {1+}\r\n/ URL "%U")',
        'REPLACE 1 %M %L',
        'UID REPLACE 999999 %M %L',
        'APPEND %V UTF8 (~{3+}\r\nabc)',
        'APPEND %M ANNOTATION (/comment (value.priv "x")) %L',
        'APPEND %V (\\Seen) "bad date" %L',
        'URLFETCH "imap://%W@localhost/%U/;UID=1"',
        'GENURLAUTH "imap://%W@localhost/%U/;UID=1;URLAUTH=anonymous" INTERNAL',
      ]),
      stage,
    ),
  ),
})

/** Something happens in a hidden mailbox while the client listens for whatever is told. */
const listening: Family = (stage): Draft => {
  const { dice } = stage
  const notify = line(stage, fill(dice.pick(notifies), stage))
  const wait = dice.chance(50) ? `i1 IDLE\r\n${marks.await}${marks.stir}DONE\r\n` : `${marks.stir}n1 NOOP\r\n`
  return { text: `${dice.chance(80) ? notify : ''}${marks.await}${wait}${line(stage, 'NOTIFY NONE')}` }
}

const notifies = [
  'NOTIFY SET STATUS (PERSONAL (MessageNew MessageExpunge FlagChange MailboxName SubscriptionChange MailboxMetadataChange))',
  'NOTIFY SET (SUBSCRIBED (MessageNew MessageExpunge))',
  'NOTIFY SET STATUS (SUBTREE "" (MessageNew MessageExpunge FlagChange))',
  'NOTIFY SET (MAILBOXES %M (MessageNew MessageExpunge FlagChange))',
  'NOTIFY SET STATUS (MAILBOXES (INBOX %M) (MessageNew MessageExpunge))',
  'NOTIFY SET (SELECTED-DELAYED (MessageNew (UID BODY.PEEK[]) MessageExpunge FlagChange)) (PERSONAL (MessageNew MessageExpunge))',
]

/** Played a second time with a name that nothing ever had: both must be answered alike. */
const twin: Family = (stage) => {
  const command = `w ${fill(stage.dice.pick(twins), stage)}\r\n`
  // What was selected is open or closed afterwards, whichever name it was.
  const isSelecting = stage.dice.chance(50)
  return { text: isSelecting ? `w1 SELECT INBOX\r\n${command}w3 FETCH 1 (UID)\r\n` : command }
}

const twins = [
  'SELECT %M',
  'EXAMINE %M',
  'SELECT %M (CONDSTORE)',
  'STATUS %M (MESSAGES UIDVALIDITY)',
  'DELETE %M',
  'RENAME %M Elsewhere/Down',
  'COPY 1 %M',
  'UID COPY 1:* %M',
  'UID MOVE 1:* %M',
  'APPEND %M {3+}\r\nabc',
  'UNSUBSCRIBE %M',
  'GETACL %M',
  'MYRIGHTS %M',
  'LISTRIGHTS %M anyone',
  'SETACL %M anyone lr',
  'DELETEACL %M anyone',
  'GETQUOTAROOT %M',
  'GETMETADATA %M /private/comment',
  'SETMETADATA %M (/private/comment "x")',
  'GETANNOTATION %M "/comment" "value.priv"',
  'LIST "" %M',
  'LSUB "" %M',
  'LIST "" %M RETURN (STATUS (MESSAGES))',
  'LIST (SUBSCRIBED) "" %M',
  'CREATE %M',
  'CREATE %M (USE (\\Archive))',
  'RENAME Work/Sub %M',
  'SUBSCRIBE %M',
  'XLIST "" %M',
  'GETANNOTATION %M "*" "*"',
  'SCAN "" %M "sings"',
  'ESEARCH IN (MAILBOXES %M) ALL',
  'NOTIFY SET STATUS (MAILBOXES %M (MessageNew MessageExpunge))',
  'SETQUOTA %M (STORAGE 1)',
  'GETQUOTA %M',
  'SEARCH FOLDER %M ALL',
  'XWARMUP %M (INDEX)',
  'REPLACE 1 %M {3+}\r\nabc',
]

export const TWIN = 'twin'

export const plainFamilies = {
  [TWIN]: twin,
  direct,
  opened,
  registered,
  lists,
  parents,
  enabling,
  sets,
  appending,
  listening,
}
