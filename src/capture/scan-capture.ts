/** Walks over one capture file, record by record, and checks its headers; parses nothing else. */

import { CaptureFault } from './capture-fault.ts'
import { formatVersion, headerStart, readHeader, readHeaderFields, type CaptureHeader } from './header.ts'
import { LineCutter } from './line-cutter.ts'
import { migrationFrom, type Migrate } from './migrate.ts'
import { CutShort, readOctets, type CaptureFile } from './source.ts'

/** A line that is a record, valid during the call. */
export interface RecordLine {
  readonly octets: Buffer
  readonly start: number
  readonly end: number
  /** Where it begins in the file, or in what the file decompresses to. */
  readonly offset: number
  /** From 1. */
  readonly line: number
}

/** The end of a file was never written: what came before it is sound, and the rest was left out. */
export interface TornTail {
  readonly path: string
  readonly line: number
  /** Octets that were left out; 0 where a compressed file ends too early. */
  readonly octets: number
}

export interface ScanListener {
  onHeader?(header: CaptureHeader, migrate: Migrate, line: RecordLine): void
  onRecord(line: RecordLine): void
  onTorn?(tail: TornTail): void
  /** Octets of the file read so far. */
  onRead?(octets: number): void
}

/** Tells the listener of every record; whoever has heard enough ends the walk. */
export async function* walkCapture({ path }: CaptureFile, listener: ScanListener): AsyncGenerator<void> {
  let hasHeader = false
  const cutter = new LineCutter(path, (octets, start, end) => {
    const line: RecordLine = { octets, start, end, offset: cutter.offset, line: cutter.line }
    if (octets[start] !== BRACE) throw faultOf(path, line, hasHeader)
    if (isHeader(line)) {
      openPart(path, line, listener)
      hasHeader = true
    } else if (hasHeader) listener.onRecord(line)
    else throw faultOf(path, line, false)
  })
  let isShort = false
  try {
    for await (const chunk of readOctets(path, (octets) => listener.onRead?.(octets))) {
      cutter.push(chunk)
      yield
    }
  } catch (error) {
    if (!(error instanceof CutShort)) throw error
    isShort = true
  }
  endFile(path, { cutter, listener, isShort, hasHeader })
}

const BRACE = '{'.charCodeAt(0)

const isHeader = ({ octets, start }: RecordLine): boolean =>
  octets.toString('latin1', start, start + headerStart.length) === headerStart

function openPart(path: string, line: RecordLine, listener: ScanListener): void {
  const fields = readHeaderFields(line.octets.toString('utf8', line.start, line.end))
  if (!fields) throw faultOf(path, line, false)
  const version = Number(fields['version'])
  const migrate = migrationFrom(version)
  if (!migrate) {
    const reads = `it is a capture of version ${version}; this imaptap reads ${formatVersion}`
    throw new CaptureFault(
      path,
      reads,
      version > formatVersion ? 'update imaptap' : 'read it with an older imaptap',
    )
  }
  listener.onHeader?.(readHeader(migrate.header(fields)), migrate, line)
}

function faultOf(path: string, { line }: RecordLine, hasHeader: boolean): CaptureFault {
  if (!hasHeader && line === 1) return notACapture(path)
  return new CaptureFault(
    `${path}:${line}`,
    'this line is no record',
    'the file was changed; use another copy',
  )
}

export const notACapture = (path: string): CaptureFault =>
  new CaptureFault(path, 'this is no capture of imaptap', 'captures are made with: imaptap --capture FILE')

interface End {
  readonly cutter: LineCutter
  readonly listener: ScanListener
  readonly isShort: boolean
  readonly hasHeader: boolean
}

/** A record without its line end was being written when imaptap or the machine stopped. */
function endFile(path: string, { cutter, listener, isShort, hasHeader }: End): void {
  const rest = cutter.takeRest()
  // A header that is cut is the beginning of a capture all the same.
  const isBegun = hasHeader || headerStart.startsWith(rest.toString('latin1', 0, headerStart.length))
  if (rest.length > 0 && !isBegun) throw notACapture(path)
  if (rest.length > 0 || isShort || !hasHeader)
    listener.onTorn?.({ path, line: cutter.line, octets: rest.length })
}
