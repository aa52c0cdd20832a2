import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'
import { packageDirs, root } from '../launch/workspace.mjs'

/** Folders of a package whose files are programs to run by name. */
export const kinds = ['bench', 'sim', 'soak'] as const
export type Kind = (typeof kinds)[number]

/** A file under a package's `bench/`, `sim/` or `soak/`. */
export interface Program {
  name: string
  kind: Kind
  /** Relative to the checkout. */
  file: string
  /** The first sentence of the file's first docstring. */
  description: string
  /** The whole of it, a paragraph each. */
  about: string[]
  /** What its `targets` object says, in the order in which it says it. */
  targets: Record<string, string>
}

export function isKind(value: string): value is Kind {
  return (kinds as readonly string[]).includes(value)
}

/** Every program of a kind, by name. Files whose name begins with `_` are parts of others. */
export function findPrograms(kind: Kind, from: string = root): Program[] {
  return packageDirs(from)
    .map(dir => path.join(dir, kind))
    .filter(folder => existsSync(path.join(from, folder)))
    .flatMap(folder =>
      readdirSync(path.join(from, folder))
        .filter(name => name.endsWith('.ts') && !name.startsWith('_') && !name.endsWith('.test.ts'))
        .map(name => describe(kind, from, path.join(folder, name))),
    )
    .sort((a, b) => a.name.localeCompare(b.name))
}

function describe(kind: Kind, from: string, file: string): Program {
  const source = readFileSync(path.join(from, file), 'utf8')
  return {
    kind,
    file,
    name: path.basename(file, '.ts'),
    description: firstSentence(source),
    about: firstComment(source),
    targets: statedTargets(source),
  }
}

/** The first sentence of the first comment in `source`, docstring or not, on one line. */
export function firstSentence(source: string): string {
  const [text = ''] = firstComment(source)
  const [sentence] = text.split(/(?<=[.!?])\s|\s{2,}|\s@/)
  return sentence ?? ''
}

/** The paragraphs of the first comment in `source`, each on one line. */
export function firstComment(source: string): string[] {
  return commentText(source)
    .split(/\n{2,}/)
    .map(paragraph => paragraph.replace(/\s*\n\s*/g, ' ').trim())
    .filter(paragraph => paragraph !== '')
}

/** The first comment in `source`, line by line as it is written. */
export function commentText(source: string): string {
  const [, docstring, lines] = /\/\*\*([\s\S]*?)\*\/|((?:^\/\/.*\n?)+)/m.exec(source) ?? []
  return (docstring ?? lines ?? '')
    .split('\n')
    .map(line => line.replace(/^\s*(?:\*|\/\/)? ?/, '').trimEnd())
    .join('\n')
    .trim()
}

/** The strings in the object that `source` calls `targets`, as a property or as a constant. */
export function statedTargets(source: string): Record<string, string> {
  const targets: Record<string, string> = {}
  const visit = (node: ts.Node): void => {
    const isNamed =
      (ts.isPropertyAssignment(node) || ts.isVariableDeclaration(node)) && node.name.getText() === 'targets'
    const object = isNamed && node.initializer !== undefined ? unwrap(node.initializer) : undefined
    if (object !== undefined && ts.isObjectLiteralExpression(object)) collect(object, targets)
    else ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile('program.ts', source, ts.ScriptTarget.Latest, true))
  return targets
}

function collect(object: ts.ObjectLiteralExpression, targets: Record<string, string>): void {
  for (const property of object.properties) {
    if (!ts.isPropertyAssignment(property)) continue
    const value = unwrap(property.initializer)
    const name = ts.isStringLiteral(property.name) ? property.name.text : property.name.getText()
    if (ts.isStringLiteralLike(value)) targets[name] = value.text
  }
}

/** What stands inside `as const` and `satisfies …`. */
function unwrap(expression: ts.Expression): ts.Expression {
  return ts.isAsExpression(expression) || ts.isSatisfiesExpression(expression)
    ? unwrap(expression.expression)
    : expression
}
