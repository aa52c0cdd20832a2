import { NODE_LIMITS } from '../../limits.js'
import { badRequest } from './refusals.js'

/** What the chain's routes know of the query of a URL. */
export interface ChainQuery {
  prove?: string
  account?: string
  kind?: string
  limit?: string
  before?: string
  wait?: string
  after?: string
}

/** A whole number. @throws NodeError `NODE_BAD_REQUEST` */
export function wholeNumber(text: string, what: string): number {
  const value = Number(text)
  if (/^\d{1,16}$/.test(text) && Number.isSafeInteger(value)) return value
  throw badRequest(`${what} is a whole number`)
}

/** 32 bytes in hexadecimal digits. @throws NodeError `NODE_BAD_REQUEST` */
export function hash(text: string, what: string): Uint8Array {
  if (/^[0-9a-f]{64}$/.test(text)) return Uint8Array.from(Buffer.from(text, 'hex'))
  throw badRequest(`the ${what} is 64 hexadecimal digits`)
}

/** `true` or `false`, which it is when left out. @throws NodeError `NODE_BAD_REQUEST` */
export function flag(text: string | undefined, what: string): boolean {
  if (text === undefined || text === 'false') return false
  if (text === 'true') return true
  throw badRequest(`${what} is true or false`)
}

/** A block's height or id; `undefined` for the latest. @throws NodeError `NODE_BAD_REQUEST` */
export function blockPlace(text: string): number | Uint8Array | undefined {
  if (text === 'latest') return undefined
  return /^[0-9a-f]{64}$/.test(text) ? hash(text, 'id of a block') : wholeNumber(text, 'height')
}

/** Where a transaction is: `height.index`. @throws NodeError `NODE_BAD_REQUEST` */
export function transactionPlace(text: string | undefined): { height: number; index: number } | undefined {
  if (text === undefined) return undefined
  const [height = '', index = ''] = text.split('.')
  return { height: wholeNumber(height, 'before'), index: wholeNumber(index, 'before') }
}

/** How long an answer may wait, as long as this node lets it. @throws NodeError `NODE_BAD_REQUEST` */
export function waitMs(text: string | undefined): number {
  return text === undefined ? 0 : Math.min(wholeNumber(text, 'wait'), NODE_LIMITS.chainWaitMs)
}
