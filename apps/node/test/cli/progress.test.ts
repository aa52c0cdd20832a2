import { expect, it } from 'vitest'
import { type ProgressStep, progressBar } from '../../src/cli/progress.js'

const MIB = 2 ** 20

/** What a bar writes for these steps. */
function written(steps: readonly (ProgressStep | undefined)[], isTTY = false): string[] {
  const texts: string[] = []
  const show = progressBar({ isTTY, columns: 60, write: text => texts.push(text) })
  for (const step of steps) show(step)
  return texts
}

it('writes a line at each tenth, in which percent and amount agree', () => {
  const counted = (done: number): ProgressStep => ({ label: 'starting nodes', done, total: 4, unit: 'count' })
  expect(written([0, 1, 2, 3, 4].map(counted))).toEqual([
    'starting nodes 0% (0 of 4)\n',
    'starting nodes 25% (1 of 4)\n',
    'starting nodes 50% (2 of 4)\n',
    'starting nodes 75% (3 of 4)\n',
    'starting nodes 100% (4 of 4)\n',
  ])
  const bytes = (done: number): ProgressStep => ({
    label: 'fetching',
    done,
    total: 100 * MIB,
    unit: 'bytes',
  })
  expect(written([MIB, 2 * MIB, 19 * MIB, 19.5 * MIB].map(bytes))).toEqual([
    'fetching 1% (1.0 MiB of 100.0 MiB)\n',
    'fetching 19% (19.0 MiB of 100.0 MiB)\n',
  ])
})

it('is done when all is done, and not before', () => {
  const last = { label: 'fetching', done: 999, total: 1000, unit: 'count' } as const
  expect(written([last, { ...last, done: 1000 }])).toEqual([
    'fetching 99% (999 of 1000)\n',
    'fetching 100% (1000 of 1000)\n',
  ])
})

it('says only what is going on where nobody knows how much there is', () => {
  const step = { label: 'checking', done: 0, total: 0, unit: 'bytes' } as const
  expect(written([step, step])).toEqual(['checking …\n'])
})

it('wipes its bar from a terminal, and nothing else', () => {
  const step = { label: 'fetching', done: 1, total: 4, unit: 'count' } as const
  expect(written([step, undefined, undefined], true)).toEqual([
    '\r\x1b[K' + 'fetching ██████░░░░░░░░░░░░░░░░░░ 25% (1 of 4)',
    '\r\x1b[K',
  ])
})
