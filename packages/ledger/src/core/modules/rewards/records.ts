import { EpochRewards, RewardsStart, Treasury, WorkerRewards } from '@neurovoyance/protocol'
import { collection, single } from '../../state/collection.js'

/** The paid work of epochs, by {@link epochId}. */
export const epochRewards = collection<EpochRewards>('rewards/epochs', { codec: EpochRewards })

/** What workers may yet have minted, by account. */
export const workerRewards = collection<WorkerRewards>('rewards/workers', { codec: WorkerRewards })

/** Where the schedule starts. */
export const rewardsStart = single<RewardsStart>('rewards/start', { codec: RewardsStart })

/** Coins of everybody; nothing takes them out but what the community decides. */
export const treasury = single<Treasury>('treasury', {
  codec: Treasury,
  holdings: ({ amount }) => ({ treasury: amount }),
})

/** An epoch as an id of ten digits. */
export const epochId = (epoch: number): string => String(epoch).padStart(10, '0')
