/** The table of the tour: each capability with the scene that uses it, and those that have nothing to play. */

import type { Scene, Scenes } from '../stage.ts'
import { base } from './base.ts'
import { mailboxes } from './mailboxes.ts'
import { messages } from './messages.ts'
import { searching } from './searching.ts'
import { stream } from './stream.ts'
import { vendor } from './vendor.ts'

export const scenes: Scenes = { ...base, ...mailboxes, ...messages, ...searching, ...vendor, ...stream }

/** Capabilities without syntax of their own, each with what it says. */
export const withoutScene: Readonly<Record<string, string>> = {
  'LOGIN-REFERRALS': 'a code that only a farm of servers sends',
  LOGINDISABLED: 'LOGIN would be refused',
  'URL-PARTIAL': 'URLs may have ;PARTIAL=, played in CATENATE',
  RIGHTS: 'names the rights that ACL shows',
  'X-QUOTA': 'names the resources that QUOTA shows',
  STARTTLS: 'nothing to offer where the tap listens: played in a test of its own',
  'AUTH=SCRAM-SHA-256-PLUS': 'binds the login to one TLS channel, and there are two',
}

/** The scene of a capability as a server spells it: `APPENDLIMIT=35` is played by `APPENDLIMIT=`. */
export function sceneOf(capability: string): Scene | undefined {
  const name = capability.toUpperCase()
  return scenes[name] ?? scenes[name.replace(/=.*/u, '=')]
}

export function needsNoScene(capability: string): boolean {
  const name = capability.toUpperCase()
  return name in withoutScene || name.replace(/=.*/u, '') in withoutScene
}
