/** Hooks of all checks by what they listen to, so that a message costs only those who care for it. */

import type { FetchData } from '../imap/responses/fetch.ts'
import type { UntaggedData } from '../imap/responses/index.ts'
import type { Check, Hooks, SeenCommand, SeenCompletion } from './check.ts'
import type { Scene } from './scene.ts'

export interface Dispatch {
  readonly opened: readonly NonNullable<Hooks['opened']>[]
  readonly secured: readonly NonNullable<Hooks['secured']>[]
  readonly tlsFailed: readonly NonNullable<Hooks['tlsFailed']>[]
  readonly clientData: readonly NonNullable<Hooks['clientData']>[]
  readonly anyUntagged: readonly NonNullable<Hooks['anyUntagged']>[]
  readonly continuation: readonly NonNullable<Hooks['continuation']>[]
  readonly literals: readonly NonNullable<Hooks['literals']>[]
  readonly capabilities: readonly NonNullable<Hooks['capabilities']>[]
  readonly bent: readonly NonNullable<Hooks['bent']>[]
  readonly unreadable: readonly NonNullable<Hooks['unreadable']>[]
  readonly warning: readonly NonNullable<Hooks['warning']>[]
  readonly exchange: readonly NonNullable<Hooks['exchange']>[]
  readonly closed: readonly NonNullable<Hooks['closed']>[]
  readonly commands: ReadonlyMap<string, readonly ((scene: Scene, seen: SeenCommand) => void)[]>
  readonly completions: ReadonlyMap<string, readonly ((scene: Scene, seen: SeenCompletion) => void)[]>
  readonly glances: readonly ((scene: Scene, data: FetchData) => void)[]
  readonly untagged: ReadonlyMap<string, readonly ((scene: Scene, data: UntaggedData) => void)[]>
}

export function makeDispatch(checks: readonly Check[]): Dispatch {
  const all = <Key extends keyof Hooks>(key: Key): NonNullable<Hooks[Key]>[] =>
    checks.flatMap((check) => {
      const hook = check[key]
      return hook === undefined ? [] : [hook]
    })
  return {
    opened: all('opened'),
    secured: all('secured'),
    tlsFailed: all('tlsFailed'),
    clientData: all('clientData'),
    anyUntagged: all('anyUntagged'),
    continuation: all('continuation'),
    literals: all('literals'),
    capabilities: all('capabilities'),
    bent: all('bent'),
    unreadable: all('unreadable'),
    warning: all('warning'),
    exchange: all('exchange'),
    closed: all('closed'),
    commands: byName(all('commands')),
    completions: byName(all('completions')),
    glances: checks.flatMap(({ glances, untagged }) => (glances && untagged?.FETCH ? [untagged.FETCH] : [])),
    // Each hook is called with the data of its own name only, which the map cannot express.
    untagged: byName(
      all('untagged') as unknown as Readonly<Record<string, (scene: Scene, data: UntaggedData) => void>>[],
    ),
  }
}

function byName<Hook>(tables: readonly Readonly<Record<string, Hook>>[]): Map<string, Hook[]> {
  const named = new Map<string, Hook[]>()
  for (const table of tables) {
    for (const [name, hook] of Object.entries(table)) {
      const hooks = named.get(name)
      if (hooks) hooks.push(hook)
      else named.set(name, [hook])
    }
  }
  return named
}
