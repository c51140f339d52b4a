/** Sessions that are written to captures, and captures that are read again, with the least ado. */

import { RecordEncoder } from '../../../src/capture/record.ts'
import { readCapture, type ReadOptions } from '../../../src/capture/read-capture.ts'
import type { CaptureOptions, CaptureWorld } from '../../../src/capture/writer.ts'
import { writeHeader } from '../../../src/capture/header.ts'
import type { ObservedEvent } from '../../../src/findings/finding.ts'
import { LoggedDialogue } from '../../support/logged-dialogue.ts'
import { everything } from './coded-dialogue.ts'

export const header = writeHeader({
  run: 'r1',
  writer: 'imaptap test',
  created: Date.parse('2026-11-21T09:00:00Z'),
  clock: 1_000,
  ...everything,
})

/** A short session, each event told at once. */
export function playSession(listen: (event: ObservedEvent) => void, session = 'S1'): void {
  const talk = new LoggedDialogue(listen, { messages: true, session })
  talk.input({ kind: 'connected' }).server('* OK hi').client('l LOGIN ann secretword').server('l OK done')
  talk.client('a SELECT INBOX').server('* 3 EXISTS', 'a OK [READ-WRITE] done')
  talk.client('b FETCH 1 BODY[]').server('* 1 FETCH (BODY[] {9}', 'canary!', ')', 'b OK done')
  talk.input({ kind: 'ended', side: 'client' }).input({ kind: 'ended', side: 'server' })
}

/** The session's capture as text. */
export function captureText(keeping = everything): string {
  const encoder = new RecordEncoder(keeping)
  const lines = [header]
  playSession((event) => lines.push(encoder.encode(event) ?? ''))
  return lines.map((line) => `${line}\n`).join('')
}

export async function readAll(paths: readonly string[], options: ReadOptions = {}): Promise<ObservedEvent[]> {
  const events: ObservedEvent[] = []
  for await (const event of readCapture(paths, options)) events.push(event)
  return events
}

export const MiB = 1024 * 1024

export const generous: Omit<CaptureOptions, 'path'> = {
  maxSize: 100 * MiB,
  maxAge: 86_400_000,
  quota: 1024 * MiB,
  compress: 'none',
  keeping: { secrets: false, bodies: false },
}

/** A world whose clocks go on by a second whenever they are looked at. */
export function makeWorld(failures: string[] = [], more: Partial<CaptureWorld> = {}): CaptureWorld {
  let wall = Date.parse('2026-11-21T09:00:00Z')
  return {
    run: 'r1',
    writer: 'imaptap test',
    now: () => 0,
    wallNow: () => (wall += 1_000),
    onFailure: (fault, session) => void failures.push(`${session} ${fault.message} | ${fault.advice}`),
    ...more,
  }
}
