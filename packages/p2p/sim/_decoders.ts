import { encode, prepare } from '@ipld/dag-pb'
import { cidFromSha256, encodeFrame } from '@neurovoyance/protocol'
import { UnixFS } from 'ipfs-unixfs'
import { CID } from 'multiformats/cid'
import { FrameReader, type ReceivedFrame, readNode } from '../dist/fuzzed.js'

/** What the fuzzer of `@neurovoyance/protocol` takes. */
interface Decoder {
  readonly name: string
  readonly samples: readonly Uint8Array[]
  readonly codes: string
  readonly share?: number
  decode(bytes: Uint8Array): unknown
}

const leaf = cidFromSha256('raw', new Uint8Array(32).fill(7))

/** Every decoder of this package. */
export function decoders(): Decoder[] {
  return [rpcStream, unixfsNode]
}

/** A stream of frames, cut in the middle, with attachments as its receiver would take them. */
const rpcStream: Decoder = {
  name: 'p2p/rpc-stream',
  codes: 'PROTOCOL_',
  samples: [
    stream(
      encodeFrame({ kind: 'call', callId: 1, method: 'Infer', deadlineMs: 1000, body: new Uint8Array(40) }),
    ),
    stream(
      encodeFrame({ kind: 'message', callId: 2, body: new Uint8Array(9), attachmentBytes: [5, 0, 30] }),
      new Uint8Array(35),
      encodeFrame({ kind: 'end', callId: 2 }),
    ),
  ],
  decode(bytes) {
    const frames: ReceivedFrame[] = []
    const reader = new FrameReader({
      admit: () => 0,
      // What the receiver takes is bounded by the method; here by what there is.
      allocate: byteLength => new Uint8Array(Math.min(byteLength, bytes.length)),
      deliver: frame => frames.push(frame),
      release() {},
    })
    const middle = bytes.length >> 1
    reader.push(bytes.subarray(0, middle))
    reader.push(bytes.subarray(middle))
    return frames
  },
}

const unixfsNode: Decoder = {
  name: 'p2p/unixfs-node',
  codes: 'P2P_',
  share: 0.5,
  samples: [
    node(new UnixFS({ type: 'directory' }), ['config.json', 'onnx']),
    node(new UnixFS({ type: 'file', blockSizes: [1_048_576n, 77n] }), ['', '']),
  ],
  decode: bytes => readNode(leaf, bytes, 4096),
}

function node(data: UnixFS, names: readonly string[]): Uint8Array {
  const links = names.map(Name => ({ Name, Tsize: 100, Hash: CID.parse(leaf) }))
  return encode(prepare({ Data: data.marshal(), Links: links }))
}

function stream(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts))
}
