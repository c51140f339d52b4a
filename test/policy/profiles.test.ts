/** What the shipped profiles promise, put to the real engine with a real guard between an imaginary client and server. */

import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { namesHidden, openPolicy } from '../../src/cli/policy/open-policy.ts'
import { askBySample } from '../../src/cli/policy/sample-trial.ts'
import { tryCommand } from '../../src/cli/policy/try-command.ts'
import { circumstances } from '../../src/cli/publish-policy-table.ts'
import { loadConfig } from '../../src/config/load.ts'
import { profileNames } from '../../src/config/policy-file.ts'
import { sampleCommands } from '../../src/policy/command-table.ts'
import { needsOf } from '../../src/policy/needs-of.ts'
import type { Action } from '../../src/policy/needs.ts'

const folder = new URL('../../profiles/', import.meta.url)
const pathOf = (profile: string): string => new URL(`${profile}.yaml`, folder).pathname

/** What the server gets of a command, without its tag; what happened where it gets nothing. */
function upstreamOf(profile: string, line: string): string {
  const attempt = tryCommand(openPolicy(pathOf(profile)), circumstances, { text: line })
  if (attempt.kind === 'stopped') return 'stopped'
  const { upstream, approval } = attempt.tried
  if (approval) return 'asks'
  if (upstream === undefined)
    return attempt.tried.client.some(({ line: heard }) => /^\S+ (NO|BAD) /u.test(heard)) ? 'refused' : 'none'
  return namesHidden(upstream) ? 'hidden' : upstream.slice(upstream.indexOf(' ') + 1).trimEnd()
}

/** Samples that a profile lets through as they are, or in other words, and that do one of these. */
function letThrough(profile: string, actions: readonly Action[]): readonly string[] {
  const ask = askBySample(openPolicy(pathOf(profile)), circumstances)
  return sampleCommands()
    .filter(({ command }) => needsOf(command, 'INBOX').actions.some((action) => actions.includes(action)))
    .filter((sample) => ['allow', 'rewrite', 'delay'].includes(ask(sample).effect))
    .map(({ name, variant }) => `${name} ${variant}`.trim())
}

const destroying: readonly Action[] = ['expunge', 'delete', 'delete-flag', 'set-metadata', 'set-rights']
const changing: readonly Action[] = [...destroying, 'flag', 'insert', 'remove', 'create', 'subscribe']
const trusting: readonly Action[] = ['identity', 'unknown']

it('there are six, and each is found by its name', () => {
  expect(profileNames()).toEqual([
    'agent',
    'append-only',
    'legacy-device',
    'no-attachments-above',
    'organise',
    'read-only',
  ])
  expect(readdirSync(folder).toSorted()).toEqual(profileNames().map((name) => `${name}.yaml`))
})

it.each(profileNames())('%s can be used as it is with --config', (profile) => {
  const flags = { config: pathOf(profile), upstream: 'imaps://imap.example.com' }
  expect(loadConfig({ flags, env: {} }).policy?.document.rules.length).toBeGreaterThan(0)
})

describe('read-only', () => {
  it('changes nothing, whatever is tried', () => {
    // Its mailbox was opened by EXAMINE: there is nothing that it could expunge.
    expect(letThrough('read-only', [...changing, ...trusting])).toEqual(['CLOSE'])
  })

  it.each([
    ['SELECT INBOX', 'EXAMINE INBOX'],
    ['SELECT INBOX (CONDSTORE)', 'EXAMINE INBOX (CONDSTORE)'],
    ['UID FETCH 1:* (UID BODY[])', 'UID FETCH 1:* (UID BODY.PEEK[])'],
    ['FETCH 1 BINARY[1]', 'FETCH 1 BINARY.PEEK[1]'],
    ['FETCH 1 BODY.PEEK[]', 'FETCH 1 BODY.PEEK[]'],
    ['SEARCH UNSEEN', 'SEARCH UNSEEN'],
    ['LIST "" "*"', 'LIST "" *'],
  ])('%s goes on as %s', (line, upstream) => {
    expect(upstreamOf('read-only', line).replaceAll('"*"', '*')).toBe(upstream)
  })
})

