export type { CallOptions } from './calls.js'
export { createEventQueue, type EventQueue } from './event-queue.js'
export { type LinkFaults, PERFECT_LINK } from './faults.js'
export {
  createNetwork,
  type Network,
  type NetworkCounts,
  type NetworkInit,
  type NetworkNode,
  type NodeHandlers,
} from './network.js'
export { createSeededRandom, type SeededRandom } from './seeded-random.js'
export { createVirtualClock, type VirtualClock, type VirtualClockInit } from './virtual-clock.js'
