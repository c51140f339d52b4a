/** The real proxy in a process of its own, as its configuration file says, until somebody kills it; prints its port. */

import { createProxy } from '../../../src/app/create-proxy.ts'
import { loadConfig } from '../../../src/config/load.ts'

process.stdin.resume().once('end', () => process.exit())
const [, , file = ''] = process.argv

const config = loadConfig({ flags: { config: file }, env: {} })
// A port of the system's choice: the process before this one may hold any other for a while.
const proxy = await createProxy({ ...config, listen: [{ protocol: 'imap', host: '127.0.0.1', port: 0 }] })
await proxy.start()
process.stdout.write(`${proxy.addresses[0]?.port}\n`)
