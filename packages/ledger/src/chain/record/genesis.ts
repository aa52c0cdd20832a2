/** Under which name a store has the hash of the genesis that its chain began with. */
export const GENESIS_RECORD = 'genesis'
