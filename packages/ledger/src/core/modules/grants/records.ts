import { GuestRecord, SponsorRecord } from '@neurovoyance/protocol'
import { collection } from '../../state/collection.js'

/** Sponsors by account. */
export const sponsors = collection<SponsorRecord>('grants/sponsors', {
  codec: SponsorRecord,
  holdings: ({ budget }) => ({ sponsored: budget }),
})

/** Newcomers who were given something, by account. */
export const guests = collection<GuestRecord>('grants/guests', { codec: GuestRecord })
