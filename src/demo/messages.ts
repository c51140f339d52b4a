/** The mails of the demo: who writes what and when; knows neither mailboxes nor the wire. */

import { awkwardMails } from './awkward-messages.ts'
import { encodeText, textEntity, writeEntity, writeLines, writeMailDate, type Header } from './compose.ts'
import { plain, type Draft } from './draft.ts'
import type { NewMessage } from './server/mailbox.ts'
import { shapedMails } from './shaped-messages.ts'

/** The word that the demo's slow search looks for: it stands in exactly one mail. */
export const NEEDLE = 'needle'

const PEOPLE = [
  'Mara Lindqvist <mara@harbour.example>',
  '"Okafor, Ben" <ben.okafor@shipyard.example>',
  `${encodeText('Zoë Müller')} <zoe@leuchtturm.example>`,
  `${encodeText('佐藤 葵')} <aoi@minato.example>`,
  'tide-tables@almanac.example (Tide Tables)',
] as const

/** Varied mails for one user, oldest first, the last one received at `latest`. */
export function writeMails(user: string, latest: Date): NewMessage[] {
  const drafts = [...everydayMails(), ...shapedMails(), ...awkwardMails(), ...listMails()]
  return drafts.map((draft, index) => {
    const date = new Date(latest.getTime() - (drafts.length - 1 - index) * 5_400_000)
    return finish(draft, { user, date, number: index + 1 })
  })
}

/** Short notes from mailing lists, for the mailboxes that are only there to be counted and copied. */
export function writeListMails(user: string, latest: Date): NewMessage[] {
  return listMails().map((draft, index) => {
    return finish(draft, { user, date: new Date(latest.getTime() - index * 86_400_000), number: 500 + index })
  })
}

/** Mail that arrives while the demo runs. */
export class NewMail {
  #count = 0

  next(user: string): NewMessage {
    this.#count += 1
    const places = ['the north pier', 'berth 7', 'the old crane', 'the ferry ramp', 'the fuel dock'] as const
    const place = places[this.#count % places.length] ?? places[0]
    const entity = textEntity(writeLines(`Something moved at ${place}.`, '', 'Your harbour watch'))
    const draft = { subject: `Watch report ${this.#count}: ${place}`, entity, flags: [] }
    return finish(draft, { user, date: new Date(), number: 1000 + this.#count })
  }
}

function finish(draft: Draft, about: { user: string; date: Date; number: number }): NewMessage {
  const { user, date, number } = about
  const envelope: Header[] = [
    ['Date', writeMailDate(date)],
    ['From', PEOPLE[number % PEOPLE.length] ?? PEOPLE[0]],
    ['To', `${user}@harbour.example`],
    ['Subject', encodeText(draft.subject)],
    ['Message-ID', `<demo.${number}.${user}@harbour.example>`],
    ['MIME-Version', '1.0'],
  ]
  const replaced = new Set((draft.headers ?? []).map(([name]) => name))
  const headers = [...envelope.filter(([name]) => !replaced.has(name)), ...(draft.headers ?? [])]
  const stated = headers.filter(([, value]) => value !== '')
  const source = writeEntity({ headers: [...stated, ...draft.entity.headers], body: draft.entity.body })
  return { source, flags: draft.flags ?? (number % 3 === 0 ? [] : ['\\Seen']), date }
}

function everydayMails(): Draft[] {
  return [
    plain('Welcome to Harbour Mail', 'Your berth is ready.', '', 'The harbour office'),
    plain('Keys to the boathouse', 'They hang behind the blue door.', 'Please bring them back by Friday.'),
    {
      ...plain('Invoice 2041', 'Mooring fees for the spring: 118.50.', 'Payable within 14 days.'),
      flags: ['\\Flagged'],
    },
    {
      ...plain('Re: Keys to the boathouse', '> They hang behind the blue door.', 'Found them.'),
      flags: ['\\Seen', '\\Answered'],
    },
    plain(
      'Weather for the weekend',
      'Saturday: wind from the west, 5 to 6.',
      'Sunday: calm, fog in the morning.',
    ),
    plain('Lost and found', 'Found: one glove, one compass, and in a haystack of rope a needle.'),
    plain(
      'Crew list',
      ...Array.from({ length: 40 }, (_, index) => `${index + 1}. Berth ${index * 3 + 1}, deck ${index % 4}`),
    ),
    {
      ...plain('Lunch?', 'Fish soup at noon.'),
      headers: [['Cc', 'bob@harbour.example, cleo@harbour.example']],
    },
  ]
}

function listMails(): Draft[] {
  const headers: Header[] = [
    ['List-Id', 'Protocol talk <protocol.lists.example>'],
    ['List-Unsubscribe', '<mailto:protocol-leave@lists.example>, <https://lists.example/leave>'],
    ['List-Post', '<mailto:protocol@lists.example>'],
    ['Precedence', 'list'],
    ['References', '<thread.1@lists.example>\r\n <thread.2@lists.example>'],
    ['In-Reply-To', '<thread.2@lists.example>'],
  ]
  const subjects = [
    'Should IDLE time out?',
    'Re: Should IDLE time out?',
    'Literals, again',
    'UIDs and patience',
    'Draft agenda',
  ]
  return subjects.map((subject, index) => ({
    ...plain(
      `[protocol] ${subject}`,
      `Point ${index + 1}: I think so, but I would like to measure it.`,
      '',
      '-- ',
      'protocol mailing list',
    ),
    headers,
  }))
}
