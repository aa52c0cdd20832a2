import { AccountsTransfer, ExitClaim, Supply } from '@neurovoyance/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  accountsModule,
  action,
  applicationVersion,
  applyBlock,
  type BlockInput,
  bytesOf,
  createMachine,
  createStateTree,
  Draft,
  feesModule,
  genesisState,
  idOf,
  type LedgerModule,
  linksOf,
  type Machine,
  type OpenTransaction,
  plannedUpgrade,
  planUpgrade,
  single,
  soleKey,
  timeModule,
} from '../../src/index.js'
import { CHAIN, START_MS } from '../machine/chain.js'
import { type Member, member } from '../payments/model/payments-chain.js'

const UPGRADE_AFTER = 3
const people = [member('a', 1), member('b', 2)]

/** Amounts that were noted, in a record of its own; any will do that has a codec. */
const tally = (key: string) => single<Supply>(key, { codec: Supply })
const NONE: Supply = { genesis: 0n, minted: 0n, burnt: 0n, held: [] }
const [first, second] = [tally('tally/first'), tally('tally/second')]

/** Version 1 counts by one under one key; its action `plan` plans version 2. */
const tallyOne: LedgerModule = {
  name: 'tally',
  parameters: {
    step: { value: 1n, least: 1n, most: 9n, unit: 'items', meaning: 'What an action counts.' },
    old: { value: 5n, least: 1n, most: 9n, unit: 'items', meaning: 'What version 2 does not have.' },
  },
  actions: {
    count: action(ExitClaim, 10, ({ draft, parameters }) => {
      const before = first.get(draft) ?? NONE
      first.set(draft, { ...before, genesis: before.genesis + parameters.of('tally/step') })
    }),
    plan: action(ExitClaim, 10, context => {
      planUpgrade(context, { version: 2, height: context.height + UPGRADE_AFTER })
    }),
    forget: action(ExitClaim, 10, context => planUpgrade(context, undefined)),
  },
}

/** Version 2 counts by ten times as much under another key, where what was counted before is ten times as much too. */
const tallyTwo: LedgerModule = {
  name: 'tally',
  parameters: { step: tallyOne.parameters!.step! },
  actions: {
    count: action(ExitClaim, 10, ({ draft, parameters }) => {
      const before = second.get(draft) ?? NONE
      second.set(draft, { ...before, genesis: before.genesis + 10n * parameters.of('tally/step') })
    }),
  },
  migrations: {
    2: ({ draft, parameters }) => {
      const before = first.get(draft)
      first.set(draft, undefined)
      second.set(draft, {
        ...NONE,
        minted: parameters.of('tally/old'),
        genesis: 10n * (before?.genesis ?? 0n),
      })
    },
  },
}

const rules = (mine: LedgerModule, before?: Machine): Machine =>
  createMachine({
    chainId: CHAIN,
    modules: [accountsModule, feesModule, timeModule, mine],
    ...(before && { before }),
  })
const one = rules(tallyOne)
const two = rules(tallyTwo, one)

/** A node: a state, its root, and the software that it runs. */
class Node {
  readonly values = new Map<string, Uint8Array>()
  readonly tree = createStateTree()
  machine: Machine
  height = 0

  constructor(machine: Machine) {
    this.machine = machine
    const parameters = { 'fees/leastBaseFee': '0', 'tally/step': '2', 'tally/old': '7' }
    const modules = {}
    this.#take(genesisState(machine, { chainId: CHAIN, timeMs: START_MS, parameters, modules }).changes)
  }

  readonly view = { get: (key: string) => this.values.get(key) }

  get draft(): Draft {
    return new Draft(this.view)
  }

  apply(input: BlockInput) {
    const applied = applyBlock(this.machine, this.view, input)
    this.height = input.height
    this.#take(applied.changes)
    return applied
  }

  #take(changes: ReadonlyMap<string, Uint8Array | undefined>): void {
    this.tree.apply(changes)
    for (const [key, value] of changes) {
      if (value === undefined) this.values.delete(key)
      else this.values.set(key, value)
    }
  }
}

/** Makes blocks of what people ask of `tally`, one kind each. */
function createBlocks() {
  const nonces = new Map<string, number>()
  const transaction = (from: Member, kind: string): OpenTransaction => {
    const nonce = nonces.get(from.id) ?? 0
    nonces.set(from.id, nonce + 1)
    const payload =
      kind === 'accounts/transfer'
        ? AccountsTransfer.encode({ to: bytesOf(people[0]!.id), amount: 1n })
        : ExitClaim.encode({})
    return {
      id: Uint8Array.from([...bytesOf(from.id).subarray(0, 30), nonce >> 8, nonce & 255]),
      body: {
        version: 1,
        sender: bytesOf(from.id),
        nonce,
        validUntil: 1_000,
        maxFee: 0n,
        tip: 0n,
        memo: '',
        keys: soleKey(from.key),
        actions: [{ kind, payload }],
      },
      sender: from.id,
      payer: from.id,
      signers: new Set([idOf(from.key)]),
      weight: 100,
    }
  }
  return (height: number, kinds: readonly string[]): BlockInput => ({
    height,
    timeMs: START_MS + height * 1_000,
    previousTimeMs: START_MS + (height - 1) * 1_000,
    proposer: new Uint8Array(32),
    transactions: kinds.map((kind, index) => transaction(people[index % 2]!, kind)),
  })
}

