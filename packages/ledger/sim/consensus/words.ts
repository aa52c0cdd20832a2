import type { ConsensusEvent, Message, Unsigned } from '@neurovoyance/ledger/consensus'

const short = (blockId: string): string => (blockId === '' ? 'nil' : blockId.slice(0, 6))

/** A message in words, for a trace. */
export function messageInWords(message: Message | Unsigned): string {
  if ('kind' in message)
    return message.kind === 'vote'
      ? messageInWords({ type: 'vote', vote: { ...message, signature: NOTHING } })
      : messageInWords({ type: 'proposal', proposal: { ...message, signature: NOTHING } })
  switch (message.type) {
    case 'vote': {
      const { type, validator, height, round, blockId, validRound } = message.vote
      const since = validRound === -1 ? '' : ` since ${validRound}`
      return `${type} ${validator} ${height}/${round} ${short(blockId)}${since}`
    }
    case 'proposal': {
      const { proposer, height, round, blockId, validRound } = message.proposal
      return `proposal ${proposer} ${height}/${round} ${short(blockId)} valid round ${validRound}`
    }
    case 'part':
      return `part ${message.part.index} of ${short(message.part.partsRoot)}`
    case 'certificate': {
      const { type, height, round, blockId } = message.votes[0]!
      return `${message.votes.length} ${type}s ${height}/${round} ${short(blockId)}`
    }
  }
}

/** An event in words, for a trace. */
export function eventInWords(event: ConsensusEvent): string {
  switch (event.type) {
    case 'vote':
    case 'proposal':
    case 'part':
    case 'certificate':
      return messageInWords(event)
    case 'timeout':
      return `timeout ${event.timeout.kind} ${event.timeout.height}/${event.timeout.round}`
    case 'checked':
      return `checked ${short(event.blockId)}: ${event.valid ? 'valid' : 'invalid'}${event.timely ? '' : ', not timely'}`
    case 'built':
      return `built for ${event.height}/${event.round}`
    case 'persisted':
    case 'refused':
      return `${event.type} ${event.id}`
    case 'applied':
      return `applied ${event.height}`
    case 'synced':
      return `synced ${event.precommits[0]?.height}`
    case 'restored':
      return `restored ${messageInWords(event.signed.message)}`
    case 'transactions':
      return event.type
  }
}

const NOTHING = new Uint8Array(0)
