/** The accounts of the demo with their mailboxes, filled; knows the mails only by their authors' functions. */

import { writeListMails, writeMails } from './messages.ts'
import { Account, type Mailbox, type NewMessage } from './server/mailbox.ts'

/** Invented for the demo; nothing real is behind them, and nothing prints them. */
export const demoUsers = [
  { user: 'ann', password: 'tall-ship-41' },
  { user: 'bob', password: 'low"tide\\9' },
  { user: 'cleo', password: 'möwe im wind' },
] as const

export type DemoUser = (typeof demoUsers)[number]['user']

const SPECIAL: readonly (readonly [name: string, attribute: string])[] = [
  ['Drafts', '\\Drafts'],
  ['Sent', '\\Sent'],
  ['Trash', '\\Trash'],
  ['Junk', '\\Junk'],
]

export function passwordOf(user: DemoUser): string {
  return demoUsers.find((one) => one.user === user)?.password ?? ''
}

/** The same at every start, but for the dates, which end now. */
export function createAccounts(latest: Date = new Date()): Account[] {
  return demoUsers.map(({ user, password }, index) => createAccount(user, password, { index, latest }))
}

function createAccount(user: string, password: string, about: { index: number; latest: Date }): Account {
  const account = new Account(user, password, 1000 * (about.index + 1))
  const mails = writeMails(user, about.latest)
  const listMails = writeListMails(user, about.latest)
  fill(account.create('INBOX'), mails)
  for (const [name, attribute] of SPECIAL) account.create(name, [attribute])
  fill(account.find('Sent'), mails.slice(0, 4))
  fill(account.find('Junk'), mails.slice(-8, -6))
  fill(account.create('Archive', ['\\Archive']), mails.slice(0, 12))
  fill(account.create('Archive/2024'), mails.slice(8, 16))
  fill(account.create('Lists'), [])
  fill(account.create('Lists/protocol'), listMails)
  fill(account.create('Entwürfe & Ideen'), mails.slice(18, 21))
  fill(account.create('港/手紙'), mails.slice(20, 22))
  const unsubscribed = account.find('Junk')
  if (unsubscribed) unsubscribed.isSubscribed = false
  return account
}

function fill(mailbox: Mailbox | undefined, messages: readonly NewMessage[]): void {
  for (const message of messages) mailbox?.append(message)
}
