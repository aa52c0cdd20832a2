/** Summaries of a height between the core's plain objects and what travels. */
import { ConsensusSummary, type ConsensusTallySummary } from '@neurovoyance/protocol'
import { bytesOf, idOf } from '../../core/hex.js'
import type { Summary, TallySummary } from '../core/exchange.js'
import { NIL } from '../core/message.js'

/** A summary as it travels. */
export function encodeSummary(summary: Summary): Uint8Array {
  return ConsensusSummary.encode(wireSummary(summary))
}

/** Reads a summary. Throws a ProtocolError for bytes that are none. */
export function decodeSummary(bytes: Uint8Array): Summary {
  return coreSummary(ConsensusSummary.decode(bytes))
}

/** A summary for the encoder. */
export function wireSummary({ height, round, rounds, blocks }: Summary): ConsensusSummary {
  return {
    height,
    round: round === -1 ? undefined : round,
    rounds: rounds.map(({ proposal, prevotes, precommits, ...rest }) => ({
      ...rest,
      proposal: proposal === undefined ? undefined : bytesOf(proposal),
      prevotes: wireTally(prevotes),
      precommits: wireTally(precommits),
    })),
    blocks: blocks.map(({ blockId, parts }) => ({ block: bytesOf(blockId), parts })),
  }
}

/** A summary that was decoded. */
export function coreSummary({ height, round, rounds, blocks }: ConsensusSummary): Summary {
  return {
    height,
    round: round ?? -1,
    rounds: rounds.map(({ proposal, prevotes, precommits, ...rest }) => ({
      ...rest,
      proposal: proposal === undefined ? undefined : idOf(proposal),
      prevotes: coreTally(prevotes),
      precommits: coreTally(precommits),
    })),
    blocks: blocks.map(({ block, parts }) => ({ blockId: idOf(block), parts })),
  }
}

function wireTally({ voters, quorums }: TallySummary): ConsensusTallySummary {
  const blocks = quorums.filter(blockId => blockId !== NIL)
  return { voters, nilQuorum: quorums.includes(NIL), quorums: blocks.map(bytesOf) }
}

function coreTally(tally: ConsensusTallySummary | undefined): TallySummary {
  if (tally === undefined) return { voters: new Uint8Array(0), quorums: [] }
  const { voters, nilQuorum, quorums } = tally
  return { voters, quorums: [...(nilQuorum ? [NIL] : []), ...quorums.map(idOf)] }
}
