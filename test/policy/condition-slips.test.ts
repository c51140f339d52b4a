/** What is said of slips in conditions, word for word, and where. */

import { describe, expect, it } from 'vitest'

import { compileCondition } from '../../src/policy/condition.ts'
import { findSlips } from '../../src/policy/condition-slips.ts'
import { NameTester } from '../../src/policy/name-test.ts'
import { faultsOf } from './support/rule-scene.ts'

/** `offset: message`, one after the other. */
function faultsIn(text: string): readonly string[] {
  const use = { refuses: true, isWithoutCommand: false, unknownCommands: [], tester: new NameTester() }
  const compiled = compileCondition(text, use)
  return compiled.ok ? [] : compiled.faults.map(({ start, message }) => `${start}: ${message}`)
}

describe('a condition that cannot be read', () => {
  it.each<[string, ...string[]]>([
    ['user == "ann" and uid', '14: write && in place of `and`'],
    ['user == "ann" OR uid', '14: write || in place of `or`'],
    ['uid and not readOnly', '4: write && in place of `and`', '8: write ! in place of `not`'],
    ['user not in ["ann"]', '5: write !("a" in list) in place of `not in`'],
    ['user is "ann"', '5: write == in place of `is`'],
    ['if uid', '0: leave `if` out: a condition stands alone'],
    ['hour between 8 and 17', '5: write hour >= 8 && hour < 18 in place of `between`'],
    ['user = "ann" && uid = true', '5: comparison is written ==', '20: comparison is written =='],
    ['user === "ann"', '5: comparison is written =='],
    ['user <> "ann"', '5: write != in place of <>'],
    ['user == “ann”', '8: quotes are written " or \''],
    ['uid;', '3: leave ; out: nothing ends a condition'],
    ['uid # by number', '4: a comment begins with //'],
    ['$user == "ann"', '0: a variable stands alone, without $'],
    ['"\\Deleted" in flags', String.raw`0: a \ within quotes is written twice: \\Deleted`],
  ])('%s: says what to write', (when, ...messages) => {
    expect(faultsIn(when)).toEqual(messages)
  })

  it.each([
    ['(user == "ann"', '0: this ( is not closed: a ) is missing'],
    ['uid && (readOnly || (hour < 8)', '7: this ( is not closed: a ) is missing'],
    ['glob(mailbox, "x"', '4: this ( is not closed: a ) is missing'],
    ['user in ["a", "b"', '8: this [ is not closed: a ] is missing'],
    ['user == "ann")', '13: this ) closes nothing: take it out, or open ( before it'],
    ['user in ["a")', '12: ] is missing before this: it closes the [ at character 9'],
    ['user == "ann', '8: this quote is not closed: end the text with "'],
    ["user == 'ann", "8: this quote is not closed: end the text with '"],
    ['user == ann"', '11: a quote is missing in front of ann'],
    ['user == "ann\'', '8: the text begins with " and ends with \': use the same on both sides'],
    ['user == "ann\\"', '8: this quote is not closed: end the text with "'],
    ['user == ""ann""', '10: a text has one quote on each side: "ann"'],
  ])('%s: says what is open, at its beginning', (when, message) => {
    expect(faultsIn(when)).toEqual([message])
  })

  it.each([
    ['user == ann', '8: unknown variable ann: a text stands in quotes, "ann"'],
    ['user == selectd', '8: unknown variable selectd, did you mean selected, or the text "selectd"?'],
    ['user == ann@example.com', '8: a text stands in quotes: "ann@example.com"'],
    ['glob(mailbox, Archive/**)', '14: a text stands in quotes: "Archive/**"'],
    ['address == 10.0.0.1', '11: an address stands in quotes: "10.0.0.1"'],
    ['address in 10.0.0.0/8', '11: a network is asked for by inNetwork(address, "10.0.0.0/8")'],
    ['time >= 8:30', '8: a time stands in quotes: time >= "08:30"'],
    ['size > 10MB', '7: a size is written 10 * MiB, without quotes'],
    ['size > 10 KiB', '7: a size is written 10 * KiB, without quotes'],
    ['session.age > 1h', '14: session.age counts seconds: write 3600'],
    ['session.age > 15m', '14: session.age counts seconds: write 900'],
    ['session.age > 2 hours', '14: session.age counts seconds: write 7200'],
    ['1h < session.age && size > 0', '0: session.age counts seconds: write 3600'],
    ['session.age > 60 && size > 15m', '27: a size is written 15 * MiB, without quotes'],
    ['time > 7am', '7: a time stands in quotes: "07:00"'],
    ['hour > 8h', '7: a number has no unit: write 8, or a text in quotes'],
    ['command in ("FETCH", "STORE")', '11: a list stands in brackets: ["FETCH", "STORE"]'],
    ['command in ["FETCH" "STORE"]', '20: a comma is missing before "STORE"'],
    ['glob(mailbox "x")', '13: a comma is missing before "x"'],
    ['uid readOnly', '4: something is missing before readOnly: &&, || or a comparison'],
    ['uid && || readOnly', '7: something is missing before ||'],
    ['== "ann"', '0: something is missing before =='],
    ['user ==', '7: something is missing at the end'],
  ])('%s: says how the value is written', (when, message) => {
    expect(faultsIn(when)).toEqual([message])
  })

  it('is told of by line and column of the file, each slip at its own', () => {
    const yaml = [
      'default: allow',
      'rules:',
      '  - name: a',
      '    when: >-',
      '      user == "ann"',
      '      and not uid',
      '    deny: true',
      '  - {name: b, when: "(uid", deny: true}',
    ].join('\n')
    expect(faultsOf(yaml)).toEqual([
      '6:7: rules.0.when: write && in place of `and`',
      '6:11: rules.0.when: write ! in place of `not`',
      '8:22: rules.1.when: this ( is not closed: a ) is missing',
    ])
  })

  it('shows nothing that does not print', () => {
    expect(faultsIn('uid \u202e')).toEqual([String.raw`4: unexpected character: \u{202e}`])
  })

  it('is too long to be looked at at some length', () => {
    expect(findSlips('uid and '.repeat(500)).length).toBe(500)
    expect(findSlips('uid and '.repeat(600))).toEqual([])
  })

  it('has no slip where it is what the language allows', () => {
    for (const sound of [
      'flags.exists(f, f.startsWith("$")) && !(uid || size(flags) > 3)',
      'user in ["ann", \'b\\"ob\'] ? uid : !uid // and a comment with "one quote',
      'client.matches(r"^K-\\d") && size > 0x10 && "a\\n\\\\" != """b "c" d""" && -1 < hour',
      'tls.isOn && "IDLE" in capabilities && mailboxes[0] == "a" && {"a": 1}["a"] == 1',
    ])
      expect(findSlips(sound)).toEqual([])
  })
})

