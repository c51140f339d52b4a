/** The local certificate authority at work: a TLS context for each name a client asks for; it does not know sockets or sessions. */

import type { SecureContext } from 'node:tls'
import { openCa, type LocalCa } from './ca-files.ts'
import { createServerContext, type CertificateSource } from './certificate-source.ts'
import { leafKey, mintLeaf, readServerName, showServerName, type LeafKey, type LeafKeyType } from './leaf.ts'

export interface AuthorityOptions {
  readonly dir: string
  readonly leafKey: LeafKeyType
  /** Milliseconds since the epoch; the system's clock when undefined. */
  readonly now?: () => number
}

interface Minted {
  readonly context: SecureContext
  readonly leafPem: string
  readonly renewAt: number
}

const dayMs = 24 * 60 * 60 * 1000
/** Apple's clients refuse more than 825 days even from a private CA; short lives cost us nothing. */
const leafDays = 90
/** The share of its life after which a cached leaf is replaced, long before a client's fast clock refuses it. */
const renewAfter = 2 / 3
/** Names kept; a hostile client can ask for any number of them. */
const namesKept = 1000
const fallback = { kind: 'dns', name: 'localhost' } as const

export class Authority implements CertificateSource {
  readonly certificatePem: string
  readonly fingerprint256: string
  /** Path of the CA's certificate. */
  readonly path: string
  readonly fixed = undefined
  /** True when opening made the CA. */
  readonly isNew: boolean
  readonly #ca: LocalCa
  readonly #key: LeafKey
  readonly #now: () => number
  /** In the order of last use, the least recent first. */
  readonly #minted = new Map<string, Minted>()

  static async open(options: AuthorityOptions): Promise<Authority> {
    const [ca, key] = await Promise.all([openCa(options.dir), leafKey(options.leafKey)])
    return new Authority(ca, key, options.now ?? Date.now)
  }

  private constructor(ca: LocalCa, key: LeafKey, now: () => number) {
    this.#ca = ca
    this.#key = key
    this.#now = now
    this.certificatePem = ca.certificate.toString()
    this.fingerprint256 = ca.certificate.fingerprint256
    this.path = ca.files.certificatePath
    this.isNew = ca.isNew
  }

  /** Names held at the moment. */
  get size(): number {
    return this.#minted.size
  }

  contextFor(name: string | undefined): SecureContext {
    return this.#find(name).context
  }

  /** The leaf that `contextFor` presents for this name, in PEM. */
  leafFor(name: string | undefined): string {
    return this.#find(name).leafPem
  }

  #find(name: string | undefined): Minted {
    const wanted = readServerName(name) ?? fallback
    const text = showServerName(wanted)
    const known = this.#minted.get(text)
    const minted = known !== undefined && known.renewAt > this.#now() ? known : this.#mint(text)
    this.#minted.delete(text)
    this.#minted.set(text, minted)
    this.#forgetOldest()
    return minted
  }

  #mint(text: string): Minted {
    const now = this.#now()
    // No leaf outlives the authority: some verifiers check that the lives nest.
    const notAfter = Math.min(now + leafDays * dayMs, Date.parse(this.#ca.certificate.validTo))
    const leafPem = mintLeaf({
      name: readServerName(text) ?? fallback,
      publicKey: this.#key.publicKey,
      issuer: this.#ca.issuer,
      notBefore: new Date(now - dayMs),
      notAfter: new Date(notAfter),
    })
    const chain = leafPem + this.certificatePem
    const context = createServerContext({ cert: chain, key: this.#key.privateKeyPem })
    return { context, leafPem, renewAt: now + (notAfter - now) * renewAfter }
  }

  #forgetOldest(): void {
    if (this.#minted.size <= namesKept) return
    const [oldest] = this.#minted.keys()
    if (oldest !== undefined) this.#minted.delete(oldest)
  }
}
