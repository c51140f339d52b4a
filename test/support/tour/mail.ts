/** The mail of a tour: few messages with many shapes, the same for every scene. */

export interface SampleMessage {
  readonly flags: string
  readonly date: string
  readonly text: string
}

const lines = (...text: readonly string[]): string => text.map((line) => `${line}\r\n`).join('')

const plain = lines(
  'From: Ann Example <ann@example.org>',
  'To: "Bob, the Builder" <bob@example.org>, list@example.org',
  'Cc: Undisclosed: ;',
  'Date: Mon, 2 Feb 2026 10:00:00 +0100',
  'Subject: A plain message',
  'Message-ID: <one@example.org>',
  'Content-Type: text/plain; charset=us-ascii',
  '',
  'The first line of a plain message about apples.',
  'And the second one.',
)

const reply = lines(
  'From: bob@example.org',
  'To: ann@example.org',
  'Date: Tue, 3 Feb 2026 11:00:00 +0000',
  'Subject: Re: A plain message',
  'Message-ID: <two@example.org>',
  'In-Reply-To: <one@example.org>',
  'References: <one@example.org>',
  '',
  'A reply about apples and pears.',
)

const encoded = lines(
  'From: =?utf-8?q?J=C3=BCrgen_M=C3=BCller?= <juergen@example.org>',
  'To: ann@example.org',
  'Date: Wed, 4 Feb 2026 12:00:00 +0000',
  'Subject: =?utf-8?b?R3LDvMOfZSBhdXMgS8O2bG4=?=',
  'Message-ID: <three@example.org>',
  'References: <one@example.org> <two@example.org>',
  'MIME-Version: 1.0',
  'Content-Type: text/plain; charset=utf-8',
  'Content-Transfer-Encoding: quoted-printable',
  '',
  'Gr=C3=BC=C3=9Fe aus K=C3=B6ln.',
)

const nested = lines(
  'From: carol@example.org',
  'To: ann@example.org',
  'Date: Thu, 5 Feb 2026 13:00:00 +0000',
  'Subject: Parts within parts',
  'Message-ID: <four@example.org>',
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary="outer"',
  '',
  'A preamble.',
  '--outer',
  'Content-Type: multipart/alternative; boundary="inner"',
  '',
  '--inner',
  'Content-Type: text/plain; charset=us-ascii',
  'Content-ID: <part1@example.org>',
  'Content-Description: the plain one',
  '',
  'Plain words.',
  '--inner',
  'Content-Type: text/html; charset=us-ascii',
  'Content-Language: en, de',
  '',
  '<p>Marked <b>words</b>.</p>',
  '--inner--',
  '--outer',
  'Content-Type: application/octet-stream; name="a b.bin"',
  'Content-Disposition: attachment; filename="a b.bin"; size=6',
  'Content-Transfer-Encoding: base64',
  'Content-MD5: Q2hlY2sgSW50ZWdyaXR5IQ==',
  '',
  'AAECAwQF',
  '--outer',
  'Content-Type: message/rfc822',
  '',
  'From: dave@example.org',
  'Subject: Within',
  'Date: Fri, 6 Feb 2026 14:00:00 +0000',
  '',
  'A message within a message.',
  '--outer--',
)

const odd = lines('Subject: "Quotes" and \\backslashes\\', '', 'No sender, no date.')

export const sampleMail: readonly SampleMessage[] = [
  { flags: '', date: ' 2-Feb-2026 10:00:00 +0100', text: plain },
  { flags: String.raw`\Seen`, date: '03-Feb-2026 11:00:00 +0000', text: reply },
  { flags: String.raw`\Flagged $Forwarded`, date: '04-Feb-2026 12:00:00 +0000', text: encoded },
  { flags: String.raw`\Seen \Answered`, date: '05-Feb-2026 13:00:00 -0800', text: nested },
  { flags: String.raw`\Draft`, date: '06-Feb-2026 14:00:00 +0000', text: odd },
]

export { plain as plainMessage }
