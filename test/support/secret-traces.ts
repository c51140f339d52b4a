/** Finds a secret in a text however it travelled there: as it is, escaped, or inside base64 at any alignment. */

/** What of the secret shows in the text; nothing when the text keeps it. */
export function findSecretTraces(text: string, secret: string): string[] {
  return secretTraces(secret).filter((trace) => text.includes(trace))
}

/** Quotes, backslashes and spaces may be escaped on their way, the words between them cannot. */
function secretTraces(secret: string): string[] {
  const words = secret.split(/[^A-Za-z0-9]+/).filter((word) => word.length > 5)
  if (words.length === 0) throw new Error('a test secret needs a word of six letters')
  return [secret, ...words, ...words.flatMap(base64Traces), ...base64Traces(secret)]
}

/** The three spellings that the middle of a secret has in base64, by the octets before it. */
function base64Traces(secret: string): string[] {
  return [0, 1, 2].map((shift) => {
    const encoded = Buffer.from('\0'.repeat(shift) + secret).toString('base64')
    const usable = Math.floor(((shift + secret.length) * 4) / 3)
    // The first characters also hold the octets before the secret, as the last one holds those after it.
    return encoded.slice(Math.ceil((shift * 4) / 3), usable)
  })
}
