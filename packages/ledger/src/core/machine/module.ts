import type { Codec } from '@neurovoyance/protocol'
import type { ParameterTable } from '../parameters/parameter.js'
import type { ActionContext, BlockContext } from './context.js'

/** Something that a transaction can ask for. */
export interface ActionRule {
  /** What it costs beside its bytes, in units of weight: about one per microsecond. */
  readonly weight: number
  /** Reads the payload and does it; an error takes the whole transaction back. */
  execute(context: ActionContext, payload: Uint8Array): void
}

/** An action from its payload's codec and its rule. */
export function action<Payload>(
  codec: Codec<Payload>,
  weight: number,
  execute: (context: ActionContext, payload: Payload) => void,
): ActionRule {
  return { weight, execute: (context, payload) => execute(context, codec.decode(payload)) }
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
