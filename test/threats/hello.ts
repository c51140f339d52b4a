/** What an honest client of TLS says first, recorded so that it can be sent again and spoiled; knows no server. */

import { once } from 'node:events'
import { createServer } from 'node:net'
import { connect } from 'node:tls'

import { listen, portOf } from '../net/handshake.ts'

/** Forty octets, to be written over. */
export const recordedName = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example'

export async function recordHello(protocols: string[] = ['imap']): Promise<Buffer> {
  const server = createServer()
  await listen(server)
  const client = connect({ port: portOf(server), servername: recordedName, ALPNProtocols: protocols })
  client.on('error', () => undefined)
  const [socket] = await once(server, 'connection')
  const [hello]: Buffer[] = await once(socket, 'data')
  client.destroy()
  socket.destroy()
  server.close()
  if (!hello) throw new Error('there was no hello')
  return hello
}

/** The same with another name of as many octets, which may be none. */
export function withName(hello: Buffer, name: string): Buffer {
  const spoiled = Buffer.from(hello)
  spoiled.write(name, hello.indexOf(recordedName), recordedName.length, 'latin1')
  return spoiled
}
