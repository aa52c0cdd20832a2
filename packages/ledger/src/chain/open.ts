import { mkdir } from 'node:fs/promises'
import { type Logger, silentLogger, systemClock, systemRandom } from '@neurovoyance/protocol'
import { hashBy } from '../core/crypto/sha256.js'
import type { Machine } from '../core/machine/machine.js'
import { createNetworkLedger } from '../core/modules/index.js'
import { Draft } from '../core/state/draft.js'
import { nativeSha256Into } from '../crypto/native-sha256.js'
import { nativeVerifier, nativeVerifierAside } from '../crypto/native-verify.js'
import { genesisHash } from '../genesis/document.js'
import { openLedgerStore } from '../store/index.js'
import { LedgerApplication } from './application/application.js'
import { boundedVerifier } from './application/bounded-verifier.js'
import { EvidencePool } from './application/evidence-pool.js'
import { AppliedChain } from './applied-chain.js'
import type { Chain, ChainInit } from './chain.js'
import { chainFolder } from './folder.js'
import { ChainNode } from './node.js'
import { OpenedTransactions } from './pool/opened-transactions.js'
import { TransactionPool } from './pool/transaction-pool.js'
import { evidenceWrite, readEvidence } from './record/evidence.js'
import { settleSettings } from './settings.js'

const NO_KEY = new Uint8Array(32)

/**
 * Opens a chain's node: where its folder is empty at the genesis, else where it stopped, however it stopped. It decides
 * blocks with the others as soon as this resolves.
 *
 * @throws ChainError, StoreError, ConsensusError, LedgerError: what is wrong with the folder, the key or the genesis
 */
export async function openChain(init: ChainInit): Promise<Chain> {
  const { dir, genesis, validator, clock = systemClock, random = systemRandom, logger = silentLogger } = init
  const { chainId } = genesis
  const folder = chainFolder(dir)
  hashBy(nativeSha256Into)
  const native = nativeVerifier()
  const verifier = boundedVerifier(native)
  const machine = withVerifier(init.machine ?? createNetworkLedger({ chainId }), verifier.verify)
  const { keepBlocks, trustedTo } = init.settings ?? {}
  await mkdir(dir, { recursive: true })
  const store = await openLedgerStore({ dir: folder.store, ...(keepBlocks !== undefined && { keepBlocks }) })
  try {
    const hash = genesisHash(genesis)
    const chain = await AppliedChain.open({ store, machine, genesis, genesisHash: hash, trustedTo, clock })
    const settings = settleSettings(init.settings ?? {}, Number(chain.parameters.of('time/heartbeatMs')))
    const opened = new OpenedTransactions()
    const evidence = keptEvidence(chain, verifier.verify, logger)
    const pool = new TransactionPool({ chain, opened, verify: nativeVerifierAside() })
    const proposer = validator?.publicKey ?? NO_KEY
    const parts = { chain, pool, opened, evidence, verifier, clock, random, logger }
    const application = new LedgerApplication({ ...parts, ...settings, proposer })
    const node = new ChainNode({
      ...parts,
      genesisHash: hash,
      settings,
      application,
      folder,
      key: validator,
      network: init.network,
      artifacts: init.artifacts,
    })
    await node.start()
    return node
  } catch (error) {
    await store.close()
    throw error
  }
}

/** Faults that this node saw, kept beside the state: they are needed until a block has them, or for as long as they count. */
function keptEvidence(chain: AppliedChain, verify: Machine['verify'], logger: Logger): EvidencePool {
  const { store, machine, head, parameters } = chain
  const evidence = new EvidencePool(pieces => {
    store
      .writeRecords([evidenceWrite(pieces)])
      .catch(error => logger.error({ error }, 'evidence was not kept: it is lost when this node stops'))
  })
  evidence.restore(readEvidence(store), {
    draft: new Draft(chain.state),
    chainId: machine.chainId,
    verify,
    parameters,
    timeMs: head.timeMs,
    height: head.height + 1,
  })
  return evidence
}

/** The same rules by another verifier, in this version of them and every one before. */
const withVerifier = (machine: Machine, verify: Machine['verify']): Machine => ({
  ...machine,
  verify,
  before: machine.before && withVerifier(machine.before, verify),
})
