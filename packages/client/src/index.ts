/**
 * Run models on the Neurovoyance network, from Node or a browser.
 *
 * `createClient` gives one object with everything; each function is also exported by itself and takes the client
 * as its first argument, so that a bundler can drop the others.
 *
 * @module
 */
export {
  createTensor,
  type ElementType,
  errorCode,
  NeurovoyanceError,
  type Tensor,
  type TensorData,
  type TensorMap,
} from '@neurovoyance/protocol'
export type { AttemptReport, ModelView } from '@neurovoyance/scheduler'
export { type Client, createClient } from './client.js'
export type { ClientContext } from './context.js'
export { ClientError, type ClientErrorCode } from './errors.js'
export { type InferParams, type InferProgress, type InferResult, infer } from './inference/infer.js'
export type { ClientInit } from './init.js'
export type { MarketFeed } from './market/feed.js'
export { type AddedModel, type AddModelOptions, addModel } from './models/add.js'
export { type DescribeModelOptions, describeModel } from './models/describe.js'
export { type ListModelsOptions, listModels } from './models/list.js'
export { type PinModelOptions, type PinnedModel, type PinProgress, pinModel } from './models/pin.js'
export type { ModelReference } from './models/reference.js'
export type { ModelSignature, TensorSignature } from './models/signature.js'
export { type NetworkStatus, networkStatus } from './network/status.js'
export type { PaidRequest, PaidWork, PayingContext, Payments } from './paying-port.js'
