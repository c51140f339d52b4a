/** Configuration lines that switch on every IMAP extension that Debian's Dovecot has; knows no ports and no users. */

import type { TempFolder } from './temp-folder.ts'

/** For the end of a configuration: what stands there already is added to. */
export function extensionLines(folder: TempFolder): string[] {
  return [
    // Not fts_squat: Debian's ends every session with a segmentation fault.
    'mail_plugins = acl quota',
    'mailbox_list_index = yes',
    ...block('protocol imap', [
      'mail_plugins = $mail_plugins imap_acl imap_quota imap_zlib',
      'imap_metadata = yes',
      'imap_urlauth_host = localhost',
      'imap_literal_minus = no',
      // The counts of parallel sessions are no part of the tests.
      'mail_max_userip_connections = 100',
    ]),
    `mail_attribute_dict = file:${folder.join('mail')}/%u.attributes`,
    ...block('plugin', [
      'acl = vfile',
      'acl_anyone = allow',
      `acl_shared_dict = file:${folder.join('mail', 'shared.db')}`,
      'quota = count:User quota',
      'quota_rule = *:storage=4M',
      'quota_rule2 = *:messages=5000',
      'quota_vsizes = yes',
    ]),
    ...block('namespace inbox', ['separator = /', ...specialUses.flatMap(specialUseLines)]),
    ...block('namespace others', [
      'type = shared',
      'separator = /',
      'prefix = shared/%%u/',
      `location = maildir:${folder.join('mail')}/%%u`,
      'subscriptions = no',
      'list = children',
    ]),
  ]
}

const specialUses = ['All', 'Archive', 'Drafts', 'Flagged', 'Junk', 'Sent', 'Trash'] as const

function specialUseLines(use: string): string[] {
  const isCreated = use === 'Drafts' || use === 'Sent' || use === 'Trash'
  return block(`mailbox ${use}`, [`special_use = \\${use}`, ...(isCreated ? ['auto = subscribe'] : [])])
}

function block(head: string, lines: readonly string[]): string[] {
  return [`${head} {`, ...lines.map((line) => `  ${line}`), '}']
}
