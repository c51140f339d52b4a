import { once } from 'node:events'
import { connect } from 'node:tls'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Authority } from '../../src/net/authority.ts'
import { cleanText, tlsFacts } from '../../src/net/tls-facts.ts'
import { createTempFolder, type TempFolder } from '../support/temp-folder.ts'
import { reach, serveTls, type LoopbackServer } from './handshake.ts'

let folder: TempFolder
let server: LoopbackServer
let ca: string
beforeAll(async () => {
  folder = await createTempFolder('facts')
  const authority = await Authority.open({ dir: folder.path, leafKey: 'ecdsa' })
  ca = authority.certificatePem
  server = await serveTls(authority)
})
afterAll(async () => {
  await server.close()
  await folder.remove()
})

test('the server leg shows the name verified and the peer, and asking twice gives the same', async () => {
  const socket = connect({ host: '127.0.0.1', port: server.port, ca, servername: 'imap.example.com' })
  await once(socket, 'secureConnect')
  const facts = tlsFacts(socket, 'server', { name: 'other.example' })
  expect(facts).toEqual({
    version: 'TLSv1.3',
    cipher: 'TLS_AES_128_GCM_SHA256',
    name: 'other.example',
    certificate: 'CN=imap.example.com',
    isResumed: false,
  })
  expect(tlsFacts(socket, 'server')).toEqual({ ...facts, name: 'imap.example.com' })
  socket.destroy()
})

test('a certificate without a subject is shown by its names', async () => {
  const servername = `${'a'.repeat(63)}.example.com`
  const socket = connect({ host: '127.0.0.1', port: server.port, ca, servername })
  await once(socket, 'secureConnect')
  expect(tlsFacts(socket, 'server').certificate).toBe(`DNS:${servername}`)
  socket.destroy()
})

test('a client without SNI has no name, and its leaf is that of the address it dialled', async () => {
  const accepted = server.next()
  const reached = reach({ port: server.port, ca })
  const { socket } = await accepted
  await once(socket, 'secure')
  expect(tlsFacts(socket, 'client')).toMatchObject({ name: '', certificate: 'CN=127.0.0.1' })
  await reached
})

test('a resumed session says on both legs that no certificate was sent', async () => {
  const options = { host: '127.0.0.1', port: server.port, ca, servername: 'imap.example.com' }
  const { session } = await reach(options)
  const accepted = server.next()
  const socket = connect({ ...options, ...(session && { session }) })
  await once(socket, 'secureConnect')
  const client = tlsFacts((await accepted).socket, 'client')
  expect([tlsFacts(socket, 'server'), client]).toMatchObject([
    { isResumed: true, certificate: 'not sent again (resumed)' },
    { isResumed: true, certificate: 'not sent again (resumed)' },
  ])
  socket.destroy()
})

test('text from a peer cannot move the cursor, turn the line or fill the screen', () => {
  expect(cleanText('a\u001b[2J\r\nb\u202ec\u2028d')).toBe('a?[2J??b?c?d')
  expect(cleanText('x'.repeat(5000))).toHaveLength(259)
})
