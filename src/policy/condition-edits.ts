/** What a condition's names, patterns and networks come to, fixed at load: each as a test of its own in the place of the word. */

import { expressionFault, type ConditionFault } from './condition-fault.ts'
import { variables } from './context.ts'
import {
  callOf,
  isLoop,
  partsOf,
  textOf,
  textsOf,
  variableOf,
  walk,
  type Call,
  type Expression,
} from './expression.ts'
import { compilePattern } from './linear-pattern.ts'
import { parseNetwork } from './network.ts'
import type { NameTest, NameTester } from './name-test.ts'

/** In the text of the condition, from `start` to `end` stands `text` instead. */
export interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** A function that the edited text calls. */
export type FixedTest =
  | { readonly name: string; readonly kind: 'mailbox'; readonly test: NameTest }
  | { readonly name: string; readonly kind: 'method' | 'function'; readonly test: (text: string) => boolean }

export interface Edited {
  readonly edits: readonly Edit[]
  readonly tests: readonly FixedTest[]
  readonly faults: readonly ConditionFault[]
}

/**
 * Where a rule stands when its expression is true: it refuses more (`denial`), or lets more pass (`grant`). `both`: nobody
 * can say, as on either side of `==`.
 */
type Bearing = 'denial' | 'grant' | 'both'

const mailboxNames = variables.filter(({ isMailbox, type }) => isMailbox && type === 'string')
const known = new Set(variables.map(({ name }) => name))

/** `refuses`: the rule refuses or restricts where the condition is true. */
export function editCondition(
  expression: Expression,
  { source, refuses, tester }: { source: string; refuses: boolean; tester: NameTester },
): Edited {
  const editor = new Editor(source, tester)
  editor.visit(expression, refuses ? 'denial' : 'grant', new Set(mailboxNames.map(({ name }) => name)))
  return editor
}

class Editor implements Edited {
  readonly edits: Edit[] = []
  readonly tests: FixedTest[] = []
  readonly faults: ConditionFault[] = []
  readonly #source: string
  readonly #tester: NameTester

  constructor(source: string, tester: NameTester) {
    this.#source = source
    this.#tester = tester
  }

