import type { Message } from '../../consensus/core/message.js'

/** A name that no other message has. */
export function nameOf(message: Message): string {
  switch (message.type) {
    case 'vote':
      return latin1(message.vote.signature)
    case 'proposal':
      return latin1(message.proposal.signature)
    case 'part':
      return `${message.part.height}/${message.part.partsRoot}/${message.part.index}`
    case 'certificate': {
      const { type, height, round, blockId } = message.votes[0]!
      return `${type}/${height}/${round}/${blockId}/${message.votes.length}`
    }
  }
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}
