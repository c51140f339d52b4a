/** Reads the beginning of a record without parsing it: event, session, time and side; knows nothing of the rest. */

/** What stands first in every record. */
export interface RecordStart {
  /** The event's kind, or `header`. */
  readonly kind: string
  readonly session: string
  readonly at: number
  /** Of messages only. */
  readonly side: string | undefined
  /** A message that belongs to an exchange: no push. */
  readonly isAttributed: boolean
}

/** Octets that these four take at most: sessions have short names. */
const HEAD = 160

const pattern =
  /^\{"event":"([a-z-]+)","session":"([^"\\]*)","at":(-?[\d.e+-]+)(?:,"side":"(client|server)"(,"exchange":)?)?/u

/** Undefined for a line that does not begin as imaptap writes it: whoever wants it has to parse it. */
export function readStart(octets: Buffer, start: number, end: number): RecordStart | undefined {
  const found = pattern.exec(octets.toString('latin1', start, Math.min(end, start + HEAD)))
  if (!found) return undefined
  const [, kind = '', session = '', at = '', side, exchange] = found
  return { kind, session, at: Number(at), side, isAttributed: exchange !== undefined }
}
