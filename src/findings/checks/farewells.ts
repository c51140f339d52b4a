/** Checks of how sessions end: BYE, LOGOUT, the autologout timer, and commands that were never completed. */

import type { Check } from '../check.ts'

const logoutWithoutBye: Check = {
  id: 'S28',
  name: 'logout-without-bye',
  level: 'error',
  side: 'server',
  title: 'LOGOUT was completed without an untagged BYE before it',
  reference: 'RFC 9051 section 6.1.3',
  advice: 'The server must send untagged BYE before the completion of LOGOUT.',
  completions: {
    LOGOUT(scene, { response, work }) {
      if (response.status !== 'OK' || !work || work.hasMissed || scene.model.state === 'logout') return
      scene.raise(logoutWithoutBye, { text: `LOGOUT ${work.tag} was completed, and no BYE came before it` })
    },
  },
}

/** What is kept of a farewell. */
const makeFarewell = (): { overAt: number | undefined } => ({ overAt: undefined })
/** Milliseconds in which a server should have closed the connection. */
const LINGER = 10_000

const talkAfterBye: Check = {
  id: 'S29',
  name: 'talk-after-bye',
  level: 'warning',
  side: 'server',
  title: 'Data or another BYE came behind the farewell, or the connection was left open',
  reference: 'RFC 9051 section 7.1.5',
  advice: 'The server should close the connection behind BYE and the completion of LOGOUT.',
  noise: { yandex: 'note' },
  anyUntagged(scene, data) {
    if (scene.model.state !== 'logout') return
    const { overAt } = scene.model.note(makeFarewell)
    if (data.name === 'BYE') scene.raise(talkAfterBye, { text: 'BYE was said twice' })
    else if (overAt !== undefined)
      scene.raise(talkAfterBye, { text: `${data.name} came behind BYE and the completion of LOGOUT` })
  },
  completions: {
    LOGOUT(scene, { response }) {
      if (response.status === 'OK') scene.model.note(makeFarewell).overAt = scene.at
    },
  },
  closed(scene) {
    const { overAt } = scene.model.note(makeFarewell)
    if (overAt === undefined || scene.at - overAt < LINGER) return
    scene.raise(talkAfterBye, {
      text: `the connection was open for ${Math.round((scene.at - overAt) / 1000)} s behind the completion of LOGOUT`,
    })
  },
}

const MINUTE = 60_000
/** What an autologout timer must last at least. */
const AUTOLOGOUT = 30 * MINUTE
/** Clocks of server and observer differ, and what the client sent was on its way. */
const SLACK = 5_000
/** Nobody means inactivity by less: a word like it then stands for something else. */
const INACTIVE = MINUTE
const inactivity = /auto-?logout|inactiv|\bidle\b|idling|time(?:d |-)?\s?out/iu

const earlyAutologout: Check = {
  id: 'S46',
  name: 'early-autologout',
  level: 'error',
  side: 'server',
  title: 'The server logged a client out for inactivity in less than 30 minutes',
  reference: 'RFC 9051 section 5.4',
  advice: 'The autologout timer of the server must be set to 30 minutes or more.',
  untagged: {
    BYE(scene, { text }) {
      const { model, at } = scene
      if (!model.isAuthenticated || model.isLeaving || text.code || !inactivity.test(text.text)) return
      // A command in progress is no inactivity, nor is one whose literal is on its way; IDLE is nothing else.
      if (scene.exchange && scene.exchange.name !== 'IDLE') return
      const quiet = at - model.lastAt.client
      if (quiet < INACTIVE || quiet >= AUTOLOGOUT - SLACK) return
      scene.raise(earlyAutologout, {
        text: `the server logged out for inactivity ${Math.round(quiet / 1000)} s after the client's last line`,
      })
    },
  },
}

/** The server had so long to say something, and did not. */
const SILENCE = 10_000
/** These wait for the client, or for news. */
const patient = new Set(['IDLE', 'AUTHENTICATE', 'LOGOUT'])
/** One is enough: what was sent behind it could not be answered either. */
const makeUnanswered = (): { isTold: boolean } => ({ isTold: false })

const neverCompleted: Check = {
  id: 'S47',
  name: 'never-completed',
  level: 'warning',
  side: 'server',
  title: 'A command was not completed before the session ended, although there was time',
  reference: 'RFC 9051 section 2.2.2',
  advice: "Look at the server's log for what it was doing, or for a proxy in between that gave up.",
  exchange(scene, { status, name, openedAt, heldMillis }, work) {
    if (status !== 'aborted' || !work || patient.has(name)) return
    // While it was held here the server could not answer it.
    const quiet = scene.at - Math.max(openedAt + heldMillis, scene.model.lastAt.server)
    const told = scene.model.note(makeUnanswered)
    if (quiet < SILENCE || told.isTold) return
    told.isTold = true
    scene.raise(neverCompleted, {
      text: `${name} had no completion when the session ended, after ${Math.round(quiet / 1000)} s of silence`,
    })
  },
}

export const farewellChecks: readonly Check[] = [
  logoutWithoutBye,
  talkAfterBye,
  earlyAutologout,
  neverCompleted,
]