describe('a name in a condition that nobody knows', () => {
  it.each<[string, ...string[]]>([
    ['usr == "ann"', '0: unknown variable usr, did you mean user?'],
    ['username == "ann"', '0: unknown variable username, did you mean user?'],
    ['mail == "x"', '0: unknown variable mail, did you mean mailbox or mailboxes?'],
    ['ip == "192.0.2.1"', '0: unknown variable ip, did you mean address?'],
    ['uid == True', '7: write true in small letters'],
    ['user == None', '8: there is no None: what is not there is "" or 0'],
    [
      'usr == "a" || adress == "b"',
      '0: unknown variable usr, did you mean user?',
      '14: unknown variable adress, did you mean address?',
    ],
    [
      'usr == "a" && command == "fetch"',
      '0: unknown variable usr, did you mean user?',
      '25: there is no command "fetch", did you mean "FETCH"?',
    ],
    ['client.match("x")', '0: unknown function match(), did you mean matches?'],
    ['tls.on', '4: unknown field on: tls has isOn, version, cipher, name'],
    ['b"x".client.matches("^K-9")', '0: a text stands in quotes without b in front'],
    ['{"a": user}.a == "x"', '0: nothing here is a map: a list is written ["ann", "bob"]'],
    ['user constructor "x"', '5: something is missing before constructor: &&, || or a comparison'],
  ])('%s', (when, ...messages) => {
    expect(faultsIn(when)).toEqual(messages)
  })

  it('and that nothing is near is told with all that there are', () => {
    const [message] = faultsIn('x == 1')
    expect(message).toMatch(
      /^0: unknown variable x: there are user, client, clientVersion, .*, KiB, MiB, GiB$/,
    )
    expect(faultsIn('frobnicate(user)')).toEqual([
      '0: unknown function frobnicate(): there are glob, inNetwork, lower, matches, startsWith, endsWith, contains, size, exists, all, exists_one',
    ])
  })
})

describe('values that do not go together', () => {
  it.each<[string, ...string[]]>([
    ['size > "10"', '0: a whole number and text cannot go with >: a number stands without quotes'],
    ['uid == "true"', '0: true or false and text cannot go with ==: true and false stand without quotes'],
    [
      'actions == "read"',
      '0: a list of texts and text cannot go with ==: ask for an item, as in "read" in actions',
    ],
    [
      '8 < hour < 17',
      '0: true or false and a whole number cannot go with <: write both sides apart, as in 8 <= hour && hour < 18',
    ],
    ['tls', '0: a condition is true or false, and this is all of tls: ask for a part of it, as in tls.isOn'],
    ['user == null', '0: text and null cannot go with ==: what is not there is "" or 0'],
    ['time > 900', '0: text and a whole number cannot go with >: a time is a text, such as "09:00"'],
    ['25 < time', '0: a whole number and text cannot go with <: a time is a text, such as "09:00"'],
    ['user == 5', '0: text and a whole number cannot go with ==: a text stands in quotes, "5"'],
    [
      'uid && weekday == 6',
      '7: text and a whole number cannot go with ==: it is one of "sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"',
    ],
    [
      'tls.version >= 1.2',
      '0: text and a number with a fraction cannot go with >=: it is one of "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"',
    ],
    ['session.age > "1h"', '0: a whole number and text cannot go with >: it counts seconds, write 3600'],
    ['user == hour', '0: text and a whole number cannot go with =='],
    [
      '"flag" in command',
      '0: `in` asks for an item of a list, and this is text: did you mean "flag" in actions?',
    ],
    ['"FETCH" in command', '0: `in` asks for an item of a list, and this is text: write command == "FETCH"'],
    [
      'size > "5" && (uid || hour == "8") && user == "ann"',
      '0: a whole number and text cannot go with >: a number stands without quotes',
      '22: a whole number and text cannot go with ==: a number stands without quotes',
    ],
  ])('%s', (when, ...messages) => {
    expect(faultsIn(when)).toEqual(messages)
  })
})
