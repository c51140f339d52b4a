/** Threat 9: responses put in the clear behind the OK of STARTTLS, to be heard as if TLS had brought them. */

import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'

import { sayThen, useLegs } from './legs.ts'

const injected = '* CAPABILITY IMAP4rev1 AUTH=PLAIN INJECTED\r\n'

describe('threat 9: response injection', () => {
  const legs = useLegs({ protocol: 'imap+starttls' })

  async function hearCut(): Promise<void> {
    const peer = await legs().open()
    const heard = await peer.send('a CAPABILITY\r\nb LOGIN ann hush\r\n').end()
    expect(heard).toMatch(/^\* BYE \[UNAVAILABLE\] /u)
    expect(heard).not.toContain('INJECTED')
    expect(legs().received).not.toMatch(/LOGIN|hush/u)
    expect(
      legs()
        .live.of('changed')
        .flatMap(({ view }) => view.capabilities),
    ).not.toContain('INJECTED')
  }

  it.each([injected, '* OK [CAPABILITY INJECTED] x\r\n', 'a OK INJECTED\r\n', '*', '\r\n'])(
    '%j in the same segment cuts the session',
    async (text) => {
      legs().serve(sayThen('* OK hi\r\n', (tag) => `${tag} OK go\r\n${text}`))
      await hearCut()
    },
  )

  it('and in the next', async () => {
    legs().serve((socket) => {
      socket.write('* OK hi\r\n')
      socket.once('data', (chunk: Buffer) => {
        socket.write(`${chunk.toString('latin1').split(' ')[0]} OK go\r\n`)
        void sleep(20).then(() => socket.write(injected))
      })
    })
    await hearCut()
  })

  it('and cut at every octet of it', async () => {
    const text = `OK go\r\n${injected}`
    for (let at = 1; at < text.length; at += 5) {
      legs().serve((socket) => {
        socket.write('* OK hi\r\n')
        socket.once('data', (chunk: Buffer) => {
          socket.write(`${chunk.toString('latin1').split(' ')[0]} ${text.slice(0, at)}`)
          setImmediate(() => socket.write(text.slice(at)))
        })
      })
      await hearCut()
    }
  })
})
