/** What a session knows of its server's names: from questions, from what is enabled, and until another login. */

import { describe, expect, it } from 'vitest'

import type { UntaggedData } from '../../src/imap/responses/index.ts'
import { ServerNames } from '../../src/policy/server-names.ts'
import { response } from './support/mailbox-world.ts'

function data(line: string): UntaggedData {
  const read = response(line)
  if (read.kind !== 'untagged') throw new Error(`not untagged: ${line}`)
  return read.data
}

describe('the names of a server', () => {
  it('have the separator that it tells, and are not known before', () => {
    const names = new ServerNames()
    expect([names.isKnown, names.how.separator]).toEqual([false, undefined])
    names.learn(data('* LIST (\\Noselect) "." ""'))
    expect([names.isKnown, names.how.separator]).toEqual([true, '.'])
    names.assume('/')
    names.giveUp()
    expect(names.how.separator).toBe('.')
  })

  it('have no levels where it tells none', () => {
    const names = new ServerNames()
    names.giveUp()
    expect([names.isKnown, names.how.separator]).toEqual([true, null])
  })

  it('may begin with the prefixes of its namespaces', () => {
    const names = new ServerNames()
    names.learn(data('* NAMESPACE (("" ".")) (("user." ".")) (("#shared." ".")("#news." "."))'))
    expect(names.how.prefixes).toEqual(['user.', '#shared.', '#news.'])
  })

  it.each(['UTF8=ACCEPT', 'IMAP4REV2'])('are UTF-8 once the server has enabled %s', (word) => {
    const names = new ServerNames()
    const before = names.how
    names.noteEnabled(['CONDSTORE'])
    expect(names.how).toBe(before)
    names.noteEnabled(['CONDSTORE', word])
    expect(names.how.isUtf8).toBe(true)
  })

  it('are told as policies write them: the selected one too', () => {
    const names = new ServerNames()
    names.learn(data('* LIST (\\Noselect) "." ""'))
    names.noteSelected('Work.&AOk-t&AOk-')
    expect([names.selected, names.selectedName]).toEqual(['Work.&AOk-t&AOk-', 'Work/été'])
    names.noteSelected(undefined)
    expect(names.selectedName).toBeUndefined()
  })

  it('are all forgotten at another login', () => {
    const names = new ServerNames()
    names.learn(data('* LIST (\\Noselect) "." ""'))
    names.settleNamespaces()
    expect(names.areNamespacesKnown).toBe(true)
    names.noteSelected('INBOX')
    names.beginAnew()
    expect(names.areNamespacesKnown).toBe(false)
    expect([names.isKnown, names.selected, names.how.prefixes]).toEqual([false, undefined, []])
  })
})
