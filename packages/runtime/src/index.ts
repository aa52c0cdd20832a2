/** The port behind which models run, and its errors; adapters are at `./node` and `./web`. */
export type { Backend, LoadedModel, ModelSource, SkippedProvider } from './backend.js'
export { RuntimeError, type RuntimeErrorCode } from './errors.js'
