import { readFile, stat } from 'node:fs/promises'
import type { GenesisDocument } from '@neurovoyance/ledger'
import { LIMITS, NeurovoyanceError } from '@neurovoyance/protocol'
import { NodeError } from '../errors.js'

/**
 * Reads a genesis document from its file: its form; `checkGenesis` has its rules.
 *
 * @throws NodeError `NODE_GENESIS` where there is no such file; LedgerError `LEDGER_BAD_GENESIS`
 */
export async function readGenesis(path: string): Promise<GenesisDocument> {
  const text = await readText(path)
  const { parseGenesis } = await import('@neurovoyance/ledger')
  return parseGenesis(text)
}

async function readText(path: string): Promise<string> {
  try {
    const { size } = await stat(path)
    if (size <= LIMITS.genesisBytes) return await readFile(path, 'utf8')
    throw new NodeError(
      'NODE_GENESIS',
      `${path} is larger than ${LIMITS.genesisBytes} bytes: it is no genesis.`,
      {
        details: { path },
      },
    )
  } catch (error) {
    if (error instanceof NeurovoyanceError) throw error
    throw new NodeError('NODE_GENESIS', `The genesis ${path} cannot be read: ${(error as Error).message}.`, {
      details: { path },
      cause: error,
    })
  }
}
