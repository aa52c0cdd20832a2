import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { EvidencePool } from '../../src/chain/application/evidence-pool.js'
import { evidenceWrite, readEvidence } from '../../src/chain/record/evidence.js'
import type { Evidence, Vote } from '../../src/consensus/core/index.js'
import { Draft, idOf, validators as validatorRecords, verifyZip215 } from '../../src/index.js'
import { CHAIN } from '../machine/chain.js'
import { DecidedChain, NOW, other, precommitsOf, proposer, voteOf } from './decided-chain.js'

let chain: DecidedChain
beforeEach(async () => {
  chain = await DecidedChain.begin()
})
afterEach(() => chain.clear())

/** The other validator voted for two blocks of a height. */
const faultAt = (height: number): Evidence => {
  const [first, second] = ['11', '22'].map(byte => voteOf(other, height, byte.repeat(32))) as [Vote, Vote]
  return { type: 'double-vote', validator: idOf(other.publicKey), first, second }
}

/** What evidence for the next block is chosen by. */
const nextBlock = (timeMs = NOW) => ({
  draft: new Draft(chain.state),
  chainId: CHAIN,
  verify: verifyZip215,
  parameters: chain.applied.parameters,
  timeMs,
  height: chain.head().height + 1,
})

describe('evidence', () => {
  it('goes into the next block and ends who is at fault, once', async () => {
    await chain.decide(await chain.build())
    const { evidence, application } = chain
    const fault = faultAt(1)
    expect(evidence.add(fault)).toBe(true)
    expect(evidence.add(fault)).toBe(false)
    const blockId = idOf(chain.head().blockId)
    const lastCommit = { height: 1, round: 0, blockId, signatures: precommitsOf(1, blockId) }
    const block = await application.build({ type: 'buildProposal', height: 2, round: 0, lastCommit })
    await chain.decide(block)
    const record = validatorRecords.get(new Draft(chain.state), idOf(other.publicKey))
    expect(record?.tombstoned).toBe(true)
    const { validators } = chain.applied.beginning.nextValidators
    expect(validators.map(({ id }) => id)).toEqual([idOf(proposer.publicKey)])
    evidence.add(fault)
    expect(evidence.select(nextBlock())).toEqual([])
    expect(evidence.size).toBe(0)
  })
})

describe('evidence that a node keeps', () => {
  /** A pool that writes what it has beside the state. */
  const keeping = () => {
    const writes: Promise<void>[] = []
    const pool = new EvidencePool(
      pieces => void writes.push(chain.store.writeRecords([evidenceWrite(pieces)])),
    )
    return { pool, written: () => Promise.all(writes) }
  }
  const restored = async (timeMs?: number) => {
    await chain.reopen()
    const { pool, written } = keeping()
    pool.restore(readEvidence(chain.store), nextBlock(timeMs))
    return { pool, written }
  }

  it('is there again after a restart, is known, and goes into a block', async () => {
    await chain.decide(await chain.build())
    const before = keeping()
    before.pool.add(faultAt(1))
    await before.written()
    const { pool } = await restored()
    expect(pool.size).toBe(1)
    expect(pool.add(faultAt(1))).toBe(false)
    expect(pool.select(nextBlock())).toHaveLength(1)
  })

  it('is forgotten when it is too old, on the disk as well', async () => {
    await chain.decide(await chain.build())
    const before = keeping()
    before.pool.add(faultAt(1))
    await before.written()
    const maxAgeMs = Number(chain.applied.parameters.of('evidence/maxAgeMs'))
    const { pool, written } = await restored(NOW + maxAgeMs + 1)
    await written()
    expect(pool.size).toBe(0)
    expect(readEvidence(chain.store)).toEqual([])
  })

  it('of a height that is not over waits for it', async () => {
    const before = keeping()
    before.pool.add(faultAt(1))
    await before.written()
    const { pool } = await restored()
    expect(pool.size).toBe(1)
    expect(pool.select(nextBlock())).toEqual([])
    await chain.decide(await chain.build())
    expect(pool.select(nextBlock())).toHaveLength(1)
  })
})