const codeOf = (run: () => unknown): unknown => {
  try {
    run()
  } catch (error) {
    return (error as { code: string }).code
  }
  return undefined
}

describe('an upgrade of the application', () => {
  it('stops software that does not have the new rules, and goes on with software that has both', () => {
    const blocks = createBlocks()
    const node = new Node(one)
    node.apply(blocks(1, ['tally/count', 'tally/count']))
    node.apply(blocks(2, ['tally/plan']))
    expect(plannedUpgrade(node.draft)).toEqual({ version: 2, height: 5 })
    for (const height of [3, 4]) node.apply(blocks(height, ['tally/count']))
    const root = node.tree.root()
    const next = blocks(5, ['tally/count', 'tally/plan'])
    expect(codeOf(() => node.apply(next))).toBe('LEDGER_UNKNOWN_VERSION')
    expect(node.tree.root()).toEqual(root)

    node.machine = two
    const { events, receipts } = node.apply(next)
    expect(events).toContainEqual({ kind: 'application/upgraded', accounts: [], fields: { from: 1, to: 2 } })
    expect(receipts.map(({ code }) => code)).toEqual([undefined, 'LEDGER_UNKNOWN_ACTION'])
    // four at two each by the old rules, times ten; one at two, times ten
    expect(second.get(node.draft)).toEqual({ ...NONE, genesis: 100n, minted: 7n })
    expect(first.get(node.draft)).toBeUndefined()
    expect(plannedUpgrade(node.draft)).toBeUndefined()
  })

  it('is in the headers: of the block that the new rules apply first, and not before', () => {
    const blocks = createBlocks()
    const node = new Node(two)
    const head = () => ({
      height: node.height,
      timeMs: 0,
      blockId: new Uint8Array(32),
      stateRoot: node.tree.root(),
      receiptsRoot: new Uint8Array(32),
      validators: { validators: [] },
      nextValidators: { validators: [] },
      version: applicationVersion(node.view, node.height + 1),
    })
    const versions: number[] = []
    for (let height = 1; height <= 6; height++) {
      versions.push(linksOf(head()).version)
      node.apply(blocks(height, [height === 1 ? 'tally/plan' : 'tally/count']))
    }
    expect(versions).toEqual([1, 1, 1, 2, 2, 2])
  })

  it('can be taken back before it is due, and leaves no trace then', () => {
    const node = new Node(one)
    const blocks = createBlocks()
    node.apply(blocks(1, ['tally/plan']))
    node.apply(blocks(2, ['tally/forget']))
    expect(plannedUpgrade(node.draft)).toBeUndefined()
    expect([...node.values.keys()]).not.toContain('application')
    for (let height = 3; height < 8; height++) node.apply(blocks(height, ['tally/count']))
    expect(first.get(node.draft)!.genesis).toBe(10n)
  })

  it('is refused for a version that does not come next, or a block that is not to come', () => {
    const { draft } = new Node(one)
    expect(codeOf(() => planUpgrade({ draft, height: 5 }, { version: 3, height: 9 }))).toBe(
      'LEDGER_BAD_PARAMETERS',
    )
    expect(codeOf(() => planUpgrade({ draft, height: 5 }, { version: 2, height: 5 }))).toBe(
      'LEDGER_BAD_PARAMETERS',
    )
  })

  it('gives the same root after every block when the chain is replayed across it', () => {
    const kind = fc.constantFrom('tally/count', 'tally/plan', 'tally/forget', 'accounts/transfer')
    fc.assert(
      fc.property(fc.array(fc.array(kind, { maxLength: 3 }), { minLength: 8, maxLength: 20 }), asked => {
        const blocks = createBlocks()
        const inputs = [['tally/plan'], ...asked].map((kinds, index) => blocks(index + 1, kinds))
        // live: each version's own software, exchanged where the old one stops
        const live = new Node(one)
        const roots = inputs.map(input => {
          if (codeOf(() => live.apply(input)) !== undefined) {
            live.machine = two
            live.apply(input)
          }
          return idOf(live.tree.root())
        })
        const replayed = new Node(two)
        const again = inputs.map(input => {
          replayed.apply(input)
          return idOf(replayed.tree.root())
        })
        expect(again).toEqual(roots)
      }),
      { numRuns: 60 },
    )
  })
})
