/** The answering process of the bench `rpc`: echoes over RPC and on raw streams until its parent is gone. */
import { createRpc } from '@neurovoyance/p2p'
import { bareNode } from './bare-node.ts'
import { EchoService, RAW_ECHO } from './echo-service.ts'

const libp2p = await bareNode()
createRpc({ libp2p }).serve(EchoService, {
  Echo: ({ body, attachments }, { remainingMs, signal }) => {
    if (remainingMs() <= 0 || signal.aborted) throw new Error('the deadline did not arrive')
    return { body, attachments }
  },
})
await libp2p.handle(RAW_ECHO, stream => {
  stream.addEventListener('message', event => void stream.send(event.data))
})
process.on('disconnect', () => process.exit(0))
process.send?.(libp2p.getMultiaddrs().map(String))
