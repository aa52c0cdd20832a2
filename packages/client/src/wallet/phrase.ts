import { type Random, systemRandom } from '@neurovoyance/protocol'
import { entropyToMnemonic, mnemonicToSeed, validateMnemonic } from '@scure/bip39'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import { ClientError } from '../errors.js'

const ENTROPY_BYTES = 32

/** Twenty-four English words (BIP-39) that hold 256 bits of chance. Whoever has them has the wallet. */
export function createPhrase(random: Random = systemRandom): string {
  return entropyToMnemonic(random.bytes(ENTROPY_BYTES), wordlist)
}

/**
 * The seed of a phrase, 64 bytes.
 *
 * @param passphrase a word more, that is not written down with the phrase
 * @throws ClientError `CLIENT_BAD_PHRASE` where a word or the checksum is wrong; the words are not in the error
 */
export async function phraseSeed(phrase: string, passphrase = ''): Promise<Uint8Array> {
  const words = phrase.normalize('NFKD').trim().toLowerCase().split(/\s+/)
  const text = words.join(' ')
  if (validateMnemonic(text, wordlist)) return mnemonicToSeed(text, passphrase)
  const unknown = words.findIndex(word => !wordlist.includes(word))
  const problem =
    unknown === -1
      ? `a phrase has 12 to 24 words that fit together, and these ${words.length} do not: check their order`
      : `word ${unknown + 1} is not in the list of BIP-39: check its spelling`
  throw new ClientError('CLIENT_BAD_PHRASE', problem)
}
