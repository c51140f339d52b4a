/** Scenes of mailboxes: lists, rights, quotas, annotations, namespaces and special uses. */

import { expectStatus, literal, literal8, type Scene, type Scenes } from '../stage.ts'

const status: Scene = async (stage) => {
  await stage.mailbox(1)
  await stage.ok('LIST (SUBSCRIBED) "" * RETURN (STATUS (MESSAGES UNSEEN UIDNEXT))')
  await stage.ok('LIST "" (INBOX "Tour-*") RETURN (STATUS (MESSAGES RECENT UIDVALIDITY HIGHESTMODSEQ))')
  await stage.ok('LIST "" % RETURN (SUBSCRIBED CHILDREN STATUS (MESSAGES))')
}

const quota: Scene = async (stage) => {
  const heard = await stage.ok('GETQUOTAROOT INBOX')
  const root = /^\* QUOTAROOT \S+ ("[^"]*"|\S+)/mu.exec(heard)?.[1] ?? '""'
  await stage.any(`GETQUOTA ${root.trim()}`)
  await stage.no('GETQUOTA "no such root"')
  await stage.any(`SETQUOTA ${root} (STORAGE 5120)`, `SETQUOTA ${root} ()`, 'GETQUOTAROOT "no such mailbox"')
  const tooMuch = literal(`Subject: too much\r\n\r\n${'x'.repeat(70)}\r\n`.padEnd(4_300_000, 'x\r\n'))
  if (stage.isDovecot) await stage.no(`APPEND INBOX ${tooMuch}`)
  if (!stage.server.admin) return
  const admin = await stage.login(stage.server.admin)
  const own = `user/${stage.server.login.user}`
  for (const command of [
    `SETQUOTA ${own} (STORAGE 100000 MESSAGE 5000)`,
    `GETQUOTA ${own}`,
    `SETQUOTA ${own} (STORAGE 100000 MESSAGE 5000 X-NUM-FOLDERS 5000 X-ANNOTATION-STORAGE 9000)`,
    `GETQUOTAROOT ${own}`,
    `SETQUOTA ${own} (X-NONSENSE 1)`,
    `SETQUOTA ${own} (STORAGE 100000)`,
  ])
    await admin.run(command)
  const poor = await stage.login(stage.server.other)
  await admin.run(`SETQUOTA user/${stage.server.other.user} (STORAGE 1)`)
  await expectStatus(poor, 'NO', [`APPEND INBOX ${literal(`Subject: x\r\n\r\n${'x'.repeat(5000)}\r\n`)}`])
  await admin.run(`SETQUOTA user/${stage.server.other.user} ()`)
}

const acl: Scene = async (stage) => {
  const name = await stage.empty()
  const { user } = stage.server.other
  await stage.ok(
    `MYRIGHTS ${name}`,
    `GETACL ${name}`,
    `LISTRIGHTS ${name} ${user}`,
    `LISTRIGHTS ${name} anyone`,
  )
  await stage.ok(`SETACL ${name} ${user} lrs`, `SETACL ${name} ${user} +wi`, `SETACL ${name} ${user} -s`)
  await stage.any(`SETACL ${name} anyone lr`, `GETACL ${name}`, `SETACL ${name} owner +l`)
  await stage.any(`SETACL ${name} -${user} r`, `SETACL ${name} ${user} cd`, `GETACL ${name}`)
  await stage.any(
    `SETACL ${name} ${user} ""`,
    `DELETEACL ${name} anyone`,
    `DELETEACL ${name} -${user}`,
    `GETACL ${name}`,
  )
  await stage.any(`MYRIGHTS ${name}/nothing`)
  await stage.any(`GETACL ${name}/nothing`, `LISTRIGHTS ${name}/nothing ${user}`)
  await stage.broken(`SETACL ${name} ${user} 7Q`, `SETACL ${name}`, 'GETACL', `DELETEACL ${name}`)
}

const specialUse: Scene = async (stage) => {
  await stage.ok('LIST "" *', 'LIST (SPECIAL-USE) "" *', 'LIST "" % RETURN (SPECIAL-USE)')
  await stage.ok('LIST (SPECIAL-USE SUBSCRIBED) "" * RETURN (SPECIAL-USE CHILDREN SUBSCRIBED)')
}

const listExtended: Scene = async (stage) => {
  const name = await stage.empty()
  await stage.ok(`CREATE ${name}/child`, `SUBSCRIBE ${name}/child`)
  await stage.ok('LIST (SUBSCRIBED) "" *', 'LIST (REMOTE) "" *', 'LIST () "" (INBOX Drafts)')
  await stage.ok(`LIST (SUBSCRIBED RECURSIVEMATCH) "" ${name}`, 'LIST (RECURSIVEMATCH SUBSCRIBED) "" %')
  await stage.ok(
    'LIST "" % RETURN (SUBSCRIBED CHILDREN)',
    'LIST "" (%) RETURN ()',
    'LIST (SUBSCRIBED REMOTE) "" *',
  )
  await stage.ok(`DELETE ${name}/child`, 'LIST (SUBSCRIBED) "" *', `UNSUBSCRIBE ${name}/child`)
  await stage.broken('LIST (RECURSIVEMATCH) "" *', 'LIST (SUBSCRIBED "" *', 'LIST "" ()')
  await stage.unknown('LIST (NONSENSE) "" *', 'LIST "" * RETURN (NONSENSE)')
}

