import { join } from 'node:path'

/** The genesis of a local hive's chain. */
export const hiveGenesis = (folder: string): string => join(folder, 'genesis.json')

/** Which nodes of a local hive are its chain's validators. */
export const hiveChainFile = (folder: string): string => join(folder, 'chain.json')

/** The home of the wallet that pays in a local hive. */
export const hiveClientHome = (folder: string): string => join(folder, 'client')

/** The wallet of a home. */
export const walletOf = (home: string): string => join(home, 'wallets', 'default.json')
