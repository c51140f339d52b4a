/** The shape of a complete configuration, defaults filled in: what the application is built from. */

import type { PolicyDocument } from './policy-document.ts'

export interface Upstream {
  /** `imap` is cleartext, `imap+starttls` demands STARTTLS, `imaps` is TLS from the first octet. */
  readonly protocol: 'imap' | 'imap+starttls' | 'imaps'
  readonly host: string
  readonly port: number
  /** PEM file trusted instead of the system's authorities. */
  readonly ca: string | undefined
  /** The name that the certificate must carry; the host when undefined. */
  readonly name: string | undefined
  /** Accept any certificate: whoever stands between can read and change everything. */
  readonly isInsecure: boolean
}

export interface Listen {
  /** `imap` offers STARTTLS; `imaps` is TLS from the first octet. */
  readonly protocol: 'imap' | 'imaps'
  readonly host: string
  /** 0 lets the system choose. */
  readonly port: number
}

export interface TlsConfig {
  /** Folder of the local CA; the XDG state folder when undefined. */
  readonly caDir: string | undefined
  readonly leafKey: 'ecdsa' | 'rsa'
  /** PEM files of a certificate chain and its key, presented instead of minted ones. Both or neither. */
  readonly cert: string | undefined
  readonly key: string | undefined
  /** NSS key log for both legs; `$SSLKEYLOGFILE` when undefined. */
  readonly keyLog: string | undefined
}

export interface LogConfig {
  /** A path, or `-` for stdout; undefined: lines for people on stderr where stdout is a terminal, else JSON on stdout. */
  readonly file: string | undefined
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent'
  /** Every line of both directions, redacted. */
  readonly wire: boolean
}

export interface FindingsConfig {
  /** Undefined: while the dashboard is open. */
  readonly isEnabled: boolean | undefined
  /** Ids or names of findings that are not told. */
  readonly ignore: readonly string[]
}

export interface ControlConfig {
  /** Where viewers attach; `false`: nowhere; undefined: in the runtime folder of the service or the user. */
  readonly socket: string | false | undefined
}

export interface CaptureConfig {
  /** A file, or a folder for one file per start. */
  readonly path: string
  /** Keep credentials. */
  readonly secrets: boolean
  /** Keep the text of mails. */
  readonly bodies: boolean
  /** Octets after which a file is closed and another begun, and milliseconds after which it is. */
  readonly maxSize: number
  readonly maxAge: number
  /** Octets of all files together: the oldest closed ones are removed. */
  readonly quota: number
  /** How closed files are compressed. */
  readonly compress: 'zstd' | 'gzip' | 'none'
}

/** A policy, and where it came from, so that it can be read again. */
export interface PolicyConfig {
  readonly document: PolicyDocument
  /** The files that it was read from; a change of any means that it is to be read again. */
  readonly files: readonly string[]
  /** From the same places as before; throws BadConfiguration. Undefined where it came from no file. */
  readonly readAgain?: (() => PolicyConfig | undefined) | undefined
}

export interface AuditConfig {
  readonly path: string
  /** `strict`: no audited command goes on before its record is on disk. */
  readonly mode: 'strict' | 'relaxed'
}

export interface ProxyProtocolConfig {
  /** Addresses and networks (CIDR) whose connections begin with a header; from others none is taken. */
  readonly from: readonly string[]
}

export interface Config {
  readonly upstream: Upstream
  readonly listen: readonly Listen[]
  /** Capabilities hidden beside the built-in ones, upper case. `NAME-*` and `*-NAME` are patterns. */
  readonly hideCapabilities: readonly string[]
  /**
   * Who compresses (RFC 4978): the two ends as they agree, imaptap by itself on the leg of one side or of both, or
   * nobody.
   */
  readonly compress: 'follow' | 'client' | 'upstream' | 'both' | 'never'
  readonly tls: TlsConfig
  readonly log: LogConfig
  readonly findings: FindingsConfig
  /** Undefined: the command line has a control socket at its usual place, and a proxy within another program has none. */
  readonly control?: ControlConfig | undefined
  /** Undefined: nothing is captured. */
  readonly capture?: CaptureConfig | undefined
  /** Undefined: nothing is enforced, and the proxy is transparent. */
  readonly policy?: PolicyConfig | undefined
  /** Undefined: decisions are only logged. */
  readonly audit?: AuditConfig | undefined
  readonly proxyProtocol?: ProxyProtocolConfig | undefined
  /** Undefined: when stdout is a terminal. */
  readonly dashboard: boolean | undefined
}
