/** imaptap policy table: one row for every command, in each of its forms. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

import { runPolicyTable } from '../../../src/cli/commands/policy-table.ts'
import type { PolicyTableFlags } from '../../../src/cli/policy/trial-words.ts'
import { sampleCommands } from '../../../src/policy/command-table.ts'
import { createTempFolder } from '../../support/temp-folder.ts'

const readOnly = join(import.meta.dirname, '../../../profiles/read-only.yaml')

function table(file: string, flags: PolicyTableFlags = {}): string {
  let text = ''
  runPolicyTable(file, flags, { write: (more) => (text += more) })
  return text
}

describe('policy table', () => {
  it('has a row for every command there is', () => {
    const lines = table(readOnly).trimEnd().split('\n')
    expect(lines).toHaveLength(sampleCommands().length + 1)
    expect(lines[0]).toMatch(/^COMMAND +EXTENSION +DOES +WHAT HAPPENS +RULE$/)
    expect(lines.find((line) => line.startsWith('SELECT '))).toMatch(/rewritten to EXAMINE INBOX +read-only/)
    expect(lines.find((line) => line.startsWith('EXPUNGE '))).toMatch(/ expunge +refused /)
  })

  it('is Markdown that stays a table, and JSON with a schema', () => {
    const rows = table(readOnly, { markdown: true }).trimEnd().split('\n')
    expect(new Set(rows.map((row) => row.replaceAll(/\\./g, '').split('|').length))).toEqual(new Set([7]))
    const read: unknown = JSON.parse(table(readOnly, { json: true }))
    expect(read).toMatchObject({
      schema: 1,
      commands: expect.arrayContaining([
        expect.objectContaining({ command: 'EXPUNGE', effect: 'deny', actions: ['expunge'] }),
      ]),
    })
  })

  it('is that of the user who is asked for', async () => {
    const folder = await createTempFolder('table')
    const file = folder.join('p.yaml')
    writeFileSync(file, 'policy:\n  rules:\n    - name: ann\n      when: user == "ann"\n      allow: true\n')
    const ann = table(file, { user: 'ann' })
    const bob = table(file, { user: 'bob' })
    await folder.remove()
    expect(ann).toMatch(/^DELETE .* allowed +ann$/m)
    expect(bob).toMatch(/^DELETE .* refused +default$/m)
  })
})
