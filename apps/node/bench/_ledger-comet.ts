/** The ledger's application under a CometBFT, in a process of its own. */
import { openAbciApplication, serveAbci } from '@neurovoyance/ledger/abci'
import { CHAIN } from './_ledger-people.ts'
import { type FromNode, type NodeArgs, nameOf } from './_ledger-wire.ts'

const { dir, listen } = JSON.parse(process.argv[2]!) as NodeArgs
const say = (message: FromNode): void => void process.send!(message)

const application = await openAbciApplication({ dir, chainId: CHAIN })
let decided: readonly Uint8Array[] = []
const server = await serveAbci({
  application: {
    ...application,
    answer(kind, request) {
      if (kind === 'finalizeBlock') decided = (request as { txs: readonly Uint8Array[] }).txs
      if (kind === 'commit') say({ committed: decided.map(nameOf) })
      return application.answer(kind, request)
    },
  },
  listen: listen!,
})
process.once('disconnect', () => process.exit())
say({ ready: server.address })
