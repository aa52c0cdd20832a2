import { genesisHash, idOf } from '@neurovoyance/ledger'
import { NeurovoyanceError } from '@neurovoyance/protocol'
import type { TestChain } from './test-chain.js'

/** What a node says to a request. */
export interface Answer {
  readonly body: object
  readonly attachments: Uint8Array[]
}

/** What requests of every method name. */
interface Asked {
  height?: number
  keys: string[]
  id: Uint8Array
  waitMs: number
}

/** Answers as an honest node of a chain. */
export async function honestAnswer(
  chain: TestChain,
  method: string,
  asked: Partial<Asked> = {},
): Promise<Answer> {
  const { height, keys = [], id = new Uint8Array(0), waitMs = 0 } = asked
  switch (method) {
    case 'Status':
      return plain({
        chainId: chain.genesis.chainId,
        genesis: genesisHash(chain.genesis),
        height: chain.height,
        catchingUp: false,
      })
    case 'LightBlock':
      return { body: { height: height ?? chain.height }, attachments: [chain.lightBlock(height)] }
    case 'Values':
      return {
        body: {
          height: chain.height,
          values: keys.map(key => ({ present: chain.value(key) !== undefined })),
        },
        attachments: keys.flatMap(key => [chain.value(key) ?? new Uint8Array(0), chain.prove(key)]),
      }
    case 'Transaction':
      return transactionAnswer(chain, id, waitMs)
    case 'History':
      return plain({ entries: historyOf(chain) })
    default:
      throw new NeurovoyanceError('P2P_UNSUPPORTED_SERVICE', method)
  }
}

async function transactionAnswer(chain: TestChain, id: Uint8Array, waitMs: number): Promise<Answer> {
  const found = chain.settled.get(idOf(id))
  if (found !== undefined) {
    const { receipt, height, index, bytes } = found
    const { code = '', message = '', fee } = receipt
    const proof = chain.proofOf(found)
    return plain({
      known: true,
      height,
      index,
      code,
      message,
      fee,
      transaction: bytes,
      ...(proof && { proof }),
    })
  }
  if (waitMs > 0 && chain.isWaiting) {
    await chain.nextSettled()
    return transactionAnswer(chain, id, 0)
  }
  const transaction = new Uint8Array(0)
  return plain({ known: chain.isWaiting, height: 0, index: 0, code: '', message: '', fee: 0n, transaction })
}

const historyOf = (chain: TestChain) =>
  [...chain.settled.values()]
    .map(({ receipt, height, index }) => ({ height, index, id: receipt.id }))
    .reverse()

const plain = (body: object): Answer => ({ body, attachments: [] })
