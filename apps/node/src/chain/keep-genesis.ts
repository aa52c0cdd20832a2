import { dirname } from 'node:path'
import type { GenesisDocument } from '@neurovoyance/ledger'
import { writeFileAtomic } from '@neurovoyance/p2p/node'
import { makeFolder } from '../config/make-folder.js'

/** Keeps a copy of the genesis of a home's chain, for what asks for it later: proofs, export, payments. */
export async function keepGenesis(path: string, genesis: GenesisDocument): Promise<void> {
  await makeFolder(dirname(path))
  await writeFileAtomic(path, `${JSON.stringify(genesis, null, 2)}\n`, { mode: 0o600 })
}
