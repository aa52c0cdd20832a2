import { SLOW_SIGNATURES, type Verify, verifyZip215, zip215 } from '../../core/crypto/zip215.js'

/** ZIP-215 that can be told to spend no more than a block may cost. */
export interface BoundedVerifier {
  /** For transactions and what they carry. */
  readonly verify: Verify
  /** The platform's alone: for what waits, and for blocks of one's own. */
  readonly strict: Verify
  /** For what validators signed, which is bounded by itself. */
  readonly verifyVotes: Verify
  /**
   * Does some work for one block. `isExceeded` where it needed the slow verifier too often: what came of it is
   * worth nothing then, since signatures beyond the limit were not checked.
   */
  within<Result>(work: () => Result): { readonly result: Result; readonly isExceeded: boolean }
}

/** ZIP-215 by a platform's verifier first. */
export function boundedVerifier(native: Verify): BoundedVerifier {
  let left = Number.POSITIVE_INFINITY
  return {
    verify(publicKey, message, signature) {
      if (native(publicKey, message, signature)) return true
      left--
      return left >= 0 && verifyZip215(publicKey, message, signature)
    },
    strict: native,
    verifyVotes: zip215(native),
    within(work) {
      left = SLOW_SIGNATURES
      try {
        const result = work()
        return { result, isExceeded: left < 0 }
      } finally {
        left = Number.POSITIVE_INFINITY
      }
    },
  }
}
