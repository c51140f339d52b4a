/** Words, parts of words and patterns in conditions that no value has: what is said of them, and what is let by. */

import { describe, expect, it } from 'vitest'

import { faultOf, fits } from './support/rule-scene.ts'

describe('a time of day', () => {
  it.each([
    ['time < "9:00"', 'write "09:00"'],
    ['time > "9:00"', 'write "09:00"'],
    ['"9:30" <= time', 'write "09:30"'],
    ['time == "7am"', 'write "07:00"'],
    ['time != "7 pm"', 'write "19:00"'],
    ['time >= "22:00:00"', 'write "22:00"'],
    ['time in ["09:00", "12"]', 'write "12:00"'],
    ['time > "25:99"', 'a time from "00:00" to "23:59", such as "09:00"'],
    ['time < "24:00"', 'always true, whatever `time` is: leave it out'],
    ['"24:00" > time', 'always true, whatever `time` is: leave it out'],
    ['time >= "24:00"', '`time` is never "24:00": a day is from "00:00" to "23:59"'],
    ['"24:00" <= time', '`time` is never "24:00"'],
    ['time == "24:00"', '`time` is never "24:00"'],
    ['time < "noon"', 'a time from "00:00" to "23:59"'],
    ['time.startsWith("9:")', '`time` never begins with "9:": times stand there as "07:05"'],
  ])('%s: %s', (when, message) => {
    expect(faultOf(when)).toContain(message)
  })

  it.each(['time >= "18:00" && time < "24:00"', 'time > "18:00" && "24:00" >= time'])('%s', (when) => {
    expect(faultOf(when)).toBeUndefined()
    expect(fits(when, 'NOOP', { hour: 23, minute: 59 })).toBe(true)
    expect(fits(when, 'NOOP', { hour: 0, minute: 0 })).toBe(false)
  })

  it('is compared rightly as text once it is written so', () => {
    const late = { hour: 22, minute: 30 }
    expect(fits('time < "09:00"', 'NOOP', late)).toBe(false)
    expect(fits('time.startsWith("22:")', 'NOOP', late)).toBe(true)
  })
})

describe('words without an order', () => {
  it.each(['weekday > "friday"', '"friday" < weekday', 'weekday >= "x"'])('%s', (when) => {
    expect(faultOf(when)).toBe(
      '`weekday` has no order: name the words, as in weekday in ["sunday", "monday"]',
    )
  })

  it('are those of a list as well', () => {
    expect(faultOf('actions.exists(a, a < "read")')).toContain('`a` has no order')
  })

  it('are not the versions of TLS', () => {
    expect(faultOf('tls.version < "TLSv1.3"')).toBeUndefined()
    expect(faultOf('tls.version < "1.3"')).toContain('did you mean "TLSv1.3"?')
  })
})

describe('a word that nothing is', () => {
  it.each([
    ['tls.version == "1.3"', '`tls.version` never has "1.3": did you mean "TLSv1.3"?'],
    ['tls.version == "TLSv1.0"', 'did you mean "TLSv1"?'],
    ['tls.version == "1.0"', 'did you mean "TLSv1"?'],
    ['tls.version in ["SSL"]', 'it is one of TLSv1, TLSv1.1, TLSv1.2, TLSv1.3'],
    ['state == "unauthenticated"', 'did you mean "not-authenticated"?'],
    ['state == "authentcated"', 'did you mean "authenticated"?'],
    ['"unknwon" in actions', 'did you mean "unknown"?'],
    ['lower(user) == "Ann"', '`lower(user)` has small letters only: write "ann"'],
    ['lower(client).contains("Mail")', '`lower(client)` has small letters only: write "mail"'],
    ['user == "ann "', 'write "ann"'],
    ['"BODYTEXT" in fetchItems', 'FETCH has no item "BODYTEXT": did you mean "BODY[TEXT]" or "BODY"?'],
    ['"SUBJCT" in searchKeys', 'SEARCH has no key "SUBJCT": did you mean "SUBJECT"?'],
    ['"BODY[HEADER.FIELD]" in fetchItems', 'did you mean "BODY[HEADER.FIELDS]"'],
    ['"BINARY.SIZE[1.2]" in fetchItems', 'without the number of the part: write "BINARY.SIZE[]"'],
    ['"BODYPARTSTRUCTURE[1]" in fetchItems', 'write "BODYPARTSTRUCTURE[]"'],
    ['fetchItems.exists(i, i == "ENVELOP")', 'did you mean "ENVELOPE"?'],
    ['"BODY[HEADER.FIELDS (FROM)]" in fetchItems', 'write "BODY[HEADER.FIELDS]"'],
    ['"BODY.PEEK[]<0.100>" in fetchItems', 'write "BODY.PEEK[]"'],
    ['"BODY[TXT]" in fetchItems', 'FETCH has no item "BODY[TXT]": did you mean "BODY[TEXT]"'],
  ])('%s: %s', (when, message) => {
    expect(faultOf(when)).toContain(message)
  })

  it.each([
    '"BODY[]" in fetchItems || "BODY.PEEK[1.2.MIME]" in fetchItems || "BINARY.SIZE[]" in fetchItems',
    '"BODY[1.HEADER.FIELDS.NOT]" in fetchItems || "RFC822.SIZE" in fetchItems || "BINARY[2]" in fetchItems',
    '"X-OF-OURS" in fetchItems || "X-OF-OURS" in searchKeys || "MESSAGES" in searchKeys',
    // Known to servers, and within body parts, and not to us.
    '"MAILBOXNOTE" in searchKeys || "FILENAME" in searchKeys || "ID" in searchKeys || "BODYTEXT" in searchKeys',
    '"unknown" in actions && fetchItems.all(i, i in ["UID", "FLAGS", "CONVERSATIONTOPIC"])',
    '"SENDER" in searchKeys || "MESSAGE-ID" in searchKeys || "SUBTYPE" in searchKeys || "PARENT" in searchKeys',
    '"unknown" in actions && ("ENVELOP" in fetchItems || "SUBJCT" in searchKeys)',
    'tls.version == "" || tls.version in ["TLSv1", "TLSv1.2"]',
    'flags.exists(x, x.startsWith("$")) && actions.all(x, x == "flag")',
  ])('is none of %s', (when) => {
    expect(faultOf(when)).toBeUndefined()
  })
})

