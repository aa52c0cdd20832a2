import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { GenesisDocument } from '@neurovoyance/ledger'
import { writeFileAtomic } from '@neurovoyance/p2p/node'

/** Keeps a copy of the genesis of a home's chain, for what asks for it later: proofs, export, payments. */
export async function keepGenesis(path: string, genesis: GenesisDocument): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await writeFileAtomic(path, `${JSON.stringify(genesis, null, 2)}\n`, { mode: 0o600 })
}
