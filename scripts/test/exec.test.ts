import { describe, expect, it } from 'vitest'
import { endAll, exec, execNode } from '../suite/exec.ts'

/**
 * A program that starts another, and both wait for ever. The other holds the pipe of standard output
 * too, so `exec` only comes back when both are gone.
 */
const parentAndChild = `
import { spawn } from 'node:child_process'
spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' })
setInterval(() => {}, 1000)
`
const program = ['--input-type=module', '--eval', parentAndChild]

describe('exec', () => {
  it('gives the exit code, all output, and standard output alone', async () => {
    const code = "console.log('out'); console.error('err'); process.exitCode = 4"
    const ended = await execNode(['--eval', code])
    expect(ended).toMatchObject({ code: 4, stdout: 'out\n' })
    expect(ended.output).toContain('err\n')
  })

  it('says so where there is no such program', async () => {
    const ended = await exec('no-such-program', [])
    expect(ended).toMatchObject({ code: 127, output: expect.stringContaining('ENOENT') })
  })

  it('leaves nothing of a program that takes too long', async () => {
    const { code, output } = await execNode(program, { timeoutMs: 1500 })
    expect(code).not.toBe(0)
    expect(output).toContain('stopped after 1.5 s')
  })

  it('leaves nothing of what runs when all is ended', async () => {
    const running = execNode(program)
    endAll('SIGKILL')
    expect((await running).code).not.toBe(0)
  })
})
