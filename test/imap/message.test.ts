import { inspect } from 'node:util'

import { describe, expect, it } from 'vitest'

import { Message } from '../../src/imap/message.ts'
import { client, server } from './support/wire.ts'

describe('a message', () => {
  it('is read once, when somebody asks', () => {
    const command = new Message(client('a NOOP'), 'command')
    expect(command.command()).toMatchObject({ ok: true, value: { tag: 'a', name: 'NOOP' } })
    expect(command.command()).toBe(command.command())
    const response = new Message(server('a OK done'), 'response')
    expect(response.response()).toMatchObject({ ok: true, value: { kind: 'tagged', status: 'OK' } })
    expect(response.response()).toBe(response.response())
  })

  it('that cannot be read says why, and keeps its octets', () => {
    const raw = client('a FETCH 1 ((((')
    const message = new Message(raw, 'command')
    expect(message.command()).toMatchObject({ ok: false, fault: { side: 'client' } })
    expect(message.raw).toBe(raw)
  })

  it('shows nothing of what it read to somebody who prints it', () => {
    const message = new Message(client('a LOGIN ann secret-word'), 'command')
    message.command()
    expect(inspect(message, { depth: 9 }) + JSON.stringify(message)).not.toContain('secret-word')
  })
})
