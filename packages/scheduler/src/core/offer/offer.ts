/** The offer and what it is made of, as the wire has them. */
export type { Capability, Demand, HostedModel, Offer, Price } from '@neurovoyance/protocol'
