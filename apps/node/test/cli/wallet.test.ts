import { chmod, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createPhrase, unlockWallet, walletFromPhrase } from '@neurovoyance/client/wallet'
import { type NodeProcess, startNode } from '@neurovoyance/testing/hive'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { setConfig } from '../../src/config/file.js'
import { type HiveChain, prepareHiveChain } from '../../src/hive/index.js'
import { folder, NV } from '../hive/fixture.js'
import { nv } from './nv.js'

const PASSPHRASE = { NEUROVOYANCE_WALLET_PASSPHRASE: 'correct horse battery' }

describe('nv wallet, without a node', () => {
  it('makes a wallet that only its owner reads, shows the phrase once, and never replaces it', async () => {
    const home = await folder('wallet')
    const made = await nv(['wallet', 'create', '--json', '--home', home], PASSPHRASE)
    expect(made.code, made.out + made.err).toBe(0)
    const { address, path, phrase } = made.json<{ address: string; path: string; phrase: string }>()
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    const text = await readFile(path, 'utf8')
    expect(phrase.split(' ')).toHaveLength(24)
    for (const word of phrase.split(' ').filter(word => word.length > 5)) expect(text).not.toContain(word)
    expect((await walletFromPhrase(phrase)).address).toBe(address)
    expect((await unlockWallet(JSON.parse(text), 'correct horse battery')).address).toBe(address)
    expect((await nv(['wallet', 'address', '--home', home])).out.trim()).toBe(address)
    const again = await nv(['wallet', 'create', '--json', '--home', home], PASSPHRASE)
    expect([again.code, again.json()]).toMatchObject([2, { error: { code: 'NODE_WALLET_TAKEN' } }])
    expect(await readFile(path, 'utf8')).toBe(text)
  })

  it('imports a phrase from a file, and tells of what is wrong with it', async () => {
    const home = await folder('wallet')
    const phrase = createPhrase()
    const file = join(home, 'phrase')
    await writeFile(file, `${phrase}\n`, { mode: 0o600 })
    const args = ['wallet', 'import', '--phrase-file', file, '--account', '1', '--json', '--home', home]
    const imported = await nv(args, PASSPHRASE)
    expect(imported.json()).toMatchObject({
      address: (await walletFromPhrase(phrase, { account: 1 })).address,
    })

    await writeFile(file, phrase.replace(/^\w+/, 'zzzz'))
    const wrong = await nv([...args, '--wallet', 'b'], PASSPHRASE)
    expect([wrong.code, wrong.json()]).toMatchObject([2, { error: { code: 'CLIENT_BAD_PHRASE' } }])
    expect(wrong.out + wrong.err).not.toContain(phrase.split(' ')[5])
    await chmod(file, 0o644)
    const open = await nv([...args, '--wallet', 'b'], PASSPHRASE)
    expect(open.json()).toMatchObject({ error: { code: 'NODE_KEY_PERMISSIONS' } })
  })

  it('without a passphrase, and with a weak one, makes nothing', async () => {
    const home = await folder('wallet')
    const none = await nv(['wallet', 'create', '--json', '--home', home])
    expect([none.code, none.json()]).toMatchObject([2, { error: { code: 'NODE_PASSPHRASE' } }])
    const weak = await nv(['wallet', 'create', '--json', '--home', home], {
      NEUROVOYANCE_WALLET_PASSPHRASE: 'x',
    })
    expect([weak.code, weak.json()]).toMatchObject([2, { error: { code: 'CLIENT_WEAK_PASSWORD' } }])
    const absent = await nv(['wallet', 'address', '--json', '--home', home])
    expect([absent.code, absent.json()]).toMatchObject([4, { error: { code: 'NODE_WALLET' } }])
  })
})

