/** The list of extensions as a page for people, in Markdown; it does not know where the page lies. */

import type { Extension, Registry } from './extension.ts'

export function writePage(extensions: readonly Extension[]): string {
  return `${opening}\n${extensions.map(writeRow).join('')}`
}

const opening = `# Extensions

What imaptap reads and writes beyond the words that every server has, and what the proxy does with it. Whatever is not
in this list passes all the same, and is kept as it was written. Words in capitals are read into types of their own, in
the form of their source and in the forms that servers and clients are seen to use in its place.

This page is made from \`src/imap/extensions/\`: \`node src/cli/publish-extensions.ts\` writes it.

| Extension | Source | What is read | What the proxy does |
|---|---|---|---|`

function writeRow(extension: Extension): string {
  const { name, aliases = [], source, proxy } = extension
  const names = [name, ...aliases].map(code).join(', ')
  return `| ${names} | ${cell(source)} | ${writeReads(extension)} | ${cell(proxy)} |\n`
}

/** In the order in which the types of this room list them. */
const labels: Readonly<Record<Registry, string>> = {
  command: 'commands',
  untagged: 'untagged',
  code: 'response codes',
  'fetch attribute': 'FETCH asks',
  'fetch item': 'FETCH gives',
  'fetch modifier': 'FETCH modifiers',
  'store item': 'STORE',
  'store modifier': 'STORE modifiers',
  'status item': 'STATUS',
  'select parameter': 'SELECT parameters',
  'create parameter': 'CREATE parameters',
  'list option': 'LIST options',
  'list data': 'LIST gives',
  'search key': 'SEARCH keys',
  'return option': 'RETURN options',
  'esearch item': 'ESEARCH gives',
  'sort key': 'SORT keys',
  'append data': 'APPEND data',
}

function writeReads({ reads, alsoReads }: Extension): string {
  const typed = (Object.keys(labels) as Registry[]).flatMap((registry) => {
    const words = reads[registry] ?? []
    return words.length === 0 ? [] : `${labels[registry]} ${words.map(code).join(' ')}`
  })
  const all = [...typed, ...(alsoReads === undefined ? [] : [cell(alsoReads)])]
  return all.length === 0 ? 'its name' : all.join('; ')
}

const code = (word: string): string => `\`${cell(word)}\``
/** A bar would end the cell. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
