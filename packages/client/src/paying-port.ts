import type { InferResponse, Payment, Price, ReceivedMessage, TensorMap } from '@neurovoyance/protocol'
import type { Fare } from '@neurovoyance/scheduler'
import type { ClientContext } from './context.js'
import type { ResolvedModel } from './models/resolve.js'

/** What a request is, as far as its price depends on it. */
export interface PaidWork {
  readonly resolved: ResolvedModel
  readonly inputs: TensorMap
  readonly signal: AbortSignal
}

/** What the client's core needs of payments; `createPayments` of `@neurovoyance/client/pay` makes it. */
export interface Payments {
  /** Called once, by the client that pays with it. */
  start(client: ClientContext): void
  /** Computes what a request costs, and sees to it that somebody can be paid for it. */
  quote(work: PaidWork): Promise<PaidRequest>
  /** Ends what is under way. Called when the client closes. */
  close(): Promise<void>
}

/** What requests for runs work with, beside the rest. */
export interface PayingContext extends ClientContext {
  /** Absent where only free nodes are asked. */
  readonly payments: Payments | undefined
}

/** A request that can be paid. */
export interface PaidRequest {
  /** What it costs at each node; `undefined` for those that cannot be paid. */
  readonly fare: Fare
  /** Sends an attempt to a node with its payment, and settles what became of it. */
  send(
    node: string,
    signal: AbortSignal,
    attempt: (payment: Payment | undefined) => Promise<ReceivedMessage<InferResponse>>,
  ): Promise<ReceivedMessage<InferResponse>>
}

/** Whether a price is none. */
export const isFree = (price: Price | undefined): boolean => (price?.scheme || 'free') === 'free'
