/**
 * Models on Node: {@link createExecutor} runs them in supervised child processes, {@link createNodeBackend}
 * in this one.
 */
export type { Capability } from './capability.js'
export {
  createExecutor,
  type Executor,
  type ExecutorStatus,
  type LoadOptions,
  type ModelStatus,
  type RunRequest,
  type RunStats,
} from './executor.js'
export type { ExecutorInit } from './executor-init.js'
export type { ModelFile } from './job.js'
export { createNodeBackend, type NodeBackendInit, type NodeProvider } from './node-backend.js'
