/** Mails of every MIME shape: alternatives, attachments, mails within mails, an invitation, a report; knows no dates. */

import {
  attachmentEntity,
  base64Entity,
  encodeText,
  messageEntity,
  multipartEntity,
  textEntity,
  writeEntity,
  writeLines,
  type Entity,
  type Header,
} from './compose.ts'
import type { Draft } from './draft.ts'
import { Random } from './random.ts'

export function shapedMails(): Draft[] {
  const random = new Random(7)
  const note = textEntity(writeLines('See the attached file.'))
  const html = textEntity(writeLines('<p>The <b>regatta</b> starts at ten.</p>'), 'html')
  const alternative = multipartEntity('alternative', 'alt-1', [
    textEntity(writeLines('The regatta starts at ten.')),
    html,
  ])
  const picture = base64Entity('image/png', random.octets(900), [
    ['Content-ID', '<buoy@harbour.example>'],
    ['Content-Disposition', 'inline'],
  ])
  return [
    { subject: 'Regatta', entity: alternative },
    {
      subject: 'Chart of the channel',
      entity: multipartEntity('mixed', 'mix-1', [
        note,
        attachmentEntity('application/pdf', 'channel.pdf', random.octets(6000)),
      ]),
    },
    {
      subject: 'Engine recording (300 KB)',
      entity: multipartEntity('mixed', 'mix-2', [
        note,
        attachmentEntity('audio/wav', 'engine.wav', random.octets(230_000)),
      ]),
      flags: [],
    },
    {
      subject: 'Buoy in the page',
      entity: multipartEntity('related; type="text/html"', 'rel-1', [
        textEntity(writeLines('<img src="cid:buoy@harbour.example">'), 'html'),
        picture,
      ]),
    },
    {
      subject: 'Everything at once',
      entity: multipartEntity('mixed', 'out-er', [
        alternative,
        multipartEntity('related', 'out-er-2', [html, picture]),
        note,
      ]),
    },
    {
      subject: 'Fwd: Lost anchor',
      entity: multipartEntity('mixed', 'fwd-1', [note, messageEntity(forwarded())]),
      flags: ['\\Seen', '$Forwarded'],
    },
    { subject: 'Fwd: Fwd: Lost anchor', entity: messageEntity(forwardedAgain()) },
    {
      subject: 'Invitation: harbour meeting',
      entity: multipartEntity('alternative', 'cal-1', [
        textEntity(writeLines('Meeting on Tuesday at 15:00.')),
        calendar(),
      ]),
    },
    { subject: 'Undelivered: order 77', entity: report() },
    {
      subject: 'Two digests',
      entity: multipartEntity('digest', 'dig-1', [
        { headers: [], body: writeEntity(forwarded()) },
        { headers: [], body: writeEntity(forwarded()) },
      ]),
    },
  ]
}

function forwarded(): Entity {
  const headers: Header[] = [
    ['Date', 'Mon, 03 Mar 2025 08:00:00 +0000'],
    ['From', 'Diver Dan <dan@deep.example>'],
    ['To', 'harbour@harbour.example'],
    ['Subject', encodeText('Lost anchor – 12 m deep')],
    ['Message-ID', '<anchor.1@deep.example>'],
  ]
  const alternative = multipartEntity('alternative', 'anchor-1', [
    textEntity(writeLines('It lies west of the mole.')),
    textEntity(writeLines('<p>It lies west of the mole.</p>'), 'html'),
  ])
  return { headers: [...headers, ...alternative.headers], body: alternative.body }
}

function forwardedAgain(): Entity {
  const inner = messageEntity(forwarded())
  const headers: Header[] = [
    ['From', 'ben.okafor@shipyard.example'],
    ['Subject', 'Fwd: Lost anchor'],
  ]
  return { headers: [...headers, ...inner.headers], body: inner.body }
}

function calendar(): Entity {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Harbour//Demo//EN',
    'METHOD:REQUEST',
    'BEGIN:VEVENT',
    'UID:meeting-1@harbour.example',
    'DTSTAMP:20250301T090000Z',
    'DTSTART:20250304T150000Z',
    'DTEND:20250304T160000Z',
    'SUMMARY:Harbour meeting',
    'END:VEVENT',
    'END:VCALENDAR',
  ]
  const body = Buffer.from(writeLines(...lines))
  return { headers: [['Content-Type', 'text/calendar; charset=utf-8; method=REQUEST']], body }
}

function report(): Entity {
  const status = writeLines(
    'Reporting-MTA: dns; mail.harbour.example',
    '',
    'Final-Recipient: rfc822; nobody@reef.example',
    'Action: failed',
    'Status: 5.1.1',
  )
  return multipartEntity('report; report-type=delivery-status', 'rep-1', [
    textEntity(writeLines('Nobody at reef.example wants your order.')),
    { headers: [['Content-Type', 'message/delivery-status']], body: Buffer.from(status) },
    messageEntity(forwarded()),
  ])
}
