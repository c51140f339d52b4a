/** Writes the configuration of a test Dovecot: everything inside one folder, as root or as an ordinary user. */

import { mkdir, writeFile } from 'node:fs/promises'
import { userInfo } from 'node:os'

import type { CertificateFiles } from './certificates.ts'
import { runOrThrow } from './child.ts'
import { extensionLines } from './dovecot-extensions.ts'
import type { DovecotOptions } from './dovecot.ts'
import type { TempFolder } from './temp-folder.ts'
import { toolPath } from './tools.ts'

export interface DovecotLayout {
  readonly folder: TempFolder
  readonly ports: { readonly imap: number; readonly imaps: number }
  readonly listenHost: string
  readonly options: DovecotOptions
  readonly certificates: CertificateFiles
}

export interface Owner {
  readonly uid: number
  readonly gid: number
}

/** Answers the path of the file. */
export async function writeDovecotConfig(layout: DovecotLayout): Promise<string> {
  const { folder, options } = layout
  await mkdir(folder.join('run'), { recursive: true })
  await mkdir(folder.join('state'), { recursive: true })
  const lines = [
    ...baseLines(folder, layout.listenHost),
    ...(isRoot() ? [] : await ordinaryUserLines()),
    ...tlsLines(layout),
    ...mailLines(folder),
    ...loginLines(layout),
    ...(options.isCompressing === true ? ['protocol imap {', '  mail_plugins = imap_zlib', '}'] : []),
    ...(options.hasEveryExtension === true ? extensionLines(folder) : []),
    options.extra ?? '',
  ]
  const path = folder.join('dovecot.conf')
  await writeFile(path, `${lines.join('\n')}\n`)
  return path
}

/** Who owns the mail: Dovecot refuses to read mail as root, so then it is nobody. */
export async function mailOwner(): Promise<Owner> {
  const { uid, gid } = userInfo()
  if (uid !== 0) return { uid, gid }
  const [nobody, group] = await Promise.all([askId(['-u', 'nobody']), askId(['-g', 'nobody'])])
  return { uid: Number(nobody), gid: Number(group) }
}

async function askId(args: readonly string[]): Promise<string> {
  const { stdout } = await runOrThrow(toolPath('id'), args)
  return stdout.toString().trim()
}

function isRoot(): boolean {
  return userInfo().uid === 0
}

function baseLines(folder: TempFolder, listenHost: string): string[] {
  return [
    `base_dir = ${folder.join('run')}`,
    `state_dir = ${folder.join('state')}`,
    `log_path = ${folder.join('dovecot.log')}`,
    `listen = ${listenHost}`,
    'protocols = imap',
    'login_greeting = imaptap-dovecot',
    // Nothing in the tests needs them, and each start would spawn them.
    'service stats {',
    '  process_min_avail = 0',
    '}',
  ]
}

/** Without root there is nobody to become and nowhere to chroot to. */
async function ordinaryUserLines(): Promise<string[]> {
  const { username } = userInfo()
  const group = await askId(['-gn'])
  return [
    `default_internal_user = ${username}`,
    `default_login_user = ${username}`,
    `default_internal_group = ${group}`,
    ...['anvil', 'imap-login', 'stats'].flatMap(withoutChroot),
  ]
}

function withoutChroot(service: string): string[] {
  return [`service ${service} {`, '  chroot =', '}']
}

function tlsLines({ options, certificates }: DovecotLayout): string[] {
  if (options.tls === 'none') return ['ssl = no', 'disable_plaintext_auth = no']
  return [
    'ssl = yes',
    `ssl_cert = <${certificates.certFile}`,
    `ssl_key = <${certificates.keyFile}`,
    `disable_plaintext_auth = ${options.tls === 'required' ? 'yes' : 'no'}`,
  ]
}

function mailLines(folder: TempFolder): string[] {
  return [
    `mail_location = maildir:${folder.join('mail', '%u')}`,
    'first_valid_uid = 1',
    'mail_fsync = never',
    // All Maildirs of a test are one machine's: waiting for the clock to tick only costs time.
    'maildir_very_dirty_syncs = yes',
    'namespace inbox {',
    '  inbox = yes',
    '}',
  ]
}

function loginLines({ folder, ports, options }: DovecotLayout): string[] {
  const mechanisms = options.mechanisms ?? ['plain', 'login']
  return [
    `auth_mechanisms = ${mechanisms.join(' ')}`,
    // A wrong password is part of the tests; its penalty is not.
    'auth_failure_delay = 0',
    ...['passdb', 'userdb'].flatMap((db) => [
      `${db} {`,
      '  driver = passwd-file',
      `  args = ${folder.join('users')}`,
      '}',
    ]),
    'service anvil {',
    '  unix_listener anvil-auth-penalty {',
    '    mode = 0',
    '  }',
    '}',
    'service imap-login {',
    '  service_count = 0',
    '  process_min_avail = 1',
    ...listenerLines('imap', ports.imap, false),
    ...listenerLines('imaps', options.tls === 'none' ? 0 : ports.imaps, true),
    '}',
  ]
}

function listenerLines(name: string, port: number, isSecure: boolean): string[] {
  return [`  inet_listener ${name} {`, `    port = ${port}`, `    ssl = ${isSecure ? 'yes' : 'no'}`, '  }']
}
