import { type ParseArgsConfig, parseArgs } from 'node:util'
import ts from 'typescript'

type Options = NonNullable<ParseArgsConfig['options']>

/** Options of a program: those whose default is a number take nothing else. */
interface StatedOptions {
  options: Options
  numbers: ReadonlySet<string>
}

/** What is wrong with a command line, in one line. */
export class UsageError extends Error {
  override name = 'UsageError'
}

/**
 * Reads options as `parseArgs` does.
 *
 * @throws UsageError on what is not among them
 */
export function readOptions<const O extends Options>(args: readonly string[], options: O) {
  try {
    return parseArgs({ args: [...args], options }).values
  } catch (error) {
    // The sentences after the first tell how to pass what begins with a dash.
    const [mistake = ''] = (error as Error).message.split(/\.\s/)
    throw new UsageError(mistake.replace(/\s*\n\s*/g, ' '))
  }
}

/**
 * Holds a program's command line against the options that it states.
 *
 * @throws UsageError on unknown options and on numbers that are none
 */
export function checkOptions(args: readonly string[], { options, numbers }: StatedOptions): void {
  for (const [name, value] of Object.entries(readOptions(args, options))) {
    if (!numbers.has(name) || typeof value !== 'string') continue
    if (value.trim() === '' || !(Number(value) >= 0) || !Number.isFinite(Number(value)))
      throw new UsageError(`Option '--${name}' takes a number, not '${value}'`)
  }
}

/** The options that `source` hands to `parseArgs`. */
export function statedOptions(source: string): StatedOptions {
  const options: Options = {}
  const numbers = new Set<string>()
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText() === 'parseArgs') {
      for (const [name, init] of properties(properties(node.arguments[0]).get('options'))) {
        const about = properties(init)
        options[name] = { type: about.get('type')?.getText().includes('boolean') ? 'boolean' : 'string' }
        if (isNumber(about.get('default'))) numbers.add(name)
      }
    }
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile('program.ts', source, ts.ScriptTarget.Latest, true))
  return { options, numbers }
}

function properties(node: ts.Node | undefined): Map<string, ts.Expression> {
  if (node === undefined || !ts.isObjectLiteralExpression(node)) return new Map()
  return new Map(
    node.properties
      .filter(ts.isPropertyAssignment)
      .map(({ name, initializer }) => [ts.isStringLiteral(name) ? name.text : name.getText(), initializer]),
  )
}

/** `'30'` or `String(…)`. */
function isNumber(init: ts.Expression | undefined): boolean {
  if (init === undefined) return false
  if (ts.isStringLiteralLike(init)) return init.text !== '' && Number.isFinite(Number(init.text))
  return ts.isCallExpression(init) && init.expression.getText() === 'String'
}
