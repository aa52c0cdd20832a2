import {
  accounts,
  baseFeeOf,
  type ChainAccess,
  createNetworkLedger,
  Draft,
  type GenesisDocument,
  genesisHash,
  idOf,
  type Machine,
  parametersOf,
} from '@neurovoyance/ledger'
import {
  anchorFromGenesis,
  type CoherentBlock,
  isExpired,
  type LightAnchor,
  type LightClient,
  type TrustedHeader,
} from '@neurovoyance/ledger/light'
import type { Host } from '@neurovoyance/p2p'
import { type Clock, type HistoryEntry, systemClock, type TransactionResponse } from '@neurovoyance/protocol'
import { openTrust } from '#trust'
import { ClientError } from '../errors.js'
import { askAgain } from './ask-again.js'
import { type Attempts, createAttempts, isAnswer, isAnswerAtHeight } from './attempts.js'
import { firstBlock } from './first-block.js'
import { startLight } from './light.js'
import { type ChainNode, createChainNodes } from './nodes.js'
import { type ChainPeers, peersOf } from './peers.js'
import { askValues, checkValues } from './proven.js'
import { readState } from './read-state.js'
import { createSubmissions } from './submissions.js'
import { createTransactions, type ProvenEntry } from './transactions.js'
import { type ChainName, type TrustStore, trustFrom, trustText } from './trust/store.js'

/** What a reader is made from: whom it asks, and what it trusts from the beginning. */
export interface ChainReaderInit {
  /** A host, or a client's. */
  host: Pick<Host, 'peers' | 'rpc' | 'verifier'> | ChainPeers
  /** The chain's genesis. Its validators vouch for later headers. */
  genesis?: GenesisDocument
  /** The chain's name and the hash of its genesis, where the document is not at hand; `anchor` is needed then. */
  chain?: ChainName
  /** The height and block id of a header that somebody trusted named: needed where the genesis is too old. */
  anchor?: LightAnchor
  /** Only these peers are asked. Default: all that keep the chain. */
  peers?: readonly string[]
  /** Folder in which what is trusted is kept from one run to the next (Node). */
  home?: string
  /** The same, kept elsewhere: `storageTrust(localStorage)` in a page. */
  trust?: TrustStore
  /** For how long a header is trusted: less than unbonding takes. Default 14 days. */
  trustingPeriodMs?: number
  /** How far ahead of this machine's clock a header may be. Default 10 s. */
  clockDriftMs?: number
  /** The chain's rules, where they are not the network's. */
  machine?: Machine
  clock?: Clock
  /** For how long it goes on asking where no peer is connected yet, or none answers. Default 30 s; 0 = asked once. */
  openWithinMs?: number
  /** For how long a chain that has no block yet is waited for. Default 60 s; 0 = not at all. */
  firstBlockMs?: number
  /** Gives up on beginning. */
  signal?: AbortSignal
}

/** Values of the state, each proven under a header that validators signed. */
export interface ProvenState {
  /** Height of that header: the state is the one before its block. */
  readonly height: number
  /** Ledger time of the header. */
  readonly timeMs: number
  readonly stateRoot: Uint8Array
  readonly values: readonly (Uint8Array | undefined)[]
}

/** A chain from afar. It believes no node: values come with proofs under headers that the validators signed. */
export interface ChainReader extends ChainAccess, AsyncDisposable {
  /** Hash of the chain's genesis, hexadecimal. */
  readonly genesis: string
  readonly machine: Machine
  /** The newest header that was checked. */
  readonly trusted: TrustedHeader
  /**
   * The header of a height, of the newest when left out, checked.
   *
   * @throws LedgerError `LEDGER_LIGHT_TOO_FAR` for one more than 4,096 blocks below all that is trusted
   */
  header(height?: number): Promise<CoherentBlock>
  /** Values with the header that shows them. */
  prove(keys: readonly string[], options?: { signal?: AbortSignal }): Promise<ProvenState>
  /**
   * What became of a transaction. Of one in a block height, place, code and fee are proven under the headers of that
   * block and the next; the `message` for a person, and that it waits or is not known, are a node's word.
   */
  transaction(id: Uint8Array, options?: { signal?: AbortSignal }): Promise<TransactionResponse>
  /** An account's transactions, newest first, each proven. That none is left out is a node's word. */
  history(
    account: Uint8Array,
    options?: { limit?: number; before?: HistoryEntry; signal?: AbortSignal },
  ): Promise<readonly ProvenEntry[]>
  /** The nodes of the chain among the peers. */
  nodes(): Promise<readonly ChainNode[]>
  /** Keeps what is trusted. */
  close(): Promise<void>
}

const OPEN_WITHIN_MS = 30_000
const FIRST_BLOCK_MS = 60_000
const DAY_MS = 24 * 3_600_000
const HISTORY = 50
/** Ledger time that passes before what is trusted is kept again. */
const KEEP_EVERY_MS = 60_000

/**
 * Reads a chain through the nodes among a host's peers.
 *
 * ```ts
 * const chain = await openChainReader({ host: client.host, genesis })
 * console.log(await readAccount(chain, 'nv1…'))
 * ```
 *
 * @throws ClientError `CLIENT_INVALID_INIT`; `CLIENT_NO_CHAIN` where no peer keeps the chain, or none could answer in
 *   time (`details.attempts` has what was tried), or the chain's first block does not come
 * @throws LedgerError `LEDGER_LIGHT_EXPIRED` where nothing young enough is trusted; `LEDGER_LIGHT_FORK` where the
 *   validators of a height signed two blocks, with both in `details`
 */
