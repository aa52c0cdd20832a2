import { createSigner, formatAddress, parseAddress } from '@neurovoyance/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  accountOf,
  addressOf,
  canonicalJson,
  checkGenesis,
  createGenesis,
  createNetworkLedger,
  Draft,
  type GenesisDocument,
  genesisHash,
  genesisState,
  idOf,
  joinGenesis,
  localGenesis,
  NVY,
  parseGenesis,
  signGenesis,
  soleKey,
  sponsors,
  supplyOf,
  validatorSetOf,
} from '../../src/index.js'

const CHAIN = 'begin-1'
const TIME_MS = Date.UTC(2026, 0, 1)
const machine = createNetworkLedger({ chainId: CHAIN })
const keys = [1, 2, 3, 4].map(seed => createSigner(new Uint8Array(32).fill(seed)))
const addresses = [11, 12, 13, 14, 15, 16].map(seed =>
  formatAddress(addressOf(soleKey(createSigner(new Uint8Array(32).fill(seed)).publicKey))),
)
const [client, sponsor] = [addresses[4]!, addresses[5]!]

const local = (): GenesisDocument =>
  localGenesis({
    chainId: CHAIN,
    timeMs: TIME_MS,
    validators: keys.map(({ publicKey }, index) => ({ consensusKey: publicKey, owner: addresses[index]! })),
    clients: [client],
    sponsor,
  })

const draftOf = (document: GenesisDocument): Draft => {
  const { changes } = genesisState(machine, document)
  return new Draft({ get: key => changes.get(key) })
}

const codeOf = (run: () => unknown): unknown => {
  try {
    run()
  } catch (error) {
    const { code, details } = error as { code: string; details: { field?: string } }
    return details.field === undefined ? code : `${code} ${details.field}`
  }
  return undefined
}

describe('a genesis', () => {
  it('of a small network has funded clients, equal validators, a treasury and a sponsor', () => {
    const draft = draftOf(local())
    const { validators } = validatorSetOf(draft)
    expect(validators.map(({ publicKey }) => idOf(publicKey))).toEqual(
      keys.map(key => idOf(key.publicKey)).sort(),
    )
    expect(new Set(validators.map(({ power }) => power)).size).toBe(1)
    const held = new Map(supplyOf(draft).held.map(({ kind, amount }) => [kind, amount]))
    expect(held.get('bonded')).toBe(4n * 100_000n * NVY)
    expect(held.get('treasury')).toBe(1_000_000n * NVY)
    const liquidOf = (address: string) =>
      accountOf({ draft, timeMs: TIME_MS }, idOf(parseAddress(address))).purse.liquid
    expect(liquidOf(client)).toBe(10_000n * NVY)
    expect(sponsors.get(draft, idOf(parseAddress(sponsor)))!.budget).toBe(10_000n * NVY)
  })

  it('has a hash that its layout and its signatures leave alone', async () => {
    const document = local()
    const text = JSON.stringify(document)
    const turned = JSON.stringify(Object.fromEntries(Object.entries(document).reverse()), undefined, 4)
    expect(genesisHash(parseGenesis(text))).toEqual(genesisHash(parseGenesis(turned)))
    expect(genesisHash(await signGenesis(document, keys[0]!))).toEqual(genesisHash(document))
    expect(genesisHash({ ...document, timeMs: TIME_MS + 1 })).not.toEqual(genesisHash(document))
  })

  it('is the same JSON text whatever order its names have', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), value => {
        const whole = wholeNumbers(value)
        const text = canonicalJson(whole)
        expect(JSON.parse(text)).toEqual(whole)
        expect(canonicalJson(turned(whole))).toBe(text)
      }),
    )
  })

  it('is refused where the rules refuse it', () => {
    const of = (init: Partial<Parameters<typeof createGenesis>[0]>) =>
      codeOf(() => createGenesis({ chainId: CHAIN, timeMs: TIME_MS, ...init }))
    expect(of({})).toBeUndefined()
    expect(of({ accounts: [{ address: client, liquid: 1n << 62n }] })).toBe('LEDGER_BAD_GENESIS modules')
    expect(of({ accounts: [{ address: client, liquid: (1n << 62n) - 1n }] })).toBeUndefined()
    expect(of({ parameters: { 'rewards/mintShare': 90_001n } })).toBe('LEDGER_BAD_PARAMETERS')
    const validator = { consensusKey: keys[0]!.publicKey, owner: client, liquid: 1_000n * NVY }
    expect(of({ validators: [validator] })).toBe('LEDGER_BAD_GENESIS accounts')
    const accounts = [
      { address: client, liquid: 999n * NVY },
      { address: client, liquid: NVY },
    ]
    expect(of({ validators: [validator], accounts })).toBeUndefined()
  })
})

