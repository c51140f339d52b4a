#!/usr/bin/env node
/* Starts imaptap, or says in one line which Node it needs. Written so that Node 12 can still parse it; it does not know any command. */

import { existsSync } from 'fs'

function isSupported(version) {
  const parts = version.split('.').map(Number)
  const major = parts[0]
  const minor = parts[1]
  if (major === 22) return minor >= 18
  if (major === 24) return minor >= 11
  return major >= 26
}

function start() {
  // The package carries no src/: where it stands, this is a checkout, and a built dist/ may be stale.
  const source = new URL('../src/cli/main.ts', import.meta.url)
  const built = new URL('../dist/cli/main.js', import.meta.url)
  return import((existsSync(source) ? source : built).href).then(function (cli) {
    return cli.runProcess(process.argv.slice(2))
  })
}

function fail(text) {
  process.stderr.write('imaptap: ' + text + '\n')
  process.exitCode = 1
}

if (isSupported(process.versions.node)) {
  start().catch(function (error) {
    fail('cannot start: ' + (process.env.IMAPTAP_DEBUG ? error.stack : error.message))
  })
} else {
  fail('needs Node 22.18+, 24.11+ or 26+; this is ' + process.versions.node + ' (' + process.execPath + ')')
}