describe('organise', () => {
  it('destroys nothing, whatever is tried', () => {
    expect(letThrough('organise', [...destroying, ...trusting])).toEqual([])
  })

  it.each([
    'STORE 1 +FLAGS (\\Flagged)',
    'STORE 1 -FLAGS (\\Deleted)',
    'MOVE 1 Archive',
    'COPY 1 Work/Old',
    'CREATE Work/New',
    'UNSELECT',
    'FETCH 1 BODY[]',
  ])('%s is allowed', (line) => {
    expect(upstreamOf('organise', line)).toBe(line)
  })

  it.each([
    'STORE 1 FLAGS (\\Seen \\deleted)',
    'MOVE 1 Trash',
    'MOVE 1 trash',
    'MOVE 1 INBOX/Trash',
    'UID MOVE 1 Trash/2024',
    'COPY 1 [Gmail]/Trash',
    'MOVE 1 "[Gmail]/Bin"',
    'MOVE 1 "Deleted Items"',
    'MOVE 1 Junk',
    'MOVE 1 Spam',
    'MOVE 1 "Bulk Mail"',
    'MOVE 1 "Gel&APY-schte Elemente"',
    'MOVE 1 "gelo&AwgA-schte objekte"',
    'MOVE 1 "&AMk-l&AOk-ments supprim&AOk-s"',
    'MOVE 1 "INBOX.&BBoEPgRABDcEOAQ9BDA-"',
    'XMOVE 1 Trash',
    'STORE 1 +X-GM-LABELS (\\Trash)',
    'STORE 1 +X-GM-LABELS (Work \\Trash)',
    'STORE 1 +X-GM-LABELS (Work Trash)',
    'STORE 1 X-GM-LABELS (Work)',
    'CLOSE',
    'EXPUNGE',
    'UID EXPUNGE 1',
    'DELETE Work',
    'RENAME Work Old',
    // A trash of another name, which servers empty like any other.
    'CREATE Bozo (USE (\\Trash))',
    'CREATE Bozo (USE (\\Junk))',
    'SETMETADATA INBOX (/shared/vendor/cmu/cyrus-imapd/expire "1")',
    'REPLACE 1 Drafts {1+}\r\nx',
    'APPEND Work {1+}\r\nx',
    'APPEND Drafts CATENATE (URL "/INBOX/;UID=1")',
    'APPEND drafts {1+}\r\nx',
  ])('%s is refused', (line) => {
    expect(upstreamOf('organise', line)).toBe('refused')
  })

  it('takes drafts in', () => {
    expect(upstreamOf('organise', 'APPEND Drafts (\\Draft) {1+}\r\nx')).toBe(
      'APPEND Drafts (\\Draft) {1}\r\nx',
    )
  })
})

describe('append-only', () => {
  it('lets messages in and nothing else', () => {
    expect(letThrough('append-only', [...changing, ...trusting])).toEqual([
      'CLOSE',
      'APPEND',
      'APPEND of a draft',
      'APPEND into Trash',
    ])
  })

  it('lets nothing be read', () => {
    expect(letThrough('append-only', ['read', 'mark-seen', 'metadata', 'rights'])).toEqual([])
  })

  // It would be answered with the flags of all messages.
  it('lets nobody open a mailbox as one that was read before', () => {
    expect(upstreamOf('append-only', 'EXAMINE INBOX (CONDSTORE)')).toBe('EXAMINE INBOX (CONDSTORE)')
    expect(upstreamOf('append-only', 'EXAMINE INBOX (QRESYNC (1 1))')).toBe('refused')
  })
})

describe('no-attachments-above', () => {
  it('leaves no way to content but those that can be checked', () => {
    const others = letThrough('no-attachments-above', ['read', 'mark-seen', 'unknown', 'identity'])
    expect(others.filter((name) => !/^(UID )?(FETCH|SEARCH|SORT|THREAD)\b/u.test(name))).toEqual([
      'CLIENTID',
      'SCAN',
      'EXAMINE with what changed since',
      'ESEARCH',
      'ESEARCH in all mailboxes',
      'UIDBATCHES',
      'XAPPLEPUSHSERVICE',
    ])
  })
})

describe('legacy-device', () => {
  it('sees one mailbox', () => {
    expect(upstreamOf('legacy-device', 'SELECT INBOX')).toBe('EXAMINE INBOX')
    expect(upstreamOf('legacy-device', 'SELECT inbox')).toBe('EXAMINE inbox')
    for (const line of ['SELECT Work', 'STATUS INBOX/Work (MESSAGES)', 'EXAMINE "Entw&APw-rfe"'])
      expect(upstreamOf('legacy-device', line)).toBe('hidden')
  })

  it('changes nothing, whatever is tried', () => {
    // Its mailbox was opened by EXAMINE: there is nothing that it could expunge.
    expect(letThrough('legacy-device', [...changing, ...trusting])).toEqual(['CLOSE'])
  })
})

describe('agent', () => {
  it('reads without a trace and without asking', () => {
    expect(upstreamOf('agent', 'SELECT INBOX')).toBe('SELECT INBOX')
    expect(upstreamOf('agent', 'UID FETCH 1 BODY[]')).toBe('UID FETCH 1 BODY.PEEK[]')
    expect(upstreamOf('agent', 'FETCH 1 RFC822')).toBe('refused')
  })

  it('changes nothing without asking', () => {
    expect(letThrough('agent', [...changing, ...trusting])).toEqual([])
  })

  it.each(['STORE 1 +FLAGS (\\Seen)', 'EXPUNGE', 'APPEND INBOX {1+}\r\nx'])('%s asks', (line) => {
    expect(upstreamOf('agent', line)).toBe('asks')
  })

  it('knows no mailbox but those that are named', () => {
    expect(upstreamOf('agent', 'SELECT Work')).toBe('hidden')
    expect(upstreamOf('agent', 'COPY 1 Work')).toMatch(/^(asks|hidden|refused)$/u)
  })
})
