import type { RequestOf } from '../messages/requests.js'
import type { ResponseOf } from '../messages/responses.js'

/** Adds nothing to a vote: the ledger needs nothing said with it. */
export const extendVote = (): ResponseOf<'extendVote'> => ({})

/** Takes votes to which nothing was added. */
export const verifyVoteExtension = ({
  voteExtension,
}: RequestOf<'verifyVoteExtension'>): ResponseOf<'verifyVoteExtension'> => ({
  status: voteExtension.length === 0 ? 'accept' : 'reject',
})
