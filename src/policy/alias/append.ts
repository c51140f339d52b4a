/** Hidden names in APPEND and REPLACE: the destination, and the URLs that a message is made of; knows no other command. */

import type { AppendData, AppendMessage } from '../../imap/append-message.ts'
import type { AppendCommand, ReplaceCommand } from '../../imap/commands/append.ts'
import type { AliasPen } from './pen.ts'

export function aliasAppend(command: AppendCommand, pen: AliasPen): AppendCommand {
  for (const message of command.messages) checkMessage(message, pen)
  return { ...command, mailbox: pen.rename(command.mailbox) }
}

export function aliasReplace(command: ReplaceCommand, pen: AliasPen): ReplaceCommand {
  checkMessage(command.message, pen)
  return { ...command, mailbox: pen.rename(command.mailbox) }
}

function checkMessage({ options, data }: AppendMessage, pen: AliasPen): void {
  for (const option of options ?? []) if (option.name === 'unknown') pen.refuseMention([option.value])
  checkData(data, pen)
}

/** A URL may name a mailbox in more ways than anybody here would see (RFC 5092): none is taken. */
function checkData(data: AppendData, pen: AliasPen): void {
  if (data.kind === 'extension') pen.refuseMention([data.value])
  if (data.kind !== 'catenate') return
  for (const part of data.parts) {
    if (part.kind === 'url') pen.refuse('URLs are not taken here')
    if (part.kind === 'unknown') pen.refuseMention([part.value])
  }
}
