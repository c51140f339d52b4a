/** The scripts: what each device of the demo does in one session, from greeting to LOGOUT. */

import { encodeMailboxName } from '../server/mailbox-name.ts'
import { NEEDLE } from '../messages.ts'
import { Device, foundUids, type Stage } from './device.ts'

export type Script = (stage: Stage) => Promise<void>

/** A desktop client: looks at everything, writes a draft and throws it away, then waits for mail. */
export async function playDesk(stage: Stage): Promise<void> {
  const desk = await Device.start('Desk Mail/3.2', stage)
  await desk.logIn('ann')
  await desk.ok('NAMESPACE')
  await desk.ok('LIST', '""', '"*"')
  await desk.ok('LSUB', '""', '"*"')
  for (const name of ['INBOX', 'Drafts', 'Archive/2024'])
    await desk.ok('STATUS', name, '(MESSAGES UNSEEN UIDNEXT)')
  await desk.ok('SELECT', 'INBOX')
  await desk.ok('UID FETCH', '1:*', '(UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE)')
  const all = foundUids(await desk.ok('UID SEARCH', 'ALL'))
  const uid = String(all[desk.random.between(0, all.length - 1)] ?? 1)
  await desk.ok('UID FETCH', uid, '(BODYSTRUCTURE BODY.PEEK[])')
  await desk.ok('UID STORE', uid, '+FLAGS', String.raw`(\Seen)`)
  await desk.idle()
  await desk.ok('UID FETCH', `${all.at(-1) ?? 1}:*`, '(UID FLAGS ENVELOPE)')
  await writeDraft(desk)
  await desk.logOut()
}

async function writeDraft(desk: Device): Promise<void> {
  const lines = ['From: ann@harbour.example', 'Subject: Half a thought', '', 'To be continued.', '']
  await desk.ok('APPEND', 'Drafts', String.raw`(\Draft \Seen)`, Buffer.from(lines.join('\r\n')))
  await desk.ok('SELECT', 'Drafts')
  await desk.ok('FETCH', '*', '(FLAGS BODY[HEADER] BODY[TEXT])')
  await desk.ok('STORE', '1:*', '+FLAGS.SILENT', String.raw`(\Deleted)`)
  await desk.ok('EXPUNGE')
  await desk.ok('CLOSE')
}

/** A phone: little at a time, by STARTTLS, and much waiting. */
export async function playPhone(stage: Stage): Promise<void> {
  const phone = await Device.start('Phone Mail/17', stage, 'starttls')
  await phone.authenticate('bob', 'initial-response')
  await phone.ok('STATUS', 'INBOX', '(MESSAGES UNSEEN UIDNEXT UIDVALIDITY)')
  await phone.ok('SELECT', 'INBOX')
  const unseen = foundUids(await phone.ok('UID SEARCH', 'RETURN (ALL COUNT)', 'UNSEEN'))
  const newest = unseen.slice(-3).join(',') || '1'
  const headers = 'BODY.PEEK[HEADER.FIELDS (From To Subject Date Content-Type)]'
  await phone.ok('UID FETCH', newest, `(FLAGS BODYSTRUCTURE ${headers})`)
  await phone.ok('UID FETCH', newest, '(BODY.PEEK[1]<0.2048>)')
  await phone.ok('UID STORE', unseen.at(0)?.toString() ?? '1', '+FLAGS', String.raw`(\Seen)`)
  await phone.idle()
  await phone.ok('NOOP')
  await phone.logOut()
}

/** A backup program: every mailbox, every octet, and one slow search. */
export async function playBackup(stage: Stage): Promise<void> {
  const backup = await Device.start('Backup Agent/0.9', stage)
  await backup.authenticate('cleo', 'continued')
  await backup.ok('LIST', '""', '"%"')
  for (const name of ['INBOX', 'Archive', 'Lists/protocol', 'Entwürfe & Ideen', '港/手紙']) {
    await backup.ok('EXAMINE', `"${encodeMailboxName(name)}"`)
    await backup.ok('UID FETCH', '1:*', '(UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[])')
    await backup.ok('UNSELECT')
  }
  await backup.no('SELECT', '"Attic"')
  await backup.ok('SELECT', 'INBOX')
  await backup.ok('UID SEARCH', 'BODY', `"${NEEDLE}"`)
  await backup.logOut()
}

/** Somebody who does not know the password. */
export async function playGuesser(stage: Stage): Promise<void> {
  const guesser = await Device.start('Guess Work/1', stage)
  await guesser.no('LOGIN', 'ann', '"password"')
  await guesser.no('LOGIN', 'ann', '"letmein"')
  await guesser.no('LOGIN', 'ann', '"ann1"')
  await guesser.logOut()
}

/** A program in a hurry: sends before it has heard. */
export async function playRush(stage: Stage): Promise<void> {
  const rush = await Device.start('Rush Agent/2', stage)
  await rush.logIn('bob')
  await rush.pipeline([
    ['NOOP'],
    ['STATUS', 'Sent', '(MESSAGES)'],
    ['STATUS', 'Junk', '(UNSEEN)'],
    ['SELECT', 'INBOX'],
  ])
  await rush.pipeline([
    ['FETCH', '1:5', '(FLAGS)'],
    ['UID FETCH', '2:4', '(UID RFC822.SIZE)'],
    ['SEARCH', 'SUBJECT "harbour"'],
    ['NOOP'],
  ])
  await rush.ok('CREATE', '"Rush"')
  await rush.ok('UID COPY', '1:3', '"Rush"')
  await rush.ok('SELECT', '"Rush"')
  await rush.ok('UID MOVE', '1', 'Trash')
  await rush.ok('UNSELECT')
  await rush.ok('DELETE', '"Rush"')
  await rush.ok('SELECT', 'Trash')
  await rush.pipeline([['STORE', '1:*', '+FLAGS.SILENT', String.raw`(\Deleted)`], ['NOOP'], ['CLOSE']])
  await rush.logOut()
}
