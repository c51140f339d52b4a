/** The public door: what other programs may import from imaptap; named re-exports only. */

// The proxy, built from a configuration; its bus tells what happens.
export { createProxy, type Proxy } from './app/create-proxy.ts'
export type { EventBus, EventListener, Wants } from './app/event-bus.ts'

// The configuration, from flags, IMAPTAP_* variables and YAML.
export type { Config, Listen, LogConfig, TlsConfig, Upstream } from './config/config.ts'
export { loadConfig, type Sources } from './config/load.ts'
export { BadConfiguration, type Problem } from './config/problem.ts'

// What the bus carries.
export type { Finding, FindingEvent, FindingLevel, ObservedEvent } from './findings/finding.ts'
export type { Address, ProxyEvent, SessionId, TlsFacts, Totals } from './relay/event.ts'
export type { Exchange } from './session/exchanges.ts'
export type { SelectedMailbox, SessionState, SessionView } from './session/session.ts'

// Recorded octets to messages, of one side or of both in context.
export {
  readCommands,
  readCommandStream,
  readResponses,
  readResponseStream,
  type Octets,
} from './session/read-octets.ts'
export type {
  ClientMessage,
  CommandMessage,
  Completion,
  ContinuationMessage,
  DataLine,
  DataMessage,
  IncompleteTail,
  ServerMessage,
  TaggedMessage,
  UntaggedMessage,
  WireMessage,
} from './session/wire-message.ts'
export { WireReader, type WireSides } from './session/wire-reader.ts'

// The language: octets to fragments, fragments to messages, messages to values and back.
export { Assembler, type Digester, type MakeDigester } from './imap/assembler.ts'
export { readCommand, writeCommand, type Command, type UnknownCommand } from './imap/commands/index.ts'
export { strict, tolerant, type Reading } from './imap/cursor.ts'
export type { Expectation } from './imap/expectation.ts'
export type { Fault, Parsed } from './imap/fault.ts'
export { Framer } from './imap/framer.ts'
export { limits } from './imap/limits.ts'
export { Message, type MessageKind } from './imap/message.ts'
export { latin1, octetsOf } from './imap/octets.ts'
export {
  lineMessage,
  type LiteralAnnouncement,
  type RawMessage,
  type RawPart,
  type Side,
} from './imap/raw-message.ts'
export { describeMessage, REDACTED, type Showing } from './imap/redact.ts'
export type { ResponseCode } from './imap/response-code.ts'
export type { ResponseText } from './imap/response-text.ts'
export {
  readResponse,
  writeResponse,
  type ContinuationResponse,
  type Response,
  type TaggedResponse,
  type UnknownUntagged,
  type UntaggedData,
  type UntaggedResponse,
} from './imap/responses/index.ts'
export { Secret } from './imap/secret.ts'
export type { LiteralStyle } from './imap/writer.ts'
