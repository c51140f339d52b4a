/** A guarded gateway with a strict audit, in a process of its own, until somebody kills it; prints its port. */

import { openAudit } from '../../../src/app/audit-host.ts'
import { EventBus } from '../../../src/app/event-bus.ts'
import { startGateway } from '../../relay/guarded/gateway.ts'
import { makeGuard } from '../../relay/guarded/support.ts'

const [, , path = '', upstreamPort = ''] = process.argv

const bus = new EventBus((error) => {
  throw error
})
const audit = await openAudit({ path, mode: 'strict' }, { bus, onProblem: (text) => console.error(text) })
if (!audit.recorder) throw new Error('a strict audit has a recorder')
const { port } = await startGateway({
  upstreamPort: Number(upstreamPort),
  makeGuard: () => makeGuard(),
  recorder: audit.recorder,
})
process.stdout.write(`${port}\n`)
