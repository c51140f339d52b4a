/** An explanation as lines for people, and as JSON; it does not know how it came about. */

import { printable } from '../../imap/printable.ts'
import { isRefusal } from '../../relay/decided-words.ts'
import { writeMillis } from '../../policy/effect-words.ts'
import type { Paint } from '../reading/paint.ts'
import type { ExplainedRule, Explanation, RuleFate } from './explanation.ts'
import type { Circumstances } from './try-command.ts'

/** Of the object that `--json` prints. */
const schema = 1
/** Characters of a condition in a line. */
const SHOWN = 100

export function explainText(
  command: string,
  about: Circumstances,
  { explanation, paint }: { readonly explanation: Explanation; readonly paint: Paint },
): readonly string[] {
  const { mode, stoppedAt, decided } = explanation
  const last = decided.at(-1)
  const verdict = paint(last && isRefusal(last) ? 'red' : 'green', printable(explanation.verdict))
  return [
    paint('bold', printable(command)),
    paint('dim', `  as ${circumstancesText(about)}`),
    ...(mode === 'dry-run' ? ['  the policy only runs dry: this is what it would do'] : []),
    ...(stoppedAt === undefined
      ? []
      : [paint('red', `  the session does not get so far, because of: ${printable(stoppedAt)}`)]),
    '',
    ...rulesText(explanation.rules, paint),
    '',
    `verdict   ${verdict}`,
    ...block('hint', explanation.hint === undefined ? [] : [printable(explanation.hint)]),
    ...waitsText(explanation),
    ...block('upstream', upstreamLines(explanation)),
    ...block('client', clientLines(explanation)),
    ...(explanation.isClosed ? ['          and the session is closed'] : []),
    ...(explanation.asked.length === 0 ? [] : block('asked', explanation.asked.flatMap(wireLines))),
  ]
}

function circumstancesText({ user, selected, address, client }: Circumstances): string {
  const where = selected === undefined ? 'no mailbox selected' : `${selected} selected`
  const by = client === undefined ? '' : ` with ${client}`
  return printable(`${user} from ${address}${by}, ${where}`)
}

const signs: Readonly<Record<RuleFate, string>> = {
  decides: '>',
  fits: '+',
  'dry run': '~',
  failed: '!',
  'does not fit': ' ',
  'not asked': ' ',
}

function rulesText(rules: readonly ExplainedRule[], paint: Paint): readonly string[] {
  if (rules.length === 0) return ['  no rules']
  const widest = Math.max(...rules.map(({ name }) => name.length))
  return rules.map(({ name, fate, effect, when }) => {
    const condition = when === undefined ? 'always' : printable(when.replaceAll(/\s+/gu, ' '), SHOWN)
    const line = `${signs[fate]} ${printable(name).padEnd(widest)}  ${fate.padEnd(12)}  ${effect}  if ${condition}`
    return fate === 'decides' ? paint('bold', line) : fate === 'not asked' ? paint('dim', line) : line
  })
}

function waitsText({ approval, waitMillis }: Explanation): readonly string[] {
  return [
    ...(approval
      ? [`          a person is asked first; when nobody rules in time: ${approval.otherwise}`]
      : []),
    ...(waitMillis > 0 ? [`          after ${writeMillis(waitMillis)}`] : []),
  ]
}

function upstreamLines({ upstream, approval }: Explanation): readonly string[] {
  if (upstream === undefined) return ['nothing']
  return [...wireLines(upstream), ...(approval ? ['once it was allowed'] : [])]
}

/** What the invented server says is of no interest but for what a guard changes in it. */
function clientLines({ client }: Explanation): readonly string[] {
  const ours = client.filter(({ isOurs }) => isOurs).map(({ line }) => printable(line))
  const last = client.findLast(({ isOurs }) => !isOurs)
  return [
    ...ours,
    ...(last ? [`what the server answers (here it is invented: ${printable(last.line)})`] : []),
  ]
}

/** Every octet is to be seen: line ends as `\r\n`. */
function wireLines(octets: string): readonly string[] {
  const lines = octets.split(/(?<=\r\n)/u).filter((line) => line !== '')
  return lines.map((line) => printable(line).replace(/\\x0d\\x0a$/u, String.raw`\r\n`))
}

const block = (name: string, lines: readonly string[]): readonly string[] =>
  lines.map((line, at) => `${(at === 0 ? name : '').padEnd(10)}${line}`)

export const explainJson = (command: string, about: Circumstances, explanation: Explanation): string =>
  JSON.stringify({ schema, command, ...about, ...explanation })
