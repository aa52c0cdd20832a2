export { accountPath, deriveKey } from './derive.js'
export { type Keystore, lockWallet, unlockWallet } from './keystore.js'
export { createPhrase, phraseSeed } from './phrase.js'
export { type Wallet, walletFromKey, walletFromPhrase } from './wallet.js'
