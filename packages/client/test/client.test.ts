import { describe, expect, it } from 'vitest'
import { createClient } from '../src/index.js'
import { startNetwork } from './network/network.js'
import { ADDER } from './network/node.js'

describe('createClient', () => {
  it.each([
    [{}, 'needs a bootstrap address'],
    [{ bootstrap: ['127.0.0.1:4001'] }, 'bootstrap.0: is not an address'],
    [{ bootstrap: ['/ip4/127.0.0.1/tcp/1/p2p/x'], deadlineMs: 0 }, 'deadlineMs'],
  ])('refuses %j', async (init, message) => {
    await expect(createClient(init)).rejects.toMatchObject({
      code: 'CLIENT_INVALID_INIT',
      message: expect.stringContaining(message),
    })
  })

  it('says what to do when nobody is there', async () => {
    const network = await startNetwork()
    const { addresses } = network
    await network[Symbol.asyncDispose]()
    await expect(createClient({ bootstrap: addresses })).rejects.toMatchObject({
      code: 'CLIENT_NO_NETWORK',
      message: expect.stringContaining('check that a bootstrap node runs there'),
      details: { bootstrap: addresses },
    })
  })

  it('says so when the whole network goes away', async () => {
    const network = await startNetwork()
    await using client = await createClient({ bootstrap: network.addresses })
    const gone = Promise.withResolvers<void>()
    client.host.onPeer(() => client.host.peers().length === 0 && gone.resolve())
    await network[Symbol.asyncDispose]()
    await gone.promise
    await expect(client.infer({ model: ADDER, inputs: {} })).rejects.toMatchObject({
      code: 'CLIENT_NO_NETWORK',
    })
  })

  it('uses a host that it is given, and leaves it open', async () => {
    await using network = await startNetwork()
    const owner = await network.client()
    const client = await createClient({ host: owner.host })
    await client.close()
    expect(owner.host.peers()).toHaveLength(1)
  })

  it('closes once, and refuses work after that', async () => {
    await using network = await startNetwork()
    const client = await network.client()
    await Promise.all([client.close(), client.close(), client[Symbol.asyncDispose]()])
    await expect(client.infer({ model: ADDER, inputs: {} })).rejects.toMatchObject({ code: 'CLIENT_CLOSED' })
    expect(() => client.network.status()).toThrow(expect.objectContaining({ code: 'CLIENT_CLOSED' }))
  })

  it('cancels what is in progress when it closes', async () => {
    await using network = await startNetwork()
    const started = Promise.withResolvers<void>()
    await network.node({
      run: (_request, signal) => {
        started.resolve()
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
      },
    })
    const client = await network.client()
    const run = client.infer({ model: ADDER, inputs: {} })
    const failed = expect(run).rejects.toMatchObject({ cause: { code: 'CLIENT_CLOSED' } })
    await started.promise
    await client.close()
    await failed
  })
})
