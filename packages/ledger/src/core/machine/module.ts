import type { Codec } from '@neurovoyance/protocol'
import type { ParameterTable } from '../parameters/parameter.js'
import type { ActionContext, BlockContext } from './context.js'
import type { SignatureCheck } from './transaction.js'

/** What is known of an action before its turn. */
export type Awaiting = Pick<ActionContext, 'draft' | 'chainId' | 'sender' | 'nonce'>

/** Something that a transaction can ask for. */
export interface ActionRule {
  /** What it costs beside its bytes, in units of weight: about one per microsecond. */
  readonly weight: number
  /** Reads the payload and does it; an error takes the whole transaction back. */
  execute(context: ActionContext, payload: Uint8Array): void
  /**
   * The signature within a payload that `execute` would check, whenever its turn comes: a pool checks it before. A rule
   * that calls `context.verify` has to have this.
   *
   * @throws LedgerError where nobody can tell yet whose signature it would have to be
   */
  signature?(context: Awaiting, payload: Uint8Array): SignatureCheck | undefined
}

/** An action from its payload's codec and its rule; the last says which signature is in a payload, where one is. */
export function action<Payload>(
  codec: Codec<Payload>,
  weight: number,
  execute: (context: ActionContext, payload: Payload) => void,
  signature?: (context: Awaiting, payload: Payload) => SignatureCheck | undefined,
): ActionRule {
  return {
    weight,
    execute: (context, payload) => execute(context, codec.decode(payload)),
    ...(signature && { signature: (context, payload) => signature(context, codec.decode(payload)) }),
  }
}

/** A part of the ledger's rules. A machine is a list of these; others add their own to it. */
export interface LedgerModule {
  /** First part of its actions', events', parameters' and collections' names. */
  readonly name: string
  readonly parameters?: ParameterTable
  /** Its actions by the second part of their kind. */
  readonly actions?: Readonly<Record<string, ActionRule>>
  /** Rules on the parameters of all modules together, checked at the genesis and before they change. */
  checkParameters?(of: (name: string) => bigint): void
  /** Before the transactions of a block; modules in the order of the list. */
  beginBlock?(context: BlockContext): void
  /** After them; in the same order. */
  endBlock?(context: BlockContext): void
  /**
   * By version of the application: makes of the state that the version before left what the module expects of it.
   * `context.parameters` are those of the version before. See `planUpgrade`.
   */
  readonly migrations?: Readonly<Record<number, (context: BlockContext) => void>>
  /** Makes of the state that another chain ended with what this one begins with: heights begin anew. */
  continues?(context: BlockContext): void
  /** Puts its section of the genesis into the state. */
  genesis?(context: BlockContext, section: unknown): void
}
