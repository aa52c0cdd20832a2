import path from 'node:path'
import { expect, it } from 'vitest'
import { root } from '../launch/workspace.mjs'
import { execNode } from '../suite/exec.ts'
import { testMachine, testMachineVariable } from '../suite/test-machine.ts'

async function hashOn(machine: string): Promise<string> {
  const turbo = path.join(root, 'node_modules', 'turbo', 'bin', 'turbo')
  const { stdout } = await execNode([turbo, 'run', 'test', '--dry=json', '--filter=@neurovoyance/protocol'], {
    env: { [testMachineVariable]: machine },
  })
  const { tasks } = JSON.parse(stdout) as { tasks: { taskId: string; hash: string }[] }
  return tasks.find(({ taskId }) => taskId === '@neurovoyance/protocol#test')!.hash
}

it('what tests came to is kept for machines that have the same', async () => {
  const here = testMachine()
  const elsewhere = `${here} and a browser`
  expect(testMachine()).toBe(here)
  expect(await hashOn(here)).toBe(await hashOn(here))
  expect(await hashOn(elsewhere)).not.toBe(await hashOn(here))
})
