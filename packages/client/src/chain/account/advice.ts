/** What to do about a refused transaction, by code. */
const ADVICE: Readonly<Record<string, string>> = {
  LEDGER_INSUFFICIENT_FUNDS:
    'look at the balance by kind: only liquid coins go to others, only earned ones into the exit queue, and the fee comes on top',
  LEDGER_FEE_TOO_LOW: 'the network is busy: send it again with a higher maxFee, or later',
  LEDGER_WRONG_NONCE: 'the same wallet sends from somewhere else: send it again',
  LEDGER_EXPIRED: 'no block took it in time: send it again',
  LEDGER_TOO_SMALL: 'ask for more; the parameters have the least amounts',
  LEDGER_TOO_LARGE: 'ask for less, or wait until something that is under way has ended',
  LEDGER_TOO_EARLY: 'wait for the time that it names',
  LEDGER_TOO_LATE: 'its time is over',
  LEDGER_NOT_FOUND: 'check what it names: it is not there, or not any more',
  LEDGER_FORBIDDEN: 'another account has to ask for this',
  LEDGER_BAD_SIGNATURE: 'the account has other keys than this wallet: use the wallet that holds them',
  LEDGER_UNKNOWN_ACTION: 'this chain has no such rule',
}

/** What a person can do about an error of the ledger; nothing where there is nothing to be said. */
export const adviceFor = (code: string | undefined): string | undefined =>
  code === undefined ? undefined : ADVICE[code]
