/** Whether what came meanwhile is this command's and nobody else's, and which command a tag belongs to; judges nothing. */

import type { Scene } from '../scene.ts'
import { WORK_KEPT, type SessionModel } from '../model/session-model.ts'
import type { Work } from '../model/work.ts'

/** No other command was in progress beside it, and nothing that nobody can read came: what is missing was not sent. */
export function isAlone({ exchange }: Scene, work: Work | undefined): work is Work {
  return work !== undefined && !work.hasMissed && exchange?.attribution === 'certain'
}

/** The command in progress, where there is only one. */
export function onlyWork(model: SessionModel): Work | undefined {
  return model.open.size === 1 ? model.oldest : undefined
}

export function findWork(model: SessionModel, tag: string): Work | undefined {
  return model.withTag(tag)
}

/** The session was heard from its beginning on. */
export const isWhole = ({ isHeardWhole, hasGreeting }: SessionModel): boolean => isHeardWhole && hasGreeting

/** Every tag that is in progress is known here. */
export const knowsTags = (model: SessionModel): boolean => isWhole(model) && model.open.size < WORK_KEPT
