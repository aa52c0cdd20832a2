import { bytesOf, type Id, idOf } from '../core/hex.js'
import { genesisState } from '../core/machine/genesis.js'
import type { Machine } from '../core/machine/machine.js'
import { supply } from '../core/machine/supply.js'
import { validatorSetOf } from '../core/modules/staking/elections.js'
import { Draft } from '../core/state/draft.js'
import { ledgerError } from '../errors.js'
import { entriesOf, genesisBytes, isOwnEntry } from './ceremony.js'
import { type GenesisDocument, genesisHash } from './document.js'

/** What is to be known of a genesis before one runs a node on it. */
export interface GenesisReport {
  readonly hash: Uint8Array
  /** All coins, in base units; absent for a chain that goes on from another's state. */
  readonly total: bigint | undefined
  readonly validators: readonly CheckedValidator[]
  /** Others who signed, by key: the coordinator, for one. */
  readonly others: readonly Id[]
  /** What keeps the ceremony from being complete, in words; empty when it is. */
  readonly missing: readonly string[]
}

/** A validator of a genesis. */
export interface CheckedValidator {
  readonly consensusKey: Id
  /** Absent in a chain that goes on from another's state, which has it. */
  readonly owner: string | undefined
  /** Votes it begins with; 0 where it is not elected. */
  readonly power: number
  /** Whether its key signed its entry; those of a state joined long ago. */
  readonly joined: boolean
  /** Whether its key signed the whole. */
  readonly signed: boolean
}

/**
 * Checks a genesis: that the rules allow the state that it describes, and that every signature in it holds. Says who
 * has not signed yet: whether that matters is for who asks (on one's own machine it does not).
 *
 * @throws LedgerError `LEDGER_BAD_GENESIS`, `LEDGER_BAD_PARAMETERS`, and what the modules have against their sections;
 *   `LEDGER_BAD_SIGNATURE` for one that does not hold
 */
export function checkGenesis(machine: Machine, document: GenesisDocument): GenesisReport {
  const signers = signersOf(machine, document)
  const hash = genesisHash(document)
  if (document.state !== undefined) {
    const validators = document.state.validators.map(({ consensusKey, power }) => {
      const signed = signers.has(consensusKey)
      return { consensusKey, owner: undefined, power, joined: true, signed }
    })
    return { hash, total: undefined, ...standing(validators, signers) }
  }
  const { changes } = genesisState(machine, document)
  const draft = new Draft({ get: key => changes.get(key) })
  const powers = new Map(
    validatorSetOf(draft).validators.map(({ publicKey, power }) => [idOf(publicKey), power]),
  )
  const validators = entriesOf(document).map(entry => {
    const { consensusKey, owner, proof } = entry
    const joined = isOwnEntry(document.chainId, entry, machine.verify)
    if (proof !== undefined && !joined) throw unsigned(`validator ${consensusKey} has not signed this entry`)
    return {
      consensusKey,
      owner,
      power: powers.get(consensusKey) ?? 0,
      joined,
      signed: signers.has(consensusKey),
    }
  })
  return { hash, total: supply.get(draft)!.genesis, ...standing(validators, signers) }
}

function standing(validators: readonly CheckedValidator[], signers: ReadonlySet<Id>) {
  const keys = new Set(validators.map(({ consensusKey }) => consensusKey))
  const lacking = (has: (validator: CheckedValidator) => boolean, problem: string): string[] =>
    validators.filter(validator => !has(validator)).map(({ consensusKey }) => `${consensusKey} ${problem}`)
  return {
    validators,
    others: [...signers].filter(key => !keys.has(key)),
    missing: [
      ...(validators.length === 0 ? ['there is no validator'] : []),
      ...lacking(({ power }) => power > 0, 'has too little stake'),
      ...lacking(({ joined }) => joined, 'has not signed its entry'),
      ...lacking(({ signed }) => signed, 'has not signed the whole'),
    ],
  }
}

function signersOf(machine: Machine, document: GenesisDocument): ReadonlySet<Id> {
  const message = genesisBytes(document)
  const signers = new Set<Id>()
  for (const { publicKey, signature } of document.signatures ?? []) {
    if (signers.has(publicKey)) throw unsigned(`${publicKey} signed twice`)
    if (!machine.verify(bytesOf(publicKey), message, bytesOf(signature))) {
      throw unsigned(`the signature of ${publicKey} is not under this genesis`)
    }
    signers.add(publicKey)
  }
  return signers
}

const unsigned = (problem: string) => ledgerError('LEDGER_BAD_SIGNATURE', problem)