describe('the file of a genesis', () => {
  const with_ = (change: Record<string, unknown>) =>
    codeOf(() => parseGenesis(JSON.stringify({ ...local(), ...change })))

  it.each([
    [{ chainId: 'Big' }, 'chainId'],
    [{ chainId: 'a'.repeat(49) }, 'chainId'],
    [{ timeMs: '0' }, 'timeMs'],
    [{ timeMs: 0.5 }, 'timeMs'],
    [{ parameters: [] }, 'parameters'],
    [{ parameters: { 'fees/leastBaseFee': 1 } }, 'parameters.fees/leastBaseFee'],
    [{ modules: null }, 'modules'],
    [{ modules: { mine: { share: 0.25 } } }, 'modules.mine.share'],
    [{ extra: 1 }, 'extra'],
    [{ signatures: {} }, 'signatures'],
    [{ signatures: Array(257).fill(0) }, 'signatures'],
    [{ signatures: [{ publicKey: 'ab', signature: 'cd' }] }, 'signatures[0].publicKey'],
    [{ signatures: [{ publicKey: 'ab'.repeat(32), signature: 'G'.repeat(128) }] }, 'signatures[0].signature'],
    [{ state: {} }, 'state'],
    [{ modules: {}, state: { chainId: 'old-1', height: 5, root: 'zz', validators: [] } }, 'state.root'],
    [{ modules: {}, state: { chainId: 'old-1', height: 5, root: 'ab'.repeat(32) } }, 'state.validators'],
  ])('names what is wrong with it: %j', (change, field) => {
    expect(with_(change)).toBe(`LEDGER_BAD_GENESIS ${field}`)
  })

  it('is refused when it is no JSON, too deep, or nothing', () => {
    for (const text of ['', '{', 'null', '[]', '1']) {
      expect(codeOf(() => parseGenesis(text))).toBe('LEDGER_BAD_GENESIS the document')
    }
    const deep = `{"chainId":"a","timeMs":0,"parameters":{},"modules":{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}}`
    expect(codeOf(() => parseGenesis(deep))).toMatch(/^LEDGER_BAD_GENESIS modules.a\[0\]/)
  })

  it('is read as it was written, or refused with a code, whatever is changed in it', () => {
    const text = JSON.stringify(local())
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.string({ maxLength: 3 }), (at, other) => {
        const code = codeOf(() => parseGenesis(text.slice(0, at) + other + text.slice(at + 1)))
        expect(String(code ?? 'LEDGER_BAD_GENESIS')).toMatch(/^LEDGER_BAD_GENESIS/)
      }),
    )
  })
})

describe('the ceremony', () => {
  const draft = () =>
    createGenesis({
      chainId: CHAIN,
      timeMs: TIME_MS,
      accounts: addresses.map(address => ({ address, liquid: 2_000n * NVY })),
    })
  const join = async (document: GenesisDocument, index: number) =>
    joinGenesis(document, keys[index]!, { owner: addresses[index]!, liquid: 1_000n * NVY })

  it('is complete when everybody joined and signed, and says who is missing before', async () => {
    const all = [0, 1, 2]
    let document = draft()
    expect(checkGenesis(machine, document).missing).toEqual(['there is no validator'])
    for (const index of all) document = await join(document, index)
    expect(checkGenesis(machine, document).missing).toHaveLength(3)
    for (const index of all) document = await signGenesis(document, keys[index]!)
    const read = parseGenesis(JSON.stringify(document))
    const report = checkGenesis(machine, await signGenesis(read, keys[3]!))
    expect(report.missing).toEqual([])
    expect(report.validators.every(({ joined, signed, power }) => joined && signed && power === 1_000)).toBe(
      true,
    )
    expect(report.others).toEqual([idOf(keys[3]!.publicKey)])
    expect(report.total).toBe(6n * 2_000n * NVY)
  })

  it('gives the same document in whatever order validators join', async () => {
    const one = await join(await join(draft(), 0), 1)
    const two = await join(await join(draft(), 1), 0)
    expect(genesisHash(one)).toEqual(genesisHash(two))
  })

  it('takes signatures away when something changes after them, and refuses those that do not hold', async () => {
    const signed = await signGenesis(await join(draft(), 0), keys[0]!)
    expect((await join(signed, 1)).signatures).toBeUndefined()
    const changed = { ...signed, timeMs: TIME_MS + 1 }
    expect(codeOf(() => checkGenesis(machine, changed))).toBe('LEDGER_BAD_SIGNATURE')
    await expect(join(signed, 0)).rejects.toMatchObject({ code: 'LEDGER_CONFLICT' })
  })

  it('finds an entry that somebody else changed', async () => {
    const document = await join(draft(), 0)
    const [entry] = document.modules.staking as { liquid: string }[]
    const modules = { ...document.modules, staking: [{ ...entry, liquid: String(1_001n * NVY) }] }
    expect(codeOf(() => checkGenesis(machine, { ...document, modules }))).toBe('LEDGER_BAD_SIGNATURE')
  })
})

type Json = null | boolean | number | string | Json[] | { [name: string]: Json }

const wholeNumbers = (value: unknown): Json =>
  typeof value === 'number'
    ? Math.trunc(value % 1e9) || 0
    : Array.isArray(value)
      ? value.map(wholeNumbers)
      : typeof value === 'object' && value !== null
        ? Object.fromEntries(Object.entries(value).map(([name, member]) => [name, wholeNumbers(member)]))
        : (value as Json)

const turned = (value: Json): Json =>
  Array.isArray(value)
    ? value.map(turned)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .reverse()
            .map(([name, member]) => [name, turned(member)]),
        )
      : value
