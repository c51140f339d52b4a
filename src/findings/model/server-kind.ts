/** Which well-known server this is, by what it says of itself: so that its known habits are not reported as news. */

/** Servers and services with habits that `checks/` knows of. */
export const serverKinds = [
  '163',
  'courier',
  'cyrus',
  'dovecot',
  'exchange',
  'gmail',
  'godaddy',
  'icloud',
  'mailru',
  'ovh',
  'wildduck',
  'yahoo',
  'yandex',
  'zoho',
] as const
export type ServerKind = (typeof serverKinds)[number]

export interface ServerSigns {
  /** The upstream's URL. */
  readonly upstream?: string
  /** The text of the greeting. */
  readonly greeting?: string
  /** The name in the server's ID. */
  readonly name?: string | undefined
  readonly capabilities?: ReadonlySet<string>
}

const hosts: readonly (readonly [RegExp, ServerKind])[] = [
  [/\.(?:gmail|googlemail)\.com$/u, 'gmail'],
  [/\.(?:office365|outlook|hotmail)\.com$/u, 'exchange'],
  [/\.(?:mail\.me|icloud)\.com$/u, 'icloud'],
  [/\.(?:yahoo|aol)\.com$/u, 'yahoo'],
  [/\.yandex\.(?:com|ru)$/u, 'yandex'],
  [/\.zoho\.(?:com|eu|in)$/u, 'zoho'],
  [/\.(?:163|126|188|yeah)\.(?:com|net)$/u, '163'],
  [/\.mail\.ru$/u, 'mailru'],
  [/\.secureserver\.net$/u, 'godaddy'],
  [/\.ovh\.net$/u, 'ovh'],
]

const words: readonly (readonly [RegExp, ServerKind])[] = [
  [/\bdovecot\b/iu, 'dovecot'],
  [/\bcyrus\b/iu, 'cyrus'],
  [/\bcourier\b/iu, 'courier'],
  [/\bmicrosoft exchange\b|\bexchange\b/iu, 'exchange'],
  [/\bgimap\b/iu, 'gmail'],
  [/\bwildduck\b/iu, 'wildduck'],
  [/\byandex\b/iu, 'yandex'],
  [/\bzoho\b/iu, 'zoho'],
  [/\bcoremail\b/iu, '163'],
]

export function recognizeServer(signs: ServerSigns): ServerKind | undefined {
  const host = /^[a-z+]+:\/\/([^:/]+)/u.exec(signs.upstream ?? '')?.[1]?.toLowerCase()
  const named = host === undefined ? undefined : hosts.find(([pattern]) => pattern.test(`.${host}`))
  if (named) return named[1]
  const said = `${signs.greeting ?? ''} ${signs.name ?? ''}`
  const spoken = words.find(([pattern]) => pattern.test(said))
  if (spoken) return spoken[1]
  return signs.capabilities?.has('X-GM-EXT-1') ? 'gmail' : undefined
}
