import { sameBytes } from '../../core/block/merkle.js'
import type { AppliedChain } from '../applied-chain.js'
import type { ProvenValues } from '../chain.js'

/** Values of the state as it is now, with proofs, and the height whose header shows its root. */
export function provenNow(chain: AppliedChain, keys: readonly string[]): ProvenValues {
  const { state } = chain.store
  const height = state.height!
  const root = state.root()
  const values = keys.map(key => ({ key, value: state.get(key), proof: state.prove(key) }))
  // a header has the root of the state before its block: the newest shows this one only where nothing changed
  const isShown = height > 0 && chain.head.height === height && sameBytes(chain.rootBefore, root)
  return { height: isShown ? height : height + 1, values }
}
