import { silentLogger } from '@neurovoyance/protocol'
import { createVirtualClock } from '@neurovoyance/testing/network'
import { describe, expect, it } from 'vitest'
import type { Reply } from '../src/channel/messages.js'
import { RuntimeError } from '../src/errors.js'
import type { Child, OnReply, StartChildInit } from '../src/node/child-process.js'
import { createSlot } from '../src/node/slot.js'

const READY: Reply = { op: 'ready', provider: 'cpu', skipped: [] }
const CRASH = new RuntimeError('RUNTIME_CHILD_CRASHED', 'The child is gone')

/** A slot whose children are scripts: the test says what each does. */
function scriptedSlot(providers: ('webgpu' | 'cpu')[] = ['cpu']) {
  const clock = createVirtualClock()
  const started: StartChildInit[] = []
  const replies: OnReply[] = []
  const failedStarts: number[] = []
  let readies = 0
  const slot = createSlot({
    config: { providers, threads: 1, memoryLimitBytes: 1, parentPid: 1 },
    cacheLimitBytes: 1,
    clock,
    logger: silentLogger,
    startChild(init): Child {
      started.push(init)
      return {
        pid: started.length,
        send: (_command, _body, onReply) => replies.push(onReply),
        kill: async () => {},
      }
    },
    onReady: () => readies++,
    onStartFailed: (_error, attempts) => failedStarts.push(attempts),
  })
  const answer = (header: Reply) => started.at(-1)!.onReady({ header, body: new Uint8Array() })
  const reply = (header: Reply) => replies.shift()!({ header, body: new Uint8Array() })
  const crash = () => started.at(-1)!.onExit(CRASH)
  return { slot, clock, started, failedStarts, answer, reply, crash, readies: () => readies }
}

describe('a slot', () => {
  it('starts its next child at once where work ended the one before', async () => {
    const { slot, started, answer, crash } = scriptedSlot()
    answer(READY)
    const request = slot.request({ op: 'unload', ids: [] })
    crash()
    await expect(request).rejects.toBe(CRASH)
    expect(started).toHaveLength(2)
    expect(slot.ready).toBe(false)
  })

  it('waits longer and longer for children that do not start', () => {
    const { clock, started, failedStarts, crash, answer, readies } = scriptedSlot()
    crash()
    clock.advance(199)
    expect(started).toHaveLength(1)
    clock.advance(1)
    expect(started).toHaveLength(2)
    crash()
    clock.advance(399)
    expect(started).toHaveLength(2)
    clock.advance(1)
    expect(failedStarts).toEqual([1, 2])
    answer(READY)
    expect(readies()).toBe(1)
  })

  it('waits, too, for one that dies again before it was asked anything', () => {
    const { clock, started, failedStarts, crash, answer } = scriptedSlot()
    answer(READY)
    crash()
    expect(started).toHaveLength(1)
    clock.advance(200)
    expect(started).toHaveLength(2)
    expect(failedStarts).toEqual([])
  })

  it('gives up a provider that takes the process with it, and says so', () => {
    const { slot, started, answer, crash } = scriptedSlot(['webgpu', 'cpu'])
    crash()
    expect(started.map(({ config }) => config.providers)).toEqual([['webgpu', 'cpu'], ['cpu']])
    answer(READY)
    expect(slot.provider).toBe('cpu')
    expect(slot.skipped).toEqual([
      { provider: 'webgpu', reason: 'trying it ended the process: The child is gone' },
    ])
  })

  it('gives answers in order, failures as the errors they are', async () => {
    const { slot, answer, reply } = scriptedSlot()
    answer(READY)
    const first = slot.request({ op: 'unload', ids: ['a'] })
    const second = slot.request({ op: 'unload', ids: ['b'] })
    reply({ op: 'done' })
    reply({ op: 'failed', code: 'ONNX_MALFORMED', message: 'broken', details: { at: 3 } })
    expect((await first).header).toEqual({ op: 'done' })
    await expect(second).rejects.toMatchObject({ code: 'ONNX_MALFORMED', details: { at: 3 } })
  })

  it('starts nothing any more once it is closed', async () => {
    const { slot, clock, started, crash } = scriptedSlot()
    crash()
    await slot.close()
    clock.advance(60_000)
    expect(started).toHaveLength(1)
  })
})
