import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { failedTasks, startedTasks } from '../launch/build.mjs'
import { runChild } from '../launch/child.mjs'
import { installFailure } from '../launch/install.mjs'
import { withLock } from '../launch/lock.mjs'
import { contentStamp, readStamp, statStamp, writeStamp } from '../launch/stamp.mjs'
import { root } from '../launch/workspace.mjs'
import { execNode } from '../suite/exec.ts'

const fixtures = path.join(import.meta.dirname, 'fixtures')
let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'neurovoyance-launch-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('runChild', () => {
  it('gives the exit code, and 128 + the number of the signal that ended the child', async () => {
    expect(await runChild(process.execPath, ['-e', 'process.exit(3)'], { stdio: 'ignore' })).toBe(3)
    const killed = ['-e', "process.kill(process.pid, 'SIGKILL')"]
    expect(await runChild(process.execPath, killed, { stdio: 'ignore' })).toBe(137)
  })

  it('rejects where there is no such program', async () => {
    await expect(runChild(path.join(folder, 'none'), [])).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'passes %s on once, waits, and ends with the code of the child',
    async signal => {
      const launcher = spawn(
        process.execPath,
        [path.join(fixtures, 'launch-child.mjs'), path.join(fixtures, 'count-signals.mjs')],
        {
          stdio: ['ignore', 'pipe', 'pipe'],
        },
      )
      const lines = createInterface({ input: launcher.stdout })[Symbol.asyncIterator]()
      const child = Number((await lines.next()).value)
      for (let time = 0; time < 2; time++) {
        launcher.kill(signal)
        expect((await lines.next()).value).toBe(`launcher ${signal}`)
      }
      process.kill(child, 'SIGUSR2')
      expect((await lines.next()).value).toBe(JSON.stringify([signal]))
      const [code] = await once(launcher, 'exit')
      expect(code).toBe(7)
    },
  )
})

describe('toldToEndDuring', () => {
  const work = async (signal?: NodeJS.Signals): Promise<string | undefined> => {
    const launcher = spawn(process.execPath, [path.join(fixtures, 'told-to-end.mjs')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const lines = createInterface({ input: launcher.stdout })[Symbol.asyncIterator]()
    expect((await lines.next()).value).toBe('working')
    if (signal !== undefined) {
      launcher.kill(signal)
      expect((await lines.next()).value).toBe(signal)
    }
    launcher.stdin.end()
    return (await lines.next()).value
  }

  it('tells of a signal that came while the work went on to its end, and of none else', async () => {
    expect(await work()).toBe('went on')
    expect(await work('SIGTERM')).toBe('ended with 143')
    expect(await work('SIGINT')).toBe('ended with 130')
  })
})

describe('stamps', () => {
  it('change with a content, a missing file, a size or a time', () => {
    const file = path.join(folder, 'a')
    writeFileSync(file, 'one')
    const before = { content: contentStamp(folder, ['a']), stat: statStamp(folder, ['a']) }
    expect(contentStamp(folder, ['a'])).toBe(before.content)
    expect(contentStamp(folder, ['a', 'b'])).not.toBe(before.content)

    utimesSync(file, new Date(1), new Date(1))
    expect(contentStamp(folder, ['a'])).toBe(before.content)
    expect(statStamp(folder, ['a'])).not.toBe(before.stat)
    writeFileSync(file, 'two')
    expect(contentStamp(folder, ['a'])).not.toBe(before.content)
  })

  it('are kept in a file', () => {
    const file = path.join(folder, 'deep', 'stamp')
    expect(readStamp(file)).toBeUndefined()
    writeStamp(file, 'abc')
    expect(readStamp(file)).toBe('abc')
  })
})

describe('withLock', () => {
  it('lets one in at a time and leaves nothing', async () => {
    const file = path.join(folder, 'lock')
    let inside = 0
    const work = () =>
      withLock(file, async () => {
        expect(++inside).toBe(1)
        await new Promise(setImmediate)
        inside -= 1
      })
    await Promise.all([work(), work(), work()])
    expect(readStamp(file)).toBeUndefined()
  })

  it('forgets a holder that died, and lets go when the work fails', async () => {
    const file = path.join(folder, 'lock')
    const dead = spawn(process.execPath, ['-e', ''], { stdio: 'ignore' })
    await once(dead, 'exit')
    writeFileSync(file, String(dead.pid))
    await expect(withLock(file, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await withLock(file, async () => readFileSync(file, 'utf8'))).toBe(String(process.pid))
  })
})

describe('what set-up says', () => {
  it.each([
    [
      'npm error network request to https://registry.example failed, reason: getaddrinfo ENOTFOUND',
      'the package registry cannot be reached',
    ],
    [' ERR_PNPM_OUTDATED_LOCKFILE  Cannot install with "frozen-lockfile"', 'pnpm-lock.yaml does not fit'],
    ['ENOSPC: no space left on device', 'the disk is full'],
    ['anything else', 'exit code 1'],
  ])('names the reason in: %s', (tail, words) => {
    const line = installFailure(1, tail)
    expect(line).toContain(words)
    expect(line).not.toContain('\n')
  })

  it('lists what is built, and after a failure only what failed', () => {
    const output = [
      '@neurovoyance/protocol:build: cache hit, replaying logs abc',
      '@neurovoyance/onnx:build: cache miss, executing def',
      '@neurovoyance/onnx:build: src/a.ts(1,1): error TS1005',
      ' Failed:    @neurovoyance/onnx#build',
    ].join('\n')
    expect(startedTasks(output)).toEqual(['  protocol (from cache)', '  onnx'])
    expect(failedTasks(output).split('\n')).toHaveLength(2)
    expect(failedTasks(output)).toContain('error TS1005')
    expect(failedTasks('turbo itself broke')).toBe('turbo itself broke')
  })
})

describe('launch.mjs', () => {
  const launch = (args: string[], flags: string[] = []) =>
    execNode([...flags, path.join(root, 'scripts', 'launch.mjs'), ...args])

  it('says in one line when Node is too old', async () => {
    const pretend =
      "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.20.0' } })"
    const { code, output } = await launch(
      ['start'],
      ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`],
    )
    expect(code).toBe(1)
    expect(output).toMatch(
      /^neurovoyance needs Node 20 or newer; this is v[\d.]+\. Get it from https:\/\/nodejs\.org\n$/,
    )
  })

  it('lists its commands, and refuses others', async () => {
    expect(await launch(['help'])).toMatchObject({ code: 0, stdout: '' })
    const { code, output } = await launch(['frobnicate'])
    expect(code).toBe(2)
    for (const name of ['start', 'test', 'nv', 'bench', 'sim', 'soak'])
      expect(output).toContain(`\n  ${name} `)
  })
})
