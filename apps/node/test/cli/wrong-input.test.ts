import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { formatAddress } from '@neurovoyance/protocol'
import { expect, it } from 'vitest'
import { folder } from '../hive/fixture.js'
import { nv } from './nv.js'

/** An account that nobody has. */
const ADDRESS = formatAddress(new Uint8Array(32))

it.each([
  [['genesis', 'new', 'GENESIS', '--chain-id', 'lab-1', '--account', 'OWNER=1e400'], 'NODE_USAGE'],
  [['genesis', 'new', 'GENESIS', '--chain-id', 'lab-1', '--account', 'OWNER=-5'], 'NODE_USAGE'],
  [
    ['genesis', 'new', 'GENESIS', '--chain-id', 'lab-1', '--parameter', 'rewards/nonsense=1'],
    'LEDGER_BAD_PARAMETERS',
  ],
  [['chain', 'block', 'banana'], 'NODE_USAGE'],
  [['chain', 'tx', '00'], 'NODE_USAGE'],
  [['chain', 'account', 'nv1zzz'], 'NODE_USAGE'],
  [['wallet', 'balance', 'nv1zzz'], 'NODE_USAGE'],
  [['wallet', 'import'], 'NODE_USAGE'],
  [['start', '--validator', '--loopback'], 'NODE_USAGE'],
  [['bootstrap', '--validator', '--loopback'], 'NODE_USAGE'],
  [['hive', 'up', '--nodes', '1', '--price', '0.1'], 'NODE_USAGE'],
  [['wallet', 'import', '--phrase-file', 'nowhere'], 'NODE_INPUT_FILE'],
])('what is wrong with the input of nv %j ends it with 2', async (words, code) => {
  const home = await folder('wrong')
  const genesis = join(home, 'genesis.json')
  const args = words.map(word => word.replace('GENESIS', genesis).replace('OWNER', ADDRESS))
  const { code: exit, json, err } = await nv([...args, '--json', '--home', home])
  expect([exit, json()], err).toMatchObject([2, { error: { code } }])
  await expect(stat(genesis)).rejects.toMatchObject({ code: 'ENOENT' })
})

it('a draft takes no validator that the rules do not allow, and says what they do in NVY and percent', async () => {
  const home = await folder('draft')
  const run = (...args: string[]) => nv([...args, '--home', home])
  const file = join(home, 'genesis.json')
  expect(
    (await run('genesis', 'new', file, '--chain-id', 'lab-1', '--account', `${ADDRESS}=200000`)).code,
  ).toBe(0)
  const draft = await readFile(file, 'utf8')
  const join_ = ['genesis', 'join', file, '--owner', ADDRESS]
  const little = await run(...join_, '--stake', '10')
  expect([little.code, little.err]).toEqual([2, expect.stringMatching(/bonds \d+ NVY at least/)])
  const greedy = await run(...join_, '--stake', '100000', '--commission', '60')
  expect([greedy.code, greedy.err]).toEqual([2, expect.stringContaining('a commission is 50% at most')])
  expect(await readFile(file, 'utf8')).toBe(draft)
  const serve = await run('comet', 'serve', '--genesis', file, '--listen', 'nonsense')
  expect([serve.code, serve.err]).toEqual([2, expect.stringContaining('LEDGER_ABCI_BAD_ADDRESS')])
})

it('a key that is there is said to be there, and a value that a setting does not take to be the value', async () => {
  const home = await folder('twice')
  const run = (...args: string[]) => nv([...args, '--home', home])
  const [first, again] = [await run('chain', 'key', '--new'), await run('chain', 'key', '--new')]
  expect([again.code, again.out, first.err]).toEqual([0, first.out, ''])
  expect(again.err).toContain('There was a key already, and it stays')
  const wrong = await run('config', 'set', 'gateway.port', 'nonsense')
  expect([wrong.code, wrong.err]).toEqual([
    2,
    expect.stringMatching(/^nv: "nonsense" for gateway\.port is not valid\. gateway\.port: /),
  ])
})
