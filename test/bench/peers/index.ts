/** Every peer, in the order in which a round visits them. */

import { direct } from './direct.ts'
import { haproxy } from './haproxy.ts'
import { imaptap, imaptapCapture, imaptapFindings, imaptapGatewayAllow, imaptapPolicy } from './imaptap.ts'
import { nginx } from './nginx.ts'
import { nodeBare } from './node-bare.ts'
import type { Peer } from './peer.ts'

export const peers: readonly Peer[] = [
  direct,
  nginx,
  haproxy,
  nodeBare,
  imaptap,
  imaptapFindings,
  imaptapCapture,
  imaptapGatewayAllow,
  imaptapPolicy,
]
