import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'

/** What the blocks of a simulation say; padding gives them several parts. */
export interface SimBlock {
  height: number
  builder: string
  timeMs: number
  transactions: number
  valid: boolean
  padding: string
}

/** The bytes of a block and the hash that stands for its header. */
export function encodeBlock(block: SimBlock): { headerHash: string; bytes: Uint8Array } {
  const bytes = new TextEncoder().encode(JSON.stringify(block))
  return { headerHash: bytesToHex(sha256(bytes)), bytes }
}

/** The block in these bytes; undefined for bytes that are none. */
export function decodeBlock(bytes: Uint8Array): SimBlock | undefined {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as SimBlock
  } catch {
    return undefined
  }
}

/** Whether a block may be decided at a height. */
export function isValidBlock(height: number, headerHash: string, bytes: Uint8Array): boolean {
  const block = decodeBlock(bytes)
  return block?.valid === true && block.height === height && bytesToHex(sha256(bytes)) === headerHash
}
