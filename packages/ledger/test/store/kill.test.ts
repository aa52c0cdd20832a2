import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { createSeededRandom } from '@neurovoyance/testing/network'
import { expect, it, onTestFinished } from 'vitest'
import { openLedgerStore } from '../../src/store/open.js'
import { applyTo, naiveRoot } from '../tree/naive.js'
import { folder } from './folder.js'
import { blockAt, changesAt, resultsAt } from './processes/workload.js'

const COMMITTER = fileURLToPath(new URL('processes/committer.ts', import.meta.url))
const KILLS = 20

/** Runs the process until it has printed so many lines, kills it, and says what it may be held to. */
async function runAndKill(dir: string, lines: number): Promise<number> {
  const child = spawn(process.execPath, [COMMITTER, dir], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  let told = -1
  let seen = 0
  for await (const line of createInterface({ input: child.stdout })) {
    const [event, height] = line.split(' ')
    told = event === 'back' ? Number(height) : Math.max(told, Number(height))
    if (++seen === lines) child.kill('SIGKILL')
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  expect(child.signalCode).toBe('SIGKILL')
  return told
}

/** What the state is after the block of a height. */
function stateAt(height: number): Map<string, Uint8Array> {
  const pairs = new Map<string, Uint8Array>()
  for (let block = 0; block <= height; block++) applyTo(pairs, changesAt(block))
  return pairs
}

it(`a process that is killed ${KILLS} times at any moment loses nothing that it told, and leaves whole blocks`, async () => {
  const dir = folder()
  const random = createSeededRandom('kill')
  for (let kill = 0; kill < KILLS; kill++) {
    const told = await runAndKill(dir, 1 + random.int(40))
    const store = await openLedgerStore({ dir, undoBlocks: 20 })
    const { state, blocks } = store
    const height = state.height ?? -1
    expect(height).toBeGreaterThanOrEqual(told)

    const pairs = stateAt(height)
    expect(state.root()).toEqual(new Uint8Array(naiveRoot(pairs)))
    const snapshot = await state.snapshot()
    const entries = []
    for await (const entry of snapshot.entries()) entries.push(entry)
    await snapshot.close()
    expect(new Map(entries)).toEqual(pairs)
    for (let index = 0; index <= height; index++) {
      expect(blocks.block(index)).toEqual(blockAt(index))
      const { results, transactions } = resultsAt(index)
      expect(blocks.resultsOf(index)).toEqual(results)
      transactions.forEach(({ id }, place) => {
        expect(blocks.transaction(id)).toEqual({ height: index, index: place })
      })
    }
    await store.close()
  }
})