  visit(expression: Expression, bearing: Bearing, names: ReadonlySet<string>): void {
    const call = callOf(expression)
    if (call) return this.#visitCall(expression, call, bearing, names)
    const [left, right, other] = partsOf(expression)
    switch (expression.op) {
      case '&&':
      case '||':
        return partsOf(expression).forEach((part) => this.visit(part, bearing, names))
      case '!_':
        return left && this.visit(left, turn(bearing), names)
      case '?:':
        if (left) this.visit(left, 'both', names)
        if (right) this.visit(right, bearing, names)
        return other && this.visit(other, bearing, names)
      case '==':
      case '!=':
      case 'in':
        if (left && right && this.#compare({ expression, left, right }, bearing, names)) return
    }
    this.#visitRest(expression, bearing, names)
  }

  /** What knows no spelling of a name: exact, and so fit for grants only. */
  #visitRest(expression: Expression, bearing: Bearing, names: ReadonlySet<string>): void {
    const name = variableOf(expression)
    if (name !== undefined && bearing !== 'grant' && (names.has(name) || name === 'mailboxes'))
      return this.#fail(
        expression,
        `a rule that refuses must know every spelling of a mailbox: of \`${name}\` use ==, in or glob(${name}, "...")`,
      )
    for (const part of partsOf(expression)) this.visit(part, bearing === 'grant' ? 'grant' : 'both', names)
  }

  #visitCall(expression: Expression, call: Call, bearing: Bearing, names: ReadonlySet<string>): void {
    if (call.name === 'glob') return this.#fixGlob(expression, call, bearing)
    if (call.name === 'inNetwork') this.#fixNetwork(expression, call)
    if (call.name === 'matches') this.#fixPattern(call)
    if (isLoop(call)) return this.#visitLoop(call, bearing, names)
    if (call.name === 'size' && variableOf(call.receiver ?? call.args[0] ?? expression) === 'mailboxes')
      return
    this.#visitRest(expression, bearing, names)
  }

  #visitLoop({ name, receiver, args }: Call, bearing: Bearing, names: ReadonlySet<string>): void {
    const [item, ...bodies] = args
    const variable = item && variableOf(item)
    if (!receiver || !item || variable === undefined) return
    if (known.has(variable)) this.#fail(item, `\`${variable}\` is taken: choose another name, such as x`)
    const isNames = variableOf(receiver) === 'mailboxes'
    if (!isNames) this.visit(receiver, 'both', names)
    if (bodies.flatMap((body) => [...walk(body)]).some(isOverList))
      this.#fail(item, 'one list within another takes more than linear time: use two conditions')
    const inner = new Set(names)
    if (isNames) inner.add(variable)
    const isPlain = name === 'exists' || name === 'all'
    for (const body of bodies) this.visit(body, isPlain || bearing === 'grant' ? bearing : 'both', inner)
  }

  /** True when it was one of the comparisons that know what a mailbox is. */
  #compare(
    { expression, left, right }: { expression: Expression; left: Expression; right: Expression },
    bearing: Bearing,
    names: ReadonlySet<string>,
  ): boolean {
    const isEqual = expression.op !== 'in'
    if (isEqual && textOf(left) !== undefined)
      return this.#compareWith(
        { expression, variable: right, texts: left, joint: [left, right] },
        bearing,
        names,
      )
    if (isEqual || textsOf(right))
      return this.#compareWith(
        { expression, variable: left, texts: right, joint: [left, right] },
        bearing,
        names,
      )
    if (variableOf(right) !== 'mailboxes') return false
    return this.#compareWith(
      { expression, variable: right, texts: left, joint: [left, right] },
      bearing,
      new Set(['mailboxes']),
    )
  }

  #compareWith(
    { expression, variable, texts, joint: [left, right] }: Comparison,
    bearing: Bearing,
    names: ReadonlySet<string>,
  ): boolean {
    const name = variableOf(variable)
    const only = textOf(texts)
    const written = textsOf(texts) ?? (only === undefined ? undefined : [only])
    if (name === undefined || !names.has(name) || !written) return false
    // Whether there is a mailbox at all has one spelling only.
    if (only === '') return true
    // That one of several mailboxes has this name is an exact question in a grant.
    if (name === 'mailboxes' && bearing === 'grant') return true
    const joint = this.#source.slice(left.end, right.start)
    if (!/^\s*(?:==|!=|in)\s*$/u.test(joint)) {
      this.#fail(
        expression,
        'write a mailbox and its name next to each other, without parentheses or comments',
      )
      return true
    }
    const isNegated = expression.op === '!='
    const test = this.#makeTest(written, texts, {
      bearing: isNegated ? turn(bearing) : bearing,
      isExact: true,
    })
    if (test) {
      const text = `${isNegated ? '!' : ''}${test}(${name}, "")`
      this.edits.push({ start: left.start, end: right.end, text })
    }
    return true
  }

  #fixGlob(expression: Expression, { args: [subject, pattern] }: Call, bearing: Bearing): void {
    if (!subject || !pattern) return
    const written = textOf(pattern)
    if (written === undefined) return this.#fail(pattern, 'the pattern of glob() must be a text in quotes')
    const test = this.#makeTest([written], pattern, { bearing, isExact: false })
    if (test) this.edits.push({ start: expression.start, end: expression.start + 'glob'.length, text: test })
  }

  #makeTest(
    patterns: readonly string[],
    place: Expression,
    { bearing, isExact }: { bearing: Bearing; isExact: boolean },
  ): string | undefined {
    if (bearing === 'both') {
      this.#fail(
        place,
        'names of mailboxes are compared where it is plain what follows: use &&, || and ! around',
      )
      return undefined
    }
    const made = this.#tester.make(patterns, { isBroad: bearing === 'denial', isExact })
    if (!made.ok) {
      this.#fail(place, made.text)
      return undefined
    }
    return this.#add((name) => ({ name, kind: 'mailbox', test: made.test }))
  }

  #fixNetwork(expression: Expression, { args: [, network] }: Call): void {
    const written = network && textOf(network)
    if (!network) return
    if (written === undefined) return this.#fail(network, 'the network must be a text in quotes')
    const parsed = parseNetwork(written)
    if (!parsed.ok) return this.#fail(network, `"${written}" ${parsed.text}`)
    const text = this.#add((name) => ({ name, kind: 'function', test: parsed.has }))
    this.edits.push({ start: expression.start, end: expression.start + 'inNetwork'.length, text })
  }

  #fixPattern({ receiver, args: [pattern] }: Call): void {
    if (!receiver || !pattern) return
    const written = textOf(pattern)
    if (written === undefined) return this.#fail(pattern, 'the pattern of matches() must be a text in quotes')
    const parsed = compilePattern(written)
    if (!parsed.ok) return this.#fail(pattern, parsed.text)
    const between = this.#source.slice(receiver.end, pattern.start)
    const at = between.indexOf('matches')
    if (between.includes('//')) return this.#fail(pattern, 'no comment can stand within matches()')
    const start = receiver.end + at
    const text = this.#add((name) => ({ name, kind: 'method', test: parsed.finds }))
    this.edits.push({ start, end: start + 'matches'.length, text })
  }

  #add(make: (name: string) => FixedTest): string {
    const name = `fixed${this.tests.length}`
    this.tests.push(make(name))
    return name
  }

  #fail(expression: Expression, message: string): void {
    this.faults.push(expressionFault(expression, message))
  }
}

interface Comparison {
  readonly expression: Expression
  readonly variable: Expression
  readonly texts: Expression
  readonly joint: readonly [Expression, Expression]
}

/** Lists that a client makes as long as it likes. */
const clientLists = new Set(['flags', 'searchKeys', 'fetchItems', 'mailboxes'])

/** It goes over a list from its beginning to its end. */
function isOverList(expression: Expression): boolean {
  const call = callOf(expression)
  const [, list] = expression.op === 'in' ? partsOf(expression) : []
  return (
    (call !== undefined && isLoop(call)) || (list !== undefined && clientLists.has(variableOf(list) ?? ''))
  )
}

function turn(bearing: Bearing): Bearing {
  if (bearing === 'both') return 'both'
  return bearing === 'denial' ? 'grant' : 'denial'
}

/** The text with all edits made; they do not overlap. */
export function applyEdits(source: string, edits: readonly Edit[]): string {
  const backwards = edits.toSorted((one, other) => other.start - one.start)
  return backwards.reduce(
    (text, { start, end, text: by }) => text.slice(0, start) + by + text.slice(end),
    source,
  )
}
