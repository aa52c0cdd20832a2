import { join } from 'node:path'

/** The genesis of a local hive's chain. */
export const hiveGenesis = (folder: string): string => join(folder, 'genesis.json')

/** The home of the wallet that pays in a local hive. */
export const hiveClientHome = (folder: string): string => join(folder, 'client')
