/**
 * A chain that goes on as another: the state that one ended with is what the other begins with. See
 * docs/adr/0017.
 *
 * @module
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sameBytes } from '../../core/block/merkle.js'
import { bytesOf, idOf } from '../../core/hex.js'
import { continuedState } from '../../core/machine/genesis.js'
import type { Machine } from '../../core/machine/machine.js'
import { validatorSetOf } from '../../core/modules/staking/elections.js'
import { Draft } from '../../core/state/draft.js'
import type { StateView } from '../../core/state/view.js'
import { ledgerError } from '../../errors.js'
import { type GenesisDocument, genesisHash } from '../../genesis/document.js'
import { parseGenesis } from '../../genesis/parse.js'
import { exportSnapshot, type LedgerStore, openLedgerStore, readSnapshot } from '../../store/index.js'
import { chainFolder } from '../folder.js'
import { firstRecords } from '../record/first.js'
import { readHead } from '../record/head.js'

/** The document's name in the folder that `exportChain` makes. */
export const GENESIS_FILE = 'genesis.json'
/** The state's. */
export const STATE_FOLDER = 'state'

/** What an export is made from. */
export interface ExportChainInit {
  /** The folder of a chain whose node has stopped. */
  dir: string
  /** The chain's name: of the one that ended. */
  chainId: string
  /** Name of the chain that begins. */
  newChainId: string
  /** A folder for the document and the state; made where it is absent. */
  out: string
  signal?: AbortSignal
  onProgress?: (progress: { chunks: number; entries: number }) => void
}

/**
 * Writes the genesis of a chain that goes on from the state of another: `genesis.json`, which people look at and sign
 * (`signGenesis`), and the folder `state`, whose root it names.
 *
 * @throws StoreError `LEDGER_STORE_IN_USE` while a node runs on it
 * @throws ChainError `LEDGER_CHAIN_INCOMPLETE`
 */
export async function exportChain(init: ExportChainInit): Promise<GenesisDocument> {
  const { dir, chainId, newChainId, out, signal, onProgress } = init
  if (newChainId === chainId) {
    throw ledgerError(
      'LEDGER_BAD_GENESIS',
      'a chain that begins needs a name of its own: votes are signed for it',
      {
        field: 'chainId',
      },
    )
  }
  const store = await openLedgerStore({ dir: chainFolder(dir).store })
  try {
    const document = continuing(store, chainId, newChainId)
    await mkdir(out, { recursive: true })
    await exportSnapshot(store.state, {
      dir: join(out, STATE_FOLDER),
      ...(signal && { signal }),
      ...(onProgress && { onProgress }),
    })
    await writeFile(join(out, GENESIS_FILE), `${JSON.stringify(document, undefined, 2)}\n`, { flush: true })
    return document
  } finally {
    await store.close()
  }
}

function continuing({ state, record }: LedgerStore, chainId: string, newChainId: string): GenesisDocument {
  const { height, timeMs } = readHead({ record }, state.height ?? 0)
  const { validators } = validatorSetOf(new Draft(state))
  return {
    chainId: newChainId,
    // the ledger's clock goes on where it stood
    timeMs,
    parameters: {},
    modules: {},
    state: {
      chainId,
      height,
      root: idOf(state.root()),
      validators: validators.map(({ publicKey, power }) => ({ consensusKey: idOf(publicKey), power })),
    },
  }
}

/** What an import is made from. */
export interface ImportChainInit {
  /** The folder of the chain that begins; nothing of a chain may be in it. */
  dir: string
  /** Absent: the one of the export. */
  genesis?: GenesisDocument
  /** The folder that `exportChain` made. */
  from: string
  machine: (chainId: string) => Machine
  signal?: AbortSignal
}

/**
 * Fills the folder of a chain that goes on from the state of another: a node that is started on it begins with block
 * 1.
 *
 * @throws LedgerError `LEDGER_BAD_GENESIS`
 * @throws StoreError `LEDGER_STORE_NOT_EMPTY`, `LEDGER_SNAPSHOT_INVALID` where the state is not the document's
 */
export async function importChain(init: ImportChainInit): Promise<GenesisDocument> {
  const { dir, from, signal } = init
  const genesis = init.genesis ?? parseGenesis(await readFile(join(from, GENESIS_FILE), 'utf8'))
  if (genesis.state === undefined) {
    throw ledgerError('LEDGER_BAD_GENESIS', 'the document names no state to go on from', { field: 'state' })
  }
  const { state } = genesis
  const machine = init.machine(genesis.chainId)
  const store = await openLedgerStore({
    dir: chainFolder(dir).store,
    snapshot: {
      source: await readSnapshot(join(from, STATE_FOLDER)),
      root: bytesOf(state.root),
      becomes(ended) {
        const { changes } = continuedState(machine, genesis, ended)
        const after: StateView = { get: key => (changes.has(key) ? changes.get(key) : ended.get(key)) }
        const set = validatorSetOf(new Draft(after))
        const isNamed =
          set.validators.length === state.validators.length &&
          set.validators.every(
            ({ publicKey, power }, index) =>
              power === state.validators[index]!.power &&
              sameBytes(publicKey, bytesOf(state.validators[index]!.consensusKey)),
          )
        if (!isNamed) {
          throw ledgerError(
            'LEDGER_BAD_GENESIS',
            'the document names other validators than the state elects',
            {
              field: 'state.validators',
            },
          )
        }
        return { height: 0, changes, records: firstRecords(genesisHash(genesis), genesis.timeMs, set) }
      },
      ...(signal && { signal }),
    },
  })
  await store.close()
  return genesis
}
