import type { ModelSignature } from '@neurovoyance/onnx'
import type { SkippedProvider } from '../backend.js'

/** Where a tensor frame lies in a message's body. */
export interface FramePlace {
  readonly name: string
  readonly offset: number
  readonly length: number
}

/** What the parent asks of a child; one answer each, in order. */
export type Command =
  /** Load a model from its file, or from bytes in the body; sessions in `evict` go first. */
  | {
      readonly op: 'load'
      readonly id: string
      readonly from: { readonly path: string } | FramePlace
      readonly evict: readonly string[]
    }
  | { readonly op: 'unload'; readonly ids: readonly string[] }
  | {
      readonly op: 'run'
      readonly id: string
      readonly inputs: readonly FramePlace[]
      readonly outputs?: readonly string[]
    }
  /** Run the model once on zeros, so that its first real run is not its first. */
  | { readonly op: 'warm'; readonly id: string }

/** What a child answers; the first one, `ready`, comes unasked. */
export type Reply =
  | { readonly op: 'ready'; readonly provider: string; readonly skipped: readonly SkippedProvider[] }
  | {
      readonly op: 'loaded'
      readonly bytes: number
      readonly provider: string
      readonly signature: ModelSignature
    }
  | { readonly op: 'ran'; readonly runUs: number; readonly outputs: readonly FramePlace[] }
  | { readonly op: 'done' }
  | {
      readonly op: 'failed'
      readonly code: string
      readonly message: string
      readonly details: Readonly<Record<string, unknown>>
    }

/** A message with its body. */
export interface Received<Header> {
  readonly header: Header
  readonly body: Uint8Array
}
