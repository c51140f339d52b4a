/** Untagged responses without what is hidden: each kind that is known, and those that are not; knows no status text. */

import { unreachable } from '../../imap/fault.ts'
import type { FetchItem } from '../../imap/fetch-item.ts'
import { latin1 } from '../../imap/octets.ts'
import type { FetchData, UidFetchData } from '../../imap/responses/fetch.ts'
import type { UntaggedData } from '../../imap/responses/index.ts'
import type { ListData, ListExtension } from '../../imap/responses/list.ts'
import type { QuotaRootData } from '../../imap/responses/quota.ts'
import type { Syntax } from '../../imap/syntax.ts'
import { decodeText } from '../../imap/utf8.ts'
import { isToldRoot } from '../alias/quota-root.ts'
import { mailboxOfLabel } from '../gmail-labels.ts'
import { couldBeHidden, isHidden, mayBeRead, type FilterContext } from './context.ts'
import { filterText } from './text.ts'

/** Undefined where nothing of it may be told; the same object where all of it may. */
export function filterData(
  data: UntaggedData,
  context: FilterContext,
  notes: string[],
): UntaggedData | undefined {
  const kept = filterKind(data, context, notes)
  const word = data.name === 'unknown' ? 'an untagged response' : data.name
  if (!kept) notes.push(`${word} was left out: it is about a mailbox that is hidden or not to be read`)
  else if (kept !== data && notes.length === 0) notes.push(`${word} was changed: it names a hidden mailbox`)
  return kept
}

function filterKind(data: UntaggedData, context: FilterContext, notes: string[]): UntaggedData | undefined {
  switch (data.name) {
    case 'OK':
    case 'NO':
    case 'BAD':
    case 'PREAUTH':
    case 'BYE': {
      const text = filterText(data.text, data.name, context, notes)
      return text === data.text ? data : { ...data, text }
    }
    case 'LIST':
    case 'LSUB':
    case 'XLIST':
      return filterList(data, context)
    case 'STATUS':
      if (context.hiddenNames.isShell(data.mailbox)) return undefined
      return isHidden(data.mailbox, context) || !mayBeRead(data.mailbox, context) ? undefined : data
    case 'METADATA':
      if (context.hiddenNames.isShell(data.mailbox)) return undefined
      return isHidden(data.mailbox, context) || !mayBeRead(data.mailbox, context) ? undefined : data
    case 'MYRIGHTS':
      if (context.hiddenNames.isShell(data.mailbox)) return undefined
      return isHidden(data.mailbox, context) ? undefined : data
    case 'ANNOTATION':
      return isHidden(data.mailbox, context) || !mayBeRead(data.mailbox, context) ? undefined : data
    case 'ACL':
    case 'LISTRIGHTS':
    case 'MAILBOX':
    case 'BBOARD':
      return isHidden(data.mailbox, context) ? undefined : data
    case 'ESEARCH':
    case 'UIDBATCHES':
      if (data.mailbox === undefined) return data
      return isHidden(data.mailbox, context) || !mayBeRead(data.mailbox, context) ? undefined : data
    case 'QUOTAROOT':
      return filterQuotaRoot(data, context)
    case 'QUOTA':
      return context.book.holds(data.root) || isToldRoot(data.root, context) ? data : undefined
    case 'FETCH':
    case 'UIDFETCH':
      return filterFetch(data, context)
    case 'URLFETCH':
    case 'GENURLAUTH':
      // Nothing could have asked for them: URLs are not taken where anything is hidden.
      return context.view.hidesAnything ? undefined : data
    case 'JMAPACCESS':
      return undefined
    case 'NETSCAPE':
    case 'DUMP':
    case 'XSTATS':
      return mentions(data.values, context) ? undefined : data
    case 'COPY':
    case 'STORE':
      return mentions(data.values, context) ? undefined : data
    case 'unknown':
      return mentions(data.arguments, context) ? undefined : data
    // Prefixes of namespaces are no mailboxes, and without them a client cannot tell which names it may make.
    case 'NAMESPACE':
    case 'CAPABILITY':
    case 'ENABLED':
    case 'COMPARATOR':
    case 'CONVERSION':
    case 'CONVERTED':
    case 'EXISTS':
    case 'RECENT':
    case 'EXPUNGE':
    case 'FLAGS':
    case 'ID':
    case 'LANGUAGE':
    case 'SEARCH':
    case 'SORT':
    case 'THREAD':
    case 'VANISHED':
    case 'XAPPLEPUSHSERVICE':
      return data
    default:
      return unreachable(data)
  }
}

