import {
  type Charge,
  decodeTensorFrame,
  encodeTensorFrame,
  type InferRequest,
  type InferResponse,
  type Message,
  type ReceivedMessage,
  type RunStats,
  type TensorMap,
} from '@neurovoyance/protocol'
import { ClientError } from '../errors.js'
import type { ModelFile } from '../models/reference.js'

/** A request as it travels: each input is one attachment, its payload a view of the caller's array. */
export function encodeRequest(
  { model, file }: ModelFile,
  inputs: TensorMap,
  outputNames: readonly string[],
): { message: Message<InferRequest>; payloadBytes: number } {
  const inputNames = Object.keys(inputs)
  const attachments = Object.values(inputs).map(tensor => encodeTensorFrame(tensor))
  const payloadBytes = attachments.flat().reduce((sum, chunk) => sum + chunk.byteLength, 0)
  return { message: { body: { model, file, inputNames, outputNames }, attachments }, payloadBytes }
}

/**
 * The outputs of a response, as views of what was received.
 *
 * @throws ClientError `CLIENT_BAD_RESPONSE`, ProtocolError `PROTOCOL_…`: the node's fault, another one may do better
 */
export function decodeResponse(
  { body, attachments }: ReceivedMessage<InferResponse>,
  wanted: readonly string[],
): { outputs: TensorMap; stats: RunStats | undefined; charge: Charge | undefined } {
  const { outputNames, stats, charge } = body
  const missing = wanted.filter(name => !outputNames.includes(name))
  if (outputNames.length !== attachments.length || missing.length > 0) {
    throw new ClientError(
      'CLIENT_BAD_RESPONSE',
      `a node answered with ${attachments.length} tensors for the outputs ${outputNames.join(', ')}; ${missing.join(', ') || 'none'} missing`,
      { details: { outputNames: [...outputNames], tensors: attachments.length, missing } },
    )
  }
  const outputs = outputNames.map((name, index) => [name, decodeTensorFrame(attachments[index]!)] as const)
  return { outputs: Object.fromEntries(outputs), stats, charge }
}
