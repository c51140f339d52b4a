import { describe, expect, it, test } from 'vitest'

import type { IdDocument } from '../../src/config/policy-document.ts'
import { writeCommand } from '../../src/imap/commands/index.ts'
import { adaptId, makeForwardingId } from '../../src/policy/id-fields.ts'
import { textOf } from '../imap/support/wire.ts'
import { command } from './support/mailbox-world.ts'

const origin = {
  session: 'S7',
  address: { host: '192.0.2.9', port: 40_001 },
  listener: 'imaps://127.0.0.1:1993',
}
const plain: IdDocument = { keep: undefined, set: {}, forwardAddress: false }

function adapt(fields: string, document: Partial<IdDocument> = {}, from = origin): string {
  const adapted = adaptId(command(`a ID ${fields}`), { ...plain, ...document }, from)
  return textOf(writeCommand(adapted)).slice('a ID '.length).trimEnd()
}

describe('threat 33: fields that a server believes of proxies', () => {
  test.each([
    'x-originating-ip',
    'X-Originating-IP',
    'x-originating-port',
    'x-connected-ip',
    'x-proxy-ttl',
    'x-session-id',
    'x-session-ext-id',
    'x-forward-foo',
  ])('%s of a client never goes on, whatever is to be kept', (field) => {
    expect(adapt(`("name" "Thing" "${field}" "1.2.3.4")`)).toBe('("name" "Thing")')
    expect(adapt(`("${field}" "1.2.3.4")`, { keep: [field] })).toBe('NIL')
  })

  it('with a space or a control about their name do not either', () => {
    expect(adapt('(" x-originating-ip" "1.2.3.4")')).toBe('NIL')
    expect(adapt('("x-originating-ip\t" "1.2.3.4")')).toBe('NIL')
  })

  it('of any other name that begins with x- go on when the policy names them', () => {
    expect(adapt('("x-build" "7")')).toBe('NIL')
    expect(adapt('("X-Build" "7" "name" "n")', { keep: ['x-build'] })).toBe('("X-Build" "7")')
  })
})

describe('fields of our own', () => {
  it('take the place of the client’s', () => {
    expect(adapt('("Name" "Thing" "os" NIL)', { set: { name: 'gateway' } })).toBe(
      '("name" "gateway" "os" NIL)',
    )
    expect(adapt('NIL', { set: { name: 'gateway' } })).toBe('("name" "gateway")')
  })

  it('are never pushed out by a client that says more than ID may hold', () => {
    const many = Array.from({ length: 30 }, (_, at) => `"f${at}" "v"`).join(' ')
    const written = adapt(`(${many})`, { set: { name: 'gateway' } })
    expect(written).toContain('"name" "gateway"')
    expect(written.split('"v"')).toHaveLength(30)
  })

  it('tell a server that trusts us where the client is', () => {
    expect(adapt('("name" "Thing" "x-originating-ip" "10.0.0.1")', { forwardAddress: true })).toBe(
      '("x-originating-ip" "192.0.2.9" "x-originating-port" "40001" "x-connected-ip" "127.0.0.1" ' +
        '"x-connected-port" "1993" "x-session-id" "S7" "x-proxy-ttl" "4" "name" "Thing")',
    )
  })

  test.each([
    ['::ffff:192.0.2.9', '192.0.2.9'],
    ['fe80::1%eth0', 'fe80::1'],
    ['2001:db8::1', '2001:db8::1'],
  ])('tell %s as %s', (host, told) => {
    const from = { ...origin, address: { host, port: 1 } }
    expect(adapt('NIL', { forwardAddress: true }, from)).toContain(`"x-originating-ip" "${told}"`)
  })

  it('say nothing of a listener that has a name and no address', () => {
    expect(
      adapt('NIL', { forwardAddress: true }, { ...origin, listener: 'imap://mail.local:143' }),
    ).not.toContain('x-connected')
  })
})

it('says an ID of its own only where the address is to be forwarded', () => {
  expect(makeForwardingId('t1', plain, origin)).toBeUndefined()
  expect(makeForwardingId('t1', { ...plain, forwardAddress: true }, origin)).toMatchObject({
    tag: 't1',
    name: 'ID',
    parameters: expect.arrayContaining([{ field: 'x-originating-ip', value: '192.0.2.9' }]),
  })
})

it('changes no other command', () => {
  const noop = command('a NOOP')
  expect(adaptId(noop, { ...plain, forwardAddress: true }, origin)).toBe(noop)
})
