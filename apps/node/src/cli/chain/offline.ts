import { join, resolve } from 'node:path'
import { createNetworkLedger } from '@neurovoyance/ledger'
import { exportChain, GENESIS_FILE, importChain, pruneChain, rollbackChain } from '@neurovoyance/ledger/node'
import { keepGenesis } from '../../chain/keep-genesis.js'
import { readGenesis } from '../../chain/read-genesis.js'
import type { Home } from '../../config/home.js'
import { lockHome } from '../../config/lock.js'
import type { CliContext } from '../context.js'
import { requireGenesis } from './find-chain.js'
import type { ExportOptions, PruneOptions, RollbackOptions } from './options.js'

/** `nv chain rollback` */
export async function rollback(
  { home, output }: CliContext,
  { withBlock = false }: RollbackOptions,
): Promise<void> {
  const height = await stopped(home, () => rollbackChain({ dir: home.chain, withBlock }))
  output.answer({ height }, () => `The state is that after block ${height}.`)
}

/** `nv chain prune` */
export async function prune({ home, output }: CliContext, { keep }: PruneOptions): Promise<void> {
  const first = await stopped(home, () => pruneChain(home.chain, keep))
  output.answer({ first: first ?? null }, () =>
    first === undefined ? 'There are no blocks.' : `The oldest block that is kept is ${first}.`,
  )
}

/** `nv chain export` */
export async function exported(
  { home, output, signal }: CliContext,
  folder: string,
  { chainId: newChainId, genesis }: ExportOptions,
): Promise<void> {
  const { chainId } = await readGenesis(await requireGenesis(home, genesis))
  const out = resolve(folder)
  const document = await stopped(home, () =>
    exportChain({ dir: home.chain, chainId, newChainId, out, signal }),
  )
  const { state } = document
  output.answer({ folder: out, genesis: join(out, GENESIS_FILE), state }, () =>
    [
      `${join(out, GENESIS_FILE)} goes on from block ${state?.height} of ${chainId}, state root ${state?.root}.`,
      `Its validators sign it (nv genesis sign); every node takes the folder in: nv chain import ${folder}`,
    ].join('\n'),
  )
}

/** `nv chain import` */
export async function imported({ home, output, signal }: CliContext, folder: string): Promise<void> {
  const from = resolve(folder)
  const genesis = await readGenesis(join(from, GENESIS_FILE))
  const machine = (chainId: string) => createNetworkLedger({ chainId })
  await stopped(home, () => importChain({ dir: home.chain, from, genesis, machine, signal }))
  await keepGenesis(home.genesis, genesis)
  output.answer({ chainId: genesis.chainId, genesis: join(from, GENESIS_FILE) }, () =>
    [
      `${genesis.chainId} is in ${home.chain}.`,
      `Name its genesis: nv config set chain.genesis ${join(from, GENESIS_FILE)}`,
    ].join('\n'),
  )
}

/** Does something with the chain of a home whose node does not run. @throws NodeError `NODE_HOME_IN_USE` */
async function stopped<Result>(home: Home, action: () => Promise<Result>): Promise<Result> {
  const unlock = await lockHome(home.lock)
  try {
    return await action()
  } finally {
    await unlock()
  }
}
