/** Reads base64 (RFC 4648 section 4), as SASL has it on the wire; knows no mechanism. */

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** The octets, one character each; undefined for what is not base64. Padding may be missing. */
export function decodeBase64(text: string): string | undefined {
  let octets = ''
  let held = 0
  let bits = 0
  for (const digit of text.replace(/=+$/u, '')) {
    const value = alphabet.indexOf(digit)
    if (value < 0) return undefined
    held = ((held << 6) | value) & 0xffff
    bits += 6
    if (bits < 8) continue
    bits -= 8
    octets += String.fromCharCode((held >> bits) & 0xff)
  }
  return octets
}
