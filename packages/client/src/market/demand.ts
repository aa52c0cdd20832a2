import type { Host } from '@neurovoyance/p2p'
import { type Clock, errorCode, type Logger, TOPICS } from '@neurovoyance/protocol'
import { demandFor, sealDemand, type UnplacedRequests } from '@neurovoyance/scheduler'

/** A model is called for at most this often; a first call may go out before gossip has found its listeners. */
const CALL_EVERY_MS = 2_000

/** Most models whose last call is remembered. */
const MODELS_REMEMBERED = 1_024

/** What a demand caller is made from. */
export interface DemandCallerInit {
  host: Host
  clock: Clock
  logger: Logger
}

/** Makes the function that tells the network of a model which nobody hosts, so that nodes fetch it. */
export function createDemandCaller({
  host,
  clock,
  logger,
}: DemandCallerInit): (unplaced: UnplacedRequests) => void {
  const calledAtMs = new Map<string, number>()

  async function publish(unplaced: UnplacedRequests): Promise<void> {
    await host.gossip.publish(TOPICS.demand, await sealDemand(demandFor(unplaced, clock.now()), host.signer))
  }

  return unplaced => {
    const { model } = unplaced
    const nowMs = clock.monotonicMs()
    if (nowMs - (calledAtMs.get(model) ?? Number.NEGATIVE_INFINITY) < CALL_EVERY_MS) return
    calledAtMs.delete(model)
    calledAtMs.set(model, nowMs)
    if (calledAtMs.size > MODELS_REMEMBERED) calledAtMs.delete(calledAtMs.keys().next().value!)
    publish(unplaced).catch((error: unknown) => {
      logger.warn({ model, code: errorCode(error) }, 'a call for hosts could not be published')
    })
  }
}
