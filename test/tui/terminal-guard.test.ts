import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { guardTerminal } from '../../src/tui/terminal-guard.ts'

class FakeProcess extends EventEmitter {
  readonly pid = 7
  readonly killed: string[] = []

  kill(_: number, signal: string): void {
    this.killed.push(signal)
  }
}

describe('the guard of the terminal', () => {
  it.each(['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGQUIT'])('restores on %s and lets it do its work', (signal) => {
    const host = new FakeProcess()
    const said: string[] = []
    guardTerminal(() => void said.push('restored'), host)
    host.emit(signal)
    expect(said).toEqual(['restored'])
    expect(host.killed).toEqual([signal])
    expect(host.eventNames()).toEqual([])
  })

  it('leaves the ending to others who listen', () => {
    const host = new FakeProcess()
    const said: string[] = []
    host.on('SIGTERM', () => void said.push('draining'))
    guardTerminal(() => void said.push('restored'), host)
    host.emit('SIGTERM')
    expect(said.sort()).toEqual(['draining', 'restored'])
    expect(host.killed).toEqual([])
  })

  it('leaves the terminal as it is on a SIGHUP that others take for reading again', () => {
    const host = new FakeProcess()
    const said: string[] = []
    host.on('SIGHUP', () => void said.push('read again'))
    guardTerminal(() => void said.push('restored'), host)
    for (const signal of ['SIGHUP', 'SIGHUP', 'SIGTERM']) host.emit(signal)
    expect(said).toEqual(['read again', 'read again', 'restored'])
    expect(host.killed).toEqual(['SIGTERM'])
  })

  it.each(['exit', 'uncaughtExceptionMonitor'])('restores on %s', (event) => {
    const host = new FakeProcess()
    const said: string[] = []
    guardTerminal(() => void said.push('restored'), host)
    host.emit(event)
    expect(said).toEqual(['restored'])
  })

  it('ends when it is told', () => {
    const host = new FakeProcess()
    guardTerminal(() => {}, host)()
    expect(host.eventNames()).toEqual([])
  })
})
