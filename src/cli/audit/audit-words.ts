/** The words of audit; it does not know what they do. */

import type { Command } from 'commander'

export interface AuditVerifyFlags {
  /** A hash that was noted elsewhere, or a file that holds one. */
  readonly expect?: string
  readonly json?: boolean
}

export interface AuditActions {
  auditVerify(files: readonly string[], flags: AuditVerifyFlags): Promise<number>
}

export function addAudit(program: Command, actions: AuditActions, done: (exitCode: number) => void): void {
  const audit = program.command('audit').description('audit files: verify').helpCommand(false)
  audit
    .command('verify')
    .description('check that no record was altered, removed or inserted')
    .argument('<file...>', 'audit files in any order, compressed or not')
    .option('--expect <hash>', 'hash of a record noted elsewhere, or a file with it')
    .option('--json', 'one JSON object')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', examples)
    .action(async (files: string[], flags: AuditVerifyFlags) => done(await actions.auditVerify(files, flags)))
}

const examples = `
Exit code 0 when the chain is sound, 1 when it is not.
Records removed from the end leave no trace in the files that are left: note the
last hash somewhere else from time to time, and give it back with --expect.

Examples:
  imaptap audit verify audit.ndjson
  imaptap audit verify audit.ndjson.*.gz audit.ndjson --expect noted-hash.txt`
