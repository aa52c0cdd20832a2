import type { Clock, Logger, Random } from '@neurovoyance/protocol'

/** What every service of a node is given beside the services it needs. */
export interface NodeContext {
  readonly logger: Logger
  readonly clock: Clock
  readonly random: Random
}

/** A running service. What else it offers is its own interface; a node only closes it. */
export interface Service {
  /** Releases what the service holds. Called once, after every service started later has closed. */
  close?(): Promise<void> | void
}

/**
 * Makes one service from the services it needs.
 *
 * `Needs` names only what is used (`{ network: Host }`), so that a factory works in any node that has
 * those, whatever else it is made of. A need that may be absent is optional (`{ market?: Market }`).
 */
export type ServiceFactory<Needs, Provides> = (
  needs: Needs,
  context: NodeContext,
) => Promise<Provides> | Provides

/** What a record of factories provides, by name. */
export type Provided<Factories> = {
  readonly [Name in keyof Factories]: Factories[Name] extends (...args: never[]) => infer Result
    ? Awaited<Result>
    : never
}

/** A record of factories each of whose needs is provided by the others; anything missing is a type error. */
export type Services<Factories> = {
  readonly [Name in keyof Factories]: ServiceFactory<Provided<Factories>, unknown>
}
