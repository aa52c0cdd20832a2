import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'

/** 32 bytes as 64 letters: how accounts and other ids are named within the ledger. */
export type Id = string

/** Bytes as an {@link Id}. */
export const idOf = (bytes: Uint8Array): Id => bytesToHex(bytes)

/** The bytes of an {@link Id}. */
export const bytesOf = (id: Id): Uint8Array => hexToBytes(id)
