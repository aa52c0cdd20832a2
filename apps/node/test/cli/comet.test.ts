import { once } from 'node:events'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createPhrase, walletFromPhrase } from '@neurovoyance/client/wallet'
import { Comet, cometKey, findComet, freePorts } from '@neurovoyance/testing/comet'
import { describe, expect, it, onTestFinished } from 'vitest'
import { folder } from '../hive/fixture.js'
import { nv, spawnNv } from './nv.js'

const CHAIN = 'comet-cli-1'
const binary = await findComet()

/** A home with a validator's key, and a genesis that it signed. */
async function begun() {
  const home = await folder('comet')
  const file = join(home, 'genesis.json')
  const { address } = await walletFromPhrase(createPhrase())
  const made = ['genesis', 'new', file, '--chain-id', CHAIN, '--account', `${address}=200000`]
  const joined = ['genesis', 'join', file, '--owner', address, '--stake', '150000']
  for (const args of [made, joined, ['genesis', 'sign', file]]) {
    const { code, out, err } = await nv([...args, '--home', home])
    expect(code, out + err).toBe(0)
  }
  return { home, file }
}

describe('nv comet', () => {
  it('writes what CometBFT begins with, once, and the key for its owner alone', async () => {
    const { home, file } = await begun()
    const [genesis, key] = [join(home, 'comet-genesis.json'), join(home, 'priv_validator_key.json')]
    const turned = await nv(['comet', 'genesis', file, genesis, '--json', '--home', home])
    expect(turned.json()).toEqual({ file: genesis, chainId: CHAIN })
    const written = JSON.parse(await readFile(genesis, 'utf8'))
    expect(written).toMatchObject({ chain_id: CHAIN, initial_height: '1' })
    const again = await nv(['comet', 'genesis', file, genesis, '--json', '--home', home])
    expect(again.json()).toMatchObject({ error: { code: 'NODE_OUTPUT_FILE' } })

    const { address } = (await nv(['comet', 'key', key, '--json', '--home', home])).json<{
      address: string
    }>()
    expect((await stat(key)).mode & 0o777).toBe(0o600)
    const { priv_key } = JSON.parse(await readFile(key, 'utf8'))
    const seed = new Uint8Array(Buffer.from(priv_key.value, 'base64').subarray(0, 32))
    expect(cometKey(seed)).toMatchObject({ address: address.toLowerCase(), privKey: priv_key })
    expect(written.app_state.modules.staking[0].consensusKey).toBe(
      Buffer.from(cometKey(seed).publicKey).toString('hex'),
    )
    const none = await nv(['comet', 'key', `${key}2`, '--json', '--home', await folder('comet')])
    expect(none.json()).toMatchObject({ error: { code: 'NODE_KEY_MISSING' } })
  })

  it.skipIf(binary === undefined)(
    'serves a real CometBFT (skipped where there is none and no Go to build it with)',
    async () => {
      const { home, file } = await begun()
      const key = join(home, 'priv_validator_key.json')
      const genesis = join(home, 'comet-genesis.json')
      await nv(['comet', 'genesis', file, genesis, '--home', home])
      await nv(['comet', 'key', key, '--home', home])
      const { priv_key } = JSON.parse(await readFile(key, 'utf8'))
      const [rpcPort, p2pPort] = (await freePorts(2)) as [number, number]
      const served = spawnNv([
        'comet',
        'serve',
        '--genesis',
        file,
        '--listen',
        'tcp://127.0.0.1:0',
        '--json',
        '--home',
        home,
      ])
      onTestFinished(() => void served.kill('SIGKILL'))
      served.stderr.resume()
      const { value } = await createInterface({ input: served.stdout })[Symbol.asyncIterator]().next()
      const { address, height } = JSON.parse(value!) as { address: string; height: number }
      expect(height).toBe(0)
      const comet = new Comet({
        home: join(home, 'cometbft'),
        binary: binary!,
        genesis: JSON.parse(await readFile(genesis, 'utf8')),
        validator: new Uint8Array(Buffer.from(priv_key.value, 'base64').subarray(0, 32)),
        node: new Uint8Array(32).fill(7),
        app: address,
        rpcPort,
        p2pPort,
      })
      onTestFinished(() => comet.stop('SIGKILL'))
      await comet.start()
      await comet.reached(1)
      await comet.stop()
      const gone = once(served, 'exit')
      served.kill('SIGTERM')
      expect((await gone)[0]).toBe(0)
    },
  )
})
