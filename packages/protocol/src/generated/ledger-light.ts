// Generated from proto/neurovoyance/ledger/v1/light.proto by `pnpm generate`: edit that file, not this one.
import { checkLength } from '../ids/checks.js'
import { LIMITS } from '../limits.js'
import type { Codec } from '../rpc/service.js'
import { messageCodec } from '../wire/codec.js'
import type { WireReader } from '../wire/reader.js'
import type { WireWriter } from '../wire/writer.js'
import { readCommit, readHeader, readValidatorSet, type Commit, type Header, type ValidatorSet, writeCommit, writeHeader, writeValidatorSet } from './ledger-block.js'

/** A header with all that shows that it was decided. */
export interface LightBlock {
  /** The header. */
  readonly header?: Header | undefined
  /** The root of the block's parts: with the header's hash and the number of parts it makes the block's id. */
  readonly partsRoot: Uint8Array
  /** The commit of this block. */
  readonly commit?: Commit | undefined
  /** The validators of this height. */
  readonly validators?: ValidatorSet | undefined
  /** The validators of the next height. */
  readonly nextValidators?: ValidatorSet | undefined
  /** How many parts the block has. */
  readonly parts: number
}

export function readLightBlock(reader: WireReader): LightBlock {
  let header: Header | undefined
  let partsRoot: Uint8Array = new Uint8Array(0)
  let commit: Commit | undefined
  let validators: ValidatorSet | undefined
  let nextValidators: ValidatorSet | undefined
  let parts: number = 0
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        header = reader.nested('LightBlock.header', readHeader)
        break
      case 18:
        partsRoot = reader.copy('LightBlock.partsRoot', LIMITS.hashBytes)
        break
      case 26:
        commit = reader.nested('LightBlock.commit', readCommit)
        break
      case 34:
        validators = reader.nested('LightBlock.validators', readValidatorSet)
        break
      case 42:
        nextValidators = reader.nested('LightBlock.nextValidators', readValidatorSet)
        break
      case 48:
        parts = reader.uint32('LightBlock.parts')
        break
      default:
        reader.refuse(tag)
    }
  }
  checkLength(partsRoot, 'LightBlock.partsRoot', LIMITS.hashBytes)
  return { header, partsRoot, commit, validators, nextValidators, parts }
}

export function writeLightBlock(writer: WireWriter, value: LightBlock): void {
  if (value.header !== undefined) writer.nested(10, value.header, writeHeader)
  checkLength(value.partsRoot, 'LightBlock.partsRoot', LIMITS.hashBytes)
  if (value.partsRoot.length > 0) writer.copy(18, value.partsRoot, 'LightBlock.partsRoot', LIMITS.hashBytes)
  if (value.commit !== undefined) writer.nested(26, value.commit, writeCommit)
  if (value.validators !== undefined) writer.nested(34, value.validators, writeValidatorSet)
  if (value.nextValidators !== undefined) writer.nested(42, value.nextValidators, writeValidatorSet)
  if (value.parts !== 0) writer.uint(48, value.parts, 'LightBlock.parts', 0xffff_ffff)
}

/** Codec of {@link LightBlock}, at most `LIMITS.consensusMessageBytes`. */
export const LightBlock: Codec<LightBlock> = /* @__PURE__ */ messageCodec('LightBlock', LIMITS.consensusMessageBytes, readLightBlock, writeLightBlock)
