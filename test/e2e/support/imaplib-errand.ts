/** The errand of Python's imaplib. */

import { fileURLToPath } from 'node:url'

import { runOrThrow } from '../../support/child.ts'
import { toolPath } from '../../support/tools.ts'
import type { Errand } from './errand.ts'

const script = fileURLToPath(new URL('imaplib-errand.py', import.meta.url))

export const imaplibErrand: Errand = {
  name: 'imaplib',
  tool: { program: 'python3', package: 'python3' },
  run: async (login) => {
    const { stdout } = await runOrThrow(toolPath('python3'), [script], { input: JSON.stringify(login) })
    const lines = stdout.toString().trimEnd().split('\n')
    return Object.fromEntries(lines.map((line): [string, string] => JSON.parse(line)))
  },
}
