/** Writes the configuration of a test Cyrus: everything inside one folder, every extension that it has switched on. */

import { mkdir, writeFile } from 'node:fs/promises'
import { userInfo } from 'node:os'

import type { CertificateFiles } from './certificates.ts'
import type { TempFolder } from './temp-folder.ts'
import { toolPath } from './tools.ts'

export interface CyrusLayout {
  readonly folder: TempFolder
  readonly ports: { readonly imap: number; readonly imaps: number }
  /** Absent for a server without STARTTLS and without a TLS port. */
  readonly certificates: CertificateFiles | undefined
  readonly mechanisms: readonly string[]
  readonly settings: Readonly<Record<string, string>>
}

/** Beside `PATH`, where Debian keeps them: the folder of Debian's packages, and where `.ci/run` unpacks imapd. */
export const imapdPath = '../lib/cyrus/bin/imapd'
const idledPath = '../lib/cyrus/bin/idled'

/** Only Cyrus's own user may run it, unless an ordinary user names himself. */
export const cyrusUser = userInfo().uid === 0 ? 'cyrus' : userInfo().username

export const folders = ['conf', 'spool', 'proc', 'lock', 'socket'] as const

export interface CyrusFiles {
  readonly imapdFile: string
  readonly masterFile: string
  readonly passwordFile: string
}

export async function writeCyrusConfig(layout: CyrusLayout): Promise<CyrusFiles> {
  const { folder } = layout
  for (const name of folders) await mkdir(folder.join(name), { recursive: true })
  const files = {
    imapdFile: folder.join('imapd.conf'),
    masterFile: folder.join('cyrus.conf'),
    passwordFile: folder.join('passwords'),
  }
  await writeFile(files.imapdFile, imapdLines(layout, files.passwordFile))
  await writeFile(files.masterFile, masterLines(layout, files.imapdFile))
  return files
}

function imapdLines(
  { folder, certificates, mechanisms, settings: more }: CyrusLayout,
  passwordFile: string,
): string {
  const settings: Record<string, string> = {
    configdirectory: folder.join('conf'),
    defaultpartition: 'default',
    'partition-default': folder.join('spool'),
    proc_path: folder.join('proc'),
    mboxname_lockpath: folder.join('lock'),
    lmtpsocket: folder.join('socket', 'lmtp'),
    idlesocket: folder.join('socket', 'idle'),
    notifysocket: folder.join('socket', 'notify'),
    syslog_prefix: 'imaptap-cyrus',
    cyrus_user: cyrusUser,
    servername: 'localhost',
    admins: 'admin',
    allowplaintext: 'yes',
    sasl_pwcheck_method: 'auxprop',
    sasl_auxprop_plugin: 'sasldb',
    sasl_sasldb_path: passwordFile,
    sasl_mech_list: mechanisms.join(' '),
    ...mailSettings,
    ...(certificates && {
      tls_server_cert: certificates.certFile,
      tls_server_key: certificates.keyFile,
    }),
    ...more,
  }
  return Object.entries(settings)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('')
}

const mailSettings: Record<string, string> = {
  altnamespace: 'yes',
  unixhierarchysep: 'yes',
  // In kilobytes: who logs in for the first time is given an INBOX with this quota.
  autocreate_quota: '100000',
  autocreate_inbox_folders: 'Drafts | Sent | Trash',
  autocreate_subscribe_folders: 'Drafts | Sent',
  'xlist-drafts': 'Drafts',
  'xlist-sent': 'Sent',
  'xlist-trash': 'Trash',
  specialusealways: 'yes',
  conversations: 'yes',
  annotation_allow_undefined: 'yes',
  annotation_enable_legacy_commands: 'yes',
  allowallsubscribe: 'yes',
  allowusermoves: 'yes',
  anyoneuseracl: 'yes',
  expunge_mode: 'immediate',
  delete_mode: 'immediate',
  maxmessagesize: '1048576',
  aps_topic: 'com.apple.mail.imaptap',
  // What is refused on purpose need not be waited for.
  failedloginpause: '0',
  // Seconds until an idling session hears of changes, should idled not tell of them.
  imapidlepoll: '1',
  search_engine: 'none',
  skiplist_unsafe: 'yes',
}

function masterLines({ ports, certificates }: CyrusLayout, imapdFile: string): string {
  const imapd = `${toolPath(imapdPath)} -C ${imapdFile} -U 100`
  const services = [
    service('imap', imapd, ports.imap),
    ...(certificates ? [service('imaps', `${imapd} -s`, ports.imaps)] : []),
  ]
  return [
    ...block('START', []),
    ...block('DAEMON', [`idled cmd="${toolPath(idledPath)} -C ${imapdFile}"`]),
    ...block('SERVICES', services),
    ...block('EVENTS', []),
    '',
  ].join('\n')
}

function service(name: string, command: string, port: number): string {
  return `${name} cmd="${command}" listen="127.0.0.1:${port}" prefork=1 maxchild=100`
}

function block(head: string, lines: readonly string[]): string[] {
  return [`${head} {`, ...lines.map((line) => `  ${line}`), '}']
}
