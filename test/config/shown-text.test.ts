/** How much of a key or value an error shows. */

import { expect, it } from 'vitest'
import { showPath, showText } from '../../src/config/shown-text.ts'

it('a short text is shown whole', () => {
  expect(showText('x'.repeat(40))).toBe('x'.repeat(40))
  expect(showText('two words')).toBe('two words')
  expect(showPath('/etc/up.pem')).toBe('/etc/up.pem')
})

it('a long text is cut to 40 characters, none of them halved', () => {
  expect(showText('x'.repeat(41))).toBe(`${'x'.repeat(39)}…`)
  expect(showText('😀'.repeat(100_000))).toBe(`${'😀'.repeat(39)}…`)
  expect(showPath(`/${'x'.repeat(100)}/up.pem`)).toBe(`…${'x'.repeat(32)}/up.pem`)
})

it('nothing shown moves the cursor or hides', () => {
  expect(showText('a\u001b[31m\u202e\u3164\nb')).toBe('a?[31m???b')
  expect(showPath('/a\u001b')).toBe('/a?')
})

it('a password in a URL is not shown', () => {
  expect(showText('imaps://bob:hunter2@host')).toBe('imaps://***@host')
})
