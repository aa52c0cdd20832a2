/**
 * A ledger under CometBFT in a process of its own, for tests that kill it. Prints its address when it listens.
 *
 *     node app.ts <folder> <chain> <address> [<blocks between snapshots>]
 */
import { openAbciApplication, serveAbci } from '@neurovoyance/ledger/abci'

const [dir, chainId, listen, everyBlocks] = process.argv.slice(2)
const application = await openAbciApplication({
  dir: dir!,
  chainId: chainId!,
  ...(everyBlocks === undefined ? {} : { snapshots: { everyBlocks: Number(everyBlocks), keep: 2 } }),
})
const write = (level: string) => (fields: object, text: string) =>
  void process.stderr.write(`${level} ${text} ${JSON.stringify(fields)}\n`)
const logger = { debug: () => {}, info: write('info'), warn: write('warn'), error: write('error') }
const server = await serveAbci({ application, listen: listen!, logger })
process.stdout.write(`${server.address}\n`)
process.once('SIGTERM', () => void server.close().then(() => application.close()))
