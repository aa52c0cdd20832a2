export { canonicalJson } from './canonical.js'
export {
  GENESIS_DOMAIN,
  GENESIS_ENTRY_DOMAIN,
  type GenesisSigner,
  joinGenesis,
  signGenesis,
  withEntry,
} from './ceremony.js'
export { type CheckedValidator, checkGenesis, type GenesisReport } from './check.js'
export { createGenesis, type GenesisInit, type GenesisValidator, type StakingEntry } from './create.js'
export {
  type ContinuedState,
  type GenesisDocument,
  type GenesisSignature,
  genesisHash,
} from './document.js'
export { type LocalGenesisInit, localGenesis } from './local.js'
export { isChainId, parseGenesis } from './parse.js'
