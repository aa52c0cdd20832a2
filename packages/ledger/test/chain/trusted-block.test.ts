import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { idOf } from '../../src/index.js'
import { DecidedChain } from './decided-chain.js'

const BLOCK = '11'.repeat(32)

let chain: DecidedChain
beforeEach(async () => {
  chain = await DecidedChain.begin()
})
afterEach(() => chain.clear())

describe('a chain with a trusted block', () => {
  it('is opened where it has that block, and refused where it has another', async () => {
    await chain.decide(await chain.build())
    const blockId = idOf(chain.head().blockId)
    await chain.reopen({ height: 1, blockId })
    expect(chain.head().height).toBe(1)
    await expect(chain.reopen({ height: 1, blockId: BLOCK })).rejects.toMatchObject({
      code: 'LEDGER_CHAIN_UNTRUSTED',
    })
  })

  it('does not go on with another', async () => {
    await chain.reopen({ height: 1, blockId: BLOCK })
    await expect(chain.decide(await chain.build())).rejects.toMatchObject({ code: 'LEDGER_CHAIN_UNTRUSTED' })
    expect([chain.head().height, chain.store.blocks.last]).toEqual([0, undefined])
  })
})
