import type { ModelSignature } from '@neurovoyance/onnx'
import { createLatency, type Latency } from '../core/latency.js'

/** What an executor remembers of a model, loaded or not. */
export interface ModelRecord {
  readonly id: string
  readonly latency: Latency
  /** Known once it has been loaded. */
  signature: ModelSignature | undefined
  /** The provider of its latest load. */
  provider: string
  /** Memory of its latest load. */
  bytes: number
  /** Jobs that wait or run. */
  inFlight: number
}

/** Records by model id. */
export type ModelRecords = Map<string, ModelRecord>

const MAX_RECORDS = 4096

/** The record of a model, made where there is none; idle ones of long ago make room. */
export function recordOf(records: ModelRecords, id: string): ModelRecord {
  let record = records.get(id)
  if (record !== undefined) return record
  if (records.size >= MAX_RECORDS) {
    for (const old of records.values()) {
      if (old.inFlight > 0) continue
      records.delete(old.id)
      break
    }
  }
  record = { id, latency: createLatency(), signature: undefined, provider: '', bytes: 0, inFlight: 0 }
  records.set(id, record)
  return record
}
