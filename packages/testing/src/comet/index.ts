/**
 * Real CometBFT processes: one is found or built, given a folder, started and stopped.
 *
 * @module
 */
export { findComet } from './binary.js'
export { Comet, type CometInit, cometKey, freePorts } from './comet.js'
