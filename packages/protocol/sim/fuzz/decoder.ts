/**
 * What the fuzzer feeds. A package of this workspace that reads hostile bytes lists its decoders in
 * `sim/_decoders.ts`, as `export function decoders(seed: number): Decoder[]` (the seed is for making samples); the
 * fuzzer finds the file by itself. The type is structural on purpose: no import is needed to fit it.
 */
export interface Decoder {
  /** Package and format: `protocol/Offer`. */
  readonly name: string
  /** Inputs that have to be accepted; frames are made by damaging them. At least one. */
  readonly samples: readonly Uint8Array[]
  /** Reads one input, or throws an error whose code begins with `codes`. */
  decode(bytes: Uint8Array): unknown
  /** Writes what was read; the fuzzer then checks that reading it again gives the same. */
  readonly encode?: (value: never) => Uint8Array
  /** How the codes of the errors that it may throw begin: `PROTOCOL_`. */
  readonly codes: string
  /** Its part of the frames, beside 1 for most; less for what is slow. */
  readonly share?: number
}
