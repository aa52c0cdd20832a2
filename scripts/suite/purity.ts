import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'
import { packageDirs, root } from '../launch/workspace.mjs'

/** A place in a pure core that is not pure. */
export interface Impurity {
  file: string
  line: number
  what: string
}

/** Globals through which time, randomness, and input and output come in. */
const impureGlobals = new Set([
  'Date',
  'performance',
  'crypto',
  'process',
  'console',
  'fetch',
  'WebSocket',
  'XMLHttpRequest',
  'globalThis',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'clearTimeout',
  'clearInterval',
  'clearImmediate',
  'queueMicrotask',
  'requestAnimationFrame',
  'Promise',
])

/**
 * What the `core` folders under `src` of every package use that would make a replay differ: time, randomness, timers,
 * input and output, `node:*`, and everything asynchronous. Tests that lie in there are free.
 */
export function impurities(from: string = root): Impurity[] {
  return packageDirs(from)
    .map(dir => path.join(dir, 'src'))
    .filter(folder => existsSync(path.join(from, folder)))
    .flatMap(folder =>
      readdirSync(path.join(from, folder), { recursive: true, encoding: 'utf8' }).map(name =>
        path.join(folder, name),
      ),
    )
    .filter(file => file.split(path.sep).includes('core'))
    .filter(file => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .flatMap(file =>
      impuritiesOf(readFileSync(path.join(from, file), 'utf8')).map(found => ({ file, ...found })),
    )
}

/** The same for one source text. */
export function impuritiesOf(source: string): Omit<Impurity, 'file'>[] {
  const file = ts.createSourceFile('core.ts', source, ts.ScriptTarget.Latest, true)
  const found: Omit<Impurity, 'file'>[] = []
  const own = declaredNames(file)
  const visit = (node: ts.Node): void => {
    const what = impurity(node, own)
    if (what !== undefined)
      found.push({ line: file.getLineAndCharacterOfPosition(node.getStart()).line + 1, what })
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

function impurity(node: ts.Node, own: ReadonlySet<string>): string | undefined {
  if (ts.isIdentifier(node) && impureGlobals.has(node.text) && !own.has(node.text) && isReference(node)) {
    return node.text
  }
  if (ts.isPropertyAccessExpression(node) && node.getText() === 'Math.random') return 'Math.random'
  if (ts.isAwaitExpression(node)) return 'await'
  if (node.kind === ts.SyntaxKind.AsyncKeyword) return 'async'
  if (ts.isForOfStatement(node) && node.awaitModifier !== undefined) return 'for await'
  const from = importedFrom(node)
  return from?.startsWith('node:') ? `import of ${from}` : undefined
}

/** Names that the file declares or imports: its own `fetch` is not the platform's. */
function declaredNames(file: ts.SourceFile): Set<string> {
  const names = new Set<string>()
  const visit = (node: ts.Node): void => {
    const isDeclaration =
      ts.isFunctionDeclaration(node) ||
      ts.isVariableDeclaration(node) ||
      ts.isParameter(node) ||
      ts.isBindingElement(node) ||
      ts.isImportSpecifier(node)
    if (isDeclaration && node.name !== undefined && ts.isIdentifier(node.name)) names.add(node.name.text)
    ts.forEachChild(node, visit)
  }
  visit(file)
  return names
}

function importedFrom(node: ts.Node): string | undefined {
  const isModule = ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
  const specifier = isModule ? node.moduleSpecifier : isDynamicImport(node) ? node.arguments[0] : undefined
  return specifier !== undefined && ts.isStringLiteralLike(specifier) ? specifier.text : undefined
}

function isDynamicImport(node: ts.Node): node is ts.CallExpression {
  return ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
}

/** Whether an identifier stands for a value or type of that name, not for a member or key called so. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node
  if (
    ts.isPropertyAssignment(parent) ||
    ts.isPropertySignature(parent) ||
    ts.isMethodDeclaration(parent) ||
    ts.isMethodSignature(parent)
  ) {
    return parent.name !== node
  }
  return !ts.isQualifiedName(parent) || parent.left === node
}
