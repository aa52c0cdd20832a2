import { malformed } from '../errors.js'
import { isCid } from './cid.js'
import { isPeerId } from './peer-id.js'

/** Refuses a message whose field is not a CID in canonical form. */
export function checkCid(value: string, path: string): void {
  if (!isCid(value)) throw malformed(`${path} is not a CID in canonical form`, { field: path, value })
}

/** Refuses a message whose field is not a PeerId. */
export function checkPeerId(value: string, path: string): void {
  if (!isPeerId(value)) throw malformed(`${path} is not a PeerId of an Ed25519 key`, { field: path, value })
}

/** Refuses a message whose field has another length than the one that it has to have. */
export function checkLength(value: Uint8Array, path: string, bytes: number): void {
  if (value.length !== bytes) {
    throw malformed(`${path} has ${value.length} bytes and has to have ${bytes}`, { field: path })
  }
}
