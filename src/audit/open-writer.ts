/** Opens an audit for writing: takes the lock, examines what is there, begins or goes on with the chain; knows no event. */

import { AuditFile } from './audit-file.ts'
import { explainError } from './audit-fault.ts'
import { realFiles } from './audit-files.ts'
import { takeLock, type Lock } from './audit-lock.ts'
import { makeHeader, type AuditNote } from './record.ts'
import { AuditWriter, type WriterWorld } from './writer.ts'

/** Throws AuditFault when nothing can be written there: who asked for an audit must not find out later. */
export async function openAuditWriter(path: string, world: WriterWorld): Promise<AuditWriter> {
  let lock: Lock | undefined
  try {
    lock = await takeLock(path)
    const { file, chain, notes } = await openFile(path, world)
    const writer = new AuditWriter({ path, world, lock, file, chain })
    await writer.begin(notes)
    return writer
  } catch (error) {
    lock?.release()
    throw explainError(path, error)
  }
}

interface Opened {
  readonly file: AuditFile
  readonly chain: string
  readonly notes: readonly AuditNote[]
}

async function openFile(path: string, world: WriterWorld): Promise<Opened> {
  const files = world.files ?? realFiles
  if (!files.factsAt(path)) return beginChain(AuditFile.begin(files, path), world)
  const { file, chain, cut } = await AuditFile.find(files, path)
  const reason = 'the last process ended within a write'
  const notes: AuditNote[] = cut > 0 ? [{ kind: 'recovered', reason, octets: cut, records: 0 }] : []
  return chain === undefined ? beginChain(file, world, notes) : { file, chain, notes }
}

function beginChain(file: AuditFile, world: WriterWorld, notes: readonly AuditNote[] = []): Opened {
  const chain = world.makeChain()
  return { file, chain, notes: [makeHeader(chain), ...notes] }
}
