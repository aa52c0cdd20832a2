import { spawnSync } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { createProgram } from '../../src/cli/main.js'
import { folder, NV } from '../hive/fixture.js'
import { nv } from './nv.js'

/** Every command that does something: `nv models add`, not `nv models`. */
function* leaves(command: Command, path: readonly string[] = []): Iterable<readonly [string, Command]> {
  if (command.commands.length === 0) yield [path.join(' '), command]
  for (const child of command.commands) yield* leaves(child, [...path, child.name()])
}

const COMMANDS = [...leaves(createProgram(new AbortController().signal))]

describe('nv', () => {
  it('names every command in its help', async () => {
    const { out } = await nv(['--help'])
    for (const [path] of COMMANDS) expect(out).toContain(`  ${path.split(' ')[0]}`)
  })

  it.each(COMMANDS)('nv %s has a help text with examples of itself', (path, command) => {
    let help = ''
    command.configureOutput({ writeOut: text => (help += text) }).outputHelp()
    expect(help).toMatch(new RegExp(`^Usage: nv ${path}\\b`))
    expect(help).toMatch(new RegExp(`\nExamples:\n(.*\n)*?.*nv ${path.replace(/ show$/, '')}\\b`))
  })

  it.each([
    ['an unknown command', ['frobnicate'], /frobnicate/],
    ['an unknown option', ['status', '--colour'], /--colour/],
    ['an argument that is missing', ['models', 'add'], /source/],
    ['a command that is missing', ['models'], /command/],
    ['a value out of range', ['infer', 'm', '--deadline', '0'], /whole number/],
  ])('says %s in JSON where that is asked for', async (_, args, message) => {
    const { code, err, json } = await nv([...args, '--json'])
    expect([code, err]).toEqual([2, ''])
    expect(json()).toEqual({
      error: {
        code: 'NODE_USAGE',
        message: expect.stringMatching(message),
        details: { reason: expect.stringMatching(/^commander\./) },
      },
    })
  })

  it('prints even a script as JSON where that is asked for', async () => {
    const { json } = await nv(['completion', 'fish', '--json'])
    expect(json()).toEqual({ shell: 'fish', script: expect.stringContaining('complete -c nv') })
  })

  it.each([
    ['nv', ['frobnicate']],
    ['nv infer', ['infer']],
    ['nv hive up', ['hive', 'up', '--nodes', '0']],
    ['nv models', ['models', 'frobnicate']],
  ])('names the help of %s after wrong usage of it', async (command, args) => {
    const { code, err } = await nv(args)
    expect([code, err]).toEqual([2, expect.stringContaining(`(try '${command} --help')`)])
    const json = (await nv([...args, '--json'])).json<{ error: { message: string } }>()
    expect(json.error.message).toContain(`(try '${command} --help')`)
  })

  it.each(['gateway.toString', 'bootstrap.length', 'region.length', 'nobody.port', 'constructor'])(
    'config get finds no setting %s',
    async name => {
      const { code, out, err } = await nv(['config', 'get', name, '--home', await folder('get')])
      expect([code, out, err]).toEqual([2, '', expect.stringContaining(`no setting '${name}'`)])
    },
  )

  it('says what is wrong with exit codes that scripts can use', async () => {
    const home = await folder('codes')
    expect((await nv(['frobnicate'])).code).toBe(2)
    expect((await nv(['status', '--home', home])).code).toBe(3)
    const infer = await nv(['infer', 'x', '--input', 'a=b.npy', '--json', '--home', home])
    expect([infer.code, infer.json()]).toMatchObject([3, { error: { code: 'NODE_NOT_RUNNING' } }])
    expect((await nv(['config', 'set', 'gateway.port', 'high', '--home', home])).code).toBe(2)
    expect((await nv(['hive', 'status', '--home', home])).code).toBe(3)
    expect((await nv(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  it('keeps one identity, privately, until it is rotated', async () => {
    const home = await folder('id')
    const first = (await nv(['id', '--home', home])).out.trim()
    expect(first).toMatch(/^12D3Koo/)
    expect((await stat(join(home, 'identity.key'))).mode & 0o777).toBe(0o600)
    expect((await nv(['id', '--json', '--home', home])).json()).toMatchObject({ peerId: first })
    const rotated = (await nv(['id', 'rotate', '--json', '--home', home])).json<{
      peerId: string
      previous: string
    }>()
    expect(rotated.peerId).not.toBe(first)
    expect((await stat(rotated.previous)).mode & 0o777).toBe(0o600)
  })

  it('finds its home by flag, then by environment', async () => {
    const [flag, environment] = [await folder('flag'), await folder('environment')]
    expect((await nv(['config', 'path'], { NEUROVOYANCE_HOME: environment })).out).toBe(
      `${join(environment, 'config.jsonc')}\n`,
    )
    expect((await nv(['config', 'path', '--home', flag], { NEUROVOYANCE_HOME: environment })).out).toBe(
      `${join(flag, 'config.jsonc')}\n`,
    )
  })

  it('doctor looks at the machine and says what it found', async () => {
    const { code, json } = await nv(['doctor', '--json', '--home', await folder('doctor')])
    const { findings } = json<{ findings: { check: string; verdict: string }[] }>()
    expect(code).toBe(findings.some(({ verdict }) => verdict === 'fail') ? 1 : 0)
    expect(findings.find(({ check }) => check === 'runtime')).toMatchObject({ verdict: 'ok' })
  })

  it('says in one line that a Node is too old', async () => {
    const old = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.1.0' } })`
    const { status, stderr } = spawnSync(
      process.execPath,
      ['--import', `data:text/javascript,${encodeURIComponent(old)}`, NV, 'status'],
      { encoding: 'utf8' },
    )
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/^nv needs Node 22 or newer, and this is Node 20\.1\.0.*\n$/),
    ])
  })
})
