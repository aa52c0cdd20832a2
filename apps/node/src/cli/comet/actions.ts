import { resolve } from 'node:path'
import { cometAddress, cometGenesis, openAbciApplication, serveAbci } from '@neurovoyance/ledger/abci'
import { writeFileAtomic } from '@neurovoyance/p2p/node'
import { errorCode } from '@neurovoyance/protocol'
import { readGenesis } from '../../chain/read-genesis.js'
import { readValidatorSecret, validatorKeyFrom } from '../../chain/validator-key.js'
import { makeFolder } from '../../config/make-folder.js'
import { NodeError } from '../../errors.js'
import { createLogger } from '../../logger.js'
import type { CliContext } from '../context.js'
import { aborted } from '../supervision.js'
import type { ServeOptions } from './options.js'

/** `nv comet genesis` */
export async function genesis({ output }: CliContext, file: string, written: string): Promise<void> {
  const document = await readGenesis(file)
  if (document.state !== undefined) {
    throw new NodeError(
      'NODE_GENESIS',
      `${file} goes on from the state of another chain: CometBFT begins with a genesis of its own.`,
    )
  }
  await writeNew(written, cometGenesis(document), 0o644)
  output.answer({ file: written, chainId: document.chainId }, () => written)
}

/** `nv comet key` */
export async function key({ home, output }: CliContext, written: string): Promise<void> {
  const secret = await readValidatorSecret(home.validatorKey)
  if (secret === undefined) {
    throw new NodeError(
      'NODE_KEY_MISSING',
      `There is no validator's key in ${home.validatorKey}: 'nv genesis join' makes one.`,
    )
  }
  const { publicKey } = validatorKeyFrom(secret)
  const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
  const address = Buffer.from(cometAddress(publicKey)).toString('hex').toUpperCase()
  const document = {
    address,
    pub_key: { type: 'tendermint/PubKeyEd25519', value: base64(publicKey) },
    priv_key: { type: 'tendermint/PrivKeyEd25519', value: base64(Buffer.concat([secret, publicKey])) },
  }
  await writeNew(written, document, 0o600)
  output.answer({ file: written, address }, () => `${written}\nA key votes in one place: not here any more.`)
}

/** `nv comet serve` */
export async function serve(
  { home, output, signal }: CliContext,
  { genesis: file, listen, snapshots, keep }: ServeOptions,
): Promise<void> {
  const { chainId } = await readGenesis(file)
  const logger = createLogger('info')
  const dir = resolve(home.path, 'comet')
  await makeFolder(dir)
  const application = await openAbciApplication({
    dir,
    chainId,
    logger,
    ...(keep === undefined ? {} : { keepBlocks: keep }),
    ...(snapshots === undefined ? {} : { snapshots: { everyBlocks: snapshots, keep: SNAPSHOTS } }),
  })
  try {
    const server = await serveAbci({ application, listen, logger })
    output.answer({ chainId, height: application.head?.height ?? 0, address: server.address }, () =>
      [`${chainId}, for CometBFT on ${server.address}`, 'Ctrl-C ends it.'].join('\n'),
    )
    await aborted(signal)
    await server.close()
  } finally {
    await application.close()
  }
}

/** Snapshots that are kept: who begins with the newest needs a while to fetch it. */
const SNAPSHOTS = 3

async function writeNew(file: string, value: object, mode: number): Promise<void> {
  try {
    await writeFileAtomic(file, `${JSON.stringify(value)}\n`, { mode, exclusive: true })
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
    throw new NodeError('NODE_OUTPUT_FILE', `${file} is there already: move it away.`, { cause: error })
  }
}
