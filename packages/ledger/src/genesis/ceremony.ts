/**
 * How people who do not trust each other begin a chain. One of them writes a draft (`createGenesis`): the name, the
 * time, the parameters, who has which coins. Every validator adds himself (`joinGenesis`): his consensus key signs
 * the entry, so that nobody is entered by another. When all are in, everybody signs the hash of the whole
 * (`signGenesis`), and whoever starts a node checks that they did (`checkGenesis`).
 *
 * @module
 */

import { signingPrefix } from '../core/crypto/domains.js'
import { sha256 } from '../core/crypto/sha256.js'
import { bytesOf, idOf } from '../core/hex.js'
import { ledgerError } from '../errors.js'
import { canonicalJson } from './canonical.js'
import { byKey, type GenesisValidator, type StakingEntry, stakingEntry } from './create.js'
import { type GenesisDocument, genesisHash } from './document.js'

/** What a validator signs to be in a genesis. */
export const GENESIS_ENTRY_DOMAIN = 'neurovoyance/genesis-entry/1'
/** What is signed under a genesis. */
export const GENESIS_DOMAIN = 'neurovoyance/genesis/1'

/** A key that signs. */
export interface GenesisSigner {
  readonly publicKey: Uint8Array
  sign(bytes: Uint8Array): Uint8Array | Promise<Uint8Array>
}

/**
 * The draft with a validator more, signed by its consensus key. Signatures under the draft go: it is another one now.
 *
 * @throws LedgerError `LEDGER_CONFLICT` where the key is in it
 */
export async function joinGenesis(
  draft: GenesisDocument,
  key: GenesisSigner,
  validator: Omit<GenesisValidator, 'consensusKey'>,
): Promise<GenesisDocument> {
  const entry = stakingEntry({ ...validator, consensusKey: key.publicKey })
  const proof = idOf(await key.sign(entryBytes(draft.chainId, entry)))
  return withEntry(draft, { ...entry, proof })
}

/**
 * The draft with the entry of a validator, as `joinGenesis` made it elsewhere.
 *
 * @throws LedgerError `LEDGER_CONFLICT`
 */
export function withEntry(draft: GenesisDocument, entry: StakingEntry): GenesisDocument {
  const entries = entriesOf(draft)
  if (entries.some(({ consensusKey }) => consensusKey === entry.consensusKey)) {
    throw ledgerError('LEDGER_CONFLICT', `validator ${entry.consensusKey} is in this genesis already`)
  }
  const { signatures: _, ...rest } = draft
  return { ...rest, modules: { ...rest.modules, staking: [...entries, entry].sort(byKey) } }
}

/** The document with a signature under its hash; another one of the same key goes. */
export async function signGenesis(document: GenesisDocument, key: GenesisSigner): Promise<GenesisDocument> {
  const publicKey = idOf(key.publicKey)
  const signature = idOf(await key.sign(genesisBytes(document)))
  const others = (document.signatures ?? []).filter(other => other.publicKey !== publicKey)
  const signatures = [...others, { publicKey, signature }].sort((a, b) =>
    a.publicKey < b.publicKey ? -1 : 1,
  )
  return { ...document, signatures }
}

/** The validators of a document, as its section `staking` has them. */
export const entriesOf = ({ modules }: GenesisDocument): readonly StakingEntry[] =>
  Array.isArray(modules.staking) ? (modules.staking as readonly StakingEntry[]) : []

/** The bytes that a validator's key signs to be in a genesis. */
export function entryBytes(chainId: string, { proof: _, ...entry }: StakingEntry): Uint8Array {
  const prefix = signingPrefix(GENESIS_ENTRY_DOMAIN, chainId)
  return joinedBytes(prefix, sha256(new TextEncoder().encode(canonicalJson(entry))))
}

/** The bytes that are signed under a genesis. */
export const genesisBytes = (document: GenesisDocument): Uint8Array =>
  joinedBytes(signingPrefix(GENESIS_DOMAIN, document.chainId), genesisHash(document))

/** Whether a key signed the entry that it has in a genesis. */
export const isOwnEntry = (
  chainId: string,
  entry: StakingEntry,
  verify: (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean,
): boolean =>
  entry.proof !== undefined &&
  /^[0-9a-f]{128}$/.test(entry.proof) &&
  verify(bytesOf(entry.consensusKey), entryBytes(chainId, entry), bytesOf(entry.proof))

function joinedBytes(a: Uint8Array, b: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(a.length + b.length)
  bytes.set(a)
  bytes.set(b, a.length)
  return bytes
}
