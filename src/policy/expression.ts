/** A condition as a tree: its shape, and questions about its form alone; knows no variable. */

/** As the language's parser makes it; `start` and `end` leave parentheses around the whole out. */
export interface Expression {
  readonly op: string
  readonly args: unknown
  readonly start: number
  readonly end: number
}

export const isExpression = (value: unknown): value is Expression =>
  typeof value === 'object' && value !== null && 'op' in value && 'args' in value

/** The parts that are expressions, in the order of the text. */
export function partsOf({ args }: Expression): readonly Expression[] {
  return flatten(Array.isArray(args) ? args : [args])
}

function flatten(args: readonly unknown[]): readonly Expression[] {
  return args.flatMap((arg) => {
    if (Array.isArray(arg)) return flatten(arg)
    return isExpression(arg) ? [arg] : []
  })
}

/** `a && b && c`, one by one; any other expression is one. */
export function conjunctsOf(expression: Expression): readonly Expression[] {
  return expression.op === '&&' ? partsOf(expression).flatMap(conjunctsOf) : [expression]
}

export function disjunctsOf(expression: Expression): readonly Expression[] {
  return expression.op === '||' ? partsOf(expression).flatMap(disjunctsOf) : [expression]
}

/** The name, where the expression is a variable. */
export const variableOf = ({ op, args }: Expression): string | undefined =>
  op === 'id' && typeof args === 'string' ? args : undefined

/** `tls.version`, where the expression is a field of a variable. */
export function fieldOf({ op, args }: Expression): readonly [string, string] | undefined {
  if (op !== '.' || !Array.isArray(args)) return undefined
  const [holder, field]: unknown[] = args
  const name = isExpression(holder) ? variableOf(holder) : undefined
  return name === undefined || typeof field !== 'string' ? undefined : [name, field]
}

/** The text, where the expression is a text written out. */
export const textOf = ({ op, args }: Expression): string | undefined =>
  op === 'value' && typeof args === 'string' ? args : undefined

/** The texts of `["a", "b"]`. */
export function textsOf(expression: Expression): readonly string[] | undefined {
  if (expression.op !== 'list') return undefined
  const texts = partsOf(expression).map(textOf)
  return texts.every((text) => text !== undefined) ? texts : undefined
}

/** The number, where the expression is a whole number written out. */
export function numberOf(expression: Expression): bigint | undefined {
  const { op, args } = expression
  if (op === 'value') return typeof args === 'bigint' ? args : undefined
  const [left, right] = partsOf(expression)
  if (op === '-_' && left) return negate(numberOf(left))
  if (op !== '*' || !left || !right) return undefined
  const [one, other] = [numberOf(left), numberOf(right)]
  return one === undefined || other === undefined ? undefined : one * other
}

const negate = (value: bigint | undefined): bigint | undefined => (value === undefined ? undefined : -value)

export interface Call {
  readonly name: string
  /** Of `a.f(b)` it is a. */
  readonly receiver: Expression | undefined
  readonly args: readonly Expression[]
}

export function callOf({ op, args }: Expression): Call | undefined {
  if (!Array.isArray(args) || (op !== 'call' && op !== 'rcall')) return undefined
  const [name]: unknown[] = args
  const [first, ...rest] = flatten(args)
  if (typeof name !== 'string') return undefined
  if (op === 'rcall') return { name, receiver: first, args: rest }
  return { name, receiver: undefined, args: first ? [first, ...rest] : [] }
}

/** Calls that look at each item of a list in turn, by a variable of their own. */
const loops = new Set(['exists', 'all', 'exists_one', 'filter', 'map'])

export const isLoop = ({ name, receiver }: Call): boolean => receiver !== undefined && loops.has(name)

/** Of `list.exists(x, body)` the name x and what is said of it. */
export function loopOf(
  call: Call,
): { readonly item: string; readonly bodies: readonly Expression[] } | undefined {
  const [first, ...bodies] = call.args
  const item = first && variableOf(first)
  return isLoop(call) && item !== undefined ? { item, bodies } : undefined
}

/** The expression and all within it, the outer ones first. */
export function* walk(expression: Expression): Generator<Expression> {
  yield expression
  for (const part of partsOf(expression)) yield* walk(part)
}

/** The same for expressions that mean the same and differ in spaces only. */
export function writeExpression(expression: Expression): string {
  const { op, args } = expression
  if (op === 'id') return String(args)
  if (op === 'value')
    return typeof args === 'string' ? JSON.stringify(args) : `${typeof args} ${String(args)}`
  const call = callOf(expression)
  // The name of a field stands in the arguments, and is no expression.
  const word =
    call?.name ?? (Array.isArray(args) ? args.filter((arg) => typeof arg === 'string').join('.') : '')
  return `(${op} ${word} ${partsOf(expression).map(writeExpression).join(' ')})`
}
