/** Scenes that change the stream itself. */

import type { Scenes } from '../stage.ts'

export const stream: Scenes = {
  async 'COMPRESS=DEFLATE'(stage) {
    const name = await stage.mailbox()
    const { client } = stage
    await stage.ok('COMPRESS DEFLATE')
    client.compress()
    await stage.ok('NOOP', `SELECT ${name}`, 'FETCH 1:* (FLAGS BODY.PEEK[])', 'UID SEARCH ALL')
    await stage.any('COMPRESS DEFLATE')
    const other = await stage.login()
    await client.idle(async () => {
      await other.run(`SELECT ${name}`)
      await other.run('STORE 1 +FLAGS (Compressed)')
      await client.hear(/^\* 1 FETCH/u)
    })
    await stage.ok('LOGOUT')
  },
}
