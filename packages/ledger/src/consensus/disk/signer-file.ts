import { access, readFile } from 'node:fs/promises'
import { LIMITS, SignerRecord } from '@neurovoyance/protocol'
import type { Signed, SignerState } from '../core/signer.js'
import { consensusError } from '../errors.js'
import { replaceFile } from './durable.js'
import { frame, readFrames } from './frames.js'
import { coreSigned, wireSigned } from './signer-record.js'

/** What a validator remembers of what it signed, in a file that only its owner reads. */
export interface SignerFile {
  readonly state: SignerState
  /** Resolves when the file says so; only then may a signature be used. */
  save(signed: Signed): Promise<void>
}

/** Where the file is, and of which chain. */
export interface SignerFileInit {
  file: string
  chainId: string
}

/**
 * Makes the file for a validator that never signed anything on this chain. Once.
 *
 * @throws ConsensusError `LEDGER_SIGNER_EXISTS` where there is one
 */
export async function createSignerFile({ file, chainId }: SignerFileInit): Promise<SignerFile> {
  const isThere = await access(file).then(
    () => true,
    () => false,
  )
  if (isThere)
    throw consensusError(
      'LEDGER_SIGNER_EXISTS',
      `there is a signer's state in ${file}: use it, never begin anew`,
    )
  await write(file, chainId, undefined)
  return signerFile({ file, chainId }, undefined)
}

/**
 * Opens the file of a validator that has been running.
 *
 * @throws ConsensusError `LEDGER_SIGNER_MISSING`, `LEDGER_SIGNER_DAMAGED` or `LEDGER_SIGNER_WRONG_CHAIN`: without
 *   knowing what it signed, a validator may sign twice and be slashed, so it does not start
 */
export async function openSignerFile(init: SignerFileInit): Promise<SignerFile> {
  const { file, chainId } = init
  const bytes = await readFile(file).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'ENOENT') throw cause
    const message = `the signer's state ${file} is gone: restore it, or wait until this key is out of the validator set`
    throw consensusError('LEDGER_SIGNER_MISSING', message, { file }, cause)
  })
  const record = readRecord(file, bytes)
  if (record.chainId !== chainId) {
    const message = `the signer's state ${file} is of chain ${record.chainId}, not ${chainId}`
    throw consensusError('LEDGER_SIGNER_WRONG_CHAIN', message, { file, chainId: record.chainId })
  }
  return signerFile(init, coreSigned(record))
}

function signerFile({ file, chainId }: SignerFileInit, first: SignerState): SignerFile {
  let state = first
  return {
    get state() {
      return state
    },
    async save(signed) {
      await write(file, chainId, signed)
      state = signed
    },
  }
}

function readRecord(file: string, bytes: Uint8Array): SignerRecord {
  const { payloads, goodBytes } = readFrames(bytes, LIMITS.consensusMessageBytes)
  const [payload] = payloads
  if (payload === undefined || payloads.length !== 1 || goodBytes !== bytes.length)
    throw consensusError('LEDGER_SIGNER_DAMAGED', `the signer's state ${file} is damaged: restore it`, {
      file,
    })
  return SignerRecord.decode(payload)
}

function write(file: string, chainId: string, signed: SignerState): Promise<void> {
  return replaceFile(file, frame(0, SignerRecord.encode(wireSigned(chainId, signed))), 0o600)
}
