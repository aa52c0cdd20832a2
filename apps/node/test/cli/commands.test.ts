import { execFileSync, spawnSync } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { folder, NV } from '../hive/fixture.js'
import { nv } from './nv.js'

const COMMANDS = [
  'start',
  'bootstrap',
  'hive',
  'models',
  'infer',
  'peers',
  'status',
  'doctor',
  'id',
  'config',
  'completion',
]

describe('nv', () => {
  it('has a help text for every command, with examples where they help', async () => {
    const { out } = await nv(['--help'])
    for (const command of COMMANDS) expect(out).toContain(`  ${command}`)
    for (const command of COMMANDS)
      expect((await nv([command, '--help'])).out).toContain(`Usage: nv ${command}`)
    expect((await nv(['infer', '--help'])).out).toContain('Examples:')
  })

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

  it('completes in bash', async context => {
    if (spawnSync('bash', ['--version']).status !== 0) return context.skip('there is no bash here')
    const { out } = await nv(['completion', 'bash'])
    const reply = execFileSync(
      'bash',
      ['-c', `${out}\nCOMP_WORDS=(nv models ''); COMP_CWORD=2; _nv; echo "\${COMPREPLY[@]}"`],
      { encoding: 'utf8' },
    )
    expect(reply.split(/\s+/)).toEqual(expect.arrayContaining(['add', 'list', 'show', 'remove']))
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
