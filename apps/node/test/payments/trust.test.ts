import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ClientError } from '@neurovoyance/client'
import type { NodeProcess } from '@neurovoyance/testing/hive'
import { iterations, slow } from '@neurovoyance/testing/models'
import { describe, expect, it } from 'vitest'
import { openTillJournal } from '../../src/payments/journal.js'
import { folder, untilHosted } from '../hive/fixture.js'
import { untilBusy } from '../hive/metrics.js'
import { usePaidHive } from './paid-hive.js'

describe('answers that were paid and never came', () => {
  const testModel = slow()
  const quick = { ...testModel.inputs, iterations: iterations(10) }
  const long = { ...testModel.inputs, iterations: iterations(100_000) }
  const paid = usePaidHive(testModel, ['node-1'])

  /** Waits until a node's disk says that it charged a channel so much. */
  async function untilCharged(node: NodeProcess, channel: string, wanted: bigint): Promise<void> {
    const copy = join(await folder('till'), 'till.log')
    for (let spent = 0n; spent < wanted; ) {
      await copyFile(join(node.home, 'payments', 'till.log'), copy)
      const { journal, records } = await openTillJournal(copy)
      await journal.close()
      spent = records.get(channel)?.spent ?? 0n
    }
  }

  it('an attempt that is given up, as the slower one of a hedge is, is not charged', async () => {
    const { hive, model } = paid
    const { client, payments } = await hive.client()
    await untilHosted(client, model, 1)
    let charged = (await client.infer({ model, inputs: quick })).charge!.amount
    const controller = new AbortController()
    const given = client.infer({ model, inputs: long, signal: controller.signal })
    await untilBusy(hive.nodes[0]!)
    controller.abort()
    await expect(given).rejects.toMatchObject({ code: 'SCHEDULER_CANCELLED' })
    // the node hears of it after a while; from then on both count the same
    do charged += (await client.infer({ model, inputs: quick })).charge!.amount
    while (payments.report().channels[0]!.lost > 0n)
    expect(payments.report().channels[0]).toMatchObject({ used: charged, lost: 0n, reserved: 0n })
    await payments.settle()
  })

  it('a node killed with a whole step under way is paid nothing more, and is trusted again when it is back', {
    timeout: 90_000,
  }, async () => {
    const { hive, model } = paid
    const probe = await hive.client({ maxPrice: 1n })
    await untilHosted(probe.client, model, 1)
    const tooDear = await probe.client.infer({ model, inputs: long }).catch((error: ClientError) => error)
    expect(tooDear).toMatchObject({ code: 'CLIENT_TOO_DEAR' })
    const price = BigInt((tooDear as ClientError).details.due as string)

    const { client, payments } = await hive.client({ step: 2n * price, budget: 20n * price })
    await untilHosted(client, model, 1)
    const least = (await client.infer({ model, inputs: quick })).charge!.amount
    const controller = new AbortController()
    const underWay = [0, 1].map(() => client.infer({ model, inputs: long, signal: controller.signal }))
    const over = Promise.allSettled(underWay)
    await untilCharged(hive.nodes[0]!, payments.report().channels[0]!.id, 2n * price + least)
    await hive.nodes[0]!.kill()
    controller.abort()
    expect((await over).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(payments.report().channels[0]).toMatchObject({ used: 2n * price + least, lost: 2n * price })

    await hive.start('node-1')
    await untilHosted(client, model, 1)
    const { charge } = await client.infer({ model, inputs: quick, deadlineMs: 60_000 })
    expect(charge).toMatchObject({ amount: least, spent: 2n * least })
    expect(payments.report().channels[0]).toMatchObject({ used: 2n * least, lost: 0n })
    await payments.settle()
  })
})
