import { NodeError } from '../../errors.js'
import { PASSPHRASE_VARIABLE, readPassphrase } from '../../wallet/keystore-file.js'
import { askSecret, canAsk } from '../prompt.js'

/** Where a passphrase may come from, beside the environment. */
export interface PassphraseSource {
  /** `--passphrase-file` */
  readonly file?: string | undefined
  /** The one that a local hive keeps beside its wallets. */
  readonly beside?: string | undefined
  readonly signal: AbortSignal
}

/**
 * The passphrase of a keystore: from the file, else the environment, else beside the keystore, else a person.
 *
 * @throws NodeError `NODE_PASSPHRASE` where there is none and nobody can be asked
 */
export async function passphrase(source: PassphraseSource): Promise<string> {
  const given = await givenPassphrase(source)
  if (given !== undefined) return given
  if (canAsk()) return askSecret('Passphrase: ', source.signal)
  throw missing()
}

/**
 * A passphrase for a new keystore: a person types it twice.
 *
 * @throws NodeError `NODE_PASSPHRASE`
 */
export async function newPassphrase(source: PassphraseSource): Promise<string> {
  const given = await givenPassphrase(source)
  if (given !== undefined) return given
  if (!canAsk()) throw missing()
  const first = await askSecret('Passphrase for the new wallet: ', source.signal)
  if (first === (await askSecret('The same again: ', source.signal))) return first
  throw new NodeError('NODE_PASSPHRASE', 'The two passphrases differ. Nothing was kept.')
}

async function givenPassphrase({ file, beside }: PassphraseSource): Promise<string | undefined> {
  if (file !== undefined) {
    const text = await readPassphrase(file)
    if (text !== undefined) return text
    throw new NodeError('NODE_PASSPHRASE', `There is no file ${file} with a passphrase.`, {
      details: { file },
    })
  }
  const variable = process.env[PASSPHRASE_VARIABLE]
  if (variable !== undefined && variable !== '') return variable
  return beside === undefined ? undefined : readPassphrase(beside)
}

const missing = (): NodeError =>
  new NodeError(
    'NODE_PASSPHRASE',
    `A passphrase is needed and nobody can be asked here: set ${PASSPHRASE_VARIABLE}, or give --passphrase-file FILE.`,
  )