const metadata: Scene = async (stage) => {
  const name = await stage.empty()
  await stage.ok(`SETMETADATA ${name} (/private/comment "a comment")`)
  await stage.ok(`SETMETADATA ${name} (/private/comment ${literal('two\r\nlines')} /shared/comment "shared")`)
  await stage.any(`SETMETADATA ${name} (/private/vendor/imaptap/tour ${literal8('b\r\n')})`)
  await stage.ok(
    `GETMETADATA ${name} /private/comment`,
    `GETMETADATA ${name} (/private/comment /shared/comment)`,
  )
  await stage.ok(
    `GETMETADATA (DEPTH infinity) ${name} (/private /shared)`,
    `GETMETADATA (DEPTH 1) ${name} /private`,
  )
  await stage.ok(
    `GETMETADATA (DEPTH 0) ${name} /private/comment`,
    `GETMETADATA (MAXSIZE 3) ${name} (/private/comment)`,
  )
  await stage.ok(
    `GETMETADATA (MAXSIZE 1024 DEPTH infinity) ${name} /private`,
    'GETMETADATA "" /shared/comment',
  )
  await stage.ok(`SETMETADATA ${name} (/private/comment NIL)`, `GETMETADATA ${name} /private/comment`)
  await stage.any(
    'GETMETADATA "" (/shared/admin /shared/comment)',
    'SETMETADATA "" (/private/comment "server")',
  )
  await stage.any('GETMETADATA "" /private/comment', 'SETMETADATA "" (/private/comment NIL)')
  await stage.any(
    `SETMETADATA ${name} (/nonsense/comment "x")`,
    `GETMETADATA ${name}/nothing /private/comment`,
  )
  await stage.any(`SETMETADATA ${name} (/shared/admin "mailto:x")`)
  await stage.broken(
    `GETMETADATA ${name} /private/no//entry`,
    `GETMETADATA ${name}`,
    `SETMETADATA ${name} (/private/comment)`,
  )
}

export const mailboxes: Scenes = {
  'LIST-STATUS': status,
  'LIST-EXTENDED': listExtended,
  'SPECIAL-USE': specialUse,
  ACL: acl,
  QUOTA: quota,
  METADATA: metadata,

  async 'CREATE-SPECIAL-USE'(stage) {
    const name = await stage.empty()
    await stage.ok(String.raw`CREATE ${name}-archive (USE (\Archive))`, 'LIST (SPECIAL-USE) "" *')
    await stage.no(String.raw`CREATE ${name}/nonsense (USE (\Nonsense))`)
    await stage.any(String.raw`CREATE ${name}/archive (USE (\Archive))`, `DELETE ${name}/archive`)
    await stage.any(
      String.raw`CREATE ${name}-two (USE (\Junk \Important))`,
      String.raw`CREATE ${name}/four (USE ())`,
    )
    await stage.unknown(`CREATE ${name}/three (NONSENSE)`)
  },

  async CHILDREN(stage) {
    const name = await stage.empty()
    await stage.ok(
      `CREATE ${name}/child`,
      `LIST "" ${name}`,
      `LIST "" ${name}/%`,
      `LIST "" % RETURN (CHILDREN)`,
    )
  },

  async 'LIST-MYRIGHTS'(stage) {
    await stage.ok('LIST "" % RETURN (MYRIGHTS)', 'LIST (SUBSCRIBED) "" * RETURN (MYRIGHTS CHILDREN)')
  },

  async 'LIST-METADATA'(stage) {
    const name = await stage.empty()
    await stage.ok(`SETMETADATA ${name} (/private/comment "listed" /shared/comment "too")`)
    await stage.any(`LIST "" ${name} RETURN (METADATA ("/private/comment" "/shared/comment"))`)
    await stage.any(`LIST "" ${name} RETURN (METADATA (/private/comment) CHILDREN)`)
  },

  async ANNOTATEMORE(stage) {
    const name = await stage.empty()
    await stage.any(`SETANNOTATION ${name} "/comment" ("value.priv" "a comment")`)
    await stage.any(`SETANNOTATION ${name} ("/comment" ("value.priv" ${literal('two')}))`)
    await stage.any(`GETANNOTATION ${name} "/comment" "value.priv"`, `GETANNOTATION ${name} "*" "*"`)
    await stage.any(
      `GETANNOTATION ${name} ("/comment" "/vendor/cmu/cyrus-imapd/size") ("value.priv" "value.shared")`,
    )
    await stage.any(
      'GETANNOTATION "" "/vendor/cmu/cyrus-imapd/*" "value.shared"',
      `SETANNOTATION ${name} "/comment" ("value.priv" NIL)`,
    )
    await stage.any('GETANNOTATION "*" "/vendor/cmu/cyrus-imapd/lastupdate" ("value.shared" "size.shared")')
  },

  async 'MAILBOX-REFERRALS'(stage) {
    await stage.ok('RLIST "" *', 'RLSUB "" *', 'RLIST "" ""')
  },

  async XLIST(stage) {
    await stage.ok('XLIST "" *', 'XLIST "" %')
  },

  async 'STATUS=SIZE'(stage) {
    const name = await stage.mailbox(2)
    await stage.ok(`STATUS ${name} (SIZE)`, `STATUS ${name} (MESSAGES SIZE UIDNEXT)`)
    await stage.ok(`LIST "" ${name} RETURN (STATUS (SIZE MESSAGES))`)
  },

  async 'APPENDLIMIT='(stage) {
    const name = await stage.empty()
    await stage.any(`STATUS ${name} (APPENDLIMIT)`, `LIST "" ${name} RETURN (STATUS (APPENDLIMIT))`)
    await stage.no(`APPEND ${name} ${literal(`Subject: too big\r\n\r\n${'x'.repeat(1_100_000)}\r\n`)}`)
  },
}
