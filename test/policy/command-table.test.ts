/** Every command that is read here has a sample, and every sample is what it says. */

import { expect, it } from 'vitest'
import { commandNames, writeCommand } from '../../src/imap/commands/index.ts'
import { extensions } from '../../src/imap/extensions/index.ts'
import { commandTable, sampleCommands } from '../../src/policy/command-table.ts'

it('there is a sample of every command, with and without UID', () => {
  const sampled = new Set(sampleCommands().map(({ name }) => name))
  expect([...commandNames].filter((name) => !sampled.has(name))).toEqual([])
})

it('there is one of every command that an extension has', () => {
  const sampled = new Set(sampleCommands().map(({ name }) => name))
  const named = extensions.flatMap(({ reads }) => reads.command ?? [])
  expect(named.filter((name) => !sampled.has(name))).toEqual([])
})

it('no two samples are the same, and only what is unknown is of no extension', () => {
  const rows = sampleCommands()
  expect(new Set(rows.map(({ name, variant }) => `${name} ${variant}`)).size).toBe(rows.length)
  expect(rows.filter(({ extension }) => extension === '').map(({ name }) => name)).toEqual(['XFOO'])
})

it('a sample is what a client writes: written again, it is the same', () => {
  for (const { command, line } of sampleCommands()) {
    const written = Buffer.concat(writeCommand(command, 'non-synchronizing')).toString('latin1')
    // Strings are written in the shortest form; a sample may have another.
    const plain = (text: string): string => text.replaceAll('"', '').replace('+}', '}').toLowerCase()
    expect(plain(written)).toBe(plain(`A1 ${line}\r\n`))
  }
})

it('a table asks each policy about each sample', () => {
  const rows = commandTable([
    () => ({ effect: 'allow', rule: 'one' }),
    ({ name }) => ({ effect: name === 'NOOP' ? 'allow' : 'deny', rule: 'other' }),
  ])
  const move = rows.find(({ sample }) => sample.name === 'MOVE' && sample.variant === 'into Trash')
  expect(move?.actions).toEqual(['insert', 'remove'])
  expect(move?.outcomes.map(({ effect }) => effect)).toEqual(['allow', 'deny'])
})
