/** Bugs to plant in a copy of the sources, each a change that somebody could make by mistake; knows not how they are found. */

import type { ServerKind } from './servers.ts'

export interface Plant {
  readonly name: string
  /** Below `src`. */
  readonly file: string
  /** Stands there exactly once. */
  readonly find: string
  readonly put: string
  /** Where it does harm. */
  readonly server: ServerKind
}

const ALIAS = 'policy/alias.ts'
const RENAMED = `return { ...command, mailbox: pen.rename(command.mailbox) }
    case 'CREATE':`

/** Commands of this name go on with the name that the client wrote. */
function forget(commands: string, server: ServerKind): Plant {
  const test = commands
    .split(' ')
    .map((name) => `command.name === '${name}'`)
    .join(' || ')
  return {
    name: `the mailbox of ${commands} is not looked at`,
    file: ALIAS,
    find: RENAMED,
    put: `if (${test}) return command\n      ${RENAMED}`,
    server,
  }
}

export const plants: readonly Plant[] = [
  forget('COPY', 'dovecot'),
  forget('MOVE', 'cyrus'),
  forget('XMOVE', 'cyrus'),
  {
    name: 'the mailbox of DELETE is not looked at',
    file: ALIAS,
    find: `pen.removeAbove(command.mailbox)
      return { ...command, mailbox: pen.rename(command.mailbox) }`,
    put: 'return command',
    server: 'dovecot',
  },
  forget('SUBSCRIBE UNSUBSCRIBE', 'dovecot'),
  forget('SETACL DELETEACL', 'cyrus'),
  forget('SETMETADATA', 'dovecot'),
  forget('MYRIGHTS LISTRIGHTS GETACL', 'cyrus'),
  forget('STATUS', 'dovecot'),
  {
    name: 'EXAMINE is taken for harmless',
    file: ALIAS,
    find: `        pen.refuse('a mailbox is selected by its name here')
`,
    put: `        pen.refuse('a mailbox is selected by its name here')
      if (command.name === 'EXAMINE') return command
`,
    server: 'cyrus',
  },
  {
    name: 'the destination of APPEND is not looked at',
    file: 'policy/alias/append.ts',
    find: `  for (const message of command.messages) checkMessage(message, pen)
  return { ...command, mailbox: pen.rename(command.mailbox) }`,
    put: `  for (const message of command.messages) checkMessage(message, pen)
  return command`,
    server: 'cyrus',
  },
  {
    name: 'what lies below a renamed mailbox is forgotten',
    file: ALIAS,
    find: 'pen.moveBelow(command.from, command.to)',
    put: '',
    server: 'cyrus',
  },
  {
    name: 'the source of RENAME is not looked at',
    file: ALIAS,
    find: `      pen.moveBelow(command.from, command.to)
      pen.make(command.to)
      return { ...command, from: pen.rename(command.from) }`,
    put: `      pen.make(command.to)
      return command`,
    server: 'dovecot',
  },
  {
    name: 'mailboxes may be made below a hidden one',
    file: ALIAS,
    find: 'pen.make(command.mailbox)',
    put: '',
    server: 'dovecot',
  },
  {
    name: 'LSUB is not filtered',
    file: 'policy/filter/data.ts',
    find: 'return filterList(data, context)',
    put: `return data.name === 'LSUB' ? data : filterList(data, context)`,
    server: 'cyrus',
  },
  {
    name: 'untagged STATUS is not filtered',
    file: 'policy/filter/data.ts',
    find: `return isHidden(data.mailbox, context) || !mayBeRead(data.mailbox, context) ? undefined : data
    case 'METADATA':`,
    put: `return data
    case 'METADATA':`,
    server: 'dovecot',
  },
  {
    name: 'METADATA is not filtered',
    file: 'policy/filter/data.ts',
    find: `return isHidden(data.mailbox, context) || !mayBeRead(data.mailbox, context) ? undefined : data
    case 'MYRIGHTS':`,
    put: `return data
    case 'MYRIGHTS':`,
    server: 'cyrus',
  },
  {
    name: 'modified UTF-7 is decoded with its octets swapped',
    file: 'policy/mailbox-spellings.ts',
    find: 'text += String.fromCharCode((bits >> held) & 0xffff)',
    put: 'text += String.fromCharCode(((bits >> (held + 8)) & 0xff) | (((bits >> held) & 0xff) << 8))',
    server: 'dovecot',
  },
  {
    name: 'what was read goes on in place of what was approved',
    file: 'relay/forwarding.ts',
    find: `const pieces = write(read, command)
    return pieces && new Forwarding(read, { command, pieces }, talk, port)`,
    put: `const pieces = write(read, read.streams ? command : read.command)
    return pieces && new Forwarding(read, { command, pieces }, talk, port)`,
    server: 'cyrus',
  },
  {
    name: 'the octets of the client go on in place of what is written',
    file: 'relay/forwarding.ts',
    find: `const pieces = write(read, command)
    return pieces && new Forwarding(read, { command, pieces }, talk, port)`,
    put: `const pieces = read.streams
      ? write(read, command)
      : [concat(read.message.raw.parts.flatMap(({ octets }) => octets ?? []))]
    return pieces && new Forwarding(read, { command, pieces }, talk, port)`,
    server: 'dovecot',
  },
  {
    name: 'the rest of a refused command goes on',
    file: 'relay/clearance.ts',
    find: `    const isPlain = this.#forwarding?.isAtMessage ?? false
    this.#finish()`,
    put: `    const isPlain = true
    if (!this.#read.streams) return this.continue()
    this.#finish()`,
    server: 'cyrus',
  },
  {
    name: 'the alias is not put back',
    file: ALIAS,
    find: 'return book.isEmpty ? response : mapTexts(response, (text) => book.restore(text))',
    put: 'return response',
    server: 'dovecot',
  },
  {
    name: 'what is hidden is refused in words of its own',
    file: 'policy/mailbox-gate.ts',
    find: `  const isAliased = substitution.kind === 'aliased'
`,
    put: `  const isAliased = substitution.kind === 'aliased'
  if (isAliased) return { kind: 'refuse', verdict: refuseRight('', ['read']) }
`,
    server: 'dovecot',
  },
  {
    name: 'namespaces of other users are not looked through',
    file: 'policy/mailbox-spellings.ts',
    find: 'if (ofTwo.test(head)) found.push(...withoutUser(key, first))',
    put: '',
    server: 'cyrus',
  },
  forget('GETMETADATA', 'dovecot'),
  forget('GETQUOTAROOT', 'dovecot'),
  {
    name: 'SELECT of what is hidden is answered here, in the words of the server',
    file: 'policy/mailbox-gate.ts',
    find: `  const isAliased = substitution.kind === 'aliased'
`,
    put: `  const isAliased = substitution.kind === 'aliased'
  if (isAliased && facts.command.name === 'SELECT') {
    const answer = { kind: 'answer', status: 'NO', code: undefined, text: 'Mailbox does not exist' } as const
    return { kind: 'refuse', verdict: refuse(answer, { rule: 'visibility', why: 'hidden' }) }
  }
`,
    server: 'cyrus',
  },
  {
    name: 'the new name in RENAME is not looked at',
    file: ALIAS,
    find: `      pen.moveBelow(command.from, command.to)
      pen.make(command.to)`,
    put: '      pen.moveBelow(command.from, command.to)',
    server: 'dovecot',
  },
  {
    name: 'a hidden name may be made where nothing lies above it',
    file: ALIAS,
    find: `      pen.make(command.mailbox)
      return command`,
    put: `      if (command.mailbox.includes('/')) pen.make(command.mailbox)
      return command`,
    server: 'cyrus',
  },
  {
    name: 'what others share is not taken for theirs',
    file: 'policy/mailbox-spellings.ts',
    find: 'const ofTwo = /^(?:users?|other users?|shared(?: (?:folders|mailboxes))?|#.*)$/u',
    put: 'const ofTwo = /^(?:users?|other users?|#.*)$/u',
    server: 'dovecot',
  },
  {
    name: 'XLIST is taken for harmless',
    file: 'policy/filter-response.ts',
    find: `  'THREAD',
  'EXISTS',`,
    put: `  'THREAD',
  'XLIST',
  'EXISTS',`,
    server: 'cyrus',
  },
  {
    name: 'SCAN is taken',
    file: ALIAS,
    find: `      pen.refuse('this command is not taken here')
`,
    put: `      if (command.name !== 'SCAN') pen.refuse('this command is not taken here')
`,
    server: 'cyrus',
  },
  {
    name: 'the mailbox of GETANNOTATION is not looked at',
    file: ALIAS,
    find: `      if (isPattern(command.mailbox)) pen.refuse('annotations are of one mailbox at a time here')
`,
    put: `      if (command.name === 'GETANNOTATION') return command
      if (isPattern(command.mailbox)) pen.refuse('annotations are of one mailbox at a time here')
`,
    server: 'cyrus',
  },
  {
    name: 'the alias is put back in small letters',
    file: 'policy/alias-book.ts',
    find: 'restored = restored.replaceAll(alias, () => original)',
    put: 'restored = restored.replaceAll(alias, () => original.toLowerCase())',
    server: 'dovecot',
  },
  {
    name: 'rights are not asked of hidden names',
    file: 'policy/mailbox-gate.ts',
    find: 'return book.aliasName(mailbox, how, (name) => view.isHidden(name, how)).name',
    put: 'return mailbox',
    server: 'dovecot',
  },
  {
    name: 'what the client said itself is looked for too',
    file: 'policy/filter/text.ts',
    find: 'const isNews = (name: string): boolean => !said?.has(name)',
    put: 'const isNews = (_name: string): boolean => true',
    server: 'dovecot',
  },
]
