import type { PurseStore } from '@neurovoyance/client/pay'
import { add } from '@neurovoyance/testing/models'
import { describe, expect, it } from 'vitest'
import { untilHosted } from '../hive/fixture.js'
import { usePaidHive } from './paid-hive.js'

describe('either side of a payment that is killed', () => {
  const testModel = add()
  const { inputs } = testModel
  const paid = usePaidHive(testModel, ['node-1'])

  it('loses what was under way at most: a node that is killed, and comes back', async () => {
    const { hive, model } = paid
    const { client, payments } = await hive.client()
    await untilHosted(client, model, 1)
    const { charge } = await client.infer({ model, inputs })
    const price = charge!.amount
    const underWay = Array.from({ length: 8 }, () =>
      client.infer({ model, inputs, deadlineMs: 60_000 }).then(
        () => true,
        () => false,
      ),
    )
    await hive.nodes[0]!.kill()
    await hive.start('node-1')
    await Promise.all(underWay)
    await client.infer({ model, inputs, deadlineMs: 60_000 })
    const [channel] = payments.report().channels
    // what the node charged and could not deliver is what was under way, and no more
    expect(channel!.lost).toBeLessThanOrEqual(8n * price)
    expect(channel!.signed - (channel!.used - channel!.lost)).toBeLessThanOrEqual(16n * price + 1_000n)
  })

  it('loses nothing but an answer: a client that remembers only its channel', async () => {
    const { hive, model } = paid
    let kept: Uint8Array | undefined
    let frozen = false
    const store: PurseStore = {
      load: async () => kept,
      save: async bytes => {
        if (!frozen) kept = bytes
      },
    }
    const before = await hive.client({ store })
    await untilHosted(before.client, model, 1)
    await before.client.infer({ model, inputs })
    await before.client.close()
    const early = kept
    const { client, payments } = await hive.client({ store })
    await untilHosted(client, model, 1)
    for (let run = 0; run < 5; run++) await client.infer({ model, inputs })
    const [known] = payments.report().channels
    // as after kill -9: nothing of the five runs was saved
    frozen = true
    await client.close()
    kept = early
    const again = await hive.client({ store })
    await untilHosted(again.client, model, 1)
    const { charge } = await again.client.infer({ model, inputs })
    const [recovered] = again.payments.report().channels
    expect(recovered).toMatchObject({ id: known!.id, used: known!.used + charge!.amount, lost: 0n })
    await again.payments.settle()
  })
})
