/** What a condition can ask for, as the tables of docs/policy.md; knows no policy. */

import { constants, functions, records, variables } from './context.ts'

const begin = '<!-- variables: made by src/cli/publish-policy-page.ts -->'
const end = '<!-- end of variables -->'

/** The page with its tables as they are now; throws where the page has no place for them. */
export function withLanguage(page: string): string {
  const from = page.indexOf(begin)
  const to = page.indexOf(end)
  if (from < 0 || to < from) throw new Error('docs/policy.md has no place for the tables of the language')
  return `${page.slice(0, from + begin.length)}\n\n${writeTables()}\n\n${page.slice(to)}`
}

function writeTables(): string {
  const tables = [
    writeTable(
      ['Variable', 'Type', ''],
      variables.map(({ name, type, doc }) => [code(name), type, doc]),
    ),
    writeTable(
      ['Field', 'Type', ''],
      Object.entries(records).flatMap(([record, fields]) =>
        Object.entries(fields).map(([name, { type, doc }]) => [
          code(`${record.toLowerCase()}.${name}`),
          type,
          doc,
        ]),
      ),
    ),
    writeTable(
      ['Function', ''],
      functions.map(({ shape, doc }) => [code(shape), doc]),
    ),
  ]
  const sizes = Object.keys(constants).map(code).join(', ')
  return `${tables.join('\n\n')}\n\nSizes are written with ${sizes}.`
}

function writeTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [writeRow(head), `|${'---|'.repeat(head.length)}`, ...rows.map(writeRow)].join('\n')
}

const writeRow = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`.replaceAll('  ', ' ')
const code = (text: string): string => `\`${text}\``
