export { BASE_UNITS, formatAmount, parseAmount } from './amount.js'
export { DOMAINS, TOPICS } from './envelope/domains.js'
export { createSigner, type Signer, strictVerifier, type Verifier } from './envelope/ed25519.js'
export {
  type EnvelopeParts,
  type OpenEnvelopeInit,
  type OpenedEnvelope,
  openEnvelope,
  readEnvelope,
  type SealEnvelopeInit,
  sealEnvelope,
} from './envelope/envelope.js'
export {
  type ErrorDetails,
  type ErrorInit,
  errorCode,
  NeurovoyanceError,
  ProtocolError,
  type ProtocolErrorCode,
} from './errors.js'
export * from './generated/index.js'
export { formatAddress, isAddress, parseAddress } from './ids/address.js'
export { assertCid, type CidCodec, canonicalCid, cidFromSha256, cidParts, isCid } from './ids/cid.js'
export { assertPeerId, isPeerId, peerIdFromPublicKey, publicKeyFromPeerId } from './ids/peer-id.js'
export { LIMITS } from './limits.js'
export * from './ports.js'
export { dueFor } from './price.js'
export {
  decodeFrame,
  encodeFrame,
  encodeFrameHead,
  FRAME_PREFIX_BYTES,
  type Frame,
  type FrameInit,
  type FrameKind,
  frameBytes,
} from './rpc/frames.js'
export * from './rpc/service.js'
export { checkTensor, createTensor } from './tensor/create.js'
export { ELEMENT_TYPES, type ElementLayout } from './tensor/element-types.js'
export {
  decodeTensorFrame,
  encodeTensorFrame,
  type TensorFrameHeader,
  tensorFrameHeader,
} from './tensor/frame.js'
export { tensorBytes, tensorFromBytes } from './tensor/payload.js'
export { elementCount } from './tensor/shape.js'
export type { ElementType, NamedFrame, Tensor, TensorData, TensorMap } from './tensor/tensor.js'
export { messageCodec } from './wire/codec.js'
export { WireReader } from './wire/reader.js'
export { WireWriter } from './wire/writer.js'