describe('nv wallet and nv chain, with a chain', () => {
  let home: string
  let chain: HiveChain
  let node: NodeProcess
  const at = () => ['--home', node.home]
  const paying = () => ['--wallet', chain.client.wallet, '--json', ...at()]

  beforeAll(async () => {
    home = await folder('money')
    chain = await prepareHiveChain(home, ['bootstrap'])
    // its node is bound by the command that is tested
    await setConfig(join(home, 'bootstrap', 'config.jsonc'), 'chain.bind', false)
    node = await startNode({
      nv: NV,
      command: 'bootstrap',
      home: join(home, 'bootstrap'),
      args: ['--loopback', '--genesis', chain.genesis, '--validator'],
    })
    await nv(['config', 'set', 'chain.genesis', chain.genesis, ...at()])
  })

  afterAll(() => node.stop())

  const balances = async (address: string, more: string[] = []) =>
    (await nv(['wallet', 'balance', address, '--json', ...more, ...at()])).json<{
      balances: Record<string, string>
      checked?: { height: number }
    }>()

  it('sends, with the fee shown and asked for, and proves what is there then', async () => {
    const to = (await nv(['wallet', 'address', ...at()])).out.trim()
    const before = BigInt((await balances(to)).balances.liquid!)
    const unasked = await nv(['wallet', 'send', to, '1.5', '--wallet', chain.client.wallet, ...at()])
    expect([unasked.code, unasked.err]).toEqual([2, expect.stringMatching(/Send 1\.5 NVY.*fee.*--yes/)])
    const sent = await nv(['wallet', 'send', to, '1.5', '--memo', 'thanks', '--yes', ...paying()])
    expect(sent.code, sent.out + sent.err).toBe(0)
    const { transaction } = sent.json<{ transaction: { id: string; height: number; fee: string } }>()
    const shown = await nv(['chain', 'tx', transaction.id, '--json', ...at()])
    expect(shown.json()).toMatchObject({ height: transaction.height, memo: 'thanks', ok: true })
    const checked = await nv(['chain', 'tx', transaction.id, '--prove', '--json', ...at()])
    expect(checked.json(), checked.out + checked.err).toMatchObject({
      fee: transaction.fee,
      checked: { height: transaction.height },
    })
    const proven = await balances(to, ['--prove'])
    expect(BigInt(proven.balances.liquid!)).toBe(before + 1_500_000_000n)
    expect(proven.checked!.height).toBeGreaterThan(transaction.height)
    const history = await nv(['wallet', 'history', to, '--json', ...at()])
    expect(history.json<{ id: string }[]>()[0]!.id).toBe(transaction.id)
  })

  it('stakes, takes back, binds its node, and says when coins free', async () => {
    const run = async (...args: string[]) => {
      const done = await nv(['wallet', ...args, '--yes', ...paying()])
      expect(done.code, done.out + done.err).toBe(0)
    }
    await run('stake', '10')
    await run('unstake', '4')
    await run('bind', '--stake', '100')
    const { json, code } = await nv(['wallet', 'balance', chain.client.address, '--json', ...at()])
    expect(code).toBe(0)
    const view = json<{ balances: Record<string, string>; unbonding: { endsMs: number }[]; timeMs: number }>()
    expect(view.balances).toMatchObject({ bonded: '106000000000', unbonding: '4000000000' })
    expect(view.unbonding[0]!.endsMs).toBeGreaterThan(view.timeMs)
    expect((await nv(['wallet', 'balance', chain.client.address, ...at()])).out).toMatch(
      /unbonding +4 NVY.*12D3KooW\w+ +100 NVY +bound to this account/s,
    )
  })

  it('refuses with a code and a way out', async () => {
    const refused = async (...args: string[]) => {
      const { code, json } = await nv([...args, '--yes', ...paying()])
      return [code, json<{ error: { code: string } }>().error.code]
    }
    const { address } = chain.client
    const nonces = async () =>
      (await nv(['wallet', 'balance', address, '--json', ...at()])).json<{ nonce: number }>().nonce
    const before = await nonces()
    expect(await refused('wallet', 'send', address, '99999999')).toEqual([2, 'LEDGER_INSUFFICIENT_FUNDS'])
    expect(await refused('wallet', 'send', `${address}x`, '1')).toEqual([2, 'NODE_USAGE'])
    expect(await refused('wallet', 'send', address, '1.0000000001')).toEqual([2, 'NODE_USAGE'])
    expect(await refused('wallet', 'send', address, '0')).toEqual([2, 'NODE_USAGE'])
    expect(await refused('wallet', 'send', address, '1', '--max-fee', '0.000000001')).toEqual([
      1,
      'LEDGER_FEE_TOO_LOW',
    ])
    expect(await refused('wallet', 'exit', '5')).toEqual([2, 'LEDGER_INSUFFICIENT_FUNDS'])
    expect(await refused('wallet', 'exit')).toEqual([2, 'NODE_USAGE'])
    expect(await refused('wallet', 'stake', '1', '--validator', 'ff'.repeat(32))).toEqual([
      4,
      'LEDGER_NOT_FOUND',
    ])
    const said = async (...args: string[]) =>
      (await nv(['wallet', ...args, '--yes', ...paying().slice(0, 2), ...at()])).err
    expect(await said('send', address, '99999999')).toMatch(
      /Nothing was sent, and nothing charged: 99999999 NVY are needed, and [\d.]+ NVY are there/,
    )
    expect(await said('exit', '5')).toMatch(/5 NVY are needed, and 0 NVY are there \(earned\)/)
    expect(await said('validate', '1000')).toMatch(/nothing charged: there is, or was, a validator/)
    expect(await said('unjail')).toMatch(/is not jailed: nothing was sent/)
    // nothing of all this was sent, or charged for
    expect(await nonces()).toBe(before)
    const wrong = await nv(['wallet', 'send', address, '1', '--yes', ...paying()], {
      NEUROVOYANCE_WALLET_PASSPHRASE: 'not this one',
    })
    expect([wrong.code, wrong.json()]).toMatchObject([2, { error: { code: 'CLIENT_WRONG_PASSWORD' } }])
  })

  it('shows the chain', async () => {
    const show = async <T>(...args: string[]) => (await nv(['chain', ...args, '--json', ...at()])).json<T>()
    const status = await show<{ height: number; validator: string }>('status')
    expect(status.height).toBeGreaterThan(0)
    const [block, validators, supply, burn, key, account] = await Promise.all([
      show('block', '1'),
      show('validators'),
      show('supply'),
      show('params', 'rewards/burn'),
      show('key'),
      show('account', chain.client.address, '--prove'),
    ])
    expect(block).toMatchObject({ height: 1 })
    expect(validators).toMatchObject([{ key: status.validator }])
    expect(supply).toMatchObject({ minted: '0' })
    expect(burn).toMatchObject([{ name: 'rewards/burnShare' }])
    expect(key).toMatchObject({ publicKey: status.validator })
    expect(account).toMatchObject({ checked: expect.anything() })
    const said = await Promise.all(
      ['status', 'block', 'validators', 'supply'].map(word => nv(['chain', word, ...at()])),
    )
    expect(said.map(({ code, out }) => [code, out.length > 20])).toEqual(Array(4).fill([0, true]))
    expect((await nv(['chain', 'block', '99999', ...at()])).code).toBe(4)
  })
})

