/** One name for a user, however it is spelled: servers take `Ann@Example.org` for `ann@example.org`. */

/** Names are compared by what comes of this: a denial that looked at the case could be walked around. */
export const foldUser = (user: string): string => user.normalize('NFKC').toLowerCase().trim()
