/** The client's half of SCRAM-SHA-256 (RFC 7677), without channel binding: what a scene answers to the challenges. */

import { createHash, createHmac, pbkdf2Sync } from 'node:crypto'

import type { Login } from './client.ts'

export class Scram {
  readonly #login: Login
  readonly #nonce = 'tour0123456789abcdef'

  constructor(login: Login) {
    this.#login = login
  }

  get first(): string {
    return base64(`n,,${this.#bare}`)
  }

  /** The second message, made of the server's first one. */
  answer(challenge: string): string {
    const given = Buffer.from(challenge, 'base64').toString()
    const [, nonce = '', salt = '', rounds = '0'] = /^r=(.*?),s=(.*?),i=(\d+)/u.exec(given) ?? []
    const salted = pbkdf2Sync(this.#login.password, Buffer.from(salt, 'base64'), Number(rounds), 32, 'sha256')
    const key = hmac(salted, 'Client Key')
    const withoutProof = `c=${base64('n,,')},r=${nonce}`
    const signature = hmac(
      createHash('sha256').update(key).digest(),
      `${this.#bare},${given},${withoutProof}`,
    )
    const proof = Buffer.from(key.map((octet, at) => octet ^ (signature[at] ?? 0)))
    return base64(`${withoutProof},p=${proof.toString('base64')}`)
  }

  get #bare(): string {
    return `n=${this.#login.user},r=${this.#nonce}`
  }
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}
