import { createPhrase, walletFromPhrase } from '@neurovoyance/client/wallet'
import { readPrivateFile } from '../../chain/validator-key.js'
import { NodeError } from '../../errors.js'
import { keepWallet } from '../../wallet/keystore-file.js'
import type { CliContext } from '../context.js'
import { askSecret, canAsk } from '../prompt.js'
import type { CreateOptions, ImportOptions } from './options.js'
import { newPassphrase } from './passphrase.js'
import { findWallet, refuseTaken, walletPath } from './wallet-file.js'

const PHRASE_BYTES = 1_024

/** `nv wallet create` */
export async function create(
  context: CliContext,
  { wallet: name, passphraseFile }: CreateOptions,
): Promise<void> {
  const { home, output, signal } = context
  const path = walletPath(home, name)
  await refuseTaken(path)
  const words = await newPassphrase({ file: passphraseFile, signal })
  const phrase = createPhrase()
  const wallet = await walletFromPhrase(phrase)
  await keepWallet(path, wallet, words)
  output.answer({ address: wallet.address, path, phrase }, () =>
    [
      wallet.address,
      '',
      ...inLines(phrase),
      '',
      'Write these words down, on paper. Whoever has them has the coins, and they are not shown again.',
      `The wallet is in ${path}.`,
    ].join('\n'),
  )
}

/** `nv wallet import` */
export async function importPhrase(context: CliContext, options: ImportOptions): Promise<void> {
  const { home, output, signal } = context
  const path = walletPath(home, options.wallet)
  await refuseTaken(path)
  const wallet = await walletFromPhrase(await phraseFrom(options.phraseFile, signal), {
    account: options.account,
  })
  await keepWallet(path, wallet, await newPassphrase({ file: options.passphraseFile, signal }))
  output.answer({ address: wallet.address, path }, () => `${wallet.address}\nThe wallet is in ${path}.`)
}

/** `nv wallet address` */
export async function address({ home, output }: CliContext, { wallet }: { wallet: string }): Promise<void> {
  const { keystore, path } = await findWallet(home, wallet)
  output.answer({ address: keystore.address, path }, () => keystore.address)
}

async function phraseFrom(file: string | undefined, signal: AbortSignal): Promise<string> {
  if (file !== undefined) {
    const text = await readPrivateFile(file, PHRASE_BYTES)
    if (text !== undefined) return text
    throw new NodeError('NODE_INPUT_FILE', `There is no file ${file} with a phrase.`, { details: { file } })
  }
  if (canAsk()) return askSecret('Phrase (12 to 24 words, not shown): ', signal)
  throw new NodeError(
    'NODE_USAGE',
    'A phrase is needed and nobody can be asked here: give --phrase-file FILE.',
  )
}

/** Six words a line, numbered. */
function inLines(phrase: string): string[] {
  const words = phrase.split(' ').map((word, index) => `${String(index + 1).padStart(2)} ${word.padEnd(9)}`)
  return Array.from({ length: Math.ceil(words.length / 6) }, (_, line) =>
    `  ${words.slice(line * 6, line * 6 + 6).join(' ')}`.trimEnd(),
  )
}
