/** Which nonce comes next for an account, with several transactions under way. */
export interface Nonces {
  /** The next one. */
  next(): Promise<number>
  /** A transaction with this nonce is under way, up to a height. */
  sent(nonce: number, validUntil: number): void
  /** It is in a block, or will never be. */
  done(nonce: number): void
  /** Begins anew from what the chain says: somebody else has used the wallet. */
  forget(): void
}

/**
 * Counts on from what the chain says while transactions are under way.
 *
 * @param chain the account's nonce in the newest state, and that state's height
 */
export function createNonces(chain: () => Promise<{ nonce: number; height: number }>): Nonces {
  const underWay = new Map<number, number>()
  return {
    async next() {
      const { nonce, height } = await chain()
      for (const [used, validUntil] of underWay)
        if (used < nonce || validUntil < height) underWay.delete(used)
      let next = nonce
      while (underWay.has(next)) next++
      return next
    },
    sent(nonce, validUntil) {
      underWay.set(nonce, validUntil)
    },
    done(nonce) {
      underWay.delete(nonce)
    },
    forget: () => underWay.clear(),
  }
}
