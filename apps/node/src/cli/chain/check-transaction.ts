import { bytesOf } from '@neurovoyance/ledger'
import { anchorFromGenesis, checkTransactionProof, createLightClient } from '@neurovoyance/ledger/light'
import { lightRules } from '../../chain/light-rules.js'
import { readGenesis } from '../../chain/read-genesis.js'
import { NodeError } from '../../errors.js'
import type { ChainClient } from '../../gateway/chain/chain-client.js'
import { transactionJson } from '../../gateway/chain/json.js'
import type { TransactionJson } from '../../gateway/chain/shapes.js'

/** A transaction whose height, place, code, fee and bytes are proven. */
export interface CheckedTransaction extends TransactionJson {
  /** By the headers of this height and the next. */
  readonly checked: { readonly height: number; readonly block: string }
}

/**
 * What became of a transaction by proofs alone: its id under the header of its block, its receipt under the next one,
 * both followed from the genesis on. The node that answers is not believed.
 *
 * @throws LedgerError `LEDGER_BAD_PROOF` and those of headers; NodeError `NODE_UNPROVEN` where it is in no block,
 *   `NODE_GENESIS`
 */
export async function checkedTransaction(
  chain: ChainClient,
  genesisPath: string,
  id: string,
  options: { waitMs?: number; signal?: AbortSignal },
): Promise<CheckedTransaction> {
  const genesis = await readGenesis(genesisPath)
  const found = await chain.transaction(id, { ...options, prove: true })
  const { height, index, code, fee, bytes, proof } = found
  if (proof === undefined) {
    throw new NodeError('NODE_UNPROVEN', `Nothing shows yet what became of transaction ${id}: give --wait.`)
  }
  const light = await createLightClient({
    rules: lightRules(genesis.chainId),
    anchor: anchorFromGenesis(genesis),
    primary: { name: 'the node', lightBlock: at => chain.lightBlock(at) },
  })
  const after = await light.verifyTo(height + 1)
  const own = await light.verifyTo(height)
  const transaction = new Uint8Array(Buffer.from(bytes, 'base64'))
  const shown = { id: bytesOf(id), index, fee: BigInt(fee) }
  const { weight } = checkTransactionProof(
    {
      ...shown,
      code: code ?? '',
      transaction,
      proof: {
        receipt: bytesOf(proof.receipt),
        receiptSiblings: proof.receiptSiblings.map(bytesOf),
        transactionSiblings: proof.transactionSiblings.map(bytesOf),
      },
    },
    { transactionsRoot: own.header.transactionsRoot, receiptsRoot: after.header.receiptsRoot },
  )
  const happened = {
    ...shown,
    height,
    weight,
    events: [],
    bytes: transaction,
    ...(code !== null && { code }),
  }
  return {
    ...transactionJson(happened),
    // for people: neither is part of what validators agree on
    message: found.message,
    events: found.events,
    checked: { height, block: Buffer.from(own.blockId).toString('hex') },
  }
}
