import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { runPhases } from '../suite/run.ts'
import type { Step } from '../suite/step.ts'
import { verdict } from '../suite/tally.ts'

describe('runPhases', () => {
  let printed = ''
  beforeEach(() => {
    printed = ''
    vi.spyOn(console, 'log').mockImplementation(line => {
      printed += `${line}\n`
    })
  })
  afterEach(() => vi.restoreAllMocks())

  const step = (name: string, run: Step['run']): Step => ({ name, what: name, group: 'lint', run })

  it('goes on after a step that fails and one that throws', async () => {
    const steps = [
      step('fails', async log => {
        log('what went wrong')
        return verdict('fails', 'wrong')
      }),
      step('throws', () => Promise.reject(new Error('broken check'))),
      step('passes', async log => {
        log('nobody asks')
        return verdict('passes')
      }),
    ]
    const { tally, interrupted } = await runPhases([{ steps, width: 1, stream: false }])
    expect(interrupted).toBe(false)
    expect(tally.passed).toBe(1)
    expect(tally.failed.map(({ name }) => name)).toEqual(['fails', 'throws'])
    expect(tally.failed[1]!.why).toContain('broken check')
    expect(printed).toContain('what went wrong')
    expect(printed).not.toContain('nobody asks')
  })

  it('runs no more steps at a time than the phase is wide', async () => {
    let running = 0
    let most = 0
    const steps = Array.from({ length: 6 }, (_, index) =>
      step(`step ${index}`, async () => {
        most = Math.max(most, ++running)
        await new Promise(setImmediate)
        running -= 1
        return verdict('ok')
      }),
    )
    const { tally } = await runPhases([{ steps, width: 2, stream: false }])
    expect([tally.passed, most]).toEqual([6, 2])
  })
})
