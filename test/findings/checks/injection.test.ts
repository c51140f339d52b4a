/** What only warnings and cut-off captures show of injected octets; its conversations are traces. */

import { describe, expect, it } from 'vitest'

import { FindingsEngine } from '../../../src/findings/engine.ts'
import { lineMessage } from '../../../src/imap/raw-message.ts'
import { Message } from '../../../src/imap/message.ts'
import { octetsOf } from '../../../src/imap/octets.ts'
import type { EventBody } from '../../../src/relay/event.ts'

/** The ids that these events of one session show. */
function idsOf(bodies: readonly EventBody[]): string[] {
  const engine = new FindingsEngine()
  return bodies.flatMap((body) =>
    engine.observe({ session: 'S1', at: 0, ...body }).map(({ finding }) => finding.id),
  )
}

const warning = (reason: string): EventBody => ({ kind: 'warning', reason, advice: '' })

function saidByServer(line: string): EventBody {
  const message = new Message(lineMessage('server', octetsOf(`${line}\r\n`)), 'response')
  return { kind: 'message', side: 'server', message, hidesAll: false }
}

describe('what upstream says before its TLS stands', () => {
  it.each([
    ['upstream sent octets in the clear behind its STARTTLS answer', 'X01'],
    ['upstream answered STARTTLS before it was sent', 'X01'],
    ['upstream answered a command that was never sent', 'X01'],
    ['upstream greets with PREAUTH, where TLS or a login must come first', 'X04'],
  ])('%s: %s', (reason, id) => {
    expect(idsOf([warning(reason)])).toEqual([id])
  })

  it('is no injection where it is only refused', () => {
    expect(idsOf([warning('upstream refuses STARTTLS')])).toEqual([])
  })
})

describe('a capture that begins in the middle of a session', () => {
  it('tells nothing about who had logged in', () => {
    expect(idsOf([saidByServer('* OK Still here'), saidByServer('* 3 EXISTS')])).toEqual([])
  })

  it('tells nothing about which commands were sent', () => {
    expect(idsOf([saidByServer('* OK Still here'), saidByServer('a7 OK done')])).toEqual([])
  })

  it('tells nothing about which searches are kept up to date, or what was enabled', () => {
    const ids = idsOf([
      saidByServer('* OK Still here'),
      saidByServer('* ENABLED QRESYNC'),
      saidByServer('* ESEARCH (TAG "q") ADDTO (0 4)'),
    ])
    expect(ids.filter((id) => id === 'S33' || id === 'S35')).toEqual([])
  })
})
