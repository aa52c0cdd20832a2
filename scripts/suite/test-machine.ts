import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { root } from '../launch/workspace.mjs'

/** Turbo hashes this variable with every package's tests (turbo.json). */
export const testMachineVariable = 'NEUROVOYANCE_TEST_MACHINE'

const browsers = [
  '/usr/bin/google-chrome',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/**
 * What tests find on this machine or skip for: a result of a machine that lacks something, kept by Turbo, is not taken
 * for one that has it.
 */
export function testMachine(): string {
  const traits = {
    platform: `${process.platform}-${process.arch}`,
    root: process.getuid?.() === 0,
    netns: works('unshare', '--net', 'true') && works('ip', '-V') && works('nft', '--version'),
    mount: works('unshare', '--mount', 'mount', '-t', 'tmpfs', 'none', '/mnt'),
    python: says('python3', '-c', 'import ensurepip, sys, venv; print(sys.version)'),
    numpy: works('python3', '-c', 'import numpy'),
    bash: works('bash', '--version'),
    browser: process.env.CHROME_PATH ?? browsers.find(existsSync),
    models: existsSync(path.join(root, '..', 'shared', 'models')),
  }
  return JSON.stringify(traits)
}

function works(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0
}

function says(command: string, ...args: string[]): string {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8' })
  return status === 0 ? stdout.trim() : ''
}
