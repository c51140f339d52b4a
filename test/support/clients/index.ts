/** Every real client that the end-to-end tests drive. */

import type { Client } from './client.ts'
import { curl } from './curl.ts'
import { imapflow } from './imapflow.ts'
import { imaplib } from './imaplib.ts'
import { mbsync } from './mbsync.ts'

export const clients: readonly Client[] = [curl, imaplib, imapflow, mbsync]
