/** What runs the core of consensus: files, signatures, the wire. The core itself is `@neurovoyance/ledger/consensus`. */
export { type EventLog, type LogContent, openEventLog } from './disk/event-log.js'
export { createSignerFile, openSignerFile, type SignerFile, type SignerFileInit } from './disk/signer-file.js'
export { type Application, type Driver, type DriverInit, startDriver } from './driver.js'
export { ConsensusError, type ConsensusErrorCode } from './errors.js'
export { coreVote, decodeMessage, encodeMessage, wireVote } from './wire/message.js'
export { signedBytesOf } from './wire/signed-bytes.js'
export { decodeSummary, encodeSummary } from './wire/summary.js'
export { isAuthentic, type VerifySignature } from './wire/verify.js'
