import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  compare,
  type Payer,
  payerOf,
  startValidators,
  untilHeight,
  type Validators,
} from '../../soak/_validators.ts'
import { NV } from '../hive/fixture.js'

describe('four validators that are killed', () => {
  let validators: Validators
  let payer: Payer
  const clients = () => validators.running().map(name => validators.client(name))

  beforeAll(async () => {
    validators = await startValidators(NV)
    payer = await payerOf(validators)
  })

  afterAll(() => validators[Symbol.asyncDispose]())

  it('any one: the others go on, and it catches up', async () => {
    await payer.pay()
    await validators.kill('node-2')
    await payer.pay()
    const height = await payer.pay()
    await validators.start('node-2')
    await untilHeight([validators.client('node-2')], height)
  })

  it('any two: no block, until one of them is back', async () => {
    await validators.kill('node-3')
    await validators.kill('node-1')
    const paid = payer.pay()
    const before = await Promise.all(clients().map(client => client.status()))
    const late = AbortSignal.timeout(1_500)
    await Promise.race([paid, new Promise(resolve => late.addEventListener('abort', resolve))])
    const after = await Promise.all(clients().map(client => client.status()))
    // a block that was decided already may still have reached one of the two
    expect(Math.max(...after.map(({ height }) => height))).toBeLessThanOrEqual(
      Math.max(...before.map(({ height }) => height)) + 1,
    )
    await validators.start('node-3')
    await paid
    await validators.start('node-1')
  })

  it('all four: nothing that was in a block is lost, nobody forked, nobody signed twice', async () => {
    await payer.pay()
    await Promise.all(validators.running().map(name => validators.kill(name)))
    await validators.start('bootstrap')
    await Promise.all(validators.names.slice(1).map(name => validators.start(name)))
    await payer.pay()
    expect(payer.committed.size).toBe(6)
    expect(await compare(validators, payer.committed)).toMatchObject({ forks: [], lost: [], punished: [] })
  })
})
