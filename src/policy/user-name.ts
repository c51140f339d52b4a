/** One name for a user, however it is spelled: servers take `Ann@Example.org` for `ann@example.org`. */

/** Names are compared by what comes of this: a denial that looked at the case could be walked around. */
export const foldUser = (user: string): string => user.normalize('NFKC').toLowerCase().trim()

/** What Cyrus takes `ann+x@example.org` for where `imapmagicplus` is on: `ann@example.org`. Of a folded name. */
export function withoutDetail(user: string): string {
  const [, name, domain] = /^([^+@]+)\+[^@]*(@.*)?$/su.exec(user) ?? []
  return name === undefined ? user : `${name}${domain ?? ''}`
}

/**
 * What Dovecot takes `ann@example.org` for by `auth_username_format = %n`, and Cyrus where that is its `defaultdomain`.
 * Of a folded name; undefined where it has no domain.
 */
export function withoutDomain(user: string): string | undefined {
  const at = user.indexOf('@')
  return at > 0 ? user.slice(0, at).trim() : undefined
}
