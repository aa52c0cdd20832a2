import type { ValidatorSet } from '@neurovoyance/protocol'
import { sha256 } from '../../core/crypto/sha256.js'
import { bytesOf } from '../../core/hex.js'
import { electionAt, validatorSetOf } from '../../core/modules/staking/elections.js'
import { powerChanges } from '../../core/modules/staking/power-changes.js'
import { Draft } from '../../core/state/draft.js'
import type { StateView } from '../../core/state/view.js'
import type { ValidatorUpdate } from '../messages/common.js'

const ADDRESS_BYTES = 20

/** How CometBFT names an Ed25519 key: the first 20 bytes of its SHA-256. */
export const cometAddress = (publicKey: Uint8Array): Uint8Array =>
  sha256(publicKey).subarray(0, ADDRESS_BYTES)

/** The key of a validator of a height; `undefined` where nobody there has that address. */
export function keyAt(draft: Draft, height: number, address: Uint8Array): Uint8Array | undefined {
  const validators = electionAt(draft, height)?.set.validators ?? []
  return validators.find(({ publicKey }) => Buffer.compare(cometAddress(publicKey), address) === 0)?.publicKey
}

/** The validators that are elected after a state, for the ledger's and for CometBFT's rules: from h + 2 on. */
export const electedIn = (view: StateView): ValidatorSet => validatorSetOf(new Draft(view))

/** What an election changed, in CometBFT's words. */
export const validatorUpdates = (before: ValidatorSet, after: ValidatorSet): ValidatorUpdate[] =>
  powerChanges(before, after).map(({ id, power }) => ({
    pubKey: { ed25519: bytesOf(id) },
    power: Number(power),
  }))
