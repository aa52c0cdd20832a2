import { cidFromSha256, cidParts } from '@neurovoyance/protocol'
import { sha256 as portableSha256 } from '@noble/hashes/sha2.js'

/** Size of a file's blocks: kubo's `--raw-leaves --chunker=size-1048576`. */
export const BLOCK_BYTES = 1024 * 1024

/** Most links of one list of blocks, as in kubo and Helia. */
export const LINKS_PER_NODE = 174

/** Node's own hash is several times as fast; a page reads few blocks. */
const crypto = globalThis.process?.getBuiltinModule?.('node:crypto')

/** SHA-256 of a block. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return crypto === undefined ? portableSha256(bytes) : crypto.createHash('sha256').update(bytes).digest()
}

/** The CID of a block of file content. */
export function rawCid(digest: Uint8Array): string {
  return cidFromSha256('raw', digest)
}

/** Whether `bytes` are what `cid` names. */
export function verifyBlock(cid: string, bytes: Uint8Array): boolean {
  return sameBytes(sha256(bytes), cidParts(cid).digest)
}

/** Whether two digests are the same. */
export function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index])
}
