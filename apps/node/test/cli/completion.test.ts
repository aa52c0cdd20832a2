import { execFileSync, spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { SCRIPTS, type Shell } from '../../src/cli/completion-scripts.js'
import { completionWords } from '../../src/cli/completion-words.js'
import { createProgram } from '../../src/cli/main.js'
import { folder } from '../hive/fixture.js'

const WORDS = completionWords(createProgram(new AbortController().signal))

/** Asks a shell what may stand in place of the last word. */
const ASK: Readonly<Record<Shell, (script: string, words: readonly string[]) => string[]>> = {
  bash: (script, words) => [
    '-c',
    `source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _nv; printf '%s\\n' "\${COMPREPLY[@]}"`,
    script,
    ...words,
  ],
  // Completion proper needs a terminal; its two ways of answering stand in for it here.
  zsh: (script, words) => [
    '-fc',
    `compdef() { }; compadd() { shift; print -l -- "$@" }; _files() { print files }
     source "$0"; words=("$@"); CURRENT=$#; _nv`,
    script,
    ...words,
  ],
  fish: (script, words) => [
    '--no-config',
    '-c',
    `source $argv[1]; complete -C "$argv[2]" | string replace -r '\\t.*' ''; true`,
    script,
    words.join(' '),
  ],
}

describe.each(['bash', 'zsh', 'fish'] as const)(
  'completion in %s (skipped where it is not installed)',
  shell => {
    const absent = spawnSync(shell, ['--version']).status !== 0

    async function complete(...words: string[]): Promise<string[]> {
      const script = join(await folder('completion'), 'nv')
      await writeFile(script, SCRIPTS[shell](WORDS))
      const out = execFileSync(shell, ASK[shell](script, words), {
        encoding: 'utf8',
        cwd: await folder('empty'),
      })
      return out.split('\n').filter(word => word !== '')
    }

    it.skipIf(absent)('offers commands, and those below a command', async () => {
      expect(await complete('nv', '')).toEqual(expect.arrayContaining(['start', 'hive', 'models', 'infer']))
      expect((await complete('nv', 'models', '')).sort()).toEqual(['add', 'list', 'remove', 'show'])
    })

    it.skipIf(absent)('offers the choices of an argument', async () => {
      expect((await complete('nv', 'completion', '')).sort()).toEqual(['bash', 'fish', 'zsh'])
    })

    it.skipIf(absent)('offers a command’s own options after a dash, and those that all take', async () => {
      const options = await complete('nv', 'models', 'add', '--')
      expect(options).toEqual(expect.arrayContaining(['--name', '--revision', '--home', '--json', '--help']))
      expect(options).not.toContain('--deadline')
      expect(await complete('nv', 'infer', 'my-model', '--')).toContain('--deadline')
    })

    it.skipIf(absent)('does not take an option’s value for a command', async () => {
      expect((await complete('nv', '--home', '/srv/nv', 'models', '')).sort()).toEqual([
        'add',
        'list',
        'remove',
        'show',
      ])
    })

    it.skipIf(absent)('leaves an option’s value and an argument to the shell’s files', async () => {
      const files = shell === 'zsh' ? ['files'] : []
      expect(await complete('nv', 'infer', '--input', '')).toEqual(files)
      expect(await complete('nv', 'models', 'add', '')).toEqual(files)
    })
  },
)
