import { zip215 } from '@neurovoyance/ledger'
import type { LightRules } from '@neurovoyance/ledger/light'
import { nativeVerifier } from '@neurovoyance/ledger/node'

/** Less than unbonding takes: who signed such a header can still be punished. */
const TRUSTING_PERIOD_MS = 14 * 24 * 3_600_000
const CLOCK_DRIFT_MS = 10_000

/** What a node goes by when it follows headers of a chain that it does not keep. */
export const lightRules = (chainId: string): LightRules => ({
  chainId,
  trustingPeriodMs: TRUSTING_PERIOD_MS,
  clockDriftMs: CLOCK_DRIFT_MS,
  verify: zip215(nativeVerifier()),
})
