/** No proxy at all: what load client and upstream can do together. Its CPU is upstream's own. */

import type { Peer } from './peer.ts'

export const direct: Peer = {
  name: 'direct',
  about: 'no proxy; CPU is that of upstream',
  isNode: false,
  find: () => ({ kind: 'here', version: 'none' }),
  start: (site) => Promise.resolve({ port: site.upstreamPort, pid: site.upstreamPid }),
}
