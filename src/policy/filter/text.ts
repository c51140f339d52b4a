/** Status texts and response codes without referrals and without hidden names; knows no untagged data. */

import { unreachable } from '../../imap/fault.ts'
import type { ResponseCode } from '../../imap/response-code.ts'
import type { ResponseText } from '../../imap/response-text.ts'
import { isHidden, type FilterContext } from './context.ts'

type Status = 'OK' | 'NO' | 'BAD' | 'PREAUTH' | 'BYE'

/** What stands in place of a text that tells too much. */
const neutral: Readonly<Record<Status, string>> = {
  OK: 'Done.',
  NO: 'This could not be done.',
  BAD: 'This was not understood.',
  PREAUTH: 'Ready.',
  BYE: 'Goodbye.',
}

/** The same object where nothing is to be taken out. */
export function filterText(
  response: ResponseText,
  status: Status,
  context: FilterContext,
  notes: string[],
): ResponseText {
  const { code } = response
  const isCodeKept = !code || isKept(code, context)
  if (!isCodeKept)
    notes.push(`the response code ${code.name === 'unknown' ? code.word : code.name} was left out`)
  // What an administrator wants people to see is not for us to change.
  const isReferral = oddReferral.test(response.text)
  const isTextKept = !isReferral && (code?.name === 'ALERT' || !tells(response.text, context))
  if (isReferral) notes.push('a text was left out: some clients would take it for a referral')
  else if (!isTextKept) notes.push('a text was left out: it may name a hidden mailbox')
  const text = isTextKept ? withoutCount(response.text, context) : neutral[status]
  if (isCodeKept && text === response.text) return response
  return isCodeKept && code ? { code, text } : { text }
}

/** Cyrus ends LIST with `(0.000 secs 10 calls)`: one call for each mailbox that it looked at, hidden ones too. */
function withoutCount(text: string, { view }: FilterContext): string {
  return view.hidesAnything ? text.replace(/ \d+ calls\)$/u, ')') : text
}

/** Which is text by the grammar, since the code does not begin the text or is not written as codes are. */
const oddReferral = /\[\s*REFERRAL/iu

/** Each code of the registry; those that hold no name, and no way around the proxy, stay. */
function isKept(code: ResponseCode, context: FilterContext): boolean {
  switch (code.name) {
    case 'REFERRAL':
      return false
    case 'BADURL':
      return !context.view.hidesAnything
    case 'NEWNAME':
      return !isHidden(code.oldName, context) && !isHidden(code.newName, context)
    case 'unknown':
      return !tells(code.text, context)
    case 'ALERT':
    case 'ALREADYEXISTS':
    case 'ANNOTATE':
    case 'ANNOTATIONS':
    case 'APPENDUID':
    case 'AUTHENTICATIONFAILED':
    case 'AUTHORIZATIONFAILED':
    case 'BADCHARSET':
    case 'BADCOMPARATOR':
    case 'BADEVENT':
    case 'CANNOT':
    case 'CAPABILITY':
    case 'CLIENTBUG':
    case 'CLOSED':
    case 'COMPRESSIONACTIVE':
    case 'CONTACTADMIN':
    case 'COPYUID':
    case 'CORRUPTION':
    case 'DOWNGRADED':
    case 'EXPIRED':
    case 'EXPUNGEISSUED':
    case 'HASCHILDREN':
    case 'HIGHESTMODSEQ':
    case 'INPROGRESS':
    case 'INUSE':
    case 'LIMIT':
    case 'MAILBOXID':
    case 'MAXCONVERTMESSAGES':
    case 'MAXCONVERTPARTS':
    case 'MESSAGELIMIT':
    case 'METADATA':
    case 'MODIFIED':
    case 'NETSCAPE':
    case 'NOMODSEQ':
    case 'NONEXISTENT':
    case 'NOPERM':
    case 'NOTIFICATIONOVERFLOW':
    case 'NOTSAVED':
    case 'NOUPDATE':
    case 'OBJECTID':
    case 'OVERQUOTA':
    case 'PARSE':
    case 'PERMANENTFLAGS':
    case 'PRIVACYREQUIRED':
    case 'READ-ONLY':
    case 'READ-WRITE':
    case 'SERVERBUG':
    case 'TEMPFAIL':
    case 'THROTTLED':
    case 'TOOBIG':
    case 'TOOFEW':
    case 'TOOMANY':
    case 'TRYCREATE':
    case 'UIDNEXT':
    case 'UIDNOTSTICKY':
    case 'UIDREQUIRED':
    case 'UIDVALIDITY':
    case 'UNAVAILABLE':
    case 'UNDEFINED-FILTER':
    case 'UNKNOWN-CTE':
    case 'UNSEEN':
    case 'URLMECH':
    case 'USEATTR':
    case 'WEBALERT':
    case 'XPROXYREUSE':
      return true
    default:
      return unreachable(code)
  }
}

/** Characters of a text that is looked into. */
const longestText = 4096

/** Words of a text that are looked at; behind them a server has long said what it has to say. */
const mostWords = 64

/** No rule and no server has shorter names that are looked for in texts. */
const shortestSaid = 2

/**
 * Whether a hidden name stands in the text that the client did not say itself: as one of its words, or as several that a
 * rule or the server had as a name. What the server repeats goes back whether there is such a mailbox or not, or else
 * whoever says a name where none belongs, such as in a keyword, would learn whether there is.
 */
function tells(text: string, context: FilterContext): boolean {
  const { view, how, hiddenNames, book, said } = context
  if (!view.hidesAnything || text === '') return false
  if (text.length > longestText) return true
  const words = text.split(/[\s"'()[\]<>,;:]+/u, mostWords + 1)
  if (words.length > mostWords) return true
  // Whether there is such a mailbox or not: no name that is looked for stands in what is said then.
  if (said?.isLooking && words.some((word) => word.length >= shortestSaid && said.has(word))) return true
  const isNews = (name: string): boolean => !said?.has(name)
  const folded = text.toLowerCase()
  if (hiddenNames.someIn(folded, isNews)) return true
  if (view.hiddenPhrases.some((phrase) => folded.includes(phrase) && isNews(phrase))) return true
  return words.some((word) => {
    const bare = word.replace(/[.!?]+$/u, '')
    if (bare === '' || book.holds(word)) return false
    const isHiddenName = hiddenNames.has(bare) || hiddenNames.has(word) || view.isNamedHidden(bare, how)
    return isHiddenName && isNews(bare)
  })
}
