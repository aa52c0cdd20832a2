import { encode, prepare } from '@ipld/dag-pb'
import { cidFromSha256, encodeFrame, MembershipService } from '@neurovoyance/protocol'
import { UnixFS } from 'ipfs-unixfs'
import { CID } from 'multiformats/cid'
import {
  decodeBindingRequest,
  FrameReader,
  type ReceivedFrame,
  readListedPeer,
  readMembershipFrame,
  readNode,
  readPeerCount,
} from '../dist/fuzzed.js'

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
  return [rpcStream, unixfsNode, stunRequest, membershipCall, peerExchange]
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

/** What comes to the STUN server: it answers requests and passes over the rest, so nothing is an error. */
const stunRequest: Decoder = {
  name: 'p2p/stun-request',
  codes: 'P2P_',
  samples: [stunPacket(), stunPacket(0x0006, 8), stunPacket(0x0003, 4), stunPacket(0x8022, 12)],
  decode: decodeBindingRequest,
}

const { Prove } = MembershipService.methods
const proof = { nonce: new Uint8Array(32).fill(1), proof: new Uint8Array(32).fill(2) }

/** The first frame of a membership handshake, with the proof in it. */
const membershipCall: Decoder = {
  name: 'p2p/membership-call',
  // PROTOCOL_ for what is no frame or no message, P2P_ for what has no place in the call
  codes: 'P',
  samples: [encodeFrame({ kind: 'call', callId: 1, method: Prove.name, body: Prove.request.encode(proof) })],
  decode: bytes => Prove.request.decode(readMembershipFrame(bytes, 'call').body),
}

/** An answer of peer exchange: a count, then a peer id. */
const peerExchange: Decoder = {
  name: 'p2p/peer-exchange',
  codes: 'P2P_',
  samples: [stream(Uint8Array.of(1), Buffer.from('12D3KooWNvSZnPi3RrhrTwEY4LuuBeB6K6facKUCJcyWG1aoDd2p'))],
  decode: bytes => [readPeerCount(bytes.subarray(0, 1)), readListedPeer(bytes.subarray(1))],
}

/** A binding request, with one attribute of this type and length where there is to be one. */
function stunPacket(type?: number, length = 0): Uint8Array {
  const packet = new Uint8Array(20 + (type === undefined ? 0 : 4 + length))
  const view = new DataView(packet.buffer)
  view.setUint16(0, 0x0001)
  view.setUint16(2, packet.length - 20)
  view.setUint32(4, 0x2112a442)
  if (type !== undefined) {
    view.setUint16(20, type)
    view.setUint16(22, length)
  }
  return packet
}

function node(data: UnixFS, names: readonly string[]): Uint8Array {
  const links = names.map(Name => ({ Name, Tsize: 100, Hash: CID.parse(leaf) }))
  return encode(prepare({ Data: data.marshal(), Links: links }))
}

function stream(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts))
}