describe('nv genesis', () => {
  it('is a ceremony: a draft, validators that join, everybody signs; what was changed afterwards is found', async () => {
    const [ann, ben] = [await folder('ann'), await folder('ben')]
    const file = join(ann, 'genesis.json')
    const owners = await Promise.all(
      [ann, ben].map(
        async home =>
          (await nv(['wallet', 'create', '--json', '--home', home], PASSPHRASE)).json<{ address: string }>()
            .address,
      ),
    )
    const run = async (home: string, ...args: string[]) => nv(['genesis', ...args, '--json', '--home', home])
    const accounts = owners.flatMap(owner => ['--account', `${owner}=200000`])
    expect((await run(ann, 'new', file, '--chain-id', 'lab-1', ...accounts)).code).toBe(0)
    expect((await run(ann, 'new', file, '--chain-id', 'lab-1')).json()).toMatchObject({
      error: { code: 'NODE_GENESIS' },
    })
    // both join a copy, and the copies are put together
    const copy = join(ben, 'genesis.json')
    await writeFile(copy, await readFile(file))
    for (const [home, path, owner] of [
      [ann, file, owners[0]!],
      [ben, copy, owners[1]!],
    ] as const) {
      expect((await run(home, 'join', path, '--owner', owner, '--stake', '100000')).code).toBe(0)
    }
    expect((await run(ann, 'merge', file, copy)).json()).toMatchObject({ validators: 2, signatures: 0 })
    const early = await run(ann, 'check', file)
    expect([early.code, early.json<{ missing: string[] }>().missing]).toEqual([
      1,
      [expect.any(String), expect.any(String)],
    ])
    await run(ann, 'sign', file)
    await run(ben, 'sign', file)
    const done = await run(ann, 'check', file)
    expect([done.code, done.json()]).toMatchObject([0, { missing: [], total: String(400_000n * 10n ** 9n) }])
    expect((await run(ann, 'show', file)).json()).toMatchObject({ document: { chainId: 'lab-1' } })
    const text = await readFile(file, 'utf8')
    await writeFile(file, text.replace('"200000000000000"', '"300000000000000"'))
    expect((await run(ann, 'check', file)).json()).toMatchObject({ error: { code: 'LEDGER_BAD_SIGNATURE' } })
    await writeFile(file, '{')
    expect((await run(ann, 'check', file)).json()).toMatchObject({ error: { code: 'LEDGER_BAD_GENESIS' } })
  })

  it('a draft that the rules do not allow is not written', async () => {
    const home = await folder('greedy')
    const file = join(home, 'genesis.json')
    const wrong = (...args: string[]) =>
      nv(['genesis', 'new', file, '--chain-id', 'lab-1', ...args, '--json', '--home', home])
    expect((await wrong('--parameter', 'rewards/mintShare=250000')).json()).toMatchObject({
      error: { code: 'LEDGER_BAD_PARAMETERS' },
    })
    expect((await wrong('--account', 'nv1nobody=5')).json()).toMatchObject({ error: { code: 'NODE_USAGE' } })
    await expect(stat(file)).rejects.toMatchObject({ code: 'ENOENT' })
  })
})
