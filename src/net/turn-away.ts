/** Closes a client that is not let in: with a word where it can hear one, and without holding on to it; it does not know why. */

import type { Socket } from 'node:net'

/** Milliseconds to take the word. */
const LINGER = 500
/** Clients that may linger at a time: in a flood the others are just closed. */
const LINGERING = 100

let lingering = 0

/** `line` is for a client in the clear; under TLS it could only hear it behind a handshake, which is work for nobody. */
export function turnAway(socket: Socket, line: string | undefined): void {
  socket.on('error', () => undefined)
  if (line === undefined || lingering >= LINGERING) return void socket.destroy()
  lingering += 1
  const timer = setTimeout(() => socket.destroy(), LINGER)
  socket.once('close', () => {
    lingering -= 1
    clearTimeout(timer)
  })
  // What it sends meanwhile is taken: a socket closed over unread octets answers with a reset, which overtakes the word.
  socket.resume().once('end', () => socket.destroy())
  socket.end(`${line}\r\n`, 'latin1')
}
