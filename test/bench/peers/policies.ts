/** The policies of the bench: the least one that lets everything pass, and one of fifty rules of which the last does; starts nothing. */

/** Guarded, and nothing to ask. */
export const ALLOW_ALL = `policy:
  mode: enforce
  default: deny
  rules:
    - name: all
      allow: true
`

/** As people write them; none fits what the load client does. Those above the line are asked about every command. */
const conditions: readonly string[] = [
  'user.endsWith("@contractor.example")',
  'user == "guest" || user == "kiosk"',
  'user in ["mallory", "trudy", "oscar", "eve"]',
  'inNetwork(address, "203.0.113.0/24")',
  'inNetwork(address, "2001:db8::/32") || inNetwork(address, "198.51.100.0/24")',
  'client.matches("^(?:Outlook|Windows) ?(?:Mail|Express)")',
  'client.startsWith("BadMail") && clientVersion < "3.0"',
  'lower(client).contains("scraper")',
  'listener.endsWith(":143") && !tls.isOn',
  'tls.isOn && tls.version == "TLSv1.2"',
  'tls.isOn && tls.cipher.contains("CBC")',
  'weekday == "sunday" && hour < 4 && user.startsWith("backup-")',
  'time >= "23:59" && user == "night-watch"',
  'usage.sessions > 500 || usage.addressSessions > 5000',
  'usage.failedLogins > 100',
  'session.age > 864000',
  'session.octets > 100 * GiB && user != "archive"',
  'readOnly && user == "writer"',
  'octets > 10 * MiB',
  'selected == "Payroll"',
  'glob(mailbox, "Private/**") && user != "ann"',
  'glob(mailbox, "Legal/*/Sealed") || glob(mailbox, "Board/**")',
  'glob(mailboxes, "Confidential/**")',
  'glob(destination, "**/Trash/**")',
  '"all-mailboxes" in reaches && user.startsWith("temp-")',
  'setForm == "star" && usage.messagesLastHour > 100000',
  'capabilities.exists(c, c == "X-FORBIDDEN")',
  'state == "selected" && mailbox == "Quarantine"',
  // ---- Of these the command, or what it does, says at once that they do not fit.
  'command == "APPEND" && size > 25 * MiB',
  'command in ["EXPUNGE", "UID EXPUNGE"] && user != "ann"',
  'command == "CLOSE" && !readOnly && user == "intern"',
  'command == "DELETE" || command == "RENAME"',
  'command == "AUTHENTICATE" && mechanism == "EXTERNAL"',
  'command == "SETACL" || command == "DELETEACL"',
  'command == "GETQUOTAROOT" && user == "intern"',
  'command == "LIST" && user == "intern"',
  '"delete" in actions',
  '"set-rights" in actions',
  '"identity" in actions',
  '"create" in actions && glob(mailbox, "Shared/**")',
  '"set-metadata" in actions && user == "intern"',
  '"insert" in actions && glob(destination, "Archive/2019/**")',
  '"remove" in actions && glob(selected, "Archive/**")',
  '"delete-flag" in actions && selected == "Archive"',
  '"flag" in actions && flags.exists(f, f.startsWith("$label9"))',
  '"flag" in actions && flags.all(f, f == "$junk")',
  '"read" in actions && fetchItems.exists(i, i.startsWith("X-GM-"))',
  '"read" in actions && size(searchKeys) > 40',
  '"mark-seen" in actions && user.startsWith("audit-")',
]

const denials = conditions.map(
  (condition, at) => `    - name: rule-${at + 1}
      when: '${condition}'
      deny: true
`,
)

/** Everything is put to all that can fit it, and the last rule lets it pass. */
export const FIFTY_RULES = `policy:
  mode: enforce
  default: deny
  rules:
${denials.join('')}    - name: rule-${conditions.length + 1}
      allow: true
`
