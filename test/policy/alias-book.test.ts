import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { encodeMailboxName } from '../../src/imap/mailbox.ts'
import { AliasBook } from '../../src/policy/alias-book.ts'
import { firstAlias, slash, token, utf8 } from './support/mailbox-world.ts'

const isSecret = (name: string): boolean => name.toLowerCase().includes('secret')
const book = (): AliasBook => new AliasBook(() => token)

describe('an alias', () => {
  it.each([
    ['Secret', firstAlias],
    // What a server may have against a name is kept: it would have said so of the hidden one.
    ['~Secret', `~${firstAlias}`],
    ['Secret.x', `${firstAlias}.z`],
    ['Secret plans', `${firstAlias} zzzzz`],
    // The parent is there for the client; what lies below a mailbox that is not is not there either.
    ['Work/Secret', `Work/${firstAlias}`],
    ['Secret/Sub', `${firstAlias}/Sub`],
    ['Work//Secret/', `Work//${firstAlias}/`],
    ['/Secret', `/${firstAlias}`],
    ['Secret&AOQ-', `${firstAlias}&AOQ-`],
  ])('of %s is %s', (name, alias) => {
    expect(book().aliasName(name, slash, isSecret).name).toBe(alias)
  })

  it('stands where a name that nobody has would be seen: below a parent that is hidden and has what is not', () => {
    const isHidden = (name: string): boolean => !/^Team\/(?!Secret)/u.test(name)
    expect(book().aliasName('Team/Secret', slash, isHidden).name).toBe(`Team/${firstAlias}`)
    expect(book().aliasName('Team/Secret/Sub', slash, isHidden).name).toBe(`Team/${firstAlias}/Sub`)
    expect(book().aliasName('Other/Secret', slash, isHidden).name).toBe(`${firstAlias}/Secret`)
  })

  it('is found in few steps, however many levels there are', () => {
    let asked = 0
    const isHidden = (): boolean => (asked += 1) > 0
    expect(book().aliasName('a/'.repeat(500), slash, isHidden).name).toMatch(/^x/u)
    expect(asked).toBeLessThan(50)
  })

  it('is as long as the name where that is long: servers bound names', () => {
    const name = `Secret${'x'.repeat(300)}`
    expect(book().aliasName(name, slash, isSecret).name).toHaveLength(name.length)
  })

  it('stays the same for the same level, and is another for another', () => {
    const one = book()
    const { name } = one.aliasName('Secret', slash, isSecret)
    expect(one.aliasName('Work/Secret', slash, isSecret).name).toBe(`Work/${name}`)
    expect(one.aliasName('Secrets', slash, isSecret).name).not.toBe(name)
  })

  it('of a name whose separator nobody knows is of the whole', () => {
    const how = { isUtf8: false, separator: undefined }
    expect(book().aliasName('Work/Secret', how, isSecret).name).toBe(`${firstAlias}/zzzzzz`)
  })
})

describe('the way back', () => {
  it('is in the encoding that the server tells the name in', () => {
    const one = book()
    const { name } = one.aliasName('Secret&AOQ-', slash, isSecret)
    expect(one.restore(`no ${name} here`)).toBe('no Secret&AOQ- here')
    expect(one.restore(`no ${firstAlias}ä here`)).toBe('no Secretä here')
  })

  it('is there for names in UTF-8 as well', () => {
    const one = book()
    one.aliasName('Secretä', utf8, isSecret)
    expect(one.restore(`${firstAlias}ä, ${firstAlias}&AOQ-`)).toBe('Secretä, Secret&AOQ-')
  })

  it('is found from any name in any text', () => {
    const level = fc
      .string({
        unit: fc.constantFrom('a', 'B', '7', ' ', '&', '~', '.', '-', 'ä', '台', '$', '\\', '"'),
        maxLength: 12,
      })
      .map((text) => `S${text}`)
    fc.assert(
      fc.property(fc.array(level, { minLength: 1, maxLength: 4 }), fc.boolean(), (levels, isUtf8) => {
        const one = book()
        const how = { isUtf8, separator: '/' }
        const text = levels.join('/')
        const name = isUtf8 ? text : encodeMailboxName(text)
        const alias = one.aliasName(name, how, () => true)
        expect(alias.name).not.toBe(name)
        expect(one.restore(alias.name)).toBe(name)
      }),
    )
  })

  it('is forgotten for the oldest once there are too many', () => {
    const one = book()
    for (let at = 0; at < 5000; at++) one.aliasName(`Secret${at}`, slash, isSecret)
    expect(one.restore(firstAlias)).toBe(firstAlias)
    expect(one.restore(`x${token}n004999`)).toBe('Secret4999')
  })
})

it('knows what another session left behind', () => {
  const one = book()
  const { name } = one.aliasName('Secret', slash, isSecret)
  expect(one.isStray(name)).toBe(false)
  expect(one.isStray(`x${'f'.repeat(32)}n000003`)).toBe(true)
  expect(one.isStray('xfiles')).toBe(false)
})
