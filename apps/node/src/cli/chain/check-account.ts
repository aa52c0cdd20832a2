import { bytesOf, createNetworkLedger, verifyProof } from '@neurovoyance/ledger'
import { anchorFromGenesis, createLightClient } from '@neurovoyance/ledger/light'
import { lightRules } from '../../chain/light-rules.js'
import { readGenesis } from '../../chain/read-genesis.js'
import { NodeError } from '../../errors.js'
import type { ChainClient } from '../../gateway/chain/chain-client.js'
import type { AccountJson } from '../../gateway/chain/shapes.js'
import { accountJson } from '../../gateway/chain/views.js'

/** An account as its proofs show it. */
export interface CheckedAccount extends AccountJson {
  /** What it was checked by. */
  readonly checked: { readonly height: number; readonly stateRoot: string; readonly block: string }
}

/**
 * What an account holds by proofs alone: a header that the validators signed, followed from the genesis on, and the
 * values under its state root. The node that answers is not believed.
 *
 * @throws LedgerError where a header or proof does not hold; NodeError `NODE_GENESIS`
 */
export async function checkedAccount(
  chain: ChainClient,
  genesisPath: string,
  address: string,
): Promise<CheckedAccount> {
  const [genesis, { proof }] = await Promise.all([
    readGenesis(genesisPath),
    chain.account(address, { prove: true }),
  ])
  if (proof === undefined) throw unproven('it gave no proof')
  const { chainId } = genesis
  const light = await createLightClient({
    rules: lightRules(chainId),
    anchor: anchorFromGenesis(genesis),
    primary: { name: 'the node', lightBlock: height => chain.lightBlock(height) },
  })
  const { header, blockId } = await light.verifyTo(proof.height)
  const values = new Map<string, Uint8Array | undefined>()
  for (const { key, value, proof: path } of proof.values) {
    const bytes = value === null ? undefined : bytesOf(value)
    if (!verifyProof(header.stateRoot, key, bytes, bytesOf(path)))
      throw unproven(`the proof of ${key} does not hold`)
    values.set(key, bytes)
  }
  const state = {
    get(key: string) {
      if (values.has(key)) return values.get(key)
      throw unproven(`it did not prove ${key}`)
    },
  }
  // which nodes the account may have is the node's word; whether they are the account's is proven
  const nodes = [...values.keys()].flatMap(key =>
    key.startsWith('nodes/') ? [key.slice('nodes/'.length)] : [],
  )
  const account = accountJson(
    { state, height: header.height - 1, timeMs: header.timeMs, machine: createNetworkLedger({ chainId }) },
    address,
    nodes,
  )
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
  return {
    ...account,
    checked: { height: header.height, stateRoot: hex(header.stateRoot), block: hex(blockId) },
  }
}

const unproven = (problem: string): NodeError =>
  new NodeError('NODE_UNPROVEN', `What the node says of this account cannot be trusted: ${problem}.`)
