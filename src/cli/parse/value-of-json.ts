/** The reverse of message-json: JSON to the values that are written, or why that cannot be; it does not know the grammar. */

import { Secret } from '../../imap/secret.ts'
import { isMap } from '../../config/settings.ts'

/** Something in the JSON stands for what is not there, or for nothing known. */
export class NoValue extends Error {
  override readonly name = 'NoValue'
}

/**
 * `{"utf8"}` and `{"base64"}` become octets, `{"secret"}` a secret. Decimal strings stay strings: they are written as
 * they are. Throws NoValue for what was hidden or streamed past; `path` leads there.
 */
export function valueOfJson(json: unknown, path = 'value'): unknown {
  if (Array.isArray(json)) return json.map((item, index) => valueOfJson(item, `${path}[${index}]`))
  if (!isMap(json)) return json
  const keys = Object.keys(json)
  const [only] = keys
  if (keys.length === 1 && only !== undefined) {
    const special = specialValue(only, json[only], path)
    if (special !== undefined) return special
  }
  if (json['kind'] === 'streamed') throw new NoValue(`${path} was streamed past: its octets are not here`)
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) => [
      key,
      isBareSecret(json, key, value) ? new Secret(value) : valueOfJson(value, `${path}.${key}`),
    ]),
  )
}

function specialValue(key: string, inner: unknown, path: string): unknown {
  if (key === 'redacted') throw new NoValue(`${path} is hidden: parse with --reveal`)
  if (key === 'utf8' && typeof inner === 'string') return octetsOf(Buffer.from(inner, 'utf8'))
  if (key === 'base64' && typeof inner === 'string') return readBase64(inner, path)
  if (key !== 'secret') return undefined
  const value = valueOfJson(inner, path)
  return typeof value === 'string' || value instanceof Uint8Array
    ? new Secret<string | Uint8Array>(value)
    : undefined
}

/** Written by hand, a password stands there as it is. */
function isBareSecret(map: Readonly<Record<string, unknown>>, key: string, value: unknown): value is string {
  if (typeof value !== 'string') return false
  return bareSecrets.some(([name, field]) => map['name'] === name && key === field)
}

const bareSecrets = [
  ['LOGIN', 'password'],
  ['AUTHENTICATE', 'initialResponse'],
  ['CLIENTID', 'token'],
] as const

function readBase64(text: string, path: string): Uint8Array {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/u.test(text))
    throw new NoValue(`${path} is not base64`)
  return octetsOf(Buffer.from(text, 'base64'))
}

/** Small Buffers share memory: a view would keep all of it. */
const octetsOf = (buffer: Buffer): Uint8Array => new Uint8Array(buffer)
