import {
  type Action,
  StakingClaim,
  StakingCommission,
  StakingCreate,
  StakingDelegate,
  StakingRedelegate,
  StakingUnbond,
  StakingUnjail,
} from '@neurovoyance/protocol'

/** Coins by how they came in. */
export interface Coins {
  readonly liquid?: bigint
  readonly earned?: bigint
}

/** A validator to be made. */
export interface ValidatorCreation extends Coins {
  /** The key that will sign votes. */
  readonly consensusKey: Uint8Array
  /** Its signature of `keyProofBytes` in `VALIDATOR_DOMAIN`. */
  readonly proof: Uint8Array
  /** The share of its stakers' rewards that the owner keeps, in millionths. */
  readonly commission: number
}

/** Makes a validator, owned by the sender, and bonds coins to it. */
export const createValidator = (creation: ValidatorCreation): Action => ({
  kind: 'staking/create',
  payload: StakingCreate.encode({ liquid: 0n, earned: 0n, ...creation }),
})

/** Bonds coins to a validator. */
export const delegate = (validator: Uint8Array, { liquid = 0n, earned = 0n }: Coins): Action => ({
  kind: 'staking/delegate',
  payload: StakingDelegate.encode({ validator, liquid, earned }),
})

/** Moves bonded coins to another validator at once. */
export const redelegate = (
  from: Uint8Array,
  to: Uint8Array,
  { liquid = 0n, earned = 0n }: Coins,
): Action => ({ kind: 'staking/redelegate', payload: StakingRedelegate.encode({ from, to, liquid, earned }) })

/** Takes bonded coins back after the time of unbonding; the earned ones into the exit queue where `exit` is set. */
export const unbond = (
  validator: Uint8Array,
  { liquid = 0n, earned = 0n, exit = false }: Coins & { readonly exit?: boolean },
): Action => ({ kind: 'staking/unbond', payload: StakingUnbond.encode({ validator, liquid, earned, exit }) })

/** Pays out the rewards of all bonds of the sender. */
export const claimStakingRewards = (): Action => ({ kind: 'staking/claim', payload: StakingClaim.encode({}) })

/** Lets a jailed validator stand for election again. */
export const unjail = (validator: Uint8Array): Action => ({
  kind: 'staking/unjail',
  payload: StakingUnjail.encode({ validator }),
})

/** Changes a validator's commission, in millionths. */
export const setCommission = (validator: Uint8Array, commission: number): Action => ({
  kind: 'staking/commission',
  payload: StakingCommission.encode({ validator, commission }),
})