describe('a part of a text that none has', () => {
  it.each([
    ['user.endsWith("@Contractor.example")', '`user` has small letters only: write "@contractor.example"'],
    ['user.startsWith("Ann")', 'write "ann"'],
    ['user.contains("NN")', 'write "nn"'],
    ['glob(user, "*@Contractor.example")', 'write "*@contractor.example"'],
    ['command.startsWith("fetch")', '`command` has capital letters only: write "FETCH"'],
    ['command.startsWith("FETHC")', '`command` never begins with "FETHC", did you mean "FETCH"?'],
    ['command.endsWith("XFROBNICATE")', 'name the command in unknownCommands'],
    ['weekday.startsWith("Sun")', '`weekday` never begins with "Sun": it is one of sunday'],
    ['actions.exists(a, a.contains("raed"))', '`actions` never contains "raed"'],
    ['weekday.matches("^s.*s$")', '`weekday` never fits "^s.*s$"'],
    ['user.matches("^Ann")', 'the pattern asks for a capital A: write it small'],
    ['command.matches("^(?:UID )?fetch$")', 'the pattern asks for a small f: write it capital'],
    ['flags.exists(f, f.matches("Label[0-9]"))', 'a capital L'],
    ['address.startsWith("192.168.0.0/16")', 'write inNetwork(address, "192.168.0.0/16")'],
    ['address.contains("192.168/16")', 'write inNetwork(address, "10.0.0.0/8")'],
    ['address.endsWith("/8")', 'an address is never a network: write inNetwork(address, "10.0.0.0/8")'],
  ])('%s: %s', (when, message) => {
    expect(faultOf(when)).toContain(message)
  })

  it.each([
    'user.matches("(?i)^Ann")',
    'user.matches("^[A-Za-z]+\\\\S\\\\pL\\\\p{Lu}\\\\x{4E}(?P<Name>x)$")',
    'command.matches("^(?:UID )?(?P<name>FETCH|STORE)\\\\s*$")',
    'client.matches("^Thunder") && client.startsWith("Thunder") && lower(client).contains("bird")',
    'address.startsWith("192.168.") || address.endsWith(".1") || address.contains(":ff") || address.matches("^10[.]")',
    'command.startsWith("UID ") || weekday.startsWith("s") || command.contains("FETCH")',
  ])('is none of %s', (when) => {
    expect(faultOf(when)).toBeUndefined()
  })

  it('is the end of a name, once it is in small letters', () => {
    const contractor = { user: 'X@Contractor.Example' }
    expect(fits('user.endsWith("@contractor.example")', 'NOOP', contractor)).toBe(true)
  })
})

describe('a * in a text that is compared', () => {
  it.each([
    ['user == "*@contractor.example"', 'user.endsWith("@contractor.example")'],
    ['user in ["ann", "*@Contractor.example"]', 'user.endsWith("@contractor.example")'],
    ['user != "svc-*"', '!user.startsWith("svc-")'],
    ['user != "*@example.com"', '!user.endsWith("@example.com")'],
    ['"*@example.com" != user', '!user.endsWith("@example.com")'],
    ['user != "a*@b.example"', '!user.matches("^a.*@b[.]example$")'],
    ['client != "*Mail*"', '!client.contains("Mail")'],
    ['user != "*"', 'user == ""'],
    ['user == "svc-*@a.example"', 'user.matches("^svc-.*@a[.]example$")'],
    ['user == "*"', 'user != ""'],
    ['client == "*Mail*"', 'client.contains("Mail")'],
    ['mechanism == "SCRAM-*"', 'mechanism.startsWith("SCRAM-")'],
    ['"AUTH=*" in capabilities', 'capabilities.exists(x, x.startsWith("AUTH="))'],
  ])('%s: write %s', (when, instead) => {
    expect(faultOf(when)).toBe(`* stands for itself here: write ${instead}`)
    expect(faultOf(instead)).toBeUndefined()
  })

  it('is told of for the items of a list by their own name', () => {
    expect(faultOf('flags.all(f, f != "$*")')).toBe('* stands for itself here: write !f.startsWith("$")')
  })

  it('is told of where the end of a text is asked for', () => {
    expect(faultOf('user.endsWith("*@a.example")')).toContain('leave it out, "@a.example"')
  })

  it('may belong to a name that Dovecot reads as two', () => {
    expect(faultOf('user == "ann*master" || user.endsWith("*root") || user.contains("*")')).toBeUndefined()
  })
})
