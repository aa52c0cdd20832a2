import { access } from 'node:fs/promises'
import { join } from 'node:path'
import type { GenesisDocument } from '@neurovoyance/ledger'
import { anchorFromGenesis } from '@neurovoyance/ledger/light'
import { type SnapshotArtifacts, stateSync } from '@neurovoyance/ledger/node'
import type { Host } from '@neurovoyance/p2p'
import { errorCode, type Logger } from '@neurovoyance/protocol'
import { isMissing } from '../files/is-missing.js'
import { chainNetworkOver } from './chain-network.js'
import { lightRules } from './light-rules.js'

/** What a node needs to begin with a snapshot of others. */
export interface SnapshotBeginning {
  readonly dir: string
  readonly genesis: GenesisDocument
  /** A header that its owner trusts; the genesis when left out. */
  readonly trust?: { readonly height: number; readonly blockId: string } | undefined
  readonly network: Host
  readonly artifacts: SnapshotArtifacts
  readonly logger: Logger
}

/** How long peers with a snapshot are waited for. */
const PATIENCE_MS = 30_000

/**
 * Fills an empty folder from the newest snapshot that peers have, checked by the light client. Where none comes in
 * time the folder stays empty, and the chain begins with its first block.
 *
 * @throws LedgerError `LEDGER_LIGHT_FORK` where two peers show different chains: somebody has to decide
 */
export async function beginFromSnapshot(init: SnapshotBeginning): Promise<void> {
  const { dir, genesis, trust, network, artifacts, logger } = init
  if (await isThere(join(dir, 'store'))) return
  const late = AbortSignal.timeout(PATIENCE_MS)
  const came = peersOf(network, late)
  try {
    for (;;) {
      try {
        const { height, cid } = await stateSync({
          dir,
          genesis,
          anchor: trust ?? anchorFromGenesis(genesis),
          rules: lightRules(genesis.chainId),
          peers: network.peers().map(({ peerId }) => peerId),
          call: chainNetworkOver(network).call,
          artifacts,
          logger,
        })
        logger.info({ height, cid }, 'the chain begins here with a snapshot')
        return
      } catch (error) {
        if (errorCode(error) !== 'LEDGER_SYNC_NO_SNAPSHOT') throw error
        if (late.aborted) {
          logger.warn({ error }, 'no snapshot to begin with: the chain begins here with its first block')
          return
        }
        await came.next()
      }
    }
  } finally {
    came.stop()
  }
}

/** Tells of peers that come: `next` resolves when somebody came since it was last asked, or when it is too late. */
function peersOf(network: Host, late: AbortSignal) {
  let told = Promise.withResolvers<void>()
  const stop = network.onPeer(({ type }) => type === 'connect' && told.resolve())
  late.addEventListener('abort', () => told.resolve(), { once: true })
  return {
    stop,
    async next() {
      await told.promise
      if (!late.aborted) told = Promise.withResolvers<void>()
    },
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path)
    return true
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
}
