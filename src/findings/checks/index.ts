/** The registry of checks, in the order of their ids; to add one: its file beside this one, and one word here. */

import type { Check } from '../check.ts'
import { announcementChecks } from './announcements.ts'
import { clientCommandChecks } from './client-commands.ts'
import { clientExtensionChecks } from './client-extensions.ts'
import { clientHabitChecks } from './client-habits.ts'
import { clientStateChecks } from './client-state.ts'
import { copyChecks } from './copies.ts'
import { countChecks } from './counts.ts'
import { desyncChecks } from './desync.ts'
import { downgradeChecks } from './downgrade.ts'
import { farewellChecks } from './farewells.ts'
import { fetchDataChecks } from './fetch-data.ts'
import { injectionChecks } from './injection.ts'
import { literalChecks } from './literals.ts'
import { mailboxAnswerChecks } from './mailbox-answers.ts'
import { modSequenceChecks } from './mod-sequences.ts'
import { objectIdChecks } from './object-ids.ts'
import { partialFetchChecks } from './partial-fetch.ts'
import { practiceChecks } from './practice.ts'
import { progressChecks } from './progress.ts'
import { searchChecks } from './search-results.ts'
import { selectChecks } from './select-answers.ts'
import { serviceChecks } from './service.ts'
import { uidChecks } from './uids.ts'
import { unaskedChecks } from './unasked.ts'
import { vanishedChecks } from './vanished.ts'

export const allChecks: readonly Check[] = [
  ...announcementChecks,
  ...clientCommandChecks,
  ...clientExtensionChecks,
  ...clientHabitChecks,
  ...clientStateChecks,
  ...copyChecks,
  ...countChecks,
  ...desyncChecks,
  ...downgradeChecks,
  ...farewellChecks,
  ...fetchDataChecks,
  ...injectionChecks,
  ...literalChecks,
  ...mailboxAnswerChecks,
  ...modSequenceChecks,
  ...objectIdChecks,
  ...partialFetchChecks,
  ...practiceChecks,
  ...progressChecks,
  ...searchChecks,
  ...selectChecks,
  ...serviceChecks,
  ...uidChecks,
  ...unaskedChecks,
  ...vanishedChecks,
].toSorted((a, b) => (a.id < b.id ? -1 : 1))
