import { Commit, type ValidatorSet } from '@neurovoyance/protocol'
import { PART_BYTES, wholeCandidate } from '../../consensus/core/index.js'
import type { ChainHead } from '../../core/block/assemble.js'
import { type OpenBlock, openBlock } from '../../core/block/check.js'
import { neededSignatures } from '../../core/block/commit.js'
import { validatorsHashOf } from '../../core/block/hashes.js'
import { sameBytes } from '../../core/block/merkle.js'
import { voteBytes } from '../../core/crypto/vote.js'
import { bytesOf, idOf } from '../../core/hex.js'
import { readTransaction, type SignatureCheck } from '../../core/machine/transaction.js'
import { nativeSha256 } from '../../crypto/native-sha256.js'
import { ledgerError } from '../../errors.js'
import type { DecidedBlock } from './ports.js'
import type { VerifyAll } from './signatures.js'

/** A block and its commit, as they came. */
export interface FetchedBlock {
  readonly height: number
  readonly bytes: Uint8Array
  readonly commitBytes: Uint8Array
  /** Who sent it. */
  readonly from: string
}

/** What a fetched block is checked with. */
export interface OpenDecidedInit {
  readonly chainId: string
  /** The chain so far: who decides its next two blocks is known. */
  readonly head: ChainHead
  /** Whether its transactions' signatures need no check. */
  readonly isTrusted: boolean
  readonly verifyAll: VerifyAll
}

/**
 * Checks a fetched block as far as it can be before those before it are applied: that it is whole, that a quorum
 * decided it, and then that its transactions are signed. Nothing where it is not known yet who decides it.
 *
 * @throws ProtocolError, LedgerError: whoever sent it lies
 */
export async function openDecided(
  { height, bytes, commitBytes }: FetchedBlock,
  { chainId, head, isTrusted, verifyAll }: OpenDecidedInit,
): Promise<DecidedBlock | undefined> {
  const checks: SignatureCheck[] = []
  const open = openBlock(bytes, { chainId, verify: () => true }, item => {
    const read = readTransaction(item, { chainId, hash: nativeSha256 })
    if (!isTrusted) checks.push(...read.checks)
    return read.transaction
  })
  const validators = decidersOf(open, height, head)
  if (validators === undefined) return undefined
  const commit = Commit.decode(commitBytes)
  const candidate = wholeCandidate(height, idOf(open.headerHash), bytes, PART_BYTES)
  const id = bytesOf(candidate.blockId)
  if (commit.height !== height || !sameBytes(commit.block, id)) throw badBlock('its commit is for another')
  neededSignatures(commit, { validators })
  // every signature, not only as many as are needed: the rest is passed on, and may be taken for evidence
  const message = voteBytes(chainId, { type: 'precommit', height, round: commit.round, block: id })
  const signed = commit.signatures.map(({ validator, signature }) => {
    return { publicKey: validators.validators[validator]!.publicKey, message, signature }
  })
  if (!(await verifyAll(signed))) throw badBlock('a signature of its commit is wrong')
  if (!(await verifyAll(checks))) throw badBlock('a signature of its transactions is wrong')
  const { blockId, headerHash, partsRoot, parts } = candidate
  return {
    height,
    id,
    bytes,
    open,
    headerHash,
    partsRoot,
    parts: parts.length,
    commit,
    commitBytes,
    precommits: signed.map(({ publicKey, signature }) => ({
      type: 'precommit',
      height,
      round: commit.round,
      blockId,
      validRound: -1,
      validator: idOf(publicKey),
      signature,
    })),
  }
}

/** Whether a block follows the head: by whom it was decided, and by the block that it names. */
export function follows({ open: { header } }: DecidedBlock, head: ChainHead): boolean {
  return (
    header.height === head.height + 1 &&
    sameBytes(header.previousBlock, head.blockId) &&
    sameBytes(header.validatorsHash, hashOf(head.validators))
  )
}

/** Who decided a block, by what its header says, where that is known already. */
function decidersOf({ header }: OpenBlock, height: number, head: ChainHead): ValidatorSet | undefined {
  if (header.height !== height) throw badBlock(`it is of height ${header.height}, not ${height}`)
  const known = [head.validators, head.nextValidators]
  const found = known.find(set => sameBytes(hashOf(set), header.validatorsHash))
  if (found === undefined && height <= head.height + 2) throw badBlock('it names other validators')
  return found
}

const hashes = new WeakMap<ValidatorSet, Uint8Array>()

function hashOf(set: ValidatorSet): Uint8Array {
  const known = hashes.get(set)
  if (known !== undefined) return known
  const hash = validatorsHashOf(set)
  hashes.set(set, hash)
  return hash
}

const badBlock = (problem: string) => ledgerError('LEDGER_BAD_BLOCK', `the block may not be: ${problem}`)
