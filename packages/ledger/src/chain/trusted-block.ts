import { idOf } from '../core/hex.js'
import type { TrustedBlock } from './chain.js'
import { type ChainError, chainError } from './errors.js'

/** Whether a block is another than the one that is trusted at its height. */
export const isOther = (
  { height, id }: { readonly height: number; readonly id: Uint8Array },
  trusted: TrustedBlock | undefined,
): boolean => trusted?.height === height && trusted.blockId !== idOf(id)

/** The chain here does not lead to the trusted block. */
export const untrusted = ({ height, blockId }: TrustedBlock): ChainError =>
  chainError(
    'LEDGER_CHAIN_UNTRUSTED',
    `the blocks here do not lead to block ${blockId} of height ${height}, which is trusted: they are another chain’s; begin anew in an empty folder, with other peers`,
    { height, blockId },
  )
