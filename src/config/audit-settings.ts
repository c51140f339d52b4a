/** What may be said of the audit, what it comes to, and how it can disagree; it does not know what a record holds. */

import { z } from 'zod'
import type { AuditConfig } from './config.ts'

const audit = z.strictObject({
  path: z.string().min(1).optional().describe('File that receives one record per decision of the policy.'),
  mode: z
    .enum(['strict', 'relaxed'])
    .optional()
    .describe(
      'strict: a command goes on only when its record is on disk. relaxed: records follow. Default: strict.',
    ),
})

type AuditSettings = z.infer<typeof audit>

export const auditMap = audit.optional().describe('A record of every decision, separate from the log.')

/** Undefined where nothing is audited. */
export function fillAudit({ path, mode }: AuditSettings): AuditConfig | undefined {
  return path === undefined ? undefined : { path, mode: mode ?? 'strict' }
}

/** The setting and what is wrong with it: who asks for an audit and gets none would find out when it is too late. */
export function findAuditConflicts(
  { path, mode }: AuditSettings,
  hasPolicy: boolean,
): readonly (readonly [path: readonly string[], message: string])[] {
  if (path === undefined)
    return mode === undefined
      ? []
      : [[['audit', 'mode'], 'needs a file for the records (--audit, audit.path)']]
  return hasPolicy
    ? []
    : [[['audit', 'path'], 'needs a policy, whose decisions it records (--policy, policy)']]
}
