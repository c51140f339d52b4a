import { describe, expect, it } from 'vitest'

import { fillAudit, findAuditConflicts } from '../../src/config/audit-settings.ts'

describe('the settings of the audit', () => {
  it('are strict unless somebody says otherwise', () => {
    expect(fillAudit({})).toBeUndefined()
    expect(fillAudit({ path: 'a' })).toEqual({ path: 'a', mode: 'strict' })
    expect(fillAudit({ path: 'a', mode: 'relaxed' })).toEqual({ path: 'a', mode: 'relaxed' })
  })

  it('that come to no audit are a mistake', () => {
    expect(findAuditConflicts({}, false)).toEqual([])
    expect(findAuditConflicts({ path: 'a' }, true)).toEqual([])
    expect(findAuditConflicts({ mode: 'strict' }, true)).toMatchObject([
      [['audit', 'mode'], expect.stringContaining('needs a file')],
    ])
    expect(findAuditConflicts({ path: 'a' }, false)).toMatchObject([
      [['audit', 'path'], expect.stringContaining('needs a policy')],
    ])
  })
})
