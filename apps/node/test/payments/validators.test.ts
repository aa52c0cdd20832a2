import { add } from '@neurovoyance/testing/models'
import { describe, expect, it } from 'vitest'
import { untilHosted } from '../hive/fixture.js'
import { usePaidHive } from './paid-hive.js'

describe('payments on four validators', () => {
  const testModel = add()
  const { inputs } = testModel
  const paid = usePaidHive(testModel, ['node-1', 'node-2', 'node-3'], { validating: true })

  it('go on when one of them is killed, which is paid, too: channels open, pay and end', {
    timeout: 90_000,
  }, async () => {
    const { hive, model } = paid
    const first = await hive.client()
    await untilHosted(first.client, model, 3)
    const { node: paidNode } = await first.client.infer({ model, inputs })
    const victim = hive.nodes.find(({ peerId }) => peerId === paidNode)!
    const running = Array.from({ length: 16 }, () =>
      first.client.infer({ model, inputs, deadlineMs: 60_000 }),
    )
    await victim.kill()
    const answers = await Promise.all(running)
    expect(answers.every(({ charge }) => charge!.amount > 0n)).toBe(true)

    const second = await hive.client()
    await untilHosted(second.client, model, 2)
    const { node } = await second.client.infer({ model, inputs, deadlineMs: 60_000 })
    expect(node).not.toBe(victim.peerId)
    const ended = await second.payments.settle()
    expect(ended.some(({ transaction }) => transaction !== undefined)).toBe(true)
    const gone = ended.filter(({ transaction }) => transaction !== undefined)
    const values = await second.access.get(gone.map(({ id }) => `channels/${id}`))
    expect(values.every(value => value === undefined)).toBe(true)
  })
})
