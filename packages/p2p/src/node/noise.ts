import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto'
import { Socket } from 'node:net'
import { noise, pureJsCrypto } from '@chainsafe/libp2p-noise'
import { defaultCrypto } from '@chainsafe/libp2p-noise/crypto'
import type { ConnectionEncrypter, MessageStream, SecuredConnection } from '@libp2p/interface'
import { LengthPrefixedDecoder } from '@libp2p/utils'
import { Uint8ArrayList } from 'uint8arraylist'
import { express } from '../host/express.js'

/** Below this, `defaultCrypto`'s WebAssembly is faster than a call of OpenSSL. */
const SMALL_BYTES = 512

/** Up to this size, what is sent at once is put into one buffer: a copy costs less than another system call. */
const JOIN_BYTES = 128 * 1024

/** Up to this size, what is encrypted at once is put into one run of bytes: a copy costs less than another call. */
const GATHER_BYTES = 32 * 1024

const TAG_BYTES = 16
const CIPHER = 'chacha20-poly1305'
const OPTIONS = { authTagLength: TAG_BYTES }

type Noise = ReturnType<typeof noise>
type Crypto = NonNullable<NonNullable<Parameters<typeof noise>[0]>['crypto']>
type Bytes = Parameters<Crypto['chaCha20Poly1305Encrypt']>[0]

/**
 * libp2p's Noise with less to do for a message.
 *
 * As it comes, `@chainsafe/libp2p-noise` 17 makes a key object of the key for every message, which takes longer than
 * to encrypt 16 kB, and the TCP transport then writes each message in four pieces, with a system call and often a
 * wake-up of the peer for each. Its reader finds the end of what has come by an exception, whose stack trace costs as
 * much as to decrypt. Here a key object is made once, the cipher is called once for a message however many pieces it
 * is in, a message is one write, and nothing is thrown. The bytes are the same.
 */
export function nodeNoise(): Noise {
  const create = noise({ crypto: { ...pureJsCrypto, ...defaultCrypto, ...cipher() } })
  const join: Join = { free: undefined }
  return components => {
    const encrypter: ConnectionEncrypter = create(components)
    const outbound = encrypter.secureOutbound.bind(encrypter)
    const inbound = encrypter.secureInbound.bind(encrypter)
    encrypter.secureOutbound = async (connection, options) =>
      endingCheaply(await outbound(joining(connection, join), options))
    encrypter.secureInbound = async (connection, options) =>
      endingCheaply(await inbound(joining(connection, join), options))
    return encrypter as ReturnType<Noise>
  }
}

/** Where messages are put together; absent while one is on its way out. */
interface Join {
  free: Uint8Array | undefined
}

/**
 * Sends what is in pieces in one. A socket mostly hands it to the system at once, and then the buffer in which it was
 * put together serves the next message: one of its own for each of them would call the collector all the time.
 */
function joining<Connection extends MessageStream>(connection: Connection, join: Join): Connection {
  const send = express(connection).send.bind(connection)
  const socket: unknown = Reflect.get(connection, 'socket')
  connection.send = data => {
    if (data instanceof Uint8Array || data.byteLength > JOIN_BYTES) return send(data)
    if (!(socket instanceof Socket) || isWaiting(connection, socket)) return send(data.subarray())
    const buffer = join.free ?? new Uint8Array(JOIN_BYTES)
    join.free = undefined
    let length = 0
    for (const piece of data) {
      buffer.set(piece, length)
      length += piece.length
    }
    const canSendMore = send(buffer.subarray(0, length))
    if (!isWaiting(connection, socket)) join.free = buffer
    return canSendMore
  }
  return connection
}

/** Whether bytes that were sent are still in this process. */
function isWaiting(connection: MessageStream, socket: Socket): boolean {
  return connection.writeBufferLength > 0 || socket.writableLength > 0
}

const LONGEST_BYTES = 0xffff

/** The length of the next message; one that has not come is the longest, for which the reader waits as well. */
function messageLength(bytes: Uint8ArrayList): number {
  return bytes.byteLength < 2 ? LONGEST_BYTES : (bytes.get(0) << 8) | bytes.get(1)
}

function endingCheaply<Extension>(secured: SecuredConnection<Extension>): SecuredConnection<Extension> {
  const decoder: unknown = Reflect.get(secured.connection, 'decoder')
  if (decoder instanceof LengthPrefixedDecoder) Reflect.set(decoder, 'lengthDecoder', messageLength)
  express(secured.connection)
  return secured
}

function cipher(): Pick<Crypto, 'chaCha20Poly1305Encrypt' | 'chaCha20Poly1305Decrypt'> {
  /** By the array that holds the key, which its connection keeps unchanged for as long as it lives. */
  const keyObjects = new WeakMap<Uint8Array, KeyObject>()
  /** Where the pieces of a message are put together: what is in it was encrypted before the next one is. */
  const gathered = new Uint8Array(GATHER_BYTES)

  function keyObject(key: Uint8Array): KeyObject {
    let known = keyObjects.get(key)
    if (known === undefined) {
      known = createSecretKey(key)
      keyObjects.set(key, known)
    }
    return known
  }

  function inOnePiece(bytes: Bytes): Iterable<Uint8Array> {
    if (bytes instanceof Uint8Array) return [bytes]
    if (bytes.byteLength > GATHER_BYTES) return bytes
    let length = 0
    for (const piece of bytes) {
      gathered.set(piece, length)
      length += piece.length
    }
    return [gathered.subarray(0, length)]
  }

  return {
    chaCha20Poly1305Encrypt(plaintext, nonce, ad, key) {
      if (plaintext.byteLength < SMALL_BYTES)
        return defaultCrypto.chaCha20Poly1305Encrypt(plaintext, nonce, ad, key)
      const encrypting = createCipheriv(CIPHER, keyObject(key), nonce, OPTIONS)
      encrypting.setAAD(ad, { plaintextLength: plaintext.byteLength })
      const output: Uint8Array[] = []
      for (const piece of inOnePiece(plaintext)) output.push(encrypting.update(piece))
      encrypting.final()
      output.push(encrypting.getAuthTag())
      return listOf(output)
    },

    /** @throws where the bytes were tampered with */
    chaCha20Poly1305Decrypt(ciphertext, nonce, ad, key, target) {
      if (ciphertext.byteLength < SMALL_BYTES)
        return defaultCrypto.chaCha20Poly1305Decrypt(ciphertext, nonce, ad, key, target)
      const plaintextLength = ciphertext.byteLength - TAG_BYTES
      const decrypting = createDecipheriv(CIPHER, keyObject(key), nonce, OPTIONS)
      decrypting.setAAD(ad, { plaintextLength })
      decrypting.setAuthTag(ciphertext.subarray(plaintextLength))
      const text =
        ciphertext instanceof Uint8Array
          ? ciphertext.subarray(0, plaintextLength)
          : ciphertext.sublist(0, plaintextLength)
      const output: Uint8Array[] = []
      for (const piece of pieces(text)) output.push(decrypting.update(piece))
      decrypting.final()
      return listOf(output)
    },
  }
}

function pieces(bytes: Bytes): Iterable<Uint8Array> {
  return bytes instanceof Uint8Array ? [bytes] : bytes
}

/** Noise brings a list class of its own version; at run time they know each other by a symbol. */
function listOf(parts: Uint8Array[]): Bytes {
  return new Uint8ArrayList(...parts) as unknown as Bytes
}
