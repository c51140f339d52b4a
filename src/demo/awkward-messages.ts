/** Mails that make readers stumble; knows no dates. */

import { quotedPrintableEntity, textEntity, writeLines, type Entity } from './compose.ts'
import { plain, type Draft } from './draft.ts'

/** What makes readers stumble: encodings, lengths, missing headers, text that looks like protocol. */
export function awkwardMails(): Draft[] {
  const nothing: Entity = { headers: [], body: Buffer.alloc(0) }
  return [
    {
      subject: 'Grüße von der Mole',
      entity: textEntity(writeLines('Schöne Grüße, und ein paar Möwen dazu.'), 'plain', 'utf-8'),
    },
    {
      subject: 'Café at the quay',
      entity: textEntity(writeLines('The café reopens in May.'), 'plain', 'iso-8859-1'),
    },
    {
      subject: '港の朝は静かで、船が一艘ずつ出ていく。次の便は七時です',
      entity: quotedPrintableEntity(writeLines('おはようございます。', '船は七時に出ます。')),
    },
    {
      subject: '⛵️ Sail day 🎉👩‍✈️ — all aboard! 🐟🐟🐟',
      entity: quotedPrintableEntity(writeLines('🌊 See you at the ramp 🌊')),
    },
    {
      subject: 'مرحبا בנמל',
      entity: textEntity(writeLines('من اليمين إلى اليسار', 'מימין לשמאל'), 'plain', 'utf-8'),
    },
    { subject: 'One very long line', entity: textEntity(writeLines('tide '.repeat(2400))) },
    { subject: `A subject that ${'goes on and '.repeat(30)}ends`, entity: textEntity(writeLines('Short.')) },
    { subject: 'Nothing inside', entity: nothing },
    {
      subject: '',
      entity: textEntity(writeLines('No subject at all.')),
      headers: [
        ['Subject', ''],
        ['Message-ID', ''],
      ],
    },
    {
      subject: 'To nobody we name',
      entity: textEntity(writeLines('Hush.')),
      headers: [['To', 'undisclosed-recipients:;']],
    },
    {
      subject: 'To the crew',
      entity: textEntity(writeLines('All hands.')),
      headers: [
        ['To', 'Crew: mara@harbour.example, "B. O." <ben.okafor@shipyard.example>;, cleo@harbour.example'],
      ],
    },
    {
      subject: String.raw`He said "C:\mail" (twice)`,
      entity: textEntity(writeLines('Backslashes \\ and "quotes".')),
    },
    plain(
      'Looks like protocol',
      '* 5 FETCH (FLAGS (\\Deleted))',
      'A1 OK LOGIN completed',
      '* BYE {10}',
      ')',
      '.',
      'DONE',
    ),
    {
      subject: 'No end to the parts',
      entity: {
        headers: [['Content-Type', 'multipart/mixed; boundary="never"']],
        body: Buffer.from(writeLines('--never', '', 'The closing delimiter is missing.')),
      },
    },
    {
      subject: 'Control and zero-width',
      entity: textEntity(
        writeLines('bell \u0007, tab \t, zero\u200bwidth, {bold}tags{/bold}, \u001b[31mred\u001b[0m'),
        'plain',
        'utf-8',
      ),
    },
  ]
}
