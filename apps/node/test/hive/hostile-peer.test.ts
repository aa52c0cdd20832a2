import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { Client } from '@neurovoyance/client'
import type { Hive, NodeProcess } from '@neurovoyance/testing/hive'
import { add } from '@neurovoyance/testing/models'
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest'
import { clientOf, hiveOf, hostEverywhere, untilHosted } from './fixture.js'
import { hasMemoryPeaks, peakOf, startPeak } from './memory.js'

const MiB = 1024 * 1024
/** At the peak, with what a busy machine has not collected yet. */
const MAY_GROW_BYTES = 256 * MiB
/** Streams that one connection may hold open towards a node. */
const STREAMS_PER_CONNECTION = 512
const OFFERS_PER_ANSWER = 4_096
const IDENTITIES = 2
/** Attacks that end with the attacker's connection closed, each in a process of its own. */
const DROPPED = [
  { name: 'messages', what: 'a flood of messages' },
  { name: 'hugeBodies', what: 'frames whose body is over the limit' },
  { name: 'malformed', what: 'bodies that are no protobuf, to every service' },
  { name: 'slowLoris', what: 'streams that trickle a byte now and then' },
]

describe('a hostile peer', () => {
  let hive: Hive
  let victim: NodeProcess
  let client: Client
  let model: string

  beforeAll(async () => {
    hive = await hiveOf({ nodes: 1 })
    victim = hive.nodes[0]!
    model = await hostEverywhere(hive, add())
    client = await clientOf(hive)
    await untilHosted(client, model, 1)
    await answered()
  })

  afterAll(async () => {
    await client?.close()
    await hive?.stop()
  })

  async function answered(): Promise<void> {
    const { outputs } = await client.infer({ model, inputs: add().inputs })
    expect(outputs.sum).toEqual(add().outputs!.sum)
  }

  /**
   * Runs an attack, in a process of its own, while an honest client's inferences go on one after the other: all of
   * them have to be answered, and the victim's memory has to stay within bounds.
   */
  async function attack<Result>(
    { annotate }: TestContext,
    program: string,
    ...args: string[]
  ): Promise<Result> {
    const residentBytes = hasMemoryPeaks ? await startPeak(victim.pid) : 0
    let attacking = true
    const attacked = runProgram(program, ...args).finally(() => {
      attacking = false
    })
    let runs = 0
    do {
      await answered()
      runs++
    } while (attacking)
    const said = await attacked
    await answered()
    const { ok } = await fetch(`${victim.gateway.url}/healthz`)
    expect(ok).toBe(true)
    const result = JSON.parse(said) as Result
    if (!hasMemoryPeaks) return result
    const grownBytes = (await peakOf(victim.pid)) - residentBytes
    await annotate(
      `${runs} runs answered, +${(grownBytes / MiB).toFixed(0)} MiB at most: ${JSON.stringify(result)}`,
    )
    expect(grownBytes).toBeLessThan(MAY_GROW_BYTES)
    return result
  }

  const tcpAddress = () => victim.addresses.find(address => /\/tcp\/\d+\/p2p\//.test(address))!

  it.for(DROPPED)('$what: dropped', async ({ name }, context) => {
    const { dropped } = await attack<{ dropped: boolean }>(context, 'attacker', name, tcpAddress())
    expect(dropped).toBe(true)
  })

  it('a flood of streams that nobody closes: held to the limit', async context => {
    const { opened, closed } = await attack<{ opened: number; closed: number }>(
      context,
      'attacker',
      'streams',
      tcpAddress(),
    )
    expect(opened - closed).toBeLessThanOrEqual(STREAMS_PER_CONNECTION)
  })

  it('a frame that announces 2 GiB of tensors: refused by its head', async context => {
    const { limited, answer } = await attack<{ limited: boolean; answer: string }>(
      context,
      'attacker',
      'hugeAttachments',
      tcpAddress(),
    )
    expect(answer).toContain('P2P_LIMIT_EXCEEDED')
    expect(limited).toBe(true)
  })

  it('frames that announce half a GiB each and send nothing: no memory is taken', async context => {
    const { acts } = await attack<{ acts: number }>(context, 'attacker', 'emptyPromises', tcpAddress())
    expect(acts).toBeGreaterThan(0)
  })

  it('offers without end of the model that is asked for, each by a node that is not there: dropped', async context => {
    const { dropped, listed, published } = await attack<{
      dropped: boolean
      listed: number
      published: number
    }>(context, 'offer-flood', tcpAddress(), model, String(IDENTITIES))
    expect(dropped).toBe(true)
    expect(listed).toBe(IDENTITIES * OFFERS_PER_ANSWER)
    expect(published).toBeGreaterThan(0)
  }, 180_000)
})

/** Runs a process of `processes/` to its end; resolves with what it said. */
async function runProgram(program: string, ...args: string[]): Promise<string> {
  const path = fileURLToPath(new URL(`processes/${program}.ts`, import.meta.url))
  const child = spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  return text(child.stdout)
}
