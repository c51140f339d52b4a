/** Every case, in the order in which a run visits them. */

import type { BenchCase } from './case.ts'
import { noop, pipelined } from './commands.ts'
import { idle, setup } from './sessions.ts'
import { bulk, bulkSmallRecords, metadata } from './transfer.ts'

export const cases: readonly BenchCase[] = [bulk, bulkSmallRecords, metadata, noop, pipelined, setup, idle]
