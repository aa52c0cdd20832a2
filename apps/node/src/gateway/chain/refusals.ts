import { LedgerError } from '@neurovoyance/ledger'
import { NodeError } from '../../errors.js'

/** A request that cannot be read: what is wrong with it. */
export const badRequest = (problem: string): NodeError =>
  new NodeError('NODE_BAD_REQUEST', `The request is not valid: ${problem}.`)

/** A thing that this node's chain has not, or keeps no more. */
export const notFound = (problem: string): LedgerError =>
  new LedgerError('LEDGER_NOT_FOUND', `Nothing is there: ${problem}.`)
