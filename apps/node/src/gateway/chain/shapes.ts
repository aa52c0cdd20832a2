import type { AccountView, ParameterView, SupplyView, ValidatorView } from '@neurovoyance/client/chain'

/** A chain as the gateway tells it, in JSON: amounts are decimal texts in base units, ids and hashes hexadecimal. */
export type InJson<T> = T extends bigint
  ? string
  : T extends string | number | boolean | null | undefined
    ? T
    : T extends readonly (infer Item)[]
      ? readonly InJson<Item>[]
      : { readonly [Name in keyof T]: InJson<T[Name]> }

/** How the chain is here. */
export interface ChainStatusJson {
  readonly chainId: string
  /** SHA-256 of the genesis without its signatures. */
  readonly genesis: string
  readonly height: number
  readonly block: string
  /** The ledger's time of that block, in milliseconds since the Unix epoch. */
  readonly timeMs: number
  readonly stateRoot: string
  /** Whether the node is behind others and catching up. */
  readonly catchingUp: boolean
  /** What a unit of weight costs in the next block. */
  readonly baseFee: string
  readonly validators: number
  /** This node's key among them, or standing by; `null` for a node that follows. */
  readonly validator: string | null
  readonly pool: { readonly transactions: number; readonly bytes: number }
  /** Time from the newest block's stamp to its decision here; `null` before the first since the start. */
  readonly finalityMs: number | null
}

/** Something that happened. */
export interface EventJson {
  readonly kind: string
  readonly accounts: readonly string[]
  readonly fields: Readonly<Record<string, string | number>>
}

/** One thing that a transaction asks for. */
export interface ActionJson {
  readonly kind: string
  /** What the payload says; absent for a kind that this software does not read. */
  readonly fields?: Readonly<Record<string, unknown>>
  readonly payload: string
}

/** A transaction and what became of it. */
export interface TransactionJson {
  readonly id: string
  /** 0 while it waits. */
  readonly height: number
  readonly index: number
  readonly ok: boolean
  readonly code: string | null
  readonly message: string | null
  readonly fee: string
  readonly sender: string
  readonly nonce: number
  readonly memo: string
  readonly actions: readonly ActionJson[]
  readonly events: readonly EventJson[]
  /** As it travelled, in base64. */
  readonly bytes: string
  /** With `?prove=true`, of one in a block: what shows height, index, code and fee. */
  readonly proof?: TransactionProofJson
}

/** What a transaction would do in the next block. */
export interface TrialJson {
  /** Why it would have no effect; `null` where all of it would happen. */
  readonly code: string | null
  readonly message: string | null
  /** Whether it would be charged for all the same. */
  readonly charged: boolean
  readonly fee: string
  readonly events: readonly EventJson[]
}

/** What shows what became of a transaction, under the headers of its block and the next; hexadecimal. */
export interface TransactionProofJson {
  readonly receipt: string
  readonly receiptSiblings: readonly string[]
  readonly transactionSiblings: readonly string[]
}

/** A block that was applied. */
export interface BlockJson {
  readonly height: number
  readonly id: string
  readonly timeMs: number
  readonly proposer: string
  readonly stateRoot: string
  readonly transactions: readonly TransactionJson[]
  readonly events: readonly EventJson[]
}

/** What an account has, by kind, and when it frees. */
export type AccountJson = InJson<AccountView> & {
  /** The state after this block. */
  readonly height: number
  /** Its keys as its first transaction showed them; `null` until then. */
  readonly keys: { readonly threshold: number; readonly keys: readonly KeyJson[] } | null
  /** With `?prove=true`: every value that this was read from, and what shows it. */
  readonly proof?: ProofJson
}

/** A key of an account. */
export interface KeyJson {
  readonly key: string
  readonly weight: number
}

/** Values with proofs under the state root of a header. */
export interface ProofJson {
  /** The header of this height has the root that the proofs lead to. */
  readonly height: number
  readonly values: readonly { readonly key: string; readonly value: string | null; readonly proof: string }[]
}

/** Elected validators and candidates, the most powerful first. */
export type ValidatorJson = InJson<ValidatorView>

/** Coins there are. */
export type SupplyJson = InJson<SupplyView> & { readonly height: number }

/** A number that the genesis set. */
export type ParameterJson = InJson<ParameterView>
