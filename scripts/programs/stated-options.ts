import ts from 'typescript'
import type { StatedOption, StatedOptions } from './options.ts'

/** Options whose names tell what they take in every program. */
const BY_NAME: Readonly<Record<string, StatedOption['value']>> = {
  seed: 'whole',
  seeds: 'seeds',
  minutes: 'number',
  seconds: 'number',
}

/** The options that a program's `source` hands to `parseArgs`. */
export function statedOptions(source: string): StatedOptions {
  const tree = ts.createSourceFile('program.ts', source, ts.ScriptTarget.Latest, true)
  const numbers = optionsReadAsNumbers(tree)
  const options: Record<string, StatedOption> = {}
  visitCalls(tree, call => {
    if (call.expression.getText() !== 'parseArgs') return
    for (const [name, init] of properties(properties(call.arguments[0]).get('options'))) {
      const about = properties(init)
      const fallback = literal(about.get('default'))
      const value = about.get('type')?.getText().includes('boolean')
        ? 'none'
        : (BY_NAME[name] ?? kindOfDefault(about.get('default'), numbers.has(name)))
      options[name] = { value, ...(fallback && value !== 'none' && { fallback }) }
    }
  })
  return options
}

/** `'30'` is a count, `'0.5'` a number, `'0'` counts from there; `String(…)` stands for a number that is worked out. */
function kindOfDefault(init: ts.Expression | undefined, isRead: boolean): StatedOption['value'] {
  const text = literal(init)
  if (text === undefined || !/^\d+(\.\d+)?$/.test(text)) {
    if (init !== undefined && ts.isCallExpression(init) && init.expression.getText() === 'String')
      return 'count'
    return isRead ? 'number' : 'text'
  }
  if (text.includes('.')) return 'number'
  return Number(text) === 0 ? 'whole' : 'count'
}

/** Names of options that are read as `Number(values.NAME)`. */
function optionsReadAsNumbers(tree: ts.SourceFile): ReadonlySet<string> {
  const names = new Set<string>()
  visitCalls(tree, ({ expression, arguments: [value] }) => {
    if (expression.getText() !== 'Number' || value === undefined) return
    if (ts.isPropertyAccessExpression(value) && value.expression.getText() === 'values')
      names.add(value.name.text)
  })
  return names
}

function visitCalls(tree: ts.Node, act: (call: ts.CallExpression) => void): void {
  if (ts.isCallExpression(tree)) act(tree)
  ts.forEachChild(tree, child => visitCalls(child, act))
}

function properties(node: ts.Node | undefined): Map<string, ts.Expression> {
  if (node === undefined || !ts.isObjectLiteralExpression(node)) return new Map()
  return new Map(
    node.properties
      .filter(ts.isPropertyAssignment)
      .map(({ name, initializer }) => [ts.isStringLiteral(name) ? name.text : name.getText(), initializer]),
  )
}

function literal(init: ts.Expression | undefined): string | undefined {
  return init !== undefined && ts.isStringLiteralLike(init) ? init.text : undefined
}
