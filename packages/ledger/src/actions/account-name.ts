import { parseAddress } from '@neurovoyance/protocol'

/** An account: its address as `nv1…`, or the 32 bytes of it. */
export type AccountName = string | Uint8Array

/** The bytes of an address. */
export const accountBytes = (name: AccountName): Uint8Array =>
  typeof name === 'string' ? parseAddress(name) : name
