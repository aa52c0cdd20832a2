/** Options of `nv genesis new`. */
export interface NewOptions {
  chainId: string
  account?: string[]
  treasury?: bigint
  sponsor?: string[]
  parameter?: string[]
  time?: string
}

/** Options of `nv genesis join`. */
export interface JoinOptions {
  owner: string
  stake: bigint
  commission: number
}
