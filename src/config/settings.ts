/** The table of all settings: each with its path in YAML, its flag and its variable; it does not know their values. */

export interface Setting {
  readonly path: readonly string[]
  /** The flag without its dashes. */
  readonly flag: string
  /** How the text of an environment variable becomes a value. */
  /** `optional-path`: `false` stands for none. */
  readonly kind: 'text' | 'path' | 'optional-path' | 'boolean' | 'list'
}

export const settings: readonly Setting[] = [
  { path: ['upstream', 'url'], flag: 'upstream', kind: 'text' },
  { path: ['upstream', 'ca'], flag: 'upstream-ca', kind: 'path' },
  { path: ['upstream', 'name'], flag: 'upstream-name', kind: 'text' },
  { path: ['upstream', 'insecure'], flag: 'insecure-upstream', kind: 'boolean' },
  { path: ['listen'], flag: 'listen', kind: 'list' },
  { path: ['hideCapabilities'], flag: 'hide-capability', kind: 'list' },
  { path: ['compress'], flag: 'compress', kind: 'text' },
  { path: ['tls', 'caDir'], flag: 'ca-dir', kind: 'path' },
  { path: ['tls', 'leafKey'], flag: 'leaf-key', kind: 'text' },
  { path: ['tls', 'cert'], flag: 'cert', kind: 'path' },
  { path: ['tls', 'key'], flag: 'key', kind: 'path' },
  { path: ['tls', 'keyLog'], flag: 'key-log', kind: 'path' },
  { path: ['log', 'file'], flag: 'log', kind: 'path' },
  { path: ['log', 'level'], flag: 'log-level', kind: 'text' },
  { path: ['log', 'wire'], flag: 'wire', kind: 'boolean' },
  { path: ['findings', 'enabled'], flag: 'findings', kind: 'boolean' },
  { path: ['findings', 'ignore'], flag: 'ignore-finding', kind: 'list' },
  { path: ['control', 'socket'], flag: 'control', kind: 'optional-path' },
  { path: ['capture', 'path'], flag: 'capture', kind: 'path' },
  { path: ['capture', 'secrets'], flag: 'capture-secrets', kind: 'boolean' },
  { path: ['capture', 'bodies'], flag: 'capture-bodies', kind: 'boolean' },
  { path: ['capture', 'maxSize'], flag: 'capture-max-size', kind: 'text' },
  { path: ['capture', 'maxAge'], flag: 'capture-max-age', kind: 'text' },
  { path: ['capture', 'quota'], flag: 'capture-quota', kind: 'text' },
  { path: ['capture', 'compress'], flag: 'capture-compress', kind: 'text' },
  { path: ['policy'], flag: 'policy', kind: 'path' },
  { path: ['audit', 'path'], flag: 'audit', kind: 'path' },
  { path: ['audit', 'mode'], flag: 'audit-mode', kind: 'text' },
  { path: ['proxyProtocol', 'from'], flag: 'proxy-protocol-from', kind: 'list' },
  { path: ['dashboard'], flag: 'dashboard', kind: 'boolean' },
]

/** The keys that a map may have; the top is the empty path. */
export function knownKeys(path: readonly string[]): readonly string[] {
  const inside = settings.filter((setting) => path.every((key, depth) => setting.path[depth] === key))
  return [...new Set(inside.flatMap((setting) => setting.path[path.length] ?? []))]
}

/** `tls.caDir` is `IMAPTAP_TLS__CA_DIR`. */
export function variableOf(path: readonly string[]): string {
  const words = path.map((key) => key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase())
  return `IMAPTAP_${words.join('__')}`
}

/** A flag's name as the property that holds its value: `leaf-key` is `leafKey`. */
export function propertyOf(flag: string): string {
  return flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

/** Puts a value at a path, making the maps on the way. */
export function place(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [key, next] = path
  if (key === undefined) return
  if (next === undefined) {
    target[key] = value
    return
  }
  const inner: Record<string, unknown> = isMap(target[key]) ? target[key] : {}
  target[key] = inner
  place(inner, path.slice(1), value)
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
