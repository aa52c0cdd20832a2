import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { packageDirs, root } from '../launch/workspace.mjs'

/** A TypeScript block of a Markdown file. */
export interface Block {
  /** The file, relative to the checkout. */
  file: string
  /** The line of its fence. */
  line: number
  code: string
  /** Whether it is run as well as type-checked: not where its fence says `no-run`. */
  runs: boolean
  /** The package from whose folder its imports resolve, relative to the checkout. */
  home: string
}

/** From where the blocks of files outside a package are run: the app that may import every package. */
const app = path.join('apps', 'node')

const fence = /^```ts(?<words>(?: [^\n]*)?)\n(?<code>[\s\S]*?)^```\s*$/gm

/** Every TypeScript block of the READMEs and of `docs/`. */
export function readmeBlocks(from: string = root): Block[] {
  const packages = packageDirs(from).map(dir => ({ file: path.join(dir, 'README.md'), home: dir }))
  const docs = existsSync(path.join(from, 'docs'))
    ? readdirSync(path.join(from, 'docs')).filter(name => name.endsWith('.md'))
    : []
  const shared = ['README.md', ...docs.map(name => path.join('docs', name))].map(file => ({
    file,
    home: app,
  }))
  return [...shared, ...packages]
    .filter(({ file }) => existsSync(path.join(from, file)))
    .flatMap(({ file, home }) =>
      blocksOf(readFileSync(path.join(from, file), 'utf8')).map(block => ({ file, home, ...block })),
    )
}

/** The TypeScript blocks of one Markdown text. */
export function blocksOf(markdown: string): Pick<Block, 'line' | 'code' | 'runs'>[] {
  return [...markdown.matchAll(fence)].map(match => ({
    line: markdown.slice(0, match.index).split('\n').length,
    code: match.groups!.code!,
    runs: !match.groups!.words!.split(/\s+/).includes('no-run'),
  }))
}
