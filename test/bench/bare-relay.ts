/** The peer `node-bare`: what Node itself costs as a TLS relay that reads nothing. The floor for our own proxy. */

import { readFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { connect, createSecureContext, TLSSocket } from 'node:tls'

/** Octets buffered per socket before the other side is paused. 16 KiB costs 14% more CPU; 1 MiB gains nothing. */
const HIGH_WATER_MARK = 256 * 1024

const [, , certificate = '', key = '', port = '0', upstreamPort = '0'] = process.argv
const serving = createSecureContext({ cert: readFileSync(certificate), key: readFileSync(key) })
const dialling = createSecureContext()

const server = createServer({ noDelay: true, highWaterMark: HIGH_WATER_MARK }, (raw) => {
  // Variables, because the types of TLSSocket lack `highWaterMark`, which it hands to the stream.
  const accepting = { isServer: true, secureContext: serving, highWaterMark: HIGH_WATER_MARK }
  join(new TLSSocket(raw, accepting), dial())
})
server.listen({ host: '127.0.0.1', port: Number(port), backlog: 4096 })

function dial(): TLSSocket {
  const options = { secureContext: dialling, rejectUnauthorized: false, highWaterMark: HIGH_WATER_MARK }
  const upstream = connect({
    host: '127.0.0.1',
    port: Number(upstreamPort),
    servername: 'localhost',
    ...options,
  })
  upstream.setNoDelay(true)
  return upstream
}

function join(client: Socket, upstream: Socket): void {
  carry(client, upstream)
  carry(upstream, client)
}

function carry(from: Socket, to: Socket): void {
  from.on('data', (chunk) => {
    if (!to.write(chunk)) from.pause()
  })
  to.on('drain', () => from.resume())
  from.on('end', () => to.end())
  from.on('error', () => to.destroy())
  from.on('close', () => to.destroy())
}