/** `\HasChildren` and `\HasNoChildren` go where a hidden mailbox may lie below, whether there is one or not. */
function filterList(data: ListData, context: FilterContext): ListData | undefined {
  if (isHidden(data.mailbox, context)) return undefined
  const { view, how } = context
  const mayHide =
    view.hidesAnything && data.mailbox !== '' && view.rightsBelow(data.mailbox, how) === 'hidden'
  const attributes = mayHide ? data.attributes.filter((one) => !isChildrenAttribute(one)) : data.attributes
  // Cyrus tells the STATUS of the first mailbox below in the name of such a one, against RFC 5819 section 2.
  if (data.name === 'LIST')
    context.hiddenNames.noteShell(
      data.mailbox,
      mayHide && data.attributes.some((one) => isNonExistent(one) || isNoselect(one)),
    )
  const hadChildInfo = data.extensions?.some(({ name }) => name === 'CHILDINFO') === true
  // Only what lies below brought it into the answer.
  if (mayHide && hadChildInfo && !attributes.some(isSubscribed)) return undefined
  if (mayHide && attributes.some(isNonExistent)) return undefined
  if (mayHide && data.name === 'LSUB' && attributes.some(isNoselect)) return undefined
  const extensions = data.extensions?.filter((one) => !isHiddenExtension(one, mayHide, context))
  const isSame =
    attributes.length === data.attributes.length && extensions?.length === data.extensions?.length
  if (isSame) return data
  const { name, delimiter, mailbox } = data
  return {
    name,
    attributes,
    delimiter,
    mailbox,
    ...(extensions && extensions.length > 0 && { extensions }),
  }
}

const isChildrenAttribute = (attribute: string): boolean => /^\\Has(?:No)?Children$/iu.test(attribute)

/** No mailbox, and listed for what lies below it (RFC 9051 section 7.3.1). */
const isNonExistent = (attribute: string): boolean => attribute.toLowerCase() === '\\nonexistent'

/** In answers to LSUB: it is not subscribed, and something below it is (RFC 3501 section 6.3.9). */
const isNoselect = (attribute: string): boolean => attribute.toLowerCase() === '\\noselect'

const isSubscribed = (attribute: string): boolean => attribute.toLowerCase() === '\\subscribed'

function isHiddenExtension(extension: ListExtension, mayHide: boolean, context: FilterContext): boolean {
  if (extension.name === 'CHILDINFO') return mayHide
  if (extension.name === 'OLDNAME') return isHidden(extension.mailbox, context)
  return mentions([extension.value], context)
}

function filterQuotaRoot(data: QuotaRootData, context: FilterContext): QuotaRootData | undefined {
  if (isHidden(data.mailbox, context)) return undefined
  const { book } = context
  const roots = data.roots.filter((root) => book.holds(root) || !isNamedHiddenRoot(root, context))
  // What it says of a name that nobody has is no word for a root.
  if (context.view.hidesAnything && !book.holds(data.mailbox)) for (const root of roots) book.noteRoot(root)
  return roots.length === data.roots.length ? data : { ...data, roots }
}

/** A root that no rule names is kept where all others are hidden: its name need not be that of a mailbox. */
const isNamedHiddenRoot = (root: string, { view, how }: FilterContext): boolean =>
  root !== '' && view.isNamedHidden(root, how)

function filterFetch<D extends FetchData | UidFetchData>(data: D, context: FilterContext): D | undefined {
  if (!context.view.hidesAnything) return data
  const items = data.items.flatMap((item) => filterItem(item, context))
  const isSame = items.length === data.items.length && items.every((item, at) => item === data.items[at])
  if (isSame) return data
  // Without items it would be no FETCH response; with a body that streamed past it cannot be written again.
  return items.length === 0 || items.some(hasStreamed) ? undefined : { ...data, items }
}

function filterItem(item: FetchItem, context: FilterContext): readonly FetchItem[] {
  if (item.name === 'X-GM-LABELS') {
    const labels = item.labels.filter((label) => !isHidden(mailboxOfLabel(label), context))
    return labels.length === item.labels.length ? [item] : [{ ...item, labels }]
  }
  if (item.name === 'X-MAILBOX') return isHidden(item.value, context) ? [] : [item]
  if (item.name === 'FOLDER') return isHidden(item.mailbox, context) ? [] : [item]
  if (item.name === 'unknown' && item.value) return mentions([item.value], context) ? [] : [item]
  return [item]
}

const hasStreamed = (item: FetchItem): boolean =>
  'data' in item && item.data !== null && !(item.data instanceof Uint8Array)

/** Values that nobody here understands may be names. */
function mentions(values: readonly Syntax[], context: FilterContext): boolean {
  return context.view.hidesAnything && values.some((value) => isMention(value, context))
}

function isMention(value: Syntax, context: FilterContext): boolean {
  switch (value.kind) {
    case 'list':
      return value.items.some((item) => isMention(item, context))
    case 'literal':
      return couldBeHidden(decodeText(latin1(value.octets)), context)
    case 'opaque':
    case 'streamed':
      return true
    case 'atom':
    case 'quoted':
      return couldBeHidden(value.text, context)
  }
}
