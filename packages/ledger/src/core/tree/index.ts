export { createHasher, type Hasher, type Sha256 } from './hasher.js'
export { type Proof, verifyProof } from './proof.js'
export {
  createStateTree,
  type LeafObserver,
  type StateTree,
  type StateTreeInit,
} from './tree.js'
