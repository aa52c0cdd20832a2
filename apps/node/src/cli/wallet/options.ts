/** Options of what costs a fee. */
export interface SendOptions {
  wallet: string
  passphraseFile?: string
  maxFee?: bigint
  memo?: string
  yes?: boolean
  wait: boolean
}

/** Options of `nv wallet create`. */
export interface CreateOptions {
  wallet: string
  passphraseFile?: string
}

/** Options of `nv wallet import`. */
export interface ImportOptions extends CreateOptions {
  phraseFile?: string
  account: number
}

/** Options of `nv wallet stake` and `unstake`. */
export interface StakeOptions extends SendOptions {
  validator?: string
  earned?: boolean
}

/** Options of `nv wallet exit`. */
export interface ExitOptions extends SendOptions {
  claim?: boolean
  cancel?: number
}
