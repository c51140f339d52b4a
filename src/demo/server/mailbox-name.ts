/** Mailbox names between their Unicode form and modified UTF-7 (RFC 3501 section 5.1.3); knows no mailbox. */

export function encodeMailboxName(name: string): string {
  return name.replaceAll(/&|[^\x20-\x7e]+/g, (run) => (run === '&' ? '&-' : `&${encodeRun(run)}-`))
}

export function decodeMailboxName(wire: string): string {
  return wire.replaceAll(/&([A-Za-z0-9+,]*)-/g, (_, run: string) => (run === '' ? '&' : decodeRun(run)))
}

function encodeRun(run: string): string {
  const units = Buffer.from(run, 'utf16le').swap16()
  return units.toString('base64').replaceAll('/', ',').replace(/=+$/, '')
}

function decodeRun(run: string): string {
  const octets = Buffer.from(run.replaceAll(',', '/'), 'base64')
  return octets
    .subarray(0, octets.length - (octets.length % 2))
    .swap16()
    .toString('utf16le')
}
