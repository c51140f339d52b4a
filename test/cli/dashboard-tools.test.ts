import { statSync, readFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { dashboardTools } from '../../src/cli/dashboard-tools.ts'
import { createTempFolder, type TempFolder } from '../support/temp-folder.ts'

const folders: TempFolder[] = []

async function folder(): Promise<TempFolder> {
  const made = await createTempFolder('tools')
  folders.push(made)
  return made
}

afterEach(async () => {
  for (const one of folders.splice(0)) await one.remove()
})

describe('a copy', () => {
  it('is a file for its owner alone, the latest of its form', async () => {
    const { path } = await folder()
    const tools = dashboardTools({ XDG_STATE_HOME: path })
    const before = process.umask(0)
    const first = await tools.saveCopy('C: A1 NOOP\n', 'txt')
    const second = await tools.saveCopy('C: A2 NOOP\n', 'txt')
    process.umask(before)
    expect(second).toBe(first)
    expect(readFileSync(second, 'utf8')).toBe('C: A2 NOOP\n')
    expect(statSync(second).mode & 0o777).toBe(0o600)
  })
})

describe('the editor', () => {
  it('gives back what was changed, with words of its own in EDITOR', async () => {
    const tools = dashboardTools({ EDITOR: 'sed -i s/FLAGS/UID/' })
    expect(await tools.edit('A1 FETCH 1 FLAGS\r\n')).toBe('A1 FETCH 1 UID\r\n')
  })

  it('gives nothing back where nothing was changed', async () => {
    expect(await dashboardTools({ VISUAL: 'true', EDITOR: 'false' }).edit('A1 NOOP\r\n')).toBeUndefined()
  })

  it('that fails is told of', async () => {
    await expect(dashboardTools({ EDITOR: 'exit 3;' }).edit('A1 NOOP')).rejects.toThrow('ended with 3')
  })
})
