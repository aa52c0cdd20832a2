import type { TrustOpener } from './port.js'
import { storageTrust } from './store.js'

/** Keeps it in the page's `localStorage`. */
export const openTrust: TrustOpener = home => storageTrust(localStorage, `neurovoyance.chain.${home}`)
