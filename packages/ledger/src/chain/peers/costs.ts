/** What the answers to one peer may cost in a second; a unit is about what it costs to send a byte. */
export const ALLOWANCE = 16 * 1024 ** 2

/** What answers cost, beside their bytes. */
export const COST = {
  submit: 4_096,
  transaction: 8_192,
  /** Of a proof, for each transaction of the block. */
  receipt: 128,
  /** One value with its proof. */
  value: 4_096,
  lightBlock: 8_192,
  history: 8_192,
  /** Of a history, for each entry that was asked for. */
  entry: 128,
} as const
