import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { root } from '../launch/workspace.mjs'
import { execNode } from '../suite/exec.ts'

// The real rules, on small workspaces that break them one at a time.
describe('the layer lint', () => {
  let workspace: string

  beforeEach(() => {
    workspace = mkdtempSync(path.join(tmpdir(), 'neurovoyance-layers-'))
    writeFileSync(path.join(workspace, 'tsconfig.base.json'), '{}')
    for (const name of ['protocol', 'p2p', 'runtime', 'scheduler', 'client', 'testing']) place(name)
  })
  afterEach(() => rmSync(workspace, { recursive: true, force: true }))

  function place(name: string): void {
    const dir = path.join(workspace, 'packages', name)
    write(
      `packages/${name}/package.json`,
      JSON.stringify({ name: `@neurovoyance/${name}`, type: 'module', exports: './dist/index.js' }),
    )
    write(`packages/${name}/dist/index.js`, 'export {}')
    mkdirSync(path.join(workspace, 'node_modules', '@neurovoyance'), { recursive: true })
    symlinkSync(dir, path.join(workspace, 'node_modules', '@neurovoyance', name), 'dir')
  }

  function write(file: string, source: string): void {
    mkdirSync(path.dirname(path.join(workspace, file)), { recursive: true })
    writeFileSync(path.join(workspace, file), source)
  }

  async function violations(): Promise<string[]> {
    const program = path.join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruiser.mjs')
    const config = path.join(root, '.dependency-cruiser.mjs')
    const { stdout, output } = await execNode(
      [program, '--config', config, '--output-type', 'json', 'packages'],
      { cwd: workspace },
    )
    if (!stdout.startsWith('{')) throw new Error(output)
    const { summary } = JSON.parse(stdout) as { summary: { violations: { rule: { name: string } }[] } }
    return [...new Set(summary.violations.map(({ rule }) => rule.name))]
  }

  it('lets imports point down', async () => {
    write('packages/client/src/index.ts', "import '@neurovoyance/p2p'\nimport '@neurovoyance/protocol'\n")
    write('packages/client/test/index.test.ts', "import '@neurovoyance/testing'\nimport '../src/index.js'\n")
    write('packages/client/test/page.ts', "import '@neurovoyance/runtime'\n")
    expect(await violations()).toEqual([])
  })

  it('finds an import that points up', async () => {
    write('packages/protocol/src/index.ts', "import '@neurovoyance/p2p'\n")
    expect(await violations()).toEqual(['packages/protocol imports only what lies below it'])
  })

  it('finds an import that points sideways, of types too', async () => {
    write(
      'packages/scheduler/src/index.ts',
      "import type { Host } from '@neurovoyance/p2p'\nexport type X = Host\n",
    )
    expect(await violations()).toEqual(['packages/scheduler imports only what lies below it'])
  })

  it('finds testing in a source, and a sibling in a test', async () => {
    write('packages/client/src/index.ts', "import '@neurovoyance/testing'\n")
    write('packages/p2p/test/index.test.ts', "import '@neurovoyance/scheduler'\n")
    expect(await violations()).toEqual([
      'packages/client imports only what lies below it',
      'packages/p2p: tests and programs import what lies below it, and testing',
    ])
  })

  it("finds an import past a package's exports", async () => {
    write('packages/protocol/src/limits.ts', 'export {}')
    write('packages/p2p/src/index.ts', "import '../../protocol/src/limits.js'\n")
    expect(await violations()).toEqual(['an import of another package goes through its exports'])
  })

  it('finds a cycle', async () => {
    write('packages/p2p/src/a.ts', "import './b.js'\n")
    write('packages/p2p/src/b.ts', "import './a.js'\n")
    expect(await violations()).toEqual(['no cycles'])
  })

  it('finds input and output, and adapters, in a pure core', async () => {
    write(
      'packages/scheduler/src/core/step.ts',
      "import 'node:fs'\nimport '../adapter/send.js'\nimport '../errors.js'\n",
    )
    write('packages/scheduler/src/adapter/send.ts', 'export {}')
    write('packages/scheduler/src/errors.ts', 'export {}')
    expect((await violations()).toSorted()).toEqual([
      'a pure core imports no adapter',
      'a pure core imports no input or output',
    ])
  })
})
