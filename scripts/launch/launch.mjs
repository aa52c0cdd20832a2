// @ts-check
import path from 'node:path'
import { ensureBuilt } from './build.mjs'
import { runChild } from './child.mjs'
import { ensureInstalled } from './install.mjs'
import { SetupError, say } from './say.mjs'
import { toldToEndDuring } from './told-to-end.mjs'
import { root, workspaceNode } from './workspace.mjs'

/**
 * What each command runs on the workspace's Node, and what must be there before.
 *
 * @type {Record<string, { program: string[], build: boolean, cwd?: string, what: string }>}
 */
const commands = {
  start: {
    program: ['apps/demo/dist/main.js'],
    build: true,
    what: 'a hive on this machine that reads pages of text',
  },
  test: { program: ['scripts/suite/main.ts'], build: false, what: 'every check; --help lists them' },
  nv: {
    program: ['apps/node/bin/nv.js'],
    build: true,
    // npm runs scripts in the checkout; paths on nv's command line are meant from where the person is.
    cwd: process.env.INIT_CWD ?? process.cwd(),
    what: 'the command line: npm run -s nv -- ARGS',
  },
  bench: {
    program: ['scripts/programs/main.ts', 'bench'],
    build: true,
    what: 'benchmarks; alone, lists them',
  },
  sim: { program: ['scripts/programs/main.ts', 'sim'], build: true, what: 'simulators; alone, lists them' },
  soak: {
    program: ['scripts/programs/main.ts', 'soak'],
    build: true,
    what: 'long trials; alone, lists them',
  },
  docs: {
    program: ['node_modules/typedoc/bin/typedoc'],
    build: true,
    what: 'the API reference, into docs/api',
  },
}

/**
 * Sets up the checkout and runs a command in it.
 *
 * @param {string[]} argv
 * @returns {Promise<number>} the exit code
 */
export async function launch([name = '', ...args]) {
  const command = commands[name]
  if (command === undefined) {
    say(usage())
    return name === '' || name === 'help' || name === '--help' ? 0 : 2
  }
  try {
    const ended =
      (await toldToEndDuring(ensureInstalled)) ??
      (command.build ? await toldToEndDuring(ensureBuilt) : undefined)
    if (ended !== undefined) return ended
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    say(error.message)
    return error.exitCode
  }
  const [program = '', ...first] = command.program
  return runChild(workspaceNode, [path.join(root, program), ...first, ...withoutSeparator(args)], {
    cwd: command.cwd ?? root,
  })
}

/**
 * pnpm hands on the `--` that npm swallows.
 *
 * @param {string[]} args
 */
function withoutSeparator(args) {
  return args[0] === '--' ? args.slice(1) : args
}

function usage() {
  const lines = Object.entries(commands).map(([name, { what }]) => `  ${name.padEnd(6)} ${what}`)
  return ['usage: node scripts/launch.mjs COMMAND [ARGS]', ...lines].join('\n')
}
