export type { GenesisDocument } from '../genesis/document.js'