export async function openChainReader(init: ChainReaderInit): Promise<ChainReader> {
  const { clock = systemClock, signal } = init
  const chain = nameOf(init)
  const machine = init.machine ?? createNetworkLedger({ chainId: chain.chainId })
  const peers = 'call' in init.host ? init.host : peersOf(init.host)
  const nodes = createChainNodes({ peers, chain, only: init.peers, clock })
  const attempts = createAttempts({ nodes, peers, chain, clock })
  const store = init.trust ?? (init.home === undefined ? undefined : openTrust(init.home))
  const untilMs = clock.monotonicMs() + (init.openWithinMs ?? OPEN_WITHIN_MS)
  const patience = { nodes, clock, untilMs, signal }
  const light = await askAgain(async () => {
    await firstBlock({ nodes, chain, clock, withinMs: init.firstBlockMs ?? FIRST_BLOCK_MS, signal })
    return beginLight({ ...init, clock }, { chain, machine, peers, store, attempts })
  }, patience)

  let keptMs = light.trusted.timeMs
  const keep = async (): Promise<void> => {
    keptMs = light.trusted.timeMs
    await store?.save(trustText(chain, light.trusted))
  }
  const header = async (height?: number, abort?: AbortSignal): Promise<CoherentBlock> => {
    const isFinal = height === undefined ? isAnswer : isAnswerAtHeight
    const block = await attempts.each((_, sources) => light.verifyTo(height, sources), {
      signal: abort,
      isFinal,
    })
    if (light.trusted.timeMs > keptMs + KEEP_EVERY_MS) await keep()
    return block
  }
  /** What was read or settled is never read older again. */
  let floor = 0

  const prove: ChainReader['prove'] = async (keys, options = {}) => {
    const { signal: abort } = options
    const state = await attempts.each(
      async (peerId, sources) => {
        const claimed = await askValues(peers, peerId, keys, abort)
        if (claimed.height < floor) return undefined
        const block = await light.verifyTo(claimed.height, sources)
        const { timeMs, stateRoot } = block.header
        checkValues(stateRoot, keys, claimed, peerId)
        return { height: claimed.height, timeMs, stateRoot, values: claimed.values }
      },
      { signal: abort },
    )
    floor = Math.max(floor, state.height)
    if (light.trusted.timeMs > keptMs + KEEP_EVERY_MS) await keep()
    return state
  }

  const transactions = createTransactions({
    peers,
    attempts,
    headerAt: (height, sources) => light.verifyTo(height, sources),
  })
  const submissions = createSubmissions({
    peers,
    attempts,
    transactions,
    clock,
    async nonceOf(account, abort) {
      const state = await prove([accounts.key(account)], abort && { signal: abort })
      const draft = new Draft({ get: () => state.values[0] })
      return { nonce: accounts.get(draft, account)?.nonce ?? 0, height: state.height - 1 }
    },
  })
  await askAgain(() => header(undefined, signal), patience)

  return {
    chainId: chain.chainId,
    genesis: chain.genesis,
    machine,
    get trusted() {
      return light.trusted
    },
    header,
    prove,
    get: async keys => (keys.length === 0 ? [] : (await prove(keys)).values),
    async head() {
      let state: ProvenState | undefined
      const get = async (keys: readonly string[]) => {
        state = await prove(keys)
        return state.values
      }
      const baseFee = await readState(get, draft =>
        baseFeeOf({ draft, parameters: parametersOf(machine, draft) }),
      )
      const { height, timeMs } = state ?? light.trusted
      return { height, timeMs, baseFee }
    },
    submit: bytes => submissions.submit(bytes),
    async settled(id, options) {
      const settlement = await submissions.settled(id, options)
      // the header after it shows what it did
      floor = Math.max(floor, settlement.height + 1)
      return settlement
    },
    transaction: transactions.ask,
    history: (account, { limit = HISTORY, before, signal: abort } = {}) =>
      transactions.history(account, { limit, before, signal: abort }),
    nodes: () => nodes.list(),
    close: keep,
    [Symbol.asyncDispose]: keep,
  }
}

function nameOf({ genesis, chain, anchor }: ChainReaderInit): ChainName {
  if (genesis !== undefined) return { chainId: genesis.chainId, genesis: idOf(genesisHash(genesis)) }
  if (chain !== undefined && anchor !== undefined) return chain
  throw new ClientError(
    'CLIENT_INVALID_INIT',
    'openChainReader: give the genesis of the chain, or its name and hash (`chain`) with a header to trust (`anchor`)',
  )
}

interface Beginning {
  readonly chain: ChainName
  readonly machine: Machine
  readonly peers: ChainPeers
  readonly store: TrustStore | undefined
  readonly attempts: Attempts
}

/** Begins with the newest of what is trusted: what was kept, or what the caller gave. */
async function beginLight(
  init: ChainReaderInit & { clock: Clock },
  { chain, machine, peers, store, attempts }: Beginning,
): Promise<LightClient> {
  const { trustingPeriodMs = 14 * DAY_MS, clockDriftMs = 10_000, clock } = init
  const rules = { chainId: chain.chainId, trustingPeriodMs, clockDriftMs }
  const text = await store?.load()
  const kept = text === undefined ? undefined : trustFrom(text, chain)
  const given = init.anchor ?? anchorFromGenesis(init.genesis!, machine)
  const isGood = kept !== undefined && !isExpired(kept, clock.now(), rules) && kept.height >= given.height
  const anchor = isGood ? kept : given
  return attempts.each(
    (_, sources) => startLight({ peers, rules, anchor, sources, now: () => clock.now() }),
    {
      signal: init.signal,
    },
  )
}
