import type { TrustStore } from './store.js'

/** Opens this platform's place for what a reader of a chain trusts. */
export type TrustOpener = (home: string) => TrustStore
